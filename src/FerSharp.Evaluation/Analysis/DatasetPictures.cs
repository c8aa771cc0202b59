namespace FerSharp.Evaluation;

/// <summary>Pictures of the data set for a report's document. Made only when they are asked for.</summary>
/// <param name="Samples">The sample grid: pictures of each class.</param>
/// <param name="Example">The picture whose changes and histogram are shown.</param>
/// <param name="Augmentations">Changes of the example, in one picture.</param>
/// <param name="Compared">The pictures of the correlation matrix.</param>
/// <param name="Pairs">For each search some of its pairs, side by side.</param>
internal sealed record DatasetPictures(
    IReadOnlyList<(Emotion Emotion, IReadOnlyList<ReportPicture> Pictures)> Samples,
    ReportPicture? Example,
    ReportPicture? Augmentations,
    IReadOnlyList<ReportPicture> Compared,
    IReadOnlyList<IReadOnlyList<ReportPicture>> Pairs)
{
    private const int ShownIdentical = 4;
    private const int ShownNear = 8;

    public static DatasetPictures Load(
        IReadOnlyList<FaceDataset> parts, PictureChoice choice, DatasetReportOptions options, PictureReference? example, PictureCorrelation? correlation, IReadOnlyList<DuplicateSearch> duplicates)
    {
        var samples = new List<(Emotion, IReadOnlyList<ReportPicture>)>();
        for (Emotion emotion = Emotion.Neutral; emotion <= Emotion.Contempt; emotion++)
        {
            PictureReference[] chosen = choice.TakeOf(emotion, options.SamplesPerClass);
            if (chosen.Length > 0)
            {
                samples.Add((emotion, [.. chosen.Select(picture => Tile(choice, picture))]));
            }
        }

        return new DatasetPictures(
            samples,
            example is null ? null : Tile(choice, example),
            example is null ? null : Sheet(choice, example, options.Seed),
            [.. (correlation?.Pictures ?? []).Select(picture => Tile(choice, picture))],
            [.. duplicates.Select(search => (IReadOnlyList<ReportPicture>)[.. Shown(search).Select(pair => Pair(parts, search, pair))])]);
    }

    /// <summary>The first identical pairs and, of the others, the least alike: they show what the threshold lets in. No picture comes twice in either.</summary>
    private static IEnumerable<LeakPair> Shown(DuplicateSearch search) =>
        Apart(search, search.Leaks.Pairs.Where(pair => pair.Identical)).Take(ShownIdentical)
            .Concat(Apart(search, search.Leaks.Pairs.Where(pair => !pair.Identical).Reverse()).Take(ShownNear));

    private static IEnumerable<LeakPair> Apart(DuplicateSearch search, IEnumerable<LeakPair> pairs)
    {
        var seen = new HashSet<(int Part, int Index)>();
        return pairs.Where(pair => seen.Add((search.FirstPart, pair.First)) & seen.Add((search.SecondPart, pair.Second)));
    }

    private static ReportPicture Tile(PictureChoice choice, PictureReference picture)
    {
        using Frame frame = choice.Load(picture);
        return ReportPictures.Of(frame.View, Label(picture.Label), picture.Id);
    }

    private static ReportPicture Sheet(PictureChoice choice, PictureReference picture, int seed)
    {
        using Frame frame = choice.Load(picture);
        FrameView sheet = AugmentationPreview.Draw(frame.View, seed);
        return new ReportPicture(ReportPictures.Png(sheet), sheet.Width, [$"nine random changes of {picture.Id}"]);
    }

    private static ReportPicture Pair(IReadOnlyList<FaceDataset> parts, DuplicateSearch search, LeakPair pair)
    {
        (FaceSample first, FaceSample second) = (parts[search.FirstPart].Samples[pair.First], parts[search.SecondPart].Samples[pair.Second]);
        using Frame one = parts[search.FirstPart].Load(pair.First), other = parts[search.SecondPart].Load(pair.Second);
        return ReportPictures.Pair(one.View, other.View, $"{first.Id} and {second.Id}", $"{Label(first.Label)}, {Label(second.Label)}",
            pair.Identical ? "identical" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{pair.Similarity:0.000}"));
    }

    private static string Label(Emotion? label) => label is { } known ? EmotionName.Of(known) : "no label";
}
