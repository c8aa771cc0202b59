using System.Reflection;

namespace FerSharp.Peers;

/// <summary>Starts the contestants, compares what they compute, then times them in turns: A B C, A B C, and so on.</summary>
internal static class Comparison
{
    private const string DetectorId = "yunet_n_320", ClassifierId = "mini_xception_48";
    private const int WarmUpPasses = 10;
    private const int KernelCalls = 300;

    public static int Run(ComparisonOptions options, TextWriter output)
    {
        foreach (string id in new[] { DetectorId, ClassifierId })
        {
            if (!File.Exists(ModelFile(options, id)))
            {
                output.WriteLine($"There is no '{ModelFile(options, id)}'. Get the file from its authors (samples/manifests/{id}/model.json names them), and give its folder with --models.");
                return 2;
            }
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("fersharp-peers-");
        PeerProcess[] peers = [];
        try
        {
            PeerSetup setup = Setup(options, folder.FullName);
            string setupFile = Path.Combine(folder.FullName, "setup.json");
            setup.Write(setupFile);
            peers = Start(options, setupFile);
            var report = new ComparisonReport(setup, options, peers, output);
            report.WriteHead();
            foreach (string from in new[] { "pixels", "jpeg" })
            {
                report.WriteResults(from, [.. peers.Select(peer => peer.Results(from))]);
            }

            foreach (string from in new[] { "pixels", "jpeg" })
            {
                Rounds(peers, 1, peer => peer.Time(from, WarmUpPasses));
                report.WriteTimes($"end to end from {from}, us a frame", Rounds(peers, options.Rounds, peer => peer.Time(from, options.Passes)));
            }

            report.WriteStages([.. peers.Select(peer => peer.Stages("jpeg", 2 * options.Passes))]);
            foreach (KernelCase kernel in Enum.GetValues<KernelCase>())
            {
                report.WriteTensors(kernel, [.. peers.Select(peer => peer.Tensor(kernel))]);
                foreach (bool cold in new[] { false, true })
                {
                    int calls = cold && kernel != KernelCase.Detector320 ? setup.ColdFrames * KernelFaces.Count : KernelCalls;
                    Rounds(peers, 1, peer => peer.Kernel(kernel, cold, calls));
                    report.WriteTimes($"kernel {kernel}, {(cold ? "cold" : "warm")}, us", Rounds(peers, options.Rounds, peer => peer.Kernel(kernel, cold, calls)));
                }
            }

            return 0;
        }
        finally
        {
            foreach (PeerProcess peer in peers)
            {
                peer.Dispose();
            }

            folder.Delete(recursive: true);
        }
    }

    private static PeerSetup Setup(ComparisonOptions options, string folder)
    {
        string manifests = Path.Combine(options.Repository, "samples", "manifests");
        ModelManifest detector = ModelPackage.Load(Path.Combine(manifests, DetectorId), ModelFile(options, DetectorId)).Manifest;
        ModelManifest classifier = ModelPackage.Load(Path.Combine(manifests, ClassifierId), ModelFile(options, ClassifierId)).Manifest;
        return new PeerSetup
        {
            Frames = FrameSet.Write(options, folder),
            Width = FrameSet.Width,
            Height = FrameSet.Height,
            Manifests = manifests,
            DetectorFile = ModelFile(options, DetectorId),
            ClassifierFile = ModelFile(options, ClassifierId),
            DetectorSide = detector.Input.Width,
            ClassifierSide = classifier.Input.Width,
            ScoreThreshold = detector.Detector!.ScoreThreshold,
            NmsThreshold = detector.Detector.NmsThreshold,
            Margin = classifier.Input.Crop.Margin,
            Area = options.Area,
            CpuClock = options.CpuClock,
            Labels = [.. classifier.Classifier!.Labels.Select(label => label.ToString()!)],
            ColdFrames = (int)Math.Ceiling(options.ColdMegabytes * 1e6 / (FrameSet.Width * FrameSet.Height * 3)),
        };
    }

    private static PeerProcess[] Start(ComparisonOptions options, string setupFile)
    {
        string scripts = Path.Combine(options.Repository, "benchmarks", "peers"), self = Assembly.GetExecutingAssembly().Location;
        PeerProcess Own(string name, string pipeline) => new(name, true, "dotnet", self, "serve", pipeline, setupFile);
        return
        [
            Own("FerSharp", "fersharp-bgr"),
            Own("FerSharp, Bgra32", "fersharp-bgra"),
            new("(a) OpenCV, Python", true, "/usr/bin/python3", Path.Combine(scripts, "opencv_peer.py"), setupFile),
            Own("(b) plain C#, Bytes", "plain-bytes"),
            Own("(b) plain C#, GetPixel", "plain-getpixel"),
            Own("(c) OpenCvSharp", "opencvsharp"),
            new("(d) human, Node WASM", false, "node", Path.Combine(scripts, "node", "human_peer.mjs"), setupFile),
        ];
    }

    /// <summary>One list of times for each contestant, in the order of the rounds.</summary>
    private static List<double>[] Rounds(PeerProcess[] peers, int rounds, Func<PeerProcess, double> time)
    {
        List<double>[] times = [.. peers.Select(_ => new List<double>())];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < peers.Length; i++)
            {
                times[i].Add(time(peers[i]));
            }
        }

        return times;
    }

    private static string ModelFile(ComparisonOptions options, string id) => Path.GetFullPath(Path.Combine(options.Models, id + ".onnx"));
}
