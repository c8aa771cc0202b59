namespace FerSharp.Decoding;

/// <summary>
/// YuNet (Wu, Peng and Yu, YuNet: A Tiny Millisecond-level Face Detector, 2023). Outputs: class, objectness, box and points, each for all
/// strides in turn. Score = sqrt(class * objectness); offsets count from the cell's top left corner in units of the stride.
/// </summary>
internal sealed class YuNetDecoder : DetectionDecoder
{
    private readonly TensorSize _size;
    private readonly int[] _strides;

    public YuNetDecoder(TensorSize size, DetectorOutputSpec output)
        : base(output.ScoreThreshold, [.. Lengths(size, output, 1), .. Lengths(size, output, 1), .. Lengths(size, output, 4), .. Lengths(size, output, 10)])
    {
        _size = size;
        _strides = [.. output.Strides];
        MaxCandidates = output.Strides.Sum(size.Cells);
    }

    public override int MaxCandidates { get; }

    public override int Decode(ReadOnlySpan<ReadOnlyMemory<float>> outputs, Span<FaceDetection> candidates)
    {
        int levels = _strides.Length, count = 0;
        float threshold = ScoreThreshold * ScoreThreshold;
        for (int level = 0; level < levels; level++)
        {
            int stride = _strides[level], columns = _size.Columns(stride);
            ReadOnlySpan<float> classes = outputs[level].Span, objectness = outputs[levels + level].Span;
            ReadOnlySpan<float> boxes = outputs[(2 * levels) + level].Span, points = outputs[(3 * levels) + level].Span;
            for (int cell = 0; cell < classes.Length; cell++)
            {
                float score = Math.Clamp(classes[cell], 0, 1) * Math.Clamp(objectness[cell], 0, 1);
                if (!(score >= threshold))
                {
                    continue;
                }

                float x = (cell % columns) * stride, y = (cell / columns) * stride;
                ReadOnlySpan<float> box = boxes.Slice(cell * 4, 4);
                float width = MathF.Exp(box[2]) * stride, height = MathF.Exp(box[3]) * stride;
                candidates[count++] = new FaceDetection(
                    new RectF(x + (box[0] * stride) - (width / 2), y + (box[1] * stride) - (height / 2), width, height),
                    MathF.Sqrt(score),
                    PointDecoding.Five(points.Slice(cell * 10, 10), x, y, stride));
            }
        }

        return count;
    }

    private static IEnumerable<int> Lengths(TensorSize size, DetectorOutputSpec output, int values) =>
        output.Strides.Select(stride => values * size.Cells(stride));
}
