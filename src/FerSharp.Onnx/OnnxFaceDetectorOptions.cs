namespace FerSharp.Onnx;

/// <summary>How an <see cref="OnnxFaceDetector"/> is loaded.</summary>
public sealed class OnnxFaceDetectorOptions : OnnxBackendOptions
{
    private const int MostInputSizes = 8;

    /// <summary>Faces with a lower score are dropped, above 0 to 1.</summary>
    /// <value>Default null: the manifest's.</value>
    public float? ScoreThreshold { get; set; }

    /// <summary>Of two boxes that overlap by more than this intersection over union, the lower-scored is dropped. 0 to 1.</summary>
    /// <value>Default null: the manifest's.</value>
    public float? NmsThreshold { get; set; }

    /// <summary>
    /// The size of the network's input in place of the manifest's; a smaller one is faster, a larger one finds smaller faces. With several
    /// sizes, at most 8, a frame is searched at each of them and the finds are suppressed together. The graph's height and width must be free,
    /// or be what is asked for. Not together with <see cref="MinFaceSize"/>.
    /// </summary>
    /// <value>Default empty: the manifest's size.</value>
    public IReadOnlyList<DetectorInputSize> InputSizes { get; set; } = [];

    /// <summary>
    /// The shorter side, in source pixels, of the smallest face that is to be found. For each frame, the input takes the frame's shape at the
    /// smallest size at which such a face is as large as the manifest says that it must be (<see cref="DetectorOutputSpec.ReliableFaceSize"/>);
    /// its longer side is kept from 64 to 2048 tensor pixels, so that smaller faces than that size can show may be missed. Smaller faces than
    /// asked for are dropped, so that the answer does not hang on how the input size was rounded. The graph's height and width must be free.
    /// </summary>
    /// <value>Default null: the input size does not depend on faces, and no face is dropped for its size.</value>
    public float? MinFaceSize { get; set; }

    /// <summary>
    /// Most pictures in one run of the network, for <see cref="OnnxFaceDetector.DetectBatch"/> and <see cref="OnnxFaceDetector.DetectAround"/>,
    /// from 1 to 64; runs take a power of two. A graph with a fixed batch size lowers it to 1. Memory for more than one is taken when first needed.
    /// </summary>
    /// <value>Default 8.</value>
    public int MaxBatchSize { get; set; } = 8;

    internal override List<string> Validate()
    {
        List<string> faults = base.Validate();
        if (ScoreThreshold is { } score && !(score is > 0 and <= 1))
        {
            faults.Add(Fault(nameof(ScoreThreshold), score, "it must be above 0, at most 1"));
        }

        if (NmsThreshold is { } nms && !(nms is >= 0 and <= 1))
        {
            faults.Add(Fault(nameof(NmsThreshold), nms, "it must be from 0 to 1"));
        }

        if (MinFaceSize is { } face && !(face is >= 1 and < float.PositiveInfinity))
        {
            faults.Add(Fault(nameof(MinFaceSize), face, "it must be a number of at least 1"));
        }

        if (MaxBatchSize is < 1 or > OnnxFaceDetector.MostBatch)
        {
            faults.Add(Fault(nameof(MaxBatchSize), MaxBatchSize, $"it must be from 1 to {OnnxFaceDetector.MostBatch}"));
        }

        ValidateSizes(faults);
        return faults;
    }

    private void ValidateSizes(List<string> faults)
    {
        const string Name = $"{nameof(OnnxFaceDetectorOptions)}.{nameof(InputSizes)}";
        if (InputSizes is null)
        {
            faults.Add($"{Name} is null; leave it empty for the manifest's size.");
            return;
        }

        if (InputSizes.Count > MostInputSizes)
        {
            faults.Add($"{Name} lists {InputSizes.Count} sizes; at most {MostInputSizes} are searched.");
        }

        if (InputSizes.Count > 0 && MinFaceSize is not null)
        {
            faults.Add($"{Name} and {nameof(MinFaceSize)} both choose the input size; set one of them.");
        }

        foreach (DetectorInputSize size in InputSizes)
        {
            if (size.Width is < DetectorInputSize.MinSide or > DetectorInputSize.MaxSide || size.Height is < DetectorInputSize.MinSide or > DetectorInputSize.MaxSide)
            {
                faults.Add($"{Name} holds {size}; sides must be from {DetectorInputSize.MinSide} to {DetectorInputSize.MaxSide}.");
            }
        }
    }

    private static string Fault(string option, float value, string rule) =>
        FormattableString.Invariant($"{nameof(OnnxFaceDetectorOptions)}.{option} is {value}; {rule}.");
}
