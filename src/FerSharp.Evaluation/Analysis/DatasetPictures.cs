namespace FerSharp.Evaluation;

/// <summary>Pictures of the data set for a report's document. Made only when they are asked for.</summary>
/// <param name="Samples">The sample grid: pictures of each class.</param>
/// <param name="Example">The picture whose changes and histogram are shown.</param>
/// <param name="Augmentations">Changes of the example, in one picture.</param>
/// <param name="Compared">The pictures of the correlation matrix.</param>
/// <param name="Pairs">For each search the first of its pairs, two pictures for each.</param>
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
            [.. duplicates.Select(search => (IReadOnlyList<ReportPicture>)[.. Shown(search.Leaks).SelectMany(pair => Pair(parts, choice, search, pair))])]);
    }

    /// <summary>The first identical pairs and, of the others, the least alike: they show what the threshold lets in.</summary>
    public static IEnumerable<LeakPair> Shown(LeakReport leaks) =>
        leaks.Pairs.Where(pair => pair.Identical).Take(ShownIdentical).Concat(leaks.Pairs.Where(pair => !pair.Identical).TakeLast(ShownNear));

    private static ReportPicture Tile(PictureChoice choice, PictureReference picture, string? note = null)
    {
        using Frame frame = choice.Load(picture);
        string label = picture.Label?.ToString() ?? "no label";
        return PictureTiles.Tile(frame.View, note is null ? [label, picture.Id] : [label, picture.Id, note]);
    }

    private static ReportPicture Sheet(PictureChoice choice, PictureReference picture, int seed)
    {
        using Frame frame = choice.Load(picture);
        FrameView sheet = AugmentationPreview.Draw(frame.View, seed);
        return new ReportPicture(PictureTiles.Png(sheet), sheet.Width, [$"nine random changes of {picture.Id}"]);
    }

    private static IEnumerable<ReportPicture> Pair(IReadOnlyList<FaceDataset> parts, PictureChoice choice, DuplicateSearch search, LeakPair pair)
    {
        string note = pair.Identical ? "identical" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{pair.Similarity:0.000}");
        yield return Tile(choice, Reference(search.FirstPart, pair.First), note);
        yield return Tile(choice, Reference(search.SecondPart, pair.Second), note);

        PictureReference Reference(int part, int index) => new(part, index, parts[part].Samples[index].Id, parts[part].Samples[index].Label);
    }
}
