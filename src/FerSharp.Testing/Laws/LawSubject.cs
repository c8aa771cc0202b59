namespace FerSharp.Testing;

/// <summary>What laws are checked on: how to make the subject, what it is shown, and which laws are waived.</summary>
public abstract record LawSubject
{
    private protected LawSubject()
    {
    }

    /// <summary>Waived laws with the reason of each. Add one by <see cref="LawSubjects.Waive"/>.</summary>
    public IReadOnlyDictionary<string, string> Waivers { get; init; } = new Dictionary<string, string>();

    /// <summary>The names of the laws for this kind of subject.</summary>
    internal abstract IReadOnlyList<string> LawNames { get; }

    /// <summary>Why a law cannot be checked on this subject; null where it can.</summary>
    internal virtual string? Excuse(string law) => Waivers.GetValueOrDefault(law);
}

/// <summary>Waiving of laws.</summary>
public static class LawSubjects
{
    /// <summary>Exempts a subject from a law. The check then reports the reason and does not look.</summary>
    /// <typeparam name="TSubject">The kind of subject.</typeparam>
    /// <param name="subject">The subject; not changed.</param>
    /// <param name="law">The law's name.</param>
    /// <param name="reason">Why the law does not apply, for whoever reads the test report.</param>
    /// <returns>A copy with the waiver.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="subject"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no such law, or the reason is null or blank.</exception>
    public static TSubject Waive<TSubject>(this TSubject subject, string law, string reason)
        where TSubject : LawSubject
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        if (!subject.LawNames.Contains(law))
        {
            throw new ArgumentException($"There is no law '{law}'; there are {string.Join(", ", subject.LawNames)}.", nameof(law));
        }

        return subject with { Waivers = new Dictionary<string, string>(subject.Waivers) { [law] = reason } };
    }
}

/// <summary>What detectors and classifiers have in common as subjects: they are shown pictures.</summary>
public abstract record PictureSubject : LawSubject
{
    private protected PictureSubject()
    {
    }

    /// <summary>A picture with at least two faces, well apart and clearly visible.</summary>
    /// <value>Default <see cref="SyntheticFrames.FaceScene"/>.</value>
    public FrameView Scene { get; init; } = SyntheticFrames.FaceScene();

    /// <summary>Bytes that a call may allocate on the calling thread once warm; null: not measured.</summary>
    /// <value>Default null.</value>
    public long? MaxBytesPerCall { get; init; }

    /// <summary>
    /// How far two answers to the same picture may lie apart where only its memory layout or format differs: relative to the value, and
    /// absolute below 1.
    /// </summary>
    /// <value>Default 1e-4.</value>
    public float SameAnswerTolerance { get; init; } = 1e-4f;

    /// <summary>Makes a fresh instance, wrapped so that shared laws can ask it.</summary>
    internal abstract PictureProbe CreateProbe();

    internal override string? Excuse(string law) => base.Excuse(law)
        ?? (law == PictureLaws.Budget && MaxBytesPerCall is null ? "the subject declares no byte budget (MaxBytesPerCall is null)" : null);
}
