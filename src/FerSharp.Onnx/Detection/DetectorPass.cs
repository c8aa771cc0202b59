using System.Numerics.Tensors;
using FerSharp.Decoding;
using FerSharp.Imaging;

namespace FerSharp.Onnx;

/// <summary>A detector at one input shape: pixels to tensor, the network's shapes there, and outputs to faces.</summary>
/// <remarks>Immutable, thread-safe, allocation-free after it was made.</remarks>
internal sealed class DetectorPass
{
    private readonly PreprocessingKernel _kernel;
    private readonly DetectionDecoder _decoder;
    private readonly string _modelId;

    private DetectorPass(ModelManifest manifest, DetectionDecoder decoder, RunShape shape)
    {
        _modelId = manifest.Id;
        _decoder = decoder;
        _kernel = new PreprocessingKernel(manifest.Input);
        Input = manifest.Input;
        Shape = shape;
    }

    /// <summary>The manifest's input with this shape's width and height.</summary>
    public PreprocessingSpec Input { get; }

    /// <summary>The network's shapes.</summary>
    public RunShape Shape { get; }

    /// <summary>Most candidates of one picture.</summary>
    public int MaxCandidates => _decoder.MaxCandidates;

    /// <summary>Runs the network once to learn its outputs' shapes.</summary>
    /// <exception cref="FerModelException">The network cannot run at this shape, or its outputs are not what the manifest says.</exception>
    public static DetectorPass Create(OnnxModel model, InputShape size)
    {
        ModelManifest manifest = model.Manifest with { Input = model.Manifest.Input with { Width = size.Width, Height = size.Height } };
        DetectionDecoder decoder = DetectionDecoder.Create(manifest);
        return new DetectorPass(manifest, decoder, RunShape.Measure(model, manifest.Input, lengths => CheckOutputs(manifest, decoder, lengths)));
    }

    /// <summary>Which outputs have another length than the decoder reads, one sentence each.</summary>
    public static IEnumerable<string> CheckOutputs(ModelManifest manifest, DetectionDecoder decoder, IReadOnlyList<long?> lengths)
    {
        for (int i = 0; i < lengths.Count; i++)
        {
            if (lengths[i] is { } length && length != decoder.OutputLengths[i])
            {
                yield return $"output.names: decoder '{manifest.Detector!.Decoder}' expects {decoder.OutputLengths[i]} values in '{manifest.Detector.Names[i]}'; the graph gives {length}. Check decoder, strides, anchorSizes and the input's size.";
            }
        }
    }

    /// <summary>Writes the tensor of one picture.</summary>
    public void Write(in FrameView frame, in AffineTransform map, Span<float> tensor) => _kernel.Write(frame, map, tensor);

    /// <summary>Reads the candidates of one picture, in source pixels; drops those that are no face in it, and those that are too small.</summary>
    /// <param name="outputs">The outputs of this picture.</param>
    /// <param name="map">From tensor to source.</param>
    /// <param name="frame">The picture.</param>
    /// <param name="minFaceSize">Least shorter side of a box in source pixels.</param>
    /// <param name="candidates">At least <see cref="MaxCandidates"/> long.</param>
    /// <returns>How many were written.</returns>
    /// <exception cref="FerInferenceException">There is no candidate, and the outputs hold NaN.</exception>
    public int Read(ReadOnlySpan<ReadOnlyMemory<float>> outputs, in AffineTransform map, in FrameView frame, float minFaceSize, Span<FaceDetection> candidates)
    {
        int found = DetectionMapping.ToSource(candidates[.._decoder.Decode(outputs, candidates)], map, frame.Width, frame.Height), count = 0;
        foreach (ref readonly FaceDetection face in candidates[..found])
        {
            if (!(MathF.Min(face.Box.Width, face.Box.Height) < minFaceSize))
            {
                candidates[count++] = face;
            }
        }

        if (count == 0)
        {
            ThrowIfNaN(outputs);
        }

        return count;
    }

    /// <summary>A network that has broken down must not look like a picture without faces.</summary>
    private void ThrowIfNaN(ReadOnlySpan<ReadOnlyMemory<float>> outputs)
    {
        foreach (ref readonly ReadOnlyMemory<float> output in outputs)
        {
            if (TensorPrimitives.IsNaNAny(output.Span))
            {
                throw new FerInferenceException(_modelId, "The network's output holds NaN. Check the model file and the manifest's input: scale, mean and std.");
            }
        }
    }
}
