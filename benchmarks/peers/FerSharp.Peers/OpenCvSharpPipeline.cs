using System.Runtime.InteropServices;
using OpenCvSharp;
using OpenCvSharp.Dnn;

namespace FerSharp.Peers;

/// <summary>OpenCV's C++ through OpenCvSharp: FaceDetectorYN and dnn. Mats are kept where OpenCV lets one keep them.</summary>
internal sealed class OpenCvSharpPipeline : Pipeline
{
    private readonly PeerSetup _setup;
    private readonly FaceDetectorYN _detector;
    private readonly Net _classifier;
    private readonly Mat[] _frames;
    private readonly byte[][] _jpegs;
    private readonly Mat _letterbox;
    private readonly Mat _faces = new();
    private readonly Mat _small = new();
    private readonly Mat _gray = new();
    private readonly List<FoundFace> _found = [];
    private readonly int _innerWidth;
    private readonly int _innerHeight;
    private readonly float _scale;
    private Mat[] _kernelFrames = [];
    private KernelCase _kernel;
    private Mat _tensor = new();

    public OpenCvSharpPipeline(PeerSetup setup)
    {
        _setup = setup;
        Cv2.SetNumThreads(1);
        int side = setup.DetectorSide;
        _detector = FaceDetectorYN.Create(setup.DetectorFile, string.Empty, new Size(side, side), setup.ScoreThreshold, setup.NmsThreshold);
        _classifier = CvDnn.ReadNetFromOnnx(setup.ClassifierFile) ?? throw new InvalidOperationException($"OpenCV read no network from '{setup.ClassifierFile}'.");
        _frames = [.. setup.Frames.Select(frame => Picture(File.ReadAllBytes(frame.Bgr)))];
        _jpegs = [.. setup.Frames.Select(frame => File.ReadAllBytes(frame.Jpeg))];
        _scale = Math.Min((float)side / setup.Width, (float)side / setup.Height);
        _innerWidth = (int)MathF.Round(setup.Width * _scale);
        _innerHeight = (int)MathF.Round(setup.Height * _scale);
        _letterbox = new Mat(side, side, MatType.CV_8UC3, Scalar.Black);
    }

    public override string Detail => $"OpenCV {Cv2.GetVersionString()}, FaceDetectorYN + dnn, one thread";

    public override void Analyze(int frame, bool fromJpeg, StageClock stages)
    {
        stages.Start();
        if (!fromJpeg)
        {
            Analyze(_frames[frame], stages);
            return;
        }

        using Mat picture = Cv2.ImDecode(_jpegs[frame], ImreadModes.Color);
        stages.End("jpeg");
        Analyze(picture, stages);
    }

    public override IReadOnlyList<FoundFace> Results() => [.. _found];

    public override bool PrepareKernel(KernelCase kernel, IReadOnlyList<byte[]> frames)
    {
        if (_kernelFrames.Length == 0)
        {
            _kernelFrames = [.. frames.Select(Picture)];
        }

        _kernel = kernel;
        _letterbox.SetTo(Scalar.Black);
        return true;
    }

    public override void RunKernel(int frame, int position)
    {
        Mat picture = _kernelFrames[frame];
        if (_kernel == KernelCase.Detector320)
        {
            Letterbox(picture);
            Replace(CvDnn.BlobFromImage(_letterbox));
            return;
        }

        (int x, int y) = KernelFaces.At(position);
        using Mat face = picture[new Rect(x, y, KernelFaces.Side, KernelFaces.Side)];
        if (_kernel == KernelCase.Color224)
        {
            Cv2.Resize(face, _small, new Size(224, 224));
            Replace(CvDnn.BlobFromImage(_small, 1 / 127.5, default, new Scalar(127.5, 127.5, 127.5), swapRB: true));
            return;
        }

        Cv2.Resize(face, _small, new Size(48, 48), 0, 0, _kernel == KernelCase.Gray48Area ? InterpolationFlags.Area : InterpolationFlags.Linear);
        Cv2.CvtColor(_small, _gray, ColorConversionCodes.BGR2GRAY);
        _gray.ConvertTo(_tensor, MatType.CV_32FC1, 1 / 127.5, -1);
    }

    public override unsafe ReadOnlySpan<float> Tensor() =>
        new((void*)_tensor.Data, _kernel switch { KernelCase.Detector320 => 3 * 320 * 320, KernelCase.Color224 => 3 * 224 * 224, _ => 48 * 48 });

    public override void Dispose()
    {
        _detector.Dispose();
        _classifier.Dispose();
        foreach (Mat mat in (Mat[])[.. _frames, .. _kernelFrames, _letterbox, _faces, _small, _gray, _tensor])
        {
            mat.Dispose();
        }
    }

    private void Analyze(Mat picture, StageClock stages)
    {
        Letterbox(picture);
        stages.End("detect.preprocess");
        _detector.Detect(_letterbox, _faces);
        stages.End("detect.run");
        _found.Clear();
        int rows = _faces.Rows;
        for (int i = 0; i < rows; i++)
        {
            float x = _faces.At<float>(i, 0) / _scale, y = _faces.At<float>(i, 1) / _scale;
            float width = _faces.At<float>(i, 2) / _scale, height = _faces.At<float>(i, 3) / _scale;
            _found.Add(new FoundFace(x, y, width, height, _faces.At<float>(i, 14), Classify(picture, x, y, width, height, stages)));
        }
    }

    private float[] Classify(Mat picture, float x, float y, float width, float height, StageClock stages)
    {
        int side = _setup.ClassifierSide;
        float length = Math.Max(width, height) * (1 + (2 * _setup.Margin));
        var wanted = new Rect((int)MathF.Round(x + ((width - length) / 2)), (int)MathF.Round(y + ((height - length) / 2)), (int)MathF.Round(length), (int)MathF.Round(length));
        Rect inside = wanted & new Rect(0, 0, picture.Width, picture.Height);
        using Mat face = picture[inside];
        using var padded = new Mat();
        if (inside != wanted)
        {
            Cv2.CopyMakeBorder(
                face, padded, inside.Top - wanted.Top, wanted.Bottom - inside.Bottom, inside.Left - wanted.Left, wanted.Right - inside.Right, BorderTypes.Replicate);
        }

        Cv2.Resize(inside == wanted ? face : padded, _small, new Size(side, side), 0, 0, _setup.Area ? InterpolationFlags.Area : InterpolationFlags.Linear);
        Cv2.CvtColor(_small, _gray, ColorConversionCodes.BGR2GRAY);
        using Mat blob = CvDnn.BlobFromImage(_gray, 1 / 127.5, default, new Scalar(127.5));
        stages.End("classify.preprocess");
        _classifier.SetInput(blob);
        using Mat output = _classifier.Forward();
        var scores = new float[_setup.Labels.Count];
        Marshal.Copy(output.Data, scores, 0, scores.Length);
        stages.End("classify.run");
        return scores;
    }

    private void Letterbox(Mat picture)
    {
        using Mat inner = _letterbox[new Rect(0, 0, _innerWidth, _innerHeight)];
        Cv2.Resize(picture, inner, inner.Size());
    }

    private void Replace(Mat tensor)
    {
        _tensor.Dispose();
        _tensor = tensor;
    }

    private Mat Picture(byte[] bgr)
    {
        var mat = new Mat(_setup.Height, _setup.Width, MatType.CV_8UC3);
        Marshal.Copy(bgr, 0, mat.Data, bgr.Length);
        return mat;
    }
}
