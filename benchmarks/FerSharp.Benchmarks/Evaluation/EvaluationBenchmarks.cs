using BenchmarkDotNet.Attributes;
using FerSharp.Evaluation;
using FerSharp.Onnx;
using FerSharp.Testing;

namespace FerSharp.Benchmarks.Evaluation;

/// <summary>Running a tiny classifier over a data set: what does the evaluation cost beyond the classifier? On one thread; time and bytes are those of one sample.</summary>
public class EvaluationBenchmarks
{
    private const int Samples = 1024, Batch = 32;

    private readonly GeneratedDataset _dataset = new(Samples);
    private readonly EmotionScores[] _scores = new EmotionScores[Batch];
    private OnnxEmotionClassifier? _classifier;
    private FaceRegion[] _faces = [];

    [GlobalSetup]
    public void Setup()
    {
        _classifier = OnnxEmotionClassifier.Load(new OnnxEmotionClassifierOptions { Model = ToyModels.Classifier(), MaxBatchSize = Batch });
        _faces = [.. Enumerable.Range(0, Samples).Select(i => FaceRegion.Whole(_dataset.Picture(i)))];
    }

    [GlobalCleanup]
    public void Cleanup() => _classifier?.Dispose();

    [Benchmark(Baseline = true, OperationsPerInvoke = Samples)]
    public void ClassifierOnly()
    {
        for (int i = 0; i < Samples; i += Batch)
        {
            _classifier!.Classify(_faces.AsSpan(i, Batch), _scores);
        }
    }

    [Benchmark(OperationsPerInvoke = Samples)]
    public PredictionSet Run() => EvaluationRunner.Run(_classifier!, _dataset, new EvaluationOptions { Threads = 1, BatchSize = Batch });

    /// <summary>Noise of 48 x 48 pixels with labels in turn.</summary>
    private sealed class GeneratedDataset : FaceDataset
    {
        private readonly FrameView[] _pictures;

        public GeneratedDataset(int count)
            : base(new DatasetInfo("generated", "", ""), [.. Enumerable.Range(0, count).Select(i => new FaceSample($"{i}", (Emotion)(i % 7)))], []) =>
            _pictures = [.. Enumerable.Range(0, count).Select(i => SyntheticFrames.Noise(48, 48, i, PixelFormat.Gray8))];

        public FrameView Picture(int index) => _pictures[index];

        public override Frame Load(int index) => Frame.CopyOf(_pictures[index]);
    }
}
