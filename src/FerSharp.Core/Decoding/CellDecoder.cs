namespace FerSharp.Decoding;

/// <summary>
/// Our own detectors: one output of 15 values a cell, levels one after the other: score (a probability), centre offset x and y, log width, log
/// height, five points; lengths in units of the stride, offsets from the cell's centre.
/// </summary>
internal sealed class CellDecoder : DetectionDecoder
{
    private const int Values = 15;
    private readonly TensorSize _size;
    private readonly int[] _strides;

    public CellDecoder(TensorSize size, DetectorOutputSpec output)
        : base(output.ScoreThreshold, Values * output.Strides.Sum(size.Cells))
    {
        _size = size;
        _strides = [.. output.Strides];
        MaxCandidates = output.Strides.Sum(size.Cells);
    }

    public override int MaxCandidates { get; }

    public override int Decode(ReadOnlySpan<ReadOnlyMemory<float>> outputs, Span<FaceDetection> candidates)
    {
        ReadOnlySpan<float> rows = outputs[0].Span;
        int count = 0;
        foreach (int stride in _strides)
        {
            int columns = _size.Columns(stride), cells = _size.Cells(stride);
            for (int cell = 0; cell < cells; cell++)
            {
                float score = rows[cell * Values];
                if (!(score >= ScoreThreshold))
                {
                    continue;
                }

                ReadOnlySpan<float> row = rows.Slice(cell * Values, Values);
                float x = ((cell % columns) + 0.5f) * stride, y = ((cell / columns) + 0.5f) * stride;
                float width = MathF.Exp(row[3]) * stride, height = MathF.Exp(row[4]) * stride;
                candidates[count++] = new FaceDetection(
                    new RectF(x + (row[1] * stride) - (width / 2), y + (row[2] * stride) - (height / 2), width, height),
                    MathF.Min(score, 1),
                    PointDecoding.Five(row[5..], x, y, stride));
            }

            rows = rows[(cells * Values)..];
        }

        return count;
    }
}

/// <summary>Reading of landmark values that decoders share.</summary>
internal static class PointDecoding
{
    /// <summary>Five points, given as offsets from an origin in units of a length.</summary>
    public static FaceLandmarks Five(ReadOnlySpan<float> values, float x, float y, float unit) => new(
        new PointF(x + (values[0] * unit), y + (values[1] * unit)),
        new PointF(x + (values[2] * unit), y + (values[3] * unit)),
        new PointF(x + (values[4] * unit), y + (values[5] * unit)),
        new PointF(x + (values[6] * unit), y + (values[7] * unit)),
        new PointF(x + (values[8] * unit), y + (values[9] * unit)));
}
