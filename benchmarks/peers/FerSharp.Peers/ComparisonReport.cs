using System.Globalization;

namespace FerSharp.Peers;

/// <summary>The table. The first contestant is FerSharp; ratios are the others' times over its own, so above 1 FerSharp is faster.</summary>
internal sealed class ComparisonReport(PeerSetup setup, ComparisonOptions options, PeerProcess[] peers, TextWriter output)
{
    private const float SameFace = 0.5f;

    public void WriteHead()
    {
        Line($"{setup.Frames.Count} frames {setup.Width}x{setup.Height} ({(options.Photos is null ? "our own" : "photos")}); {Path.GetFileName(setup.DetectorFile)} + {Path.GetFileName(setup.ClassifierFile)}; one thread each; faces sampled {(setup.Area ? "by area" : "bilinear")}");
        Line($"medians of {options.Rounds} rounds in turns, {options.Passes} passes each, {(options.CpuClock ? "the threads' own time" : "wall clock")}; ratio = time / FerSharp's time of the same round, median (lowest to highest)");
        foreach (PeerProcess peer in peers)
        {
            Line($"  {peer.Name,-24}{(peer.Skipped is { } reason ? "skipped: " + reason : peer.Detail)}");
        }
    }

    /// <summary>What the contestants found, beside what FerSharp found.</summary>
    public void WriteResults(string from, IReadOnlyList<FoundFace[]>?[] results)
    {
        Line($"");
        Line($"{"results from " + from,-26}{"faces",7}{"same face",11}{"same top",10}{"box px",9}{"score",9}{"expression",12}");
        IReadOnlyList<FoundFace[]> reference = results[0] ?? throw new InvalidOperationException($"FerSharp gave no result: {peers[0].Skipped}");
        for (int i = 0; i < peers.Length; i++)
        {
            if (results[i] is not { } found)
            {
                continue;
            }

            (FoundFace Ours, FoundFace Theirs)[] pairs =
            [
                .. reference.Zip(found).SelectMany(frame => frame.First
                    .Select(face => (face, frame.Second.MaxBy(other => Boxes.Overlap(face, other))))
                    .Where(pair => pair.Item2 is not null && Boxes.Overlap(pair.face, pair.Item2) > SameFace)
                    .Select(pair => (pair.face, pair.Item2!))),
            ];
            int sameTop = pairs.Count(pair => Top(pair.Ours) == Top(pair.Theirs));
            string differences = peers[i].SameModels && pairs.Length > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{pairs.Max(BoxDifference),9:0.00}{pairs.Max(pair => Math.Abs(pair.Ours.Score - pair.Theirs.Score)),9:0.000}{pairs.Max(ScoreDifference),12:0.000}")
                : "   other models";
            Line($"  {peers[i].Name,-24}{found.Sum(faces => faces.Length),7}{pairs.Length,11}{sameTop,10}{differences}");
        }
    }

    public void WriteTimes(string title, List<double>[] times)
    {
        if (double.IsNaN(Statistics.Median(times[0])))
        {
            return;
        }

        Line($"");
        Line($"{title,-40}{"median",10}{"ratio",9}");
        for (int i = 0; i < peers.Length; i++)
        {
            if (times[i].Any(double.IsNaN))
            {
                continue;
            }

            double[] ratios = [.. times[i].Zip(times[0], (theirs, ours) => theirs / ours).Order()];
            Line($"  {peers[i].Name,-38}{Statistics.Median(times[i]),10:0.0}{Statistics.Median(ratios),9:0.00}  ({ratios[0]:0.00} to {ratios[^1]:0.00}){(peers[i].SameModels ? string.Empty : "  other models")}");
        }
    }

    public void WriteStages(Dictionary<string, double>[] stages)
    {
        Line($"");
        Line($"where the time goes, from jpeg: median us of each stage of one frame or face");
        for (int i = 0; i < peers.Length; i++)
        {
            if (stages[i].Count > 0)
            {
                Line($"  {peers[i].Name,-24}{string.Join("  ", stages[i].Select(stage => string.Create(CultureInfo.InvariantCulture, $"{stage.Key} {stage.Value:0}")))}");
            }
        }
    }

    public void WriteTensors(KernelCase kernel, float[][] tensors)
    {
        Line($"");
        for (int i = 1; i < peers.Length; i++)
        {
            if (tensors[i].Length == tensors[0].Length && tensors[i].Length > 0)
            {
                double[] differences = [.. tensors[i].Zip(tensors[0], (a, b) => (double)Math.Abs(a - b))];
                double level = kernel == KernelCase.Detector320 ? 1 : 127.5;
                Line($"  {kernel} tensor, {peers[i].Name} - FerSharp, in pixel levels: mean {differences.Average() * level:0.000}, largest {differences.Max() * level:0.00}");
            }
        }
    }

    private static int Top(FoundFace face) => face.Scores.Length == 0 ? -1 : Array.IndexOf(face.Scores, face.Scores.Max());

    private static float BoxDifference((FoundFace Ours, FoundFace Theirs) pair) => Math.Max(
        Math.Max(Math.Abs(pair.Ours.X - pair.Theirs.X), Math.Abs(pair.Ours.Y - pair.Theirs.Y)),
        Math.Max(Math.Abs(pair.Ours.Width - pair.Theirs.Width), Math.Abs(pair.Ours.Height - pair.Theirs.Height)));

    private static float ScoreDifference((FoundFace Ours, FoundFace Theirs) pair) => pair.Ours.Scores.Zip(pair.Theirs.Scores, (a, b) => Math.Abs(a - b)).Max();

    private void Line(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
