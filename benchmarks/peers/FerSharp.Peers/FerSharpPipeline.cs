using System.Diagnostics.Metrics;
using FerSharp.Diagnostics;
using FerSharp.Imaging;
using FerSharp.Media;
using FerSharp.Onnx;

namespace FerSharp.Peers;

/// <summary>FerSharp with the peers' models by their manifests.</summary>
internal sealed class FerSharpPipeline : Pipeline
{
    private const int MaxFaces = 64;
    private readonly PeerSetup _setup;
    private readonly PixelFormat _format;
    private readonly EmotionAnalyzer _analyzer;
    private readonly FrameView[] _frames;
    private readonly byte[][] _jpegs;
    private readonly FaceEmotion[] _found = new FaceEmotion[MaxFaces];
    private readonly MeterListener _listener = new();
    private FrameView[] _kernelFrames = [];
    private PreprocessingKernel? _kernel;
    private PreprocessingSpec? _kernelSpec;
    private float[] _tensor = [];
    private StageClock? _stages;
    private int _count;

    public FerSharpPipeline(PeerSetup setup, PixelFormat format)
    {
        _setup = setup;
        _format = format;
        ModelPackage detector = ModelPackage.Load(Manifest(setup, setup.DetectorFile), setup.DetectorFile);
        ModelPackage classifier = ModelPackage.Load(Manifest(setup, setup.ClassifierFile), setup.ClassifierFile);
        ModelManifest manifest = classifier.Manifest;
        classifier = classifier with { Manifest = manifest with { Input = manifest.Input with { Sampling = setup.Area ? SamplingMode.Area : SamplingMode.Bilinear } } };
        _analyzer = new EmotionAnalyzer(OnnxFaceDetector.Load(detector), OnnxEmotionClassifier.Load(classifier), ownsModels: true);
        _frames = [.. setup.Frames.Select(frame => View(File.ReadAllBytes(frame.Bgr)))];
        _jpegs = [.. setup.Frames.Select(frame => File.ReadAllBytes(frame.Jpeg))];
        _listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == FerSharpDiagnostics.StageDurationName)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) =>
        {
            if (_stages is { Enabled: true } stages)
            {
                stages.Add((string)tags[0].Value!, seconds * 1e6);
            }
        });
    }

    public override string Detail => $"ONNX Runtime, one thread; pixels {_format}";

    public override void Analyze(int frame, bool fromJpeg, StageClock stages)
    {
        if (stages.Enabled && _stages is null)
        {
            _stages = stages;
            _listener.Start();
        }

        if (!fromJpeg)
        {
            _count = _analyzer.Analyze(_frames[frame], _found);
            return;
        }

        stages.Start();
        using Frame picture = ImageFile.Load(_jpegs[frame]);
        stages.End("jpeg");
        _count = _analyzer.Analyze(picture.View, _found);
    }

    public override IReadOnlyList<FoundFace> Results() =>
        [.. _found.Take(_count).Select(face => new FoundFace(
            face.Face.Box.X, face.Face.Box.Y, face.Face.Box.Width, face.Face.Box.Height, face.Face.Score,
            [.. _setup.Labels.Select(label => face.Scores[Enum.Parse<Emotion>(label)])]))];

    public override bool PrepareKernel(KernelCase kernel, IReadOnlyList<byte[]> frames)
    {
        if (_kernelFrames.Length == 0)
        {
            _kernelFrames = [.. frames.Select(View)];
        }

        _kernelSpec = kernel switch
        {
            KernelCase.Detector320 => new PreprocessingSpec
            {
                Name = "input", Width = 320, Height = 320, Channels = 3, Order = ChannelOrder.Bgr, Resize = ResizeMode.LetterboxTopLeft, Border = BorderMode.Constant,
            },
            KernelCase.Color224 => new PreprocessingSpec { Name = "input", Width = 224, Height = 224, Channels = 3, Order = ChannelOrder.Rgb, Mean = [127.5f], Std = [127.5f] },
            _ => new PreprocessingSpec
            {
                Name = "input", Width = 48, Height = 48, Channels = 1, Order = ChannelOrder.Gray, Mean = [127.5f], Std = [127.5f],
                Sampling = kernel == KernelCase.Gray48Area ? SamplingMode.Area : SamplingMode.Bilinear,
            },
        };
        _kernel = new PreprocessingKernel(_kernelSpec);
        _tensor = new float[_kernel.TensorLength];
        return true;
    }

    public override void RunKernel(int frame, int position)
    {
        FrameView view = _kernelFrames[frame];
        if (_kernelSpec!.Resize == ResizeMode.Stretch)
        {
            (int x, int y) = KernelFaces.At(position);
            _kernel!.Write(view.Slice(x, y, KernelFaces.Side, KernelFaces.Side), AffineTransform.Stretch(new RectF(0, 0, KernelFaces.Side, KernelFaces.Side), _kernelSpec.Width, _kernelSpec.Height), _tensor);
            return;
        }

        _kernel!.Write(view, TensorMap.ForFrame(view.Width, view.Height, _kernelSpec), _tensor);
    }

    public override ReadOnlySpan<float> Tensor() => _tensor;

    public override void Dispose()
    {
        _listener.Dispose();
        _analyzer.Dispose();
    }

    private static string Manifest(PeerSetup setup, string modelFile) => Path.Combine(setup.Manifests, Path.GetFileNameWithoutExtension(modelFile));

    private FrameView View(byte[] bgr)
    {
        if (_format == PixelFormat.Bgr24)
        {
            return new FrameView(bgr, _setup.Width, _setup.Height, _format);
        }

        return new FrameView(PixelBytes.WithAlpha(bgr), _setup.Width, _setup.Height, _format);
    }
}

internal static class PixelBytes
{
    /// <summary>BGRA bytes of BGR ones.</summary>
    public static byte[] WithAlpha(byte[] bgr)
    {
        byte[] bgra = new byte[bgr.Length / 3 * 4];
        for (int i = 0, k = 0; i < bgr.Length; i += 3, k += 4)
        {
            bgra[k] = bgr[i];
            bgra[k + 1] = bgr[i + 1];
            bgra[k + 2] = bgr[i + 2];
            bgra[k + 3] = 255;
        }

        return bgra;
    }
}
