using Microsoft.ML.OnnxRuntime;

namespace FerSharp.Onnx;

/// <summary>
/// One caller's tensors: an input for the largest batch, outputs, and a binding for each batch size that was made once, so that a run allocates
/// nothing. Used by one thread at a time.
/// </summary>
internal sealed class InferenceContext : IDisposable
{
    private readonly OnnxModel _model;
    private readonly float[] _input;
    private readonly float[][] _outputs;
    private readonly ReadOnlyMemory<float>[] _outputViews;
    private readonly int _inputLength;
    private readonly List<Binding> _bindings = [];
    private readonly RunOptions _runOptions = new();

    public InferenceContext(OnnxModel model, IReadOnlyList<long[]> outputShapes, int maxBatch)
    {
        _model = model;
        PreprocessingSpec spec = model.Manifest.Input;
        _inputLength = spec.Channels * spec.Height * spec.Width;
        _input = GC.AllocateArray<float>(_inputLength * maxBatch, pinned: true);
        _outputs = [.. outputShapes.Select(shape => GC.AllocateArray<float>((int)Length(shape) * maxBatch, pinned: true))];
        _outputViews = [.. _outputs.Select(output => (ReadOnlyMemory<float>)output)];
        try
        {
            for (int batch = 1; batch <= maxBatch; batch *= 2)
            {
                _bindings.Add(new Binding(this, outputShapes, batch));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The outputs of the last run, whole buffers, in the manifest's order.</summary>
    public ReadOnlySpan<ReadOnlyMemory<float>> Outputs => _outputViews;

    /// <summary>Scratch for a detector's candidates; made by the detector.</summary>
    public FaceDetection[] Candidates { get; set; } = [];

    /// <summary>Scratch for non-maximum suppression; made by the detector.</summary>
    public ulong[] Keys { get; set; } = [];

    /// <summary>The input tensor of one picture of the batch.</summary>
    public Span<float> Input(int index) => _input.AsSpan(index * _inputLength, _inputLength);

    /// <summary>The largest batch size that has a binding and is not above a count.</summary>
    public int LargestBatch(int count) => Math.Min(1 << int.Log2(count), 1 << (_bindings.Count - 1));

    /// <summary>Runs the network on the first <paramref name="batch"/> pictures; a power of two.</summary>
    public void Run(int batch)
    {
        Binding binding = _bindings[int.Log2(batch)];
        try
        {
            if (_model.IsOnDevice)
            {
                // A device copies the input when it is bound, so it must be bound again to be seen.
                binding.BindInput();
            }

            _model.Session.RunWithBinding(_runOptions, binding.Io);
        }
        catch (OnnxRuntimeException e)
        {
            throw new FerInferenceException(_model.Manifest.Id, $"The run of the network failed: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        foreach (Binding binding in _bindings)
        {
            binding.Dispose();
        }

        _bindings.Clear();
        _runOptions.Dispose();
    }

    private static long Length(long[] shape) => shape.Aggregate(1L, (product, n) => product * n);

    /// <summary>Input and outputs bound for one batch size.</summary>
    private sealed class Binding : IDisposable
    {
        private readonly string _inputName;
        private readonly OrtValue? _input;
        private readonly List<OrtValue> _outputs = [];

        public Binding(InferenceContext context, IReadOnlyList<long[]> outputShapes, int batch)
        {
            PreprocessingSpec spec = context._model.Manifest.Input;
            long[] shape = spec.Layout == TensorLayout.Nchw
                ? [batch, spec.Channels, spec.Height, spec.Width]
                : [batch, spec.Height, spec.Width, spec.Channels];
            _inputName = spec.Name;
            Io = context._model.Session.CreateIoBinding();
            try
            {
                _input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, context._input.AsMemory(0, batch * context._inputLength), shape);
                BindInput();
                for (int i = 0; i < outputShapes.Count; i++)
                {
                    long[] output = [.. outputShapes[i]];
                    int length = (int)Length(output) * batch;
                    output[0] *= batch;
                    _outputs.Add(OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, context._outputs[i].AsMemory(0, length), output));
                    Io.BindOutput(context._model.OutputNames[i], _outputs[i]);
                }
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public OrtIoBinding Io { get; }

        public void BindInput() => Io.BindInput(_inputName, _input!);

        public void Dispose()
        {
            Io.Dispose();
            _input?.Dispose();
            foreach (OrtValue output in _outputs)
            {
                output.Dispose();
            }
        }
    }
}
