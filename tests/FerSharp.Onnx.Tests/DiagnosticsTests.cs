using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FerSharp.Diagnostics;
using FerSharp.Testing;

namespace FerSharp.Onnx.Tests;

/// <summary>Runs alone: a listener hears every call of the process, and makes each of them measure.</summary>
[CollectionDefinition(nameof(DiagnosticsTests), DisableParallelization = true)]
[Collection(nameof(DiagnosticsTests))]
public sealed class DiagnosticsTests
{
    [Fact]
    public void Analyze_SomebodyListens_EveryStageIsMeasuredOnce()
    {
        var stages = new ConcurrentQueue<(string Stage, double Seconds)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == FerSharpDiagnostics.MeterName)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => stages.Enqueue(((string)tags[0].Value!, seconds)));
        using var analyzer = new EmotionAnalyzer(OnnxFaceDetector.Load(ToyModels.Detector()), OnnxEmotionClassifier.Load(ToyModels.Classifier()), ownsModels: true);
        listener.Start();
        Assert.Equal(3, analyzer.Analyze(SyntheticFrames.FaceScene()).Faces.Count);

        // Three faces run as a batch of two and one of one.
        Assert.Equal(
            [
                FerSharpDiagnostics.DetectPreprocess, FerSharpDiagnostics.DetectRun, FerSharpDiagnostics.DetectDecode,
                FerSharpDiagnostics.ClassifyPreprocess, FerSharpDiagnostics.ClassifyRun, FerSharpDiagnostics.ClassifyDecode,
                FerSharpDiagnostics.ClassifyPreprocess, FerSharpDiagnostics.ClassifyRun, FerSharpDiagnostics.ClassifyDecode,
                FerSharpDiagnostics.Quality,
            ],
            stages.Select(stage => stage.Stage));
        Assert.All(stages, stage => Assert.InRange(stage.Seconds, 0, 60));
    }
}
