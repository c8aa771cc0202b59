using FerSharp.Diagnostics;

namespace FerSharp.MLNet;

/// <summary>Faces to scores: an extractor makes a row, which is scored. What one loaded model is; thread-safe.</summary>
/// <param name="features">Makes the rows; owned.</param>
/// <param name="scorer">Reads them; owned.</param>
internal sealed class EmotionScorer(IFaceFeatureExtractor features, RowScorer scorer) : IDisposable
{
    /// <summary>What is served.</summary>
    public ModelInfo Info => scorer.Info;

    /// <summary>Reads checked faces.</summary>
    public void Classify(ReadOnlySpan<FaceRegion> faces, Span<EmotionScores> destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (faces.IsEmpty)
        {
            return;
        }

        using BoundedPool<RowEngine>.Lease lease = scorer.Rent(cancellationToken);
        for (int i = 0; i < faces.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            FerSharpDiagnostics.StageTimer stages = FerSharpDiagnostics.StartStages();
            features.Extract(faces.Slice(i, 1), lease.Item.Input, cancellationToken);
            stages.End(FerSharpDiagnostics.ClassifyPreprocess);
            scorer.Run(lease.Item);
            stages.End(FerSharpDiagnostics.ClassifyRun);
            destination[i] = scorer.Decode(lease.Item);
            stages.End(FerSharpDiagnostics.ClassifyDecode);
        }
    }

    public void Dispose()
    {
        scorer.Dispose();
        features.Dispose();
    }
}
