using System.Numerics;
using Microsoft.ML.OnnxRuntime;

namespace FerSharp.Onnx;

/// <summary>
/// One caller's tensors: an input and outputs that grow to the largest shape and batch that were asked for, and bindings of the shapes and
/// batches that were run last, so that a repeated run allocates nothing. Used by one thread at a time.
/// </summary>
internal sealed class InferenceContext(OnnxModel model) : IDisposable
{
    /// <summary>Most bindings; enough for the nine batch sizes of a classifier and for two shapes of a detector at all its batch sizes.</summary>
    public const int MostBindings = 16;

    private readonly RecentlyUsed<(RunShape Shape, int Batch), Binding> _bindings = new(MostBindings);
    private readonly float[][] _outputs = [.. model.OutputNames.Select(_ => Array.Empty<float>())];
    private readonly ReadOnlyMemory<float>[] _views = new ReadOnlyMemory<float>[model.OutputNames.Count];
    private readonly RunOptions _runOptions = new();
    private float[] _input = [];
    private RunShape? _shape;

    private OnnxModel Model => model;

    /// <summary>Scratch for a detector's candidates.</summary>
    public FaceDetection[] Candidates { get; private set; } = [];

    /// <summary>Scratch for non-maximum suppression, as long as <see cref="Candidates"/>.</summary>
    public ulong[] Keys { get; private set; } = [];

    /// <summary>Bindings that are held.</summary>
    public int BindingCount => _bindings.Count;

    /// <summary>The largest power of two that is above neither a count nor a limit.</summary>
    public static int LargestBatch(int count, int most) => 1 << BitOperations.Log2((uint)Math.Min(count, most));

    /// <summary>Makes room for runs of a shape; what is read and run from here on is of this shape.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="maxBatch">Most pictures in one run.</param>
    public void Use(RunShape shape, int maxBatch)
    {
        bool isRoomy = _input.Length >= shape.InputLength * maxBatch;
        for (int i = 0; i < _outputs.Length; i++)
        {
            isRoomy &= _outputs[i].Length >= shape.OutputLengths[i] * maxBatch;
        }

        if (!isRoomy)
        {
            // Bindings hold on to the arrays that they were made with.
            _bindings.Clear();
            _input = Grown(_input, shape.InputLength * maxBatch);
            for (int i = 0; i < _outputs.Length; i++)
            {
                _outputs[i] = Grown(_outputs[i], shape.OutputLengths[i] * maxBatch);
            }
        }

        _shape = shape;
    }

    /// <summary>Makes room for a detector's candidates.</summary>
    public void ReserveCandidates(int count)
    {
        if (Candidates.Length < count)
        {
            Candidates = new FaceDetection[count];
            Keys = new ulong[count];
        }
    }

    /// <summary>The input tensor of one picture of the batch.</summary>
    public Span<float> Input(int index) => _input.AsSpan(index * _shape!.InputLength, _shape.InputLength);

    /// <summary>An output of the last run for its first pictures.</summary>
    public ReadOnlySpan<float> Output(int index, int batch) => _outputs[index].AsSpan(0, batch * _shape!.OutputLengths[index]);

    /// <summary>The outputs of the last run for one picture, in the manifest's order; valid until the next call.</summary>
    public ReadOnlySpan<ReadOnlyMemory<float>> OutputsOf(int picture)
    {
        for (int i = 0; i < _views.Length; i++)
        {
            int length = _shape!.OutputLengths[i];
            _views[i] = _outputs[i].AsMemory(picture * length, length);
        }

        return _views;
    }

    /// <summary>Runs the network on the first <paramref name="batch"/> pictures.</summary>
    public void Run(int batch)
    {
        try
        {
            if (!_bindings.TryGet((_shape!, batch), out Binding? binding))
            {
                binding = new Binding(this, batch);
                _bindings.Add((_shape!, batch), binding);
            }
            else if (model.IsOnDevice)
            {
                // A device copies the input when it is bound, so it must be bound again to be seen.
                binding.BindInput();
            }

            model.Session.RunWithBinding(_runOptions, binding.Io);
        }
        catch (OnnxRuntimeException e)
        {
            throw new FerInferenceException(model.Manifest.Id, $"The run of the network failed: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        _bindings.Clear();
        _runOptions.Dispose();
    }

    private static float[] Grown(float[] array, int length) => array.Length >= length ? array : GC.AllocateArray<float>(length, pinned: true);

    /// <summary>Input and outputs bound for one shape and batch size.</summary>
    private sealed class Binding : IDisposable
    {
        private readonly string _inputName;
        private readonly OrtValue? _input;
        private readonly List<OrtValue> _outputs = [];

        public Binding(InferenceContext context, int batch)
        {
            OnnxModel model = context.Model;
            RunShape shape = context._shape!;
            _inputName = model.Manifest.Input.Name;
            Io = model.Session.CreateIoBinding();
            try
            {
                _input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, context._input.AsMemory(0, batch * shape.InputLength), shape.InputDimensions(batch));
                BindInput();
                for (int i = 0; i < context._outputs.Length; i++)
                {
                    Memory<float> output = context._outputs[i].AsMemory(0, batch * shape.OutputLengths[i]);
                    _outputs.Add(OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, output, shape.OutputDimensions(i, batch)));
                    Io.BindOutput(model.OutputNames[i], _outputs[i]);
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
