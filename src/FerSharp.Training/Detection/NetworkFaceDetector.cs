using FerSharp.Decoding;
using FerSharp.Imaging;
using FerSharp.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace FerSharp.Training;

/// <summary>A network of a run as a detector: torch computes, the rest is what every backend does.</summary>
/// <remarks>Borrows the network. Not thread-safe, because torch's modules are not.</remarks>
internal sealed class NetworkFaceDetector : IFaceDetector
{
    private const float NmsThreshold = 0.4f;

    private readonly DetectorNetwork _network;
    private readonly DetectionDecoder _decoder;
    private readonly PreprocessingKernel _kernel;
    private readonly PreprocessingSpec _input;
    private readonly float[] _tensor;
    private readonly FaceDetection[] _candidates;
    private readonly ulong[] _keys;

    public NetworkFaceDetector(DetectorNetwork network, int side, float scoreThreshold)
    {
        ModelManifest manifest = DetectorManifest.Create("network", "none", side, scoreThreshold);
        _network = network;
        _decoder = DetectionDecoder.Create(manifest);
        _input = manifest.Input;
        _kernel = new PreprocessingKernel(_input);
        _tensor = new float[_kernel.TensorLength];
        _candidates = new FaceDetection[_decoder.MaxCandidates];
        _keys = new ulong[_decoder.MaxCandidates];
        Model = new ModelInfo(manifest.Id, manifest.Version, "torch", default, manifest);
    }

    public ModelInfo Model { get; }

    /// <summary>Shape of the input of one picture.</summary>
    public long[] InputShape => [1, 3, _input.Height, _input.Width];

    public int Detect(in FrameView frame, Span<FaceDetection> destination, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        AffineTransform map = TensorMap.ForFrame(frame.Width, frame.Height, _input);
        _kernel.Write(frame, map, _tensor);
        ReadOnlyMemory<float> rows = Rows(_tensor);
        int count = _decoder.Decode([rows], _candidates);
        foreach (ref FaceDetection candidate in _candidates.AsSpan(0, count))
        {
            candidate = candidate with { Box = map.Apply(candidate.Box), Landmarks = ToSource(candidate.Landmarks, map) };
        }

        return NonMaxSuppression.Select(_candidates.AsSpan(0, count), _keys, NmsThreshold, destination);
    }

    /// <summary>A picture as the network's input, in a new array.</summary>
    public float[] Input(in FrameView frame)
    {
        var values = new float[_tensor.Length];
        _kernel.Write(frame, TensorMap.ForFrame(frame.Width, frame.Height, _input), values);
        return values;
    }

    /// <summary>What the network says about a tensor, as the exported graph says it.</summary>
    public float[] Rows(float[] input)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable without = no_grad();
        Tensor rows = _network.forward(tensor(input, InputShape));
        rows.select(2, 0).sigmoid_();
        return ExportGraph.Values(rows);
    }

    public void Dispose()
    {
    }

    private static FaceLandmarks ToSource(in FaceLandmarks points, in AffineTransform map) =>
        new(map.Apply(points.LeftEye), map.Apply(points.RightEye), map.Apply(points.Nose), map.Apply(points.LeftMouth), map.Apply(points.RightMouth));
}
