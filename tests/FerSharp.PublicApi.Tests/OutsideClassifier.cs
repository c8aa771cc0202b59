namespace FerSharp.PublicApi.Tests;

/// <summary>A classifier that somebody outside FerSharp might write: bright faces are happy, dark ones are sad. Plain C#, no model.</summary>
public sealed class OutsideClassifier : IEmotionClassifier
{
    private volatile bool _disposed;

    public ModelInfo Model { get; } = OutsideModel.Describe("bright-is-happy", ModelTask.EmotionClassification, new EmotionSet(Emotion.Happiness, Emotion.Sadness));

    public void Classify(ReadOnlySpan<FaceRegion> faces, Span<EmotionScores> destination, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (destination.Length < faces.Length)
        {
            throw new ArgumentException("The destination is too short.", nameof(destination));
        }

        foreach (FaceRegion face in faces)
        {
            if (face.Frame.IsEmpty)
            {
                throw new ArgumentException("A region is empty.", nameof(faces));
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        for (int i = 0; i < faces.Length; i++)
        {
            float happy = MeanBrightness(faces[i]) / 255;
            destination[i] = new EmotionScores([0, happy, 0, 1 - happy, 0, 0, 0, 0]);
        }
    }

    public void Dispose() => _disposed = true;

    private static float MeanBrightness(in FaceRegion face)
    {
        RectF box = face.Face.Box;
        (int left, int top) = (Math.Max(0, (int)box.X), Math.Max(0, (int)box.Y));
        (int right, int bottom) = (Math.Min(face.Frame.Width, (int)MathF.Ceiling(box.Right)), Math.Min(face.Frame.Height, (int)MathF.Ceiling(box.Bottom)));
        double sum = 0;
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                sum += OutsideModel.Brightness(face.Frame, x, y);
            }
        }

        return (float)(sum / ((right - left) * (bottom - top)));
    }
}
