namespace FerSharp.Testing;

/// <summary>A frame source as a subject of <see cref="FrameSourceLaws"/>.</summary>
/// <param name="Create">Makes a fresh source that delivers at least four frames; called at least once for each law, which disposes what it gets.</param>
public sealed record FrameSourceSubject(Func<IFrameSource> Create) : LawSubject
{
    /// <summary>Counts the frames (or buffers) of a source that are lent at present; null where nobody counts them.</summary>
    /// <value>Default null: what leaks is then not checked.</value>
    public Func<IFrameSource, long>? Outstanding { get; init; }

    /// <summary>How long a law waits for a frame, or for a source to stop, before it calls the law broken.</summary>
    /// <value>Default 10 seconds.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    internal override IReadOnlyList<string> LawNames => FrameSourceLaws.Names;

    internal override string? Excuse(string law) => base.Excuse(law)
        ?? (law == FrameSourceLaws.NoLeak && Outstanding is null ? "the subject does not count its outstanding frames (Outstanding is null)" : null);
}
