using System.Diagnostics;
using System.Numerics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using FerSharp.Cli.Output;
using FerSharp.Media;
using FerSharp.Onnx;

namespace FerSharp.Cli.Inspection;

/// <summary>Finds out what works on this machine: native libraries, and the embedded models on a picture made in code.</summary>
internal static class MachineCheck
{
    private const int Width = 320, Height = 240;

    public static DiagnosisReport Run(CancellationToken cancellationToken)
    {
        OnnxRuntimeInfo runtime = OnnxRuntimeInfo.Current;
        CheckReport skia = CheckSkia();
        var models = new List<ModelCheckReport>();
        foreach (ModelPackage package in EmbeddedModels.All)
        {
            cancellationToken.ThrowIfCancellationRequested();
            models.Add(CheckModel(package, cancellationToken));
        }

        bool healthy = runtime.Fault is null && skia.Works && models.TrueForAll(model => model.Works);
        return new DiagnosisReport(
            RunReport.CurrentSchema, healthy, Describe(), new RuntimeReport(runtime.Fault is null, runtime.ManagedVersion, runtime.NativeVersion, runtime.Providers, runtime.Fault), skia, models);
    }

    private static MachineReport Describe()
    {
        (string Name, bool Is)[] features =
        [
            ("AVX2", Avx2.IsSupported), ("FMA", Fma.IsSupported), ("AVX-512F", Avx512F.IsSupported), ("SSE4.1", Sse41.IsSupported), ("AdvSimd", AdvSimd.Arm64.IsSupported),
        ];
        string version = typeof(EmotionAnalyzer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        return new MachineReport(
            version, RuntimeInformation.OSDescription, RuntimeInformation.RuntimeIdentifier, RuntimeInformation.FrameworkDescription,
            Environment.ProcessorCount, Vector<byte>.Count * 8, [.. features.Where(feature => feature.Is).Select(feature => feature.Name)]);
    }

    /// <summary>A picture with some of everything: gradients and edges.</summary>
    private static FrameView TestPicture()
    {
        byte[] pixels = new byte[Width * Height * 3];
        for (int i = 0; i < pixels.Length; i++)
        {
            int x = i / 3 % Width, y = i / 3 / Width;
            pixels[i] = (byte)((x * (1 + (i % 3))) ^ (y / 4 * 8));
        }

        return new FrameView(pixels, Width, Height, PixelFormat.Rgb24);
    }

    private static CheckReport CheckSkia()
    {
        try
        {
            using Frame back = ImageFile.Load(ImageFile.Encode(TestPicture(), ImageSaveFormat.Png));
            return back.View.Width == Width && back.View.Height == Height
                ? new CheckReport(true, null)
                : new CheckReport(false, "A picture that was written came back in another size.");
        }
        catch (Exception e) when (e is InvalidOperationException or InvalidDataException)
        {
            return new CheckReport(false, e.Message);
        }
    }

    private static ModelCheckReport CheckModel(ModelPackage package, CancellationToken cancellationToken)
    {
        string id = package.Manifest.Id;
        try
        {
            return package.Manifest.Task == ModelTask.FaceDetection ? CheckDetector(package, cancellationToken) : CheckClassifier(package, cancellationToken);
        }
        catch (Exception e) when (e is FerModelException or FerInferenceException)
        {
            return new ModelCheckReport(id, false, null, null, e.Message);
        }
    }

    private static ModelCheckReport CheckDetector(ModelPackage package, CancellationToken cancellationToken)
    {
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(package);
        var faces = new FaceDetection[16];
        double milliseconds = SecondRun(() => detector.Detect(TestPicture(), faces, cancellationToken));
        return new ModelCheckReport(package.Manifest.Id, true, detector.ExecutionProvider, milliseconds, null);
    }

    private static ModelCheckReport CheckClassifier(ModelPackage package, CancellationToken cancellationToken)
    {
        using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(package);
        EmotionScores scores = default;
        double milliseconds = SecondRun(() => scores = classifier.Classify(FaceRegion.Whole(TestPicture()), cancellationToken));
        return scores.IsEmpty
            ? new ModelCheckReport(package.Manifest.Id, false, classifier.ExecutionProvider, milliseconds, "The model runs, but gives no scores.")
            : new ModelCheckReport(package.Manifest.Id, true, classifier.ExecutionProvider, milliseconds, null);
    }

    /// <summary>Milliseconds of the second run; the first makes buffers.</summary>
    private static double SecondRun(Action run)
    {
        run();
        long start = Stopwatch.GetTimestamp();
        run();
        return Math.Round(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 3);
    }
}
