using static System.FormattableString;

namespace FerSharp.Evaluation;

/// <summary>Writes a <see cref="DatasetReport"/> as a document: what is there, the classes, the pictures, and what is wrong.</summary>
internal static class DatasetReportDocument
{
    /// <summary>A mean over fewer pictures could show a person.</summary>
    public const int LeastForMean = 20;

    private const int ShownRows = 20;
    private const int MeanWidth = 96;

    public static ReportDocument Of(DatasetReport report)
    {
        string title = string.Join(", ", report.Parts.Select(part => part.Info.Name).Distinct());
        var document = new ReportDocument($"Data set {title}");
        Overview(document, report);
        Classes(document, report);
        Pixels(document, report);
        MeanFaces(document, report);
        if (report.Pictures is { } pictures)
        {
            Samples(document, pictures);
        }

        DatasetReportLikeness.Write(document, report);
        Votes(document, report);
        Faults(document, report);
        return document;
    }

    private static void Overview(ReportDocument document, DatasetReport report)
    {
        document.Chapter("Parts");
        if (report.Pictures is not null)
        {
            document.Warning("This document shows pictures of the data set: treat it as you treat the data.");
        }

        document.Table("Pictures of each part", ["Part", "Pictures", "With a label", "Without", "Unreadable", "Faults", "Left out"], report.Parts.Select(part => Row(
            part.Name, Number(part.Pictures), Number(part.Classes.Total), Number(part.Unlabelled), Number(part.Unreadable), Number(part.Faults.Count), Number(part.LeftOut.Values.Sum()))));
        document.TextTable("Which data these are: SHA-256 over ids, labels, votes and, where they are in memory, pixels", ["Part", "Data set", "SHA-256"],
            report.Parts.Select(part => Row(part.Name, part.Info.Name, part.Info.Sha256)));
    }

    private static void Classes(ReportDocument document, DatasetReport report)
    {
        document.Chapter("Classes");
        ClassBalance all = report.Classes;
        if (all.Rarest is not { } rarest || all.Largest is not { } largest)
        {
            document.Text("No picture has a label.");
            return;
        }

        Emotion[] classes = all.Present.ToArray();
        string[] names = [.. classes.Select(EmotionName.Of)];
        string summary = Invariant($"Most frequent is {EmotionName.Of(largest)} with {all[largest]} of {all.Total} ({all.ShareOf(largest):P1}), rarest {EmotionName.Of(rarest)} with {all[rarest]} ({all.ShareOf(rarest):P1}): {all.Ratio:0.0} to 1.");
        document.Text(classes.Length == 1 ? Invariant($"All {all.Total} labels are {EmotionName.Of(largest)}: nothing can be learnt or measured on one class.") : summary);
        if (classes.Length > 1)
        {
            string Times(bool below) => string.Join(", ", classes.Where(emotion => all.IsBelowEvenShare(emotion) == below).OrderBy(emotion => all[emotion]).Select(emotion =>
                Invariant($"{EmotionName.Of(emotion)} ({all.ShareOf(emotion) / all.EvenShare:0.000})")));
            document.Text(classes.Any(all.IsBelowEvenShare)
                ? Invariant($"With {classes.Length} classes an even share is {all.EvenShare:P1}. Below it, as a multiple of it: {Times(true)}. Not below it, so not under-represented: {Times(false)}.")
                : Invariant($"All {classes.Length} classes have the same number of pictures: none is under-represented."));
        }

        document.Chart(Charts.Bars("Pictures of each class", summary, names, [.. report.Parts.Select(part => (part.Name, (IReadOnlyList<double>)[.. classes.Select(emotion => (double)part.Classes[emotion])]))], new ChartAxis("pictures"), "0"));
        if (report.Parts.Count > 1)
        {
            document.Chart(Charts.Bars("Share of each class", $"{summary} Where a class has the same share in every part, a score on one part says something about the others.", names,
                [.. report.Parts.Select(part => (part.Name, (IReadOnlyList<double>)[.. classes.Select(emotion => 100 * part.Classes.ShareOf(emotion))]))], new ChartAxis("share in %"), "0.0"));
        }

        IReadOnlyList<double> weights = all.BalancedWeights;
        document.Table("Pictures, shares and weights of each class", ["Class", .. report.Parts.Select(part => part.Name), "All", "Share", "Times an even share", "Rank", "Balanced weight"], classes.Select(emotion => Row(
            [EmotionName.Of(emotion), .. report.Parts.Select(part => Number(part.Classes[emotion])), Number(all[emotion]), Invariant($"{all.ShareOf(emotion):P1}"),
                Charts.Text(all.ShareOf(emotion) / all.EvenShare, "0.00"), Number(1 + classes.Count(other => all[other] > all[emotion])), Charts.Text(weights[(int)emotion], "0.0000")])));
        document.Text("The balanced weight n / (k n_c) makes every class count the same in a loss. A trainer that does not use it learns the frequent classes first.");
    }

    private static void Pixels(ReportDocument document, DatasetReport report)
    {
        document.Chapter("Sizes and pixels");
        document.Table("Sizes in pixels", ["Part", "Distinct", "Width min", "median", "max", "Height min", "median", "max", "Most frequent", "Formats"], report.Parts.Select(part => Row(
            part.Name, Number(part.Sizes.Count), Number(part.Widths.Minimum), Charts.Text(part.Widths.Median, "0.#"), Number(part.Widths.Maximum),
            Number(part.Heights.Minimum), Charts.Text(part.Heights.Median, "0.#"), Number(part.Heights.Maximum),
            part.Sizes.Count == 0 ? "none" : Invariant($"{part.Sizes[0].Width}x{part.Sizes[0].Height} ({part.Sizes[0].Count})"),
            string.Join(", ", part.Formats.Select(format => Invariant($"{format.Key} ({format.Value})"))))));
        document.Table("Mean and standard deviation of all pixels: constants for normalisation", ["Part and channel", "Mean (0 to 255)", "Deviation", "Mean (0 to 1)", "Deviation", "Pixels"],
            report.Parts.SelectMany(part => part.Pixels.Channels.Where(channel => channel.Levels.Total > 0).Select(channel => Row(
                $"{part.Name}, {channel.Name}", Charts.Text(channel.Levels.Mean, "0.000"), Charts.Text(channel.Levels.StandardDeviation, "0.000"),
                Charts.Text(channel.Levels.UnitMean, "0.00000"), Charts.Text(channel.Levels.UnitStandardDeviation, "0.00000"), channel.Levels.Total.ToString(System.Globalization.CultureInfo.InvariantCulture)))));
        foreach (DatasetPart part in report.Parts.Where(part => part.Pixels.Gray.Total > 0))
        {
            document.Chart(Histogram($"Gray levels of {part.Name}", part.Pixels.Gray));
        }

        if (report is { Example: { } example, ExampleHistogram: { } levels })
        {
            document.Chart(Histogram($"Gray levels of one picture: {example.Id} of {report.Parts[example.Part].Name}", levels));
        }
    }

    private static Chart Histogram(string title, IntensityHistogram levels)
    {
        double Share(double count) => 100 * count / levels.Total;
        string summary = Invariant($"{levels.Total} pixels, mean {levels.Mean:0.0}, standard deviation {levels.StandardDeviation:0.0}. ")
            + Invariant($"{Share(levels.Levels[0]):0.0} % are black (0), {Share(levels.Levels[255]):0.0} % white (255).");
        return Charts.Histogram(title, summary, new ChartAxis("gray level", 0, 256), new ChartAxis("% of pixels for each level"),
            [.. levels.Bins.Select(bin => ((double)bin.Lower, (double)bin.Upper, Share(bin.CountPerLevel)))]);
    }

    private static void MeanFaces(ReportDocument document, DatasetReport report)
    {
        document.Chapter("Mean faces");
        MeanFace[] shown = [.. report.MeanFaces.Where(face => face.Count >= LeastForMean || report.Options.IncludePictures)];
        if (shown.Length > 0)
        {
            document.Pictures(Invariant($"Mean of all pictures of each class at {report.Options.Side}x{report.Options.Side} gray pixels, contrast stretched"), [.. shown.Select(face =>
                new ReportPicture(ReportPictures.Png(face.ToPicture()), MeanWidth, [EmotionName.Of(face.Emotion), Invariant($"{face.Count} pictures")]))]);
        }

        if (shown.Length < report.MeanFaces.Count)
        {
            document.Text(Invariant($"Not shown, because a mean over fewer than {LeastForMean} pictures could show a person: {List(report.MeanFaces.Except(shown).Select(face => face.Emotion))}."));
        }

        if (report.MeanFaces.Count == 0)
        {
            document.Text("No picture with a label could be loaded.");
        }
    }

    private static void Samples(ReportDocument document, DatasetPictures pictures)
    {
        document.Chapter("Samples of each class");
        foreach ((Emotion emotion, IReadOnlyList<ReportPicture> samples) in pictures.Samples)
        {
            document.Pictures(EmotionName.Of(emotion), samples);
        }

        if (pictures is { Example: { } example, Augmentations: { } sheet })
        {
            document.Chapter("Augmentation");
            document.Pictures($"A picture and nine random changes of it: {AugmentationPreview.Description}", [example, sheet]);
        }
    }

    private static void Votes(ReportDocument document, DatasetReport report)
    {
        (string Name, VoteStatistics Votes)[] voted = [.. report.Parts.Where(part => part.Votes is not null).Select(part => (part.Name, part.Votes!))];
        if (voted.Length == 0)
        {
            return;
        }

        document.Chapter("Annotators' votes");
        document.Text("Where annotators do not agree, no classifier can be right for all of them: the agreement bounds what a score on these labels can mean.");
        document.Table("Votes and labels", ["Part", "With votes", "Label has the most votes", "Mean vote share of the label", "Mean entropy in bits", "No majority"], voted.Select(one => Row(
            one.Name, Number(one.Votes.Voted), Invariant($"{one.Votes.Agreement:P1} of {one.Votes.Labelled}"), Invariant($"{one.Votes.MeanVoteShare:P1}"),
            Charts.Text(one.Votes.MeanEntropy, "0.000"), Invariant($"{one.Votes.ShareWithoutMajority:P1} ({one.Votes.WithoutMajority})"))));
    }

    private static void Faults(ReportDocument document, DatasetReport report)
    {
        document.Chapter("Faults and what is left out");
        if (report.Parts.All(part => part.Faults.Count == 0 && part.LeftOut.Count == 0))
        {
            document.Text("Every row and every file could be used, and nothing was left out.");
        }

        if (report.Parts.Any(part => part.LeftOut.Count > 0))
        {
            document.Table("Left out on request", ["Part and rule", "Pictures"], report.Parts.SelectMany(part => part.LeftOut.Select(rule => Row($"{part.Name}: {rule.Key}", Number(rule.Value)))));
        }

        foreach (DatasetPart part in report.Parts.Where(part => part.Faults.Count > 0))
        {
            string more = part.Faults.Count > ShownRows ? $", the first {ShownRows}; the JSON form has all" : "";
            document.TextTable(Invariant($"{part.Faults.Count} faults of {part.Name}{more}"), ["Where", "What is wrong"], part.Faults.Take(ShownRows).Select(fault => Row(fault.Where, fault.Reason)));
        }
    }

    internal static IReadOnlyList<string> Row(params string[] cells) => cells;

    internal static string Number(int value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string List(IEnumerable<Emotion> emotions) => string.Join(", ", emotions) is { Length: > 0 } list ? list : "none";
}
