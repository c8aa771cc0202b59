namespace FerSharp.Decoding;

/// <summary>
/// RetinaFace's single-shot heads (Deng et al., RetinaFace, 2020) over SSD priors (Liu et al., SSD, 2016). Outputs: box offsets, two class
/// probabilities, five points. Centres and points are offsets from the prior's centre in units of variance[0] times its size; sizes are the
/// prior's times exp(variance[1] * value).
/// </summary>
internal sealed class RetinaFaceDecoder : DetectionDecoder
{
    private readonly Anchor[] _priors;
    private readonly float _centerVariance;
    private readonly float _sizeVariance;

    public RetinaFaceDecoder(TensorSize size, DetectorOutputSpec output)
        : base(output.ScoreThreshold, 4 * size.AnchorCount(output), 2 * size.AnchorCount(output), 10 * size.AnchorCount(output))
    {
        _priors = size.Anchors(output);
        _centerVariance = output.Variances[0];
        _sizeVariance = output.Variances[1];
    }

    public override int MaxCandidates => _priors.Length;

    public override int Decode(ReadOnlySpan<ReadOnlyMemory<float>> outputs, Span<FaceDetection> candidates)
    {
        ReadOnlySpan<float> boxes = outputs[0].Span, scores = outputs[1].Span, points = outputs[2].Span;
        int count = 0;
        for (int i = 0; i < _priors.Length; i++)
        {
            float score = scores[(2 * i) + 1];
            if (!(score >= ScoreThreshold))
            {
                continue;
            }

            Anchor prior = _priors[i];
            float unit = _centerVariance * prior.Size;
            ReadOnlySpan<float> box = boxes.Slice(4 * i, 4);
            float width = prior.Size * MathF.Exp(box[2] * _sizeVariance), height = prior.Size * MathF.Exp(box[3] * _sizeVariance);
            candidates[count++] = new FaceDetection(
                new RectF(prior.X + (box[0] * unit) - (width / 2), prior.Y + (box[1] * unit) - (height / 2), width, height),
                MathF.Min(score, 1),
                PointDecoding.Five(points.Slice(10 * i, 10), prior.X, prior.Y, unit));
        }

        return count;
    }
}
