namespace FerSharp.Decoding;

/// <summary>
/// BlazeFace (Bazarevsky et al., BlazeFace, 2019). Outputs: for each stride logits, then for each stride 16 values an anchor: centre, size and
/// six points in tensor pixels relative to the anchor's centre. The six points have no corners of the mouth, so no landmarks are returned.
/// Anchor sizes only tell how many anchors a cell has.
/// </summary>
internal sealed class BlazeFaceDecoder : DetectionDecoder
{
    private const int Values = 16;
    private readonly Anchor[] _anchors;
    private readonly int _levels;

    public BlazeFaceDecoder(TensorSize size, DetectorOutputSpec output)
        : base(output.ScoreThreshold, [.. Lengths(size, output, 1), .. Lengths(size, output, Values)])
    {
        _anchors = size.Anchors(output);
        _levels = output.Strides.Count;
    }

    public override int MaxCandidates => _anchors.Length;

    public override int Decode(ReadOnlySpan<ReadOnlyMemory<float>> outputs, Span<FaceDetection> candidates)
    {
        int count = 0, first = 0;
        for (int level = 0; level < _levels; level++)
        {
            ReadOnlySpan<float> logits = outputs[level].Span, values = outputs[_levels + level].Span;
            for (int i = 0; i < logits.Length; i++)
            {
                float score = Sigmoid(logits[i]);
                if (!(score >= ScoreThreshold))
                {
                    continue;
                }

                Anchor anchor = _anchors[first + i];
                ReadOnlySpan<float> row = values.Slice(i * Values, 4);
                candidates[count++] = new FaceDetection(
                    new RectF(anchor.X + row[0] - (row[2] / 2), anchor.Y + row[1] - (row[3] / 2), row[2], row[3]),
                    score);
            }

            first += logits.Length;
        }

        return count;
    }

    private static IEnumerable<int> Lengths(TensorSize size, DetectorOutputSpec output, int values) =>
        output.Strides.Select((stride, level) => values * size.Cells(stride) * output.AnchorSizes[level].Count);
}
