using FerSharp.Features;

namespace FerSharp.MLNet;

/// <summary>Runs a k-NN head, which ML.NET has none of.</summary>
/// <param name="classifier">Shared by engines.</param>
internal sealed class NeighborEngine(NearestNeighborClassifier classifier) : RowEngine
{
    private readonly float[] _input = new float[classifier.Length];
    private readonly float[] _output = new float[classifier.Classes];
    private ReadOnlyMemory<float>[] _views = [];

    public override Span<float> Input => _input;

    public override ReadOnlySpan<ReadOnlyMemory<float>> Outputs => _views;

    public override void Run()
    {
        classifier.Predict(_input, _output);
        _views = _views is [] ? [_output] : _views;
    }

    public override void Dispose()
    {
    }
}
