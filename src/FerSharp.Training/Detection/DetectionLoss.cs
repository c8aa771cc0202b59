using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerSharp.Training;

/// <summary>The parts of a detector's loss.</summary>
internal static class DetectionLoss
{
    /// <summary>Logarithms of sizes beyond this are taken as this: no box is e^6 cells wide.</summary>
    public const float LargestLogSize = 6;

    // Points nearer than this share of the face's size have a quadratic loss.
    private const double PointBend = 0.05;

    private const double Epsilon = 1e-7;

    /// <summary>
    /// Quality focal loss, summed: cross-entropy with a target from 0 to 1, times the squared distance from it (Li et al., Generalized Focal Loss, 2020).
    /// </summary>
    /// <param name="logits">[M].</param>
    /// <param name="targets">[M].</param>
    /// <param name="weights">[M].</param>
    public static Tensor Scores(Tensor logits, Tensor targets, Tensor weights) =>
        (functional.binary_cross_entropy_with_logits(logits, targets, reduction: Reduction.None) * (logits.sigmoid() - targets).square() * weights).sum();

    /// <summary>
    /// EIoU, a value a box: 1 - IoU, plus the squared distance of the middles and the squared differences of the sides, each over the square of the
    /// common frame's (Zhang et al., 2022).
    /// </summary>
    /// <param name="values">[K, 4]: middle x and y, logarithms of width and height.</param>
    /// <param name="truth">[K, 4]: middle x and y, width, height.</param>
    public static Tensor Boxes(Tensor values, Tensor truth)
    {
        Tensor center = values.narrow(1, 0, 2), size = values.narrow(1, 2, 2).clamp(-LargestLogSize, LargestLogSize).exp();
        Tensor trueCenter = truth.narrow(1, 0, 2), trueSize = truth.narrow(1, 2, 2);
        Tensor low = center - (size / 2), high = center + (size / 2), trueLow = trueCenter - (trueSize / 2), trueHigh = trueCenter + (trueSize / 2);
        Tensor shared = (high.minimum(trueHigh) - low.maximum(trueLow)).clamp_min(0).prod(1);
        Tensor overlap = shared / (size.prod(1) + trueSize.prod(1) - shared + Epsilon);
        Tensor frame = (high.maximum(trueHigh) - low.minimum(trueLow)).square();
        Tensor apart = (center - trueCenter).square().sum(1) / (frame.sum(1) + Epsilon);
        Tensor sides = ((size - trueSize).square() / (frame + Epsilon)).sum(1);
        return 1 - overlap + apart + sides;
    }

    /// <summary>Smooth L1 of the points' distances over the face's size, a mean for each face.</summary>
    /// <param name="values">[K, 10].</param>
    /// <param name="truth">[K, 10].</param>
    /// <param name="weights">[K]: 1 over the face's size; 0 where its points are not known, which then cost nothing.</param>
    public static Tensor Points(Tensor values, Tensor truth, Tensor weights)
    {
        Tensor distance = ((values - truth) * weights.unsqueeze(1)).abs();
        Tensor bent = distance.clamp_max(PointBend);
        return ((bent.square() / (2 * PointBend)) + (distance - bent)).mean([1]);
    }
}
