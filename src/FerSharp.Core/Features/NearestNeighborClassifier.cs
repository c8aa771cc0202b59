using System.Buffers;

namespace FerSharp.Features;

/// <summary>Classifies rows of features by the nearest ones among labelled rows. Exact: every row is looked at.</summary>
/// <remarks>
/// <para>Probability of a class: <c>(K v + 1/C) / (K + 1)</c> with K neighbours, C classes and v the class's share of the votes, weighted as the options
/// and the class weights say. The one vote that all classes share keeps a class without a neighbour from being impossible.</para>
/// <para>Of equally near rows the earlier one counts. Immutable and thread-safe. A prediction allocates nothing; it reads all rows, so its time grows with
/// rows x length. Several rows in one call are faster than one call each.</para>
/// </remarks>
public sealed class NearestNeighborClassifier
{
    /// <summary>Most classes: 255.</summary>
    public const int MaxClasses = 255;

    private const int ChunkSize = 16;

    /// <summary>Nearer than this counts as this near, so that an equal row outweighs the others without dividing by 0.</summary>
    private const float MinDistance = 1e-6f;

    private readonly NearestNeighborOptions _options;
    private readonly float[] _rows;
    private readonly byte[] _labels;
    private readonly float[] _classWeights;
    private readonly NearestRows _search;

    internal NearestNeighborClassifier(NearestNeighborOptions options, int length, float[] rows, byte[] labels, float[] classWeights, bool vector = true)
    {
        _options = options;
        _rows = rows;
        _labels = labels;
        _classWeights = classWeights;
        Length = length;
        _search = new NearestRows(rows, length, Math.Min(options.Neighbors, labels.Length), vector);
    }

    /// <summary>How rows are compared and how they vote.</summary>
    public NearestNeighborOptions Options => _options;

    /// <summary>Values of a row.</summary>
    public int Length { get; }

    /// <summary>Labelled rows.</summary>
    public int Count => _labels.Length;

    /// <summary>Classes, also those without a row.</summary>
    public int Classes => _classWeights.Length;

    internal ReadOnlySpan<float> Rows => _rows;

    internal ReadOnlySpan<byte> Labels => _labels;

    internal ReadOnlySpan<float> ClassWeights => _classWeights;

    /// <summary>Takes labelled rows over; they are copied.</summary>
    /// <param name="rows">The rows, one behind the other.</param>
    /// <param name="labels">Each row's class, from 0; at least one.</param>
    /// <param name="classWeights">One positive weight for each class: how much a vote for it counts, 1 where classes are to count as often as they occur. Its length is the number of classes, at most <see cref="MaxClasses"/>.</param>
    /// <param name="options">How rows are compared and vote; null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// No labels, rows that are not a whole number of values for each label, a value that is not finite, a label without a weight, no or too many weights, or a weight that is not a positive finite number.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static NearestNeighborClassifier Fit(ReadOnlySpan<float> rows, ReadOnlySpan<int> labels, ReadOnlySpan<float> classWeights, NearestNeighborOptions? options = null)
    {
        options ??= new NearestNeighborOptions();
        Check(rows, labels, classWeights, options);
        int length = rows.Length / labels.Length;
        float[] copy = rows.ToArray();
        byte[] classes = new byte[labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            classes[i] = (byte)labels[i];
            if (options.Distance == NeighborDistance.Cosine)
            {
                ScaleToOne(copy.AsSpan(i * length, length));
            }
        }

        return new NearestNeighborClassifier(options, length, copy, classes, classWeights.ToArray());
    }

    /// <summary>Reads a classifier that <see cref="Save"/> wrote.</summary>
    /// <param name="content">The whole file. Borrowed for the call.</param>
    /// <param name="name">What error messages call it, such as its path.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="FerModelException">It is no such file, of another version, cut short, longer than it says, or holds values out of range.</exception>
    public static NearestNeighborClassifier Load(ReadOnlySpan<byte> content, string name) => NearestNeighborFile.Read(content, name);

    /// <summary>Writes the classifier: a header, the class weights, labels and rows, little-endian. The same classifier gives the same bytes.</summary>
    /// <param name="stream">Where to; stays open.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="IOException">The stream cannot take it.</exception>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        NearestNeighborFile.Write(this, stream);
    }

    /// <summary>Gives each row's probabilities.</summary>
    /// <param name="rows">Rows of <see cref="Length"/> values, one behind the other; empty is allowed.</param>
    /// <param name="probabilities">Receives <see cref="Classes"/> values for each row; what is beyond is left as it was.</param>
    /// <param name="cancellationToken">Checked before the work and every 16 rows.</param>
    /// <exception cref="ArgumentException"><paramref name="rows"/> is no whole number of rows or has a value that is not finite, or <paramref name="probabilities"/> is too short.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; what <paramref name="probabilities"/> holds is then unspecified.</exception>
    public void Predict(ReadOnlySpan<float> rows, Span<float> probabilities, CancellationToken cancellationToken = default)
    {
        if (rows.Length % Length != 0)
        {
            throw new ArgumentException($"{rows.Length} values are no whole number of rows of {Length} values.", nameof(rows));
        }

        int count = rows.Length / Length;
        if (probabilities.Length / Classes < count)
        {
            throw new ArgumentException($"There are {count} rows of {Classes} classes each and room for {probabilities.Length} probabilities.", nameof(probabilities));
        }

        CheckFinite(rows);
        cancellationToken.ThrowIfCancellationRequested();
        float[] buffer = ArrayPool<float>.Shared.Rent(Math.Min(count, ChunkSize) * Length);
        Span<Neighbor> nearest = stackalloc Neighbor[ChunkSize * _search.Neighbors];
        try
        {
            for (int done = 0; done < count; done += ChunkSize)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int chunk = Math.Min(count - done, ChunkSize);
                Span<float> queries = buffer.AsSpan(0, chunk * Length);
                rows.Slice(done * Length, queries.Length).CopyTo(queries);
                for (int i = 0; i < chunk && _options.Distance == NeighborDistance.Cosine; i++)
                {
                    ScaleToOne(queries.Slice(i * Length, Length));
                }

                _search.Find(queries, nearest[..(chunk * _search.Neighbors)]);
                for (int i = 0; i < chunk; i++)
                {
                    Vote(nearest.Slice(i * _search.Neighbors, _search.Neighbors), probabilities.Slice((done + i) * Classes, Classes));
                }
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    private void Vote(ReadOnlySpan<Neighbor> neighbors, Span<float> probabilities)
    {
        probabilities.Clear();
        float sum = 0;
        foreach (Neighbor neighbor in neighbors)
        {
            float vote = _classWeights[_labels[neighbor.Row]];
            if (_options.Votes == NeighborVotes.ByDistance)
            {
                vote /= MathF.Max(MathF.Sqrt(neighbor.Square), MinDistance);
            }

            probabilities[_labels[neighbor.Row]] += vote;
            sum += vote;
        }

        float shared = 1f / Classes, factor = sum > 0 ? neighbors.Length / sum : 0;
        float total = sum > 0 ? neighbors.Length + 1 : 1;
        foreach (ref float value in probabilities)
        {
            value = ((value * factor) + shared) / total;
        }
    }

    private static void Check(ReadOnlySpan<float> rows, ReadOnlySpan<int> labels, ReadOnlySpan<float> classWeights, NearestNeighborOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Neighbors, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Neighbors, NearestNeighborOptions.MaxNeighbors, nameof(options));
        if (!Enum.IsDefined(options.Distance) || !Enum.IsDefined(options.Votes))
        {
            throw new ArgumentOutOfRangeException(nameof(options), "The distance or the votes are none of those that there are.");
        }

        if (labels.IsEmpty || rows.IsEmpty || rows.Length % labels.Length != 0)
        {
            throw new ArgumentException($"{rows.Length} values are no rows of equal length for {labels.Length} labels; at least one row is needed.", nameof(rows));
        }

        if (classWeights.IsEmpty || classWeights.Length > MaxClasses || classWeights.ContainsAnyExceptInRange(float.Epsilon, float.MaxValue))
        {
            throw new ArgumentException($"One positive weight for each of 1 to {MaxClasses} classes is needed.", nameof(classWeights));
        }

        if (labels.ContainsAnyExceptInRange(0, classWeights.Length - 1))
        {
            throw new ArgumentException($"Labels are 0 to {classWeights.Length - 1}: there are {classWeights.Length} class weights.", nameof(labels));
        }

        CheckFinite(rows);
    }

    private static void CheckFinite(ReadOnlySpan<float> rows)
    {
        if (rows.ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
        {
            throw new ArgumentException("A value is not finite.", nameof(rows));
        }
    }

    private static void ScaleToOne(Span<float> row)
    {
        double sum = 0;
        foreach (float value in row)
        {
            sum += (double)value * value;
        }

        float factor = sum > 0 ? (float)(1 / Math.Sqrt(sum)) : 0;
        foreach (ref float value in row)
        {
            value *= factor;
        }
    }
}
