namespace FerSharp.Decoding;

/// <summary>
/// Reads a detector's raw outputs as candidate faces in tensor pixels. One subclass for each family of output; a manifest names its family.
/// </summary>
/// <remarks>Immutable, thread-safe, allocation-free: a pure function of the outputs. Any backend can use it.</remarks>
public abstract class DetectionDecoder
{
    /// <summary>More than any detector has; keeps all lengths within an int, and memory within reason, whatever a manifest says.</summary>
    private const int MostCandidates = 1 << 22;

    private protected DetectionDecoder(float scoreThreshold, params int[] outputLengths)
    {
        ScoreThreshold = scoreThreshold;
        OutputLengths = outputLengths;
    }

    /// <summary>Names of the families that can be decoded, as manifests write them.</summary>
    public static IReadOnlyList<string> Names { get; } = ["cells", "yunet", "cornerBoxes", "retinaFace", "blazeFace"];

    /// <summary>Candidates with a lower score are not returned.</summary>
    public float ScoreThreshold { get; }

    /// <summary>Number of values in each output for one picture, in the manifest's order: what the graph must give.</summary>
    public IReadOnlyList<int> OutputLengths { get; }

    /// <summary>Most candidates that <see cref="Decode"/> can return.</summary>
    public abstract int MaxCandidates { get; }

    /// <summary>Makes the decoder that a manifest names.</summary>
    /// <param name="manifest">A detector's manifest.</param>
    /// <exception cref="ArgumentNullException"><paramref name="manifest"/> is null.</exception>
    /// <exception cref="FerModelException">The manifest is no detector's, names an unknown decoder, or does not give what its decoder needs.</exception>
    public static DetectionDecoder Create(ModelManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        if (manifest.Detector is not { } output)
        {
            throw new FerModelException(manifest.Id, $"The manifest's task is {manifest.Task}; a face detector is needed.");
        }

        var faults = new List<string>();
        void Need(int names, bool anchors = false)
        {
            if (output.Names.Count != names)
            {
                faults.Add($"output.names: decoder '{output.Decoder}' reads {names} outputs; {output.Names.Count} are named.");
            }

            if (anchors && output.AnchorSizes.Count != output.Strides.Count)
            {
                faults.Add($"output.anchorSizes: one list for each of the {output.Strides.Count} strides is needed; there are {output.AnchorSizes.Count}.");
            }

            if (output.Strides.Count == 0 || output.Strides.Any(stride => stride < 1))
            {
                faults.Add($"output.strides: decoder '{output.Decoder}' needs the strides of its levels, each at least 1.");
            }
        }

        var size = new TensorSize(manifest.Input.Width, manifest.Input.Height);
        switch (output.Decoder)
        {
            case "cells":
                Need(names: 1);
                break;
            case "yunet":
                Need(names: 4 * output.Strides.Count);
                break;
            case "cornerBoxes":
                Need(names: 2, anchors: true);
                break;
            case "retinaFace":
                Need(names: 3, anchors: true);
                if (output.Variances.Count != 2)
                {
                    faults.Add($"output.variances: two are needed, for centre and size; there are {output.Variances.Count}.");
                }

                break;
            case "blazeFace":
                Need(names: 2 * output.Strides.Count, anchors: true);
                break;
            default:
                faults.Add($"output.decoder: '{output.Decoder}' is unknown; use one of {string.Join(", ", Names)}.");
                break;
        }

        if (faults.Count == 0 && size.CandidateCount(output) is var candidates and > MostCandidates)
        {
            faults.Add($"output.strides: the strides and anchorSizes make {candidates} candidates of a {size.Width}x{size.Height} input; at most {MostCandidates} can be read.");
        }

        if (faults.Count > 0)
        {
            throw new FerModelException(manifest.Id, faults);
        }

        return output.Decoder switch
        {
            "cells" => new CellDecoder(size, output),
            "yunet" => new YuNetDecoder(size, output),
            "cornerBoxes" => new CornerBoxDecoder(size, output),
            "retinaFace" => new RetinaFaceDecoder(size, output),
            _ => new BlazeFaceDecoder(size, output),
        };
    }

    /// <summary>Reads the outputs of one picture.</summary>
    /// <param name="outputs">The outputs in the manifest's order, each of the length that <see cref="OutputLengths"/> says.</param>
    /// <param name="candidates">At least <see cref="MaxCandidates"/> long.</param>
    /// <returns>How many candidates were written: in tensor pixels, in no order, overlapping, scores from the threshold to 1.</returns>
    public abstract int Decode(ReadOnlySpan<ReadOnlyMemory<float>> outputs, Span<FaceDetection> candidates);

    private protected static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));
}
