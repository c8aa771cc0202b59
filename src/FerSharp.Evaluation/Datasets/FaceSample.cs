namespace FerSharp.Evaluation;

/// <summary>What is known about one picture of a data set. Holds no pixels.</summary>
/// <param name="Id">Unique in its data set: a row number, or a path relative to the data set's root. Never an absolute path.</param>
/// <param name="Label">The one true expression; null where there is none (votes without a majority, or no label).</param>
public sealed record FaceSample(string Id, Emotion? Label)
{
    /// <summary>Share of the annotators' votes for each expression, eight values in the order of <see cref="Emotion"/>, sum 1; null where there are no votes.</summary>
    public IReadOnlyList<float>? Votes { get; init; }

    /// <summary>Who is in the picture, where that is known: for splits and bootstraps by subject.</summary>
    public string? Subject { get; init; }

    /// <summary>Groups that the picture belongs to, by name, such as <c>age</c>: <c>30-39</c>. Empty where there are none.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
