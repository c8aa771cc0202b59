using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FerSharp.Training;

/// <summary>Probabilities that teachers gave to pictures, by the pictures' ids: for each, eight of FER+'s expressions and seven of FER-2013's labels.</summary>
/// <remarks>Immutable, thread-safe.</remarks>
public sealed class SoftLabels
{
    private const int Width = ExpressionNetwork.ConsensusClasses + ExpressionNetwork.Fer2013Classes;

    private readonly Dictionary<string, float[]> _rows;

    private SoftLabels(Dictionary<string, float[]> rows)
    {
        _rows = rows;
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToCsv())));
    }

    /// <summary>Hash of the ids and probabilities.</summary>
    public string Sha256 { get; }

    /// <summary>How many pictures have soft labels.</summary>
    public int Count => _rows.Count;

    /// <summary>Asks teachers about the pictures of a set and takes the mean of their probabilities.</summary>
    /// <param name="set">The pictures.</param>
    /// <param name="consensus">Teachers of FER+'s expressions: any classifier of faces. None: the set's pictures get no such labels.</param>
    /// <param name="fer2013">Teachers of FER-2013's labels. None: the set's pictures get no such labels.</param>
    /// <param name="mirror">Whether each picture is shown as its mirror image too.</param>
    /// <param name="cancellationToken">Stops between pictures.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">There is no teacher.</exception>
    /// <exception cref="FerInferenceException">A teacher failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static SoftLabels Ask(
        TrainingSet set,
        IReadOnlyCollection<IEmotionClassifier> consensus,
        IReadOnlyCollection<IEmotionClassifier> fer2013,
        bool mirror = true,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(consensus);
        ArgumentNullException.ThrowIfNull(fer2013);
        if (consensus.Count + fer2013.Count == 0)
        {
            throw new ArgumentException("At least one teacher is needed.", nameof(consensus));
        }

        var rows = new Dictionary<string, float[]>();
        var mirrored = new byte[set.Side * set.Side];
        for (int i = 0; i < set.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            byte[] picture = set.Pixels(i).ToArray();
            Mirror(picture, mirrored, set.Side);
            byte[][] shown = mirror ? [picture, mirrored] : [picture];
            var row = new float[Width];
            Add(row.AsSpan(0, ExpressionNetwork.ConsensusClasses), consensus, shown, set.Side, Enum.GetValues<Emotion>(), cancellationToken);
            Add(row.AsSpan(ExpressionNetwork.ConsensusClasses), fer2013, shown, set.Side, TrainingSet.Fer2013Order, cancellationToken);
            rows[set.Ids[i]] = row;
        }

        return new SoftLabels(rows);
    }

    /// <summary>Reads what <see cref="ToCsv"/> wrote.</summary>
    /// <param name="csv">The text.</param>
    /// <exception cref="ArgumentNullException"><paramref name="csv"/> is null.</exception>
    /// <exception cref="InvalidDataException">A line is not an id and fifteen probabilities.</exception>
    public static SoftLabels FromCsv(string csv)
    {
        ArgumentNullException.ThrowIfNull(csv);
        var rows = new Dictionary<string, float[]>();
        int number = 0;
        foreach (string line in csv.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (number++ == 0)
            {
                continue;
            }

            string[] fields = line.Split(',');
            var row = new float[Width];
            bool sound = fields.Length > Width;
            for (int i = 0; sound && i < Width; i++)
            {
                sound = float.TryParse(fields[^(Width - i)], NumberStyles.Float, CultureInfo.InvariantCulture, out row[i]) && row[i] is >= 0 and <= 1;
            }

            // An id is a path where pictures lie in files, and a path may have commas.
            rows[sound ? string.Join(',', fields[..^Width]) : throw new InvalidDataException($"Line {number} is not an id and {Width} probabilities.")] = row;
        }

        return new SoftLabels(rows);
    }

    /// <summary>Writes a line for each picture: its id, eight probabilities in the order of <see cref="Emotion"/>, seven in FER-2013's order.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder("id");
        foreach (Emotion emotion in Enum.GetValues<Emotion>())
        {
            text.Append(CultureInfo.InvariantCulture, $",consensus_{emotion}");
        }

        foreach (Emotion emotion in TrainingSet.Fer2013Order)
        {
            text.Append(CultureInfo.InvariantCulture, $",fer2013_{emotion}");
        }

        text.Append('\n');
        foreach ((string id, float[] row) in _rows.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            text.Append(id);
            foreach (float probability in row)
            {
                text.Append(',').Append(probability.ToString("g5", CultureInfo.InvariantCulture));
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The probabilities of a picture; empty where there are none.</summary>
    internal (ReadOnlyMemory<float> Consensus, ReadOnlyMemory<float> Fer2013) Of(string id)
    {
        if (!_rows.TryGetValue(id, out float[]? row))
        {
            return default;
        }

        Memory<float> consensus = row.AsMemory(0, ExpressionNetwork.ConsensusClasses), fer2013 = row.AsMemory(ExpressionNetwork.ConsensusClasses);
        return (IsThere(consensus.Span) ? consensus : default, IsThere(fer2013.Span) ? fer2013 : default);
    }

    private static bool IsThere(ReadOnlySpan<float> probabilities) => probabilities.ContainsAnyExcept(0f);

    private static void Add(
        Span<float> mean, IReadOnlyCollection<IEmotionClassifier> teachers, byte[][] pictures, int side, ReadOnlySpan<Emotion> order, CancellationToken cancellationToken)
    {
        FaceRegion[] regions = [.. pictures.Select(picture => FaceRegion.Whole(new FrameView(picture, side, side, PixelFormat.Gray8)))];
        var scores = new EmotionScores[regions.Length];
        foreach (IEmotionClassifier teacher in teachers)
        {
            teacher.Classify(regions, scores, cancellationToken);
            foreach (EmotionScores score in scores)
            {
                for (int c = 0; c < order.Length; c++)
                {
                    mean[c] += score[order[c]] / (teachers.Count * scores.Length);
                }
            }
        }
    }

    private static void Mirror(ReadOnlySpan<byte> picture, Span<byte> mirrored, int side)
    {
        picture.CopyTo(mirrored);
        for (int row = 0; row < side; row++)
        {
            mirrored.Slice(row * side, side).Reverse();
        }
    }
}
