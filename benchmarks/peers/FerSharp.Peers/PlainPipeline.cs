using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using SkiaSharp;

namespace FerSharp.Peers;

/// <summary>
/// The pipeline that most samples show: a bitmap, resized by its library, copied pixel by pixel into a DenseTensor, NamedOnnxValue in and out,
/// LINQ over the outputs. Plain, not careless: sessions are made once, bitmaps are disposed, one thread as for all.
/// </summary>
internal sealed class PlainPipeline : Pipeline
{
    private static readonly int[] Strides = [8, 16, 32];
    private readonly PeerSetup _setup;
    private readonly bool _byPixel;
    private readonly InferenceSession _detector;
    private readonly InferenceSession _classifier;
    private readonly SKBitmap[] _bitmaps;
    private readonly byte[][] _jpegs;
    private List<FoundFace> _found = [];

    public PlainPipeline(PeerSetup setup, bool byPixel)
    {
        _setup = setup;
        _byPixel = byPixel;
        var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        _detector = new InferenceSession(setup.DetectorFile, options);
        _classifier = new InferenceSession(setup.ClassifierFile, options);
        _bitmaps = [.. setup.Frames.Select(frame => Bitmap(PixelBytes.WithAlpha(File.ReadAllBytes(frame.Bgr))))];
        _jpegs = [.. setup.Frames.Select(frame => File.ReadAllBytes(frame.Jpeg))];
    }

    public override string Detail => $"SkiaSharp bitmap, {(_byPixel ? "GetPixel" : "Bytes")} into DenseTensor, ONNX Runtime, one thread";

    public override void Analyze(int frame, bool fromJpeg, StageClock stages)
    {
        stages.Start();
        if (!fromJpeg)
        {
            Analyze(_bitmaps[frame], stages);
            return;
        }

        using SKBitmap bitmap = SKBitmap.Decode(_jpegs[frame]);
        stages.End("jpeg");
        Analyze(bitmap, stages);
    }

    public override IReadOnlyList<FoundFace> Results() => _found;

    public override void Dispose()
    {
        _detector.Dispose();
        _classifier.Dispose();
        foreach (SKBitmap bitmap in _bitmaps)
        {
            bitmap.Dispose();
        }
    }

    private void Analyze(SKBitmap bitmap, StageClock stages)
    {
        int side = _setup.DetectorSide;
        float scale = Math.Min((float)side / bitmap.Width, (float)side / bitmap.Height);
        var size = new SKImageInfo((int)MathF.Round(bitmap.Width * scale), (int)MathF.Round(bitmap.Height * scale), SKColorType.Bgra8888, SKAlphaType.Opaque);
        using SKBitmap small = bitmap.Resize(size, _setup.Area ? SKFilterQuality.Medium : SKFilterQuality.Low);
        var input = new DenseTensor<float>([1, 3, side, side]);
        Fill(small, (x, y, blue, green, red) =>
        {
            input[0, 0, y, x] = blue;
            input[0, 1, y, x] = green;
            input[0, 2, y, x] = red;
        });
        stages.End("detect.preprocess");
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs = _detector.Run([NamedOnnxValue.CreateFromTensor("input", input)]);
        stages.End("detect.run");
        List<FoundFace> boxes = Suppress(Decode(outputs.ToDictionary(output => output.Name, output => output.AsTensor<float>()), scale));
        stages.End("detect.decode");
        _found = [.. boxes.Select(box => box with { Scores = Classify(bitmap, box, stages) })];
    }

    private float[] Classify(SKBitmap bitmap, FoundFace box, StageClock stages)
    {
        int side = _setup.ClassifierSide;
        float length = Math.Max(box.Width, box.Height) * (1 + (2 * _setup.Margin));
        float left = box.X + ((box.Width - length) / 2), top = box.Y + ((box.Height - length) / 2);
        using var face = new SKBitmap((int)MathF.Round(length), (int)MathF.Round(length), SKColorType.Bgra8888, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(face))
        {
            canvas.DrawBitmap(bitmap, -MathF.Round(left), -MathF.Round(top));
        }

        using SKBitmap small = face.Resize(new SKImageInfo(side, side, SKColorType.Bgra8888, SKAlphaType.Opaque), _setup.Area ? SKFilterQuality.Medium : SKFilterQuality.Low);
        var input = new DenseTensor<float>([1, 1, side, side]);
        Fill(small, (x, y, blue, green, red) => input[0, 0, y, x] = (((0.299f * red) + (0.587f * green) + (0.114f * blue)) / 127.5f) - 1);
        stages.End("classify.preprocess");
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs = _classifier.Run([NamedOnnxValue.CreateFromTensor("input", input)]);
        float[] scores = [.. outputs[0].AsEnumerable<float>()];
        stages.End("classify.run");
        return scores;
    }

    private void Fill(SKBitmap bitmap, Action<int, int, byte, byte, byte> set)
    {
        byte[] bytes = _byPixel ? [] : bitmap.Bytes;
        for (int y = 0; y < bitmap.Height; y++)
        {
            for (int x = 0; x < bitmap.Width; x++)
            {
                if (_byPixel)
                {
                    SKColor color = bitmap.GetPixel(x, y);
                    set(x, y, color.Blue, color.Green, color.Red);
                }
                else
                {
                    int i = (y * bitmap.RowBytes) + (x * 4);
                    set(x, y, bytes[i], bytes[i + 1], bytes[i + 2]);
                }
            }
        }
    }

    private IEnumerable<FoundFace> Decode(Dictionary<string, Tensor<float>> outputs, float scale) =>
        Strides.SelectMany(stride =>
        {
            Tensor<float> classes = outputs[$"cls_{stride}"], objects = outputs[$"obj_{stride}"], boxes = outputs[$"bbox_{stride}"];
            int columns = _setup.DetectorSide / stride;
            return Enumerable.Range(0, classes.Dimensions[1])
                .Select(cell => (Cell: cell, Score: MathF.Sqrt(Math.Clamp(classes[0, cell, 0], 0, 1) * Math.Clamp(objects[0, cell, 0], 0, 1))))
                .Where(candidate => candidate.Score >= _setup.ScoreThreshold)
                .Select(candidate =>
                {
                    float x = ((candidate.Cell % columns) + boxes[0, candidate.Cell, 0]) * stride, y = ((candidate.Cell / columns) + boxes[0, candidate.Cell, 1]) * stride;
                    float width = MathF.Exp(boxes[0, candidate.Cell, 2]) * stride, height = MathF.Exp(boxes[0, candidate.Cell, 3]) * stride;
                    return new FoundFace((x - (width / 2)) / scale, (y - (height / 2)) / scale, width / scale, height / scale, candidate.Score, []);
                });
        });

    private List<FoundFace> Suppress(IEnumerable<FoundFace> candidates)
    {
        var kept = new List<FoundFace>();
        foreach (FoundFace candidate in candidates.OrderByDescending(face => face.Score).Where(face => !kept.Any(other => Boxes.Overlap(face, other) > _setup.NmsThreshold)))
        {
            kept.Add(candidate);
        }

        return kept;
    }

    private SKBitmap Bitmap(byte[] bgra)
    {
        var bitmap = new SKBitmap(_setup.Width, _setup.Height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        Marshal.Copy(bgra, 0, bitmap.GetPixels(), bgra.Length);
        return bitmap;
    }
}

internal static class Boxes
{
    /// <summary>Intersection over union.</summary>
    public static float Overlap(FoundFace a, FoundFace b) => new RectF(a.X, a.Y, a.Width, a.Height).IntersectionOverUnion(new RectF(b.X, b.Y, b.Width, b.Height));
}
