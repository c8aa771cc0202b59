using FerSharp.Tracking;

namespace FerSharp;

/// <summary>A reading from one modality: the face, a voice, a text, a sensor. A value.</summary>
/// <param name="Modality">The modality's name, one of those that the <see cref="EmotionFusion"/> knows.</param>
/// <param name="Timestamp">The time that it is about, on the clock of all modalities; for a stretch of speech its end.</param>
/// <param name="Scores">The reading.</param>
/// <param name="Confidence">How much the reading may count, 0 to 1; 0 is left out.</param>
public readonly record struct ModalityScores(string Modality, TimeSpan Timestamp, EmotionScores Scores, double Confidence = 1);

/// <summary>How much a modality counts. Immutable.</summary>
public sealed record ModalityOptions
{
    /// <summary>Its weight against the others, above 0, at most 1000.</summary>
    /// <value>Default 1.</value>
    public double Weight { get; init; } = 1;

    /// <summary>After this time a reading counts half. Above 0, at most 1 hour.</summary>
    /// <value>Default 2 s.</value>
    public TimeSpan HalfLife { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After this time a reading does not count at all, even if there is no other. Above 0, at most 1 day.</summary>
    /// <value>Default 10 s.</value>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>What several modalities give together. Immutable.</summary>
/// <param name="Timestamp">The time that was asked for.</param>
/// <param name="Scores">The weighted mean of the scores; empty where no reading is recent enough.</param>
/// <param name="Shares">Which part each modality had in it, together 1; those without a recent reading are left out.</param>
public sealed record FusedEmotion(TimeSpan Timestamp, EmotionScores Scores, IReadOnlyDictionary<string, double> Shares);

/// <summary>Late fusion: puts the readings of several modalities of one person together, each by weight, confidence and recency.</summary>
/// <remarks>
/// <para>The linear opinion pool (Stone, The Opinion Pool, Annals of Mathematical Statistics 32, 1961): the mean of each modality's latest scores, weighted by
/// <c>weight x confidence x 2^(-age / half-life)</c>. Valence and arousal likewise, over those that give them. No other modality's model comes with FerSharp: whoever has one hands its scores in.</para>
/// <para>Thread-safe: modalities may come from threads of their own. One fusion for each person or track.</para>
/// <example>A face read as half sad, and a voice that was read as angry four seconds ago (scores made up). The voice weighs twice as much, and its half-life of four seconds has passed
/// once: both count the same.
/// <code>
/// var fusion = new EmotionFusion(new Dictionary&lt;string, ModalityOptions&gt;
/// {
///     ["face"] = new() { Weight = 1, HalfLife = TimeSpan.FromSeconds(1) },
///     ["voice"] = new() { Weight = 2, HalfLife = TimeSpan.FromSeconds(4) },
/// });
/// fusion.Add(new ModalityScores("voice", TimeSpan.FromSeconds(6), voiceScores));   // anger 0.8, neutral 0.2
/// fusion.Add(new ModalityScores("face", TimeSpan.FromSeconds(10), faceScores));    // sadness 0.5, neutral 0.5
/// FusedEmotion both = fusion.Fuse(TimeSpan.FromSeconds(10));                        // anger 0.4, neutral 0.35, sadness 0.25
/// </code></example>
/// </remarks>
public sealed class EmotionFusion
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Modality> _modalities = new(StringComparer.Ordinal);

    /// <summary>Makes a fusion.</summary>
    /// <param name="modalities">The modalities by name, at least one; copied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="modalities"/> is null.</exception>
    /// <exception cref="ArgumentException">No modality, an empty name, or options out of range; all faults are listed.</exception>
    public EmotionFusion(IReadOnlyDictionary<string, ModalityOptions> modalities)
    {
        ArgumentNullException.ThrowIfNull(modalities);
        var faults = new OptionFaults("Modality");
        faults.Check(modalities.Count > 0, "Count", modalities.Count, "at least 1");
        foreach ((string name, ModalityOptions options) in modalities)
        {
            faults.Check(!string.IsNullOrWhiteSpace(name), "Name", name, "a name");
            faults.Check(options is not null, name, options, "given");
            faults.Check(options is null or { Weight: > 0 and <= 1000 }, $"{name}.Weight", options?.Weight, "above 0 and at most 1000");
            faults.Check(options is null || (options.HalfLife > TimeSpan.Zero && options.HalfLife <= TimeSpan.FromHours(1)), $"{name}.HalfLife", options?.HalfLife, "above 0 and at most 1 hour");
            faults.Check(options is null || (options.MaxAge > TimeSpan.Zero && options.MaxAge <= TimeSpan.FromDays(1)), $"{name}.MaxAge", options?.MaxAge, "above 0 and at most 1 day");
            _modalities[name] = new Modality(options ?? new ModalityOptions());
        }

        faults.ThrowIfAny(nameof(modalities));
    }

    /// <summary>Takes in a reading; it replaces its modality's last one.</summary>
    /// <param name="reading">The reading.</param>
    /// <exception cref="ArgumentException">An unknown modality, empty scores, a confidence that is not 0 to 1, or a time not later than its modality's last. Nothing is changed then.</exception>
    public void Add(in ModalityScores reading)
    {
        if (reading.Modality is null || !_modalities.TryGetValue(reading.Modality, out Modality? modality))
        {
            throw new ArgumentException($"The modality '{reading.Modality}' is not known; known are {string.Join(", ", _modalities.Keys)}.", nameof(reading));
        }

        if (reading.Scores.IsEmpty || !(reading.Confidence is >= 0 and <= 1))
        {
            throw new ArgumentException("A reading needs scores, and a confidence from 0 to 1.", nameof(reading));
        }

        lock (_gate)
        {
            if (reading.Timestamp <= modality.Last?.Timestamp)
            {
                throw new ArgumentException($"The time {reading.Timestamp} is not later than the last one of '{reading.Modality}', {modality.Last.Value.Timestamp}.", nameof(reading));
            }

            modality.Last = reading;
        }
    }

    /// <summary>Puts the latest readings together.</summary>
    /// <param name="timestamp">For which time. A reading about a later time counts by its distance, as an earlier one does.</param>
    /// <returns>The fused scores; empty ones where no reading is recent enough.</returns>
    public FusedEmotion Fuse(TimeSpan timestamp)
    {
        var shares = new Dictionary<string, double>(StringComparer.Ordinal);
        Span<double> sums = stackalloc double[EmotionScores.Count + 4];
        sums.Clear();
        double total = 0;
        lock (_gate)
        {
            foreach ((string name, Modality modality) in _modalities)
            {
                if (modality.WeightAt(timestamp) is > 0 and var weight)
                {
                    shares[name] = weight;
                    total += weight;
                    Add(modality.Last!.Value.Scores, weight, sums);
                }
            }
        }

        if (shares.Count == 0)
        {
            return new FusedEmotion(timestamp, default, shares);
        }

        Span<float> scores = stackalloc float[EmotionScores.Count];
        for (int e = 0; e < scores.Length; e++)
        {
            scores[e] = (float)(sums[e] / total);
        }

        foreach (string name in shares.Keys.ToArray())
        {
            shares[name] /= total;
        }

        return new FusedEmotion(timestamp, new EmotionScores(scores, (float)(sums[8] / sums[9]), (float)(sums[10] / sums[11])), shares);
    }

    /// <summary>Forgets all readings.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            foreach (Modality modality in _modalities.Values)
            {
                modality.Last = null;
            }
        }
    }

    /// <summary>Adds to eight scores, then valence and its weight, then arousal and its weight.</summary>
    private static void Add(in EmotionScores scores, double weight, Span<double> sums)
    {
        for (int e = 0; e < EmotionScores.Count; e++)
        {
            sums[e] += weight * scores[(Emotion)e];
        }

        if (!float.IsNaN(scores.Valence))
        {
            sums[8] += weight * scores.Valence;
            sums[9] += weight;
        }

        if (!float.IsNaN(scores.Arousal))
        {
            sums[10] += weight * scores.Arousal;
            sums[11] += weight;
        }
    }

    private sealed class Modality(ModalityOptions options)
    {
        public ModalityScores? Last { get; set; }

        public double WeightAt(TimeSpan timestamp)
        {
            if (Last is not { } last)
            {
                return 0;
            }

            TimeSpan age = (timestamp - last.Timestamp).Duration();
            return age <= options.MaxAge ? options.Weight * last.Confidence * Math.Pow(2, -(age / options.HalfLife)) : 0;
        }
    }
}
