using System.Diagnostics;
using System.Diagnostics.Metrics;
using FerSharp.Diagnostics;
using FerSharp.Media;

namespace FerSharp.Benchmarks.Reports;

/// <summary>Where the time of one 640 x 480 frame with one face goes: medians of many runs, one thread, all stages in the same run.</summary>
internal static class StageReport
{
    private const int Warmup = 50;
    private const int Runs = 400;

    private static readonly string[] Networks = [FerSharpDiagnostics.DetectRun, FerSharpDiagnostics.ClassifyRun];

    public static void Print(TextWriter output)
    {
        foreach (DetectorSize size in new[] { DetectorSize.Small, DetectorSize.Large })
        {
            var stages = new Dictionary<string, List<double>>();
            using EmotionAnalyzer analyzer = FerSharpDefaults.CreateAnalyzer(detectorSize: size);
            FrameView scene = Scenes.Faces(640, 480, 1);
            byte[] jpeg = ImageFile.Encode(scene, ImageSaveFormat.Jpeg);
            var results = new FaceEmotion[8];
            int faces = 0;
            for (int i = 0; i < Warmup; i++)
            {
                using Frame warm = ImageFile.Load(jpeg);
                faces = analyzer.Analyze(warm.View, results);
            }

            using (Listen(stages))
            {
                for (int i = 0; i < Runs; i++)
                {
                    long start = Stopwatch.GetTimestamp();
                    using Frame frame = ImageFile.Load(jpeg);
                    Add(stages, "decode JPEG", Stopwatch.GetElapsedTime(start).TotalSeconds);
                    analyzer.Analyze(frame.View, results);
                }
            }

            double networks = Networks.Sum(name => Median(stages[name]));
            output.WriteLine($"640x480, {faces} face, detector {size}, {Runs} frames, one thread");
            output.WriteLine($"  {"stage",-22}{"median us",12}{"of the networks",18}");
            foreach ((string name, List<double> seconds) in stages)
            {
                output.WriteLine(FormattableString.Invariant($"  {name,-22}{Median(seconds) * 1e6,12:0.0}{Median(seconds) / networks,18:0.0 %}"));
            }

            double own = stages.Where(stage => stage.Key != "decode JPEG" && !Networks.Contains(stage.Key)).Sum(stage => Median(stage.Value));
            output.WriteLine(FormattableString.Invariant($"  {"ours, without decode",-22}{own * 1e6,12:0.0}{own / networks,18:0.0 %}"));
            output.WriteLine();
        }
    }

    private static MeterListener Listen(Dictionary<string, List<double>> stages)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == FerSharpDiagnostics.StageDurationName)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => Add(stages, (string)tags[0].Value!, seconds));
        listener.Start();
        return listener;
    }

    private static void Add(Dictionary<string, List<double>> stages, string stage, double seconds)
    {
        if (!stages.TryGetValue(stage, out List<double>? list))
        {
            stages[stage] = list = [];
        }

        list.Add(seconds);
    }

    private static double Median(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
