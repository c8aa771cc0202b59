#:project ../src/FerSharp.MLNet/FerSharp.MLNet.csproj
#:project ../src/FerSharp.Models/FerSharp.Models.csproj
#:package Microsoft.ML.OnnxRuntime
#:property PublishAot=false

// Whether memory stays flat while ML.NET serves for an hour: the table of docs/mlnet.md.
//
//   dotnet run -c Release tools/ServingMemory.cs -- <onnx|lbfgs|lightgbm> [predictions] [threads]
//
// onnx: the embedded classifier by OnnxTransformer; lbfgs, lightgbm: a head of that kind over its embedding, trained here on noise (what it says does not
// matter for its memory). predictions: default 108,000, a stream of 30 faces a second for an hour. threads: default 8, all through one instance. Faces are
// noise of several sizes. Looks at the memory ten times, with all threads at rest and after a full collection, and once after the instance was disposed.

using System.Diagnostics;
using System.Globalization;
using FerSharp;
using FerSharp.MLNet;

const int Looks = 10;
if (args.Length is < 1 or > 3 || args[0] is not ("onnx" or "lbfgs" or "lightgbm"))
{
    Console.Error.WriteLine("usage: dotnet run -c Release tools/ServingMemory.cs -- <onnx|lbfgs|lightgbm> [predictions] [threads]");
    return 2;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
int predictions = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 108_000, threads = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 8;
DirectoryInfo folder = Directory.CreateTempSubdirectory("fersharp-memory");
try
{
    FaceRegion[] faces = [.. Enumerable.Range(0, 24).Select(i => Noise(i, 40 + (8 * (i % 12))))];
    MLNetEmotionClassifier classifier = MLNetEmotionClassifier.Load(args[0] == "onnx" ? new MLNetEmotionClassifierOptions { Model = EmbeddedModels.EmotionClassifier } : new MLNetEmotionClassifierOptions { ModelPath = Train() });
    Console.WriteLine($"{args[0]}: {predictions} predictions by {threads} threads through one instance, {Environment.ProcessorCount} processors, {classifier.Model.Backend}");
    Console.WriteLine();
    Console.WriteLine("| predictions | managed kB | working set MB |");
    Console.WriteLine("|---|---|---|");

    // The first tenth makes buffers and lets the compiler end its work; what comes after is the steady state.
    int each = predictions / (threads * Looks), done = 0;
    for (int look = 0; look < Looks; look++)
    {
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(t => new Thread(() =>
        {
            for (int i = 0; i < each; i++)
            {
                classifier.Classify(faces[((7 * t) + i) % faces.Length]);
            }
        }))];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        Show($"{done += each * threads}");
    }

    classifier.Dispose();
    Show("disposed");
}
finally
{
    folder.Delete(recursive: true);
}

return 0;

string Train()
{
    using MLNetFaceEmbedder features = MLNetFaceEmbedder.Load(EmbeddedModels.EmotionClassifier);
    LabelledFace[] rows = [.. Enumerable.Range(0, 280).Select(i => new LabelledFace(Noise(1000 + i, 48), (Emotion)(i % 7)))];
    using EmotionHead head = EmotionHeadTrainer.Train(rows, features, new HeadTrainingOptions { Algorithms = [args[0] == "lbfgs" ? HeadAlgorithm.MaximumEntropyLbfgs : HeadAlgorithm.LightGbm], Folds = 2 });
    head.Save(folder.FullName);
    return folder.FullName;
}

static FaceRegion Noise(int seed, int side)
{
    byte[] pixels = new byte[side * side];
    new Random(seed).NextBytes(pixels);
    return FaceRegion.Whole(new FrameView(pixels, side, side, PixelFormat.Gray8));
}

static void Show(string when)
{
    for (int i = 0; i < 3; i++)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    using Process process = Process.GetCurrentProcess();
    Console.WriteLine($"| {when} | {GC.GetTotalMemory(forceFullCollection: true) / 1024} | {process.WorkingSet64 / 1e6:0.0} |");
}
