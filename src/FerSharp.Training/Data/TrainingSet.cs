using FerSharp.Evaluation;

namespace FerSharp.Training;

/// <summary>Gray square pictures in memory with their targets.</summary>
/// <remarks>Immutable, thread-safe.</remarks>
public sealed class TrainingSet
{
    private static readonly Emotion[] Fer2013Order =
        [Emotion.Anger, Emotion.Disgust, Emotion.Fear, Emotion.Happiness, Emotion.Sadness, Emotion.Surprise, Emotion.Neutral];

    private readonly byte[] _pixels;
    private readonly sbyte[] _labels;
    private readonly sbyte[] _majorities;
    private readonly float[] _votes;

    private TrainingSet(string sha256, int side, byte[] pixels, sbyte[] labels, sbyte[] majorities, float[] votes)
    {
        Sha256 = sha256;
        Side = side;
        _pixels = pixels;
        _labels = labels;
        _majorities = majorities;
        _votes = votes;
    }

    /// <summary>How many pictures there are.</summary>
    public int Count => _labels.Length;

    /// <summary>Side of the pictures in pixels.</summary>
    public int Side { get; }

    /// <summary>Hash of the pictures and what is known about them; see <see cref="DatasetInfo.Sha256"/>.</summary>
    public string Sha256 { get; }

    /// <summary>Takes over a data set whose true labels are FER-2013's and whose samples have FER+'s votes where those are known.</summary>
    /// <param name="dataset">The pictures: all square, of one size.</param>
    /// <param name="consensus">The same pictures with FER+'s majority as label (<see cref="LabelSet.FerPlusMajority"/>), for validation; null where it is not needed.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ArgumentNullException"><paramref name="dataset"/> is null.</exception>
    /// <exception cref="ArgumentException">A picture is not square, or not of the first one's size.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static TrainingSet From(FaceDataset dataset, FaceDataset? consensus = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        Dictionary<string, Emotion?> agreed = consensus?.Samples.ToDictionary(sample => sample.Id, sample => sample.Label) ?? [];
        int count = dataset.Samples.Count, side = 0;
        byte[] pixels = [];
        var labels = new sbyte[count];
        var majorities = new sbyte[count];
        var votes = new float[count * EmotionScores.Count];
        for (int i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using Frame picture = dataset.Load(i);
            FrameView view = picture.View;
            if (i == 0)
            {
                side = view.Width;
                pixels = new byte[count * side * side];
            }

            if (view.Width != side || view.Height != side || view.Format != PixelFormat.Gray8)
            {
                throw new ArgumentException($"Picture '{dataset.Samples[i].Id}' is {view.Width} x {view.Height} {view.Format}; {side} x {side} gray is needed.", nameof(dataset));
            }

            for (int row = 0; row < side; row++)
            {
                view.GetRow(row).CopyTo(pixels.AsSpan(((i * side) + row) * side));
            }

            FaceSample sample = dataset.Samples[i];
            labels[i] = sample.Label is { } label ? (sbyte)Array.IndexOf(Fer2013Order, label) : (sbyte)-1;
            majorities[i] = agreed.GetValueOrDefault(sample.Id) is { } majority ? (sbyte)majority : (sbyte)-1;
            sample.Votes?.ToArray().CopyTo(votes, i * EmotionScores.Count);
        }

        return new TrainingSet(dataset.Info.Sha256, side, pixels, labels, majorities, votes);
    }

    /// <summary>The picture's gray levels, row by row.</summary>
    internal ReadOnlySpan<byte> Pixels(int index) => _pixels.AsSpan(index * Side * Side, Side * Side);

    /// <summary>FER-2013's label in its own order; -1 where there is none.</summary>
    internal int Fer2013Label(int index) => _labels[index];

    /// <summary>The expression that the annotators agree on; -1 where they do not, or it is not known.</summary>
    internal int MajorityLabel(int index) => _majorities[index];

    /// <summary>Shares of the votes in the order of <see cref="Emotion"/>; all 0 where there are none.</summary>
    internal ReadOnlySpan<float> Votes(int index) => _votes.AsSpan(index * EmotionScores.Count, EmotionScores.Count);

    /// <summary>FER-2013's number of an expression; -1 for contempt.</summary>
    internal static int Fer2013Number(Emotion emotion) => Array.IndexOf(Fer2013Order, emotion);
}
