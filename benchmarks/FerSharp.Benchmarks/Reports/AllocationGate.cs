using FerSharp.Benchmarks.EndToEnd;

namespace FerSharp.Benchmarks.Reports;

/// <summary>Managed memory that a frame costs end to end, for every case of <see cref="AnalyzeBenchmarks"/>: it must be nothing.</summary>
internal static class AllocationGate
{
    private const int Calls = 4, Rounds = 6;

    /// <summary>Measures all cases and prints them.</summary>
    /// <param name="output">Takes the table.</param>
    /// <returns>Whether no case allocates.</returns>
    public static bool Print(TextWriter output)
    {
        bool isGood = true;
        output.WriteLine($"{"size",-12}{"faces",6}{"bytes a frame",16}");
        foreach ((PictureSize size, int faces, long bytes) in Measure())
        {
            output.WriteLine($"{size,-12}{faces,6}{bytes,16}");
            isGood &= bytes == 0;
        }

        output.WriteLine(isGood ? "No case allocates." : "A frame must not allocate: see the cases above 0.");
        return isGood;
    }

    /// <summary>Bytes a frame in each case, by the embedded models on one analyzer.</summary>
    public static IEnumerable<(PictureSize Size, int Faces, long Bytes)> Measure()
    {
        using EmotionAnalyzer analyzer = FerSharpDefaults.CreateAnalyzer();
        var results = new FaceEmotion[32];
        foreach (PictureSize size in AnalyzeBenchmarks.Sizes)
        {
            foreach (int faces in AnalyzeBenchmarks.FaceCounts)
            {
                FrameView scene = Scenes.Faces(size.Width, size.Height, faces);
                Scenes.Find(analyzer.Detector, scene, faces);
                yield return (size, faces, BytesPerCall(() => analyzer.Analyze(scene, results)));
            }
        }
    }

    /// <summary>Bytes that a call allocates on this thread once it is warm, rounded up.</summary>
    /// <param name="call">The call.</param>
    public static long BytesPerCall(Action call)
    {
        // The first calls fill pools, and the JIT replaces methods in the background: the least of several rounds is the steady state.
        long least = long.MaxValue;
        call();
        for (int round = 0; round < Rounds && least > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Calls; i++)
            {
                call();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return (least + Calls - 1) / Calls;
    }
}
