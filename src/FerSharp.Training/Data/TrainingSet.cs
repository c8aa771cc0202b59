using FerSharp.Evaluation;

namespace FerSharp.Training;

/// <summary>Gray square pictures in memory with their targets.</summary>
/// <remarks>Immutable, thread-safe.</remarks>
public sealed class TrainingSet
{
    private readonly byte[] _pixels;
    private readonly sbyte[] _labels;
    private readonly sbyte[] _majorities;
    private readonly float[] _votes;
    private readonly SoftLabels? _teacher;

    private TrainingSet(DatasetInfo info, string[] ids, int side, byte[] pixels, sbyte[] labels, sbyte[] majorities, float[] votes, SoftLabels? teacher)
    {
        Info = info;
        Ids = ids;
        Side = side;
        _pixels = pixels;
        _labels = labels;
        _majorities = majorities;
        _votes = votes;
        _teacher = teacher;
    }

    /// <summary>What the pictures are; the hash covers them and what is known about them.</summary>
    public DatasetInfo Info { get; }

    /// <summary>The pictures' ids in their data set.</summary>
    public IReadOnlyList<string> Ids { get; }

    /// <summary>How many pictures there are.</summary>
    public int Count => _labels.Length;

    /// <summary>Side of the pictures in pixels.</summary>
    public int Side { get; }

    /// <summary>Hash of the soft labels, or null where there are none.</summary>
    public string? TeacherSha256 => _teacher?.Sha256;

    /// <summary>FER-2013's seven labels in their own order.</summary>
    internal static Emotion[] Fer2013Order { get; } =
        [Emotion.Anger, Emotion.Disgust, Emotion.Fear, Emotion.Happiness, Emotion.Sadness, Emotion.Surprise, Emotion.Neutral];

    /// <summary>Takes over a data set. Its true labels train the FER-2013 output; its votes, where it has them, the consensus output.</summary>
    /// <param name="dataset">The pictures. Those that are not gray squares of the asked size are fitted to it.</param>
    /// <param name="consensus">
    /// The same pictures with FER+'s majority as label (<see cref="LabelSet.FerPlusMajority"/>): what the consensus output is validated by. Null:
    /// the labels of <paramref name="dataset"/>, and these are its votes too where it has none.
    /// </param>
    /// <param name="side">Side that pictures are fitted to.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ArgumentNullException"><paramref name="dataset"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="side"/> is below 8.</exception>
    /// <exception cref="IOException">A picture's file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A picture's file is damaged.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static TrainingSet From(FaceDataset dataset, FaceDataset? consensus = null, int side = 48, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 8);
        Dictionary<string, Emotion?>? agreed = consensus?.Samples.ToDictionary(sample => sample.Id, sample => sample.Label);
        int count = dataset.Samples.Count, area = side * side;
        var pixels = new byte[count * area];
        var labels = new sbyte[count];
        var majorities = new sbyte[count];
        var votes = new float[count * EmotionScores.Count];
        var reader = new PictureReader(side);
        for (int i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using (Frame picture = dataset.Load(i))
            {
                reader.Read(picture.View, pixels.AsSpan(i * area, area));
            }

            FaceSample sample = dataset.Samples[i];
            Emotion? majority = agreed is null ? sample.Label : agreed.GetValueOrDefault(sample.Id);
            labels[i] = sample.Label is { } label ? (sbyte)Array.IndexOf(Fer2013Order, label) : (sbyte)-1;
            majorities[i] = majority is { } known ? (sbyte)known : (sbyte)-1;
            if (sample.Votes is { } shares)
            {
                shares.ToArray().CopyTo(votes, i * EmotionScores.Count);
            }
            else if (agreed is null && majorities[i] >= 0)
            {
                votes[(i * EmotionScores.Count) + majorities[i]] = 1;
            }
        }

        return new TrainingSet(dataset.Info, [.. dataset.Samples.Select(sample => sample.Id)], side, pixels, labels, majorities, votes, teacher: null);
    }

    /// <summary>The same pictures with a teacher's soft labels.</summary>
    /// <param name="labels">The soft labels; pictures that they do not have go without.</param>
    /// <exception cref="ArgumentNullException"><paramref name="labels"/> is null.</exception>
    public TrainingSet WithTeacher(SoftLabels labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return new TrainingSet(Info, [.. Ids], Side, _pixels, _labels, _majorities, _votes, labels);
    }

    /// <summary>The picture's gray levels, row by row.</summary>
    internal ReadOnlySpan<byte> Pixels(int index) => _pixels.AsSpan(index * Side * Side, Side * Side);

    /// <summary>FER-2013's label in its own order; -1 where there is none.</summary>
    internal int Fer2013Label(int index) => _labels[index];

    /// <summary>The expression that the annotators agree on; -1 where they do not, or it is not known.</summary>
    internal int MajorityLabel(int index) => _majorities[index];

    /// <summary>Shares of the votes in the order of <see cref="Emotion"/>; all 0 where there are none.</summary>
    internal ReadOnlySpan<float> Votes(int index) => _votes.AsSpan(index * EmotionScores.Count, EmotionScores.Count);

    /// <summary>The teacher's eight and seven probabilities; empty where it has none.</summary>
    internal (ReadOnlyMemory<float> Consensus, ReadOnlyMemory<float> Fer2013) Teacher(int index) => _teacher?.Of(Ids[index]) ?? default;
}
