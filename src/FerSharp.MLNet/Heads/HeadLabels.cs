namespace FerSharp.MLNet;

/// <summary>
/// From the labels of own pictures to expressions. The rule: an explicit map wins; what it does not name must be one of the enum's nouns, in
/// whatever case; all else is refused, and listed. Nothing is guessed.
/// </summary>
internal static class HeadLabels
{
    /// <summary>The enum's nouns, for messages.</summary>
    public static string Words { get; } = string.Join(", ", Enum.GetValues<Emotion>().Select(WordOf));

    /// <summary>An expression as manifests spell it.</summary>
    public static string WordOf(Emotion emotion) => emotion.ToString().ToLowerInvariant();

    /// <summary>The expression of each label; null for one that is to be left out.</summary>
    /// <exception cref="ArgumentException">Labels mean nothing; all of them are listed.</exception>
    public static Dictionary<string, Emotion?> Resolve(IEnumerable<string> labels, IReadOnlyDictionary<string, Emotion?>? map)
    {
        var meanings = new Dictionary<string, Emotion?>(StringComparer.Ordinal);
        var unknown = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string label in labels)
        {
            if (meanings.ContainsKey(label))
            {
                continue;
            }

            if (map is not null && map.TryGetValue(label, out Emotion? mapped))
            {
                meanings.Add(label, mapped);
            }
            else if (Enum.GetValues<Emotion>().Where(emotion => WordOf(emotion).Equals(label.Trim(), StringComparison.OrdinalIgnoreCase)).Select(emotion => (Emotion?)emotion).FirstOrDefault() is { } named)
            {
                meanings.Add(label, named);
            }
            else
            {
                unknown.Add(label);
            }
        }

        return unknown.Count == 0
            ? meanings
            : throw new ArgumentException($"{unknown.Count} label(s) are no expressions: {string.Join(", ", unknown.Take(20).Select(label => $"'{label}'"))}{(unknown.Count > 20 ? ", ..." : "")}. Say in {nameof(HeadTrainingOptions)}.{nameof(HeadTrainingOptions.LabelMap)} what each means, or null to leave its faces out. Expressions are {Words}.", nameof(labels));
    }
}
