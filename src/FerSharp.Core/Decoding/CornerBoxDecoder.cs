namespace FerSharp.Decoding;

/// <summary>
/// Ready corner boxes (the Ultra-Light detectors): outputs are two class probabilities a box, background and face, and left, top, right, bottom
/// as fractions of the tensor's width and height. No landmarks. Strides and anchor sizes only tell how many boxes there are.
/// </summary>
internal sealed class CornerBoxDecoder : DetectionDecoder
{
    private readonly TensorSize _size;

    public CornerBoxDecoder(TensorSize size, DetectorOutputSpec output)
        : base(output.ScoreThreshold, 2 * size.AnchorCount(output), 4 * size.AnchorCount(output))
    {
        _size = size;
        MaxCandidates = size.AnchorCount(output);
    }

    public override int MaxCandidates { get; }

    public override int Decode(ReadOnlySpan<ReadOnlyMemory<float>> outputs, Span<FaceDetection> candidates)
    {
        ReadOnlySpan<float> scores = outputs[0].Span, boxes = outputs[1].Span;
        int count = 0;
        for (int i = 0; i < MaxCandidates; i++)
        {
            float score = scores[(2 * i) + 1];
            if (!(score >= ScoreThreshold))
            {
                continue;
            }

            ReadOnlySpan<float> box = boxes.Slice(4 * i, 4);
            float left = box[0] * _size.Width, top = box[1] * _size.Height;
            candidates[count++] = new FaceDetection(
                new RectF(left, top, (box[2] * _size.Width) - left, (box[3] * _size.Height) - top),
                MathF.Min(score, 1));
        }

        return count;
    }
}
