namespace FerSharp;

/// <summary>Several classifiers as one: the weighted mean of their probabilities.</summary>
/// <remarks>
/// Each expression's probability is the sum of weight x probability over the members, with weights scaled to sum 1; an expression that a member
/// does not know counts as 0 from that member. Valence and arousal are the weighted means over the members that give them. Thread-safe as the
/// members are; allocates nothing per call.
/// </remarks>
public sealed class EnsembleEmotionClassifier : IEmotionClassifier
{
    private const int ChunkSize = 16;
    private readonly IEmotionClassifier[] _members;
    private readonly float[] _weights;
    private readonly bool _ownsMembers;
    private bool _disposed;

    /// <summary>Puts classifiers together.</summary>
    /// <param name="members">The classifiers, at least one.</param>
    /// <param name="weights">A weight above 0 for each member; null means equal weights.</param>
    /// <param name="ownsMembers">Whether disposing the ensemble disposes the members.</param>
    /// <exception cref="ArgumentNullException"><paramref name="members"/> or a member is null.</exception>
    /// <exception cref="ArgumentException">No member, not as many weights as members, or a weight that is not a number above 0.</exception>
    public EnsembleEmotionClassifier(IReadOnlyList<IEmotionClassifier> members, IReadOnlyList<float>? weights = null, bool ownsMembers = false)
    {
        ArgumentNullException.ThrowIfNull(members);
        if (members.Count == 0)
        {
            throw new ArgumentException("An ensemble needs at least one member.", nameof(members));
        }

        weights ??= [.. members.Select(_ => 1f)];
        if (weights.Count != members.Count || weights.Any(weight => !(weight > 0 && weight < float.PositiveInfinity)))
        {
            throw new ArgumentException($"One weight above 0 is needed for each of the {members.Count} members.", nameof(weights));
        }

        _members = [.. members];
        foreach (IEmotionClassifier member in _members)
        {
            ArgumentNullException.ThrowIfNull(member, nameof(members));
        }

        double sum = weights.Sum(weight => (double)weight);
        _weights = [.. weights.Select(weight => (float)(weight / sum))];
        _ownsMembers = ownsMembers;
        ModelInfo first = _members[0].Model;
        string id = Join(member => member.Model.Id), version = Join(member => member.Model.Version);
        Model = new ModelInfo(
            id,
            version,
            string.Join("+", _members.Select(member => member.Model.Backend).Distinct()),
            _members.Aggregate(default(EmotionSet), (set, member) => set.Union(member.Model.Emotions)),
            first.Manifest with { Id = id, Version = version });

        string Join(Func<IEmotionClassifier, string> part) => string.Join("+", _members.Select(part));
    }

    /// <summary>The members' ids, versions and backends joined by +, all expressions that a member knows, and the first member's manifest under the joined id.</summary>
    public ModelInfo Model { get; }

    /// <inheritdoc/>
    public void Classify(ReadOnlySpan<FaceRegion> faces, Span<EmotionScores> destination, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ClassifyArguments.Check(faces, destination);
        cancellationToken.ThrowIfCancellationRequested();
        Span<EmotionScores> scores = stackalloc EmotionScores[ChunkSize];
        Span<float> sums = stackalloc float[ChunkSize * Sum.Length];
        while (!faces.IsEmpty)
        {
            int count = Math.Min(faces.Length, ChunkSize);
            sums.Clear();
            for (int m = 0; m < _members.Length; m++)
            {
                _members[m].Classify(faces[..count], scores[..count], cancellationToken);
                for (int i = 0; i < count; i++)
                {
                    Sum.Add(scores[i], _weights[m], sums.Slice(i * Sum.Length, Sum.Length));
                }
            }

            for (int i = 0; i < count; i++)
            {
                destination[i] = Sum.ToScores(sums.Slice(i * Sum.Length, Sum.Length));
            }

            faces = faces[count..];
            destination = destination[count..];
        }
    }

    /// <summary>Disposes the members where the ensemble owns them.</summary>
    public void Dispose()
    {
        if (!_disposed && _ownsMembers)
        {
            foreach (IEmotionClassifier member in _members)
            {
                member.Dispose();
            }
        }

        _disposed = true;
    }

    /// <summary>A weighted sum of scores: eight probabilities, then valence and its weight, then arousal and its weight.</summary>
    private static class Sum
    {
        public const int Length = EmotionScores.Count + 4;

        public static void Add(in EmotionScores scores, float weight, Span<float> sum)
        {
            for (int e = 0; e < EmotionScores.Count; e++)
            {
                sum[e] += weight * scores[(Emotion)e];
            }

            AddAffect(scores.Valence, weight, sum.Slice(EmotionScores.Count, 2));
            AddAffect(scores.Arousal, weight, sum.Slice(EmotionScores.Count + 2, 2));
        }

        public static EmotionScores ToScores(ReadOnlySpan<float> sum) =>
            new(sum[..EmotionScores.Count], sum[EmotionScores.Count] / sum[EmotionScores.Count + 1], sum[EmotionScores.Count + 2] / sum[EmotionScores.Count + 3]);

        private static void AddAffect(float value, float weight, Span<float> sum)
        {
            if (!float.IsNaN(value))
            {
                sum[0] += weight * value;
                sum[1] += weight;
            }
        }
    }
}
