using static System.FormattableString;

namespace FerSharp.Evaluation;

/// <summary>The chapters of a <see cref="DatasetReport"/>'s document about how pictures resemble each other.</summary>
internal static class DatasetReportLikeness
{
    private const int LongestId = 16;

    public static void Write(ReportDocument document, DatasetReport report)
    {
        Correlation(document, report);
        Projections(document, report);
        Duplicates(document, report);
    }

    private static void Correlation(ReportDocument document, DatasetReport report)
    {
        if (report.Correlation is not { } correlation)
        {
            return;
        }

        document.Chapter("Correlation of pictures");
        int count = correlation.Pictures.Count;
        string[] names = [.. correlation.Pictures.Select(picture => $"{Short(picture.Id)} {(picture.Label is { } label ? EmotionName.Of(label) : "")}".TrimEnd())];
        (int First, int Second)[] pairs = [.. Enumerable.Range(0, count).SelectMany(a => Enumerable.Range(a + 1, count - a - 1).Select(b => (a, b))).Where(pair => !double.IsNaN(correlation[pair.a, pair.b]))];
        string summary = "No two of these pictures have a correlation: all but one are flat.";
        if (pairs.Length > 0)
        {
            (int First, int Second) most = pairs.MaxBy(pair => correlation[pair.First, pair.Second]), least = pairs.MinBy(pair => correlation[pair.First, pair.Second]);
            summary = Invariant($"Most alike are {names[most.First]} and {names[most.Second]} ({correlation[most.First, most.Second]:0.00}), least {names[least.First]} and {names[least.Second]} ({correlation[least.First, least.Second]:0.00}). ")
                + "Faces correlate because they are faces; only values near 1 mean the same photograph.";
        }

        document.Chart(Charts.HeatMap($"Correlation at {correlation.Side}x{correlation.Side} gray pixels", summary, ("", names), ("", names), (row, column) => double.IsNaN(correlation[row, column]) ? 0 : correlation[row, column],
            (row, column) => double.IsNaN(correlation[row, column]) ? "flat" : Charts.Text(correlation[row, column], "0.00"), -1, 1));
        if (report.Pictures is { Compared.Count: > 0 } pictures)
        {
            document.Pictures("The pictures of the matrix", pictures.Compared);
        }
    }

    private static void Projections(ReportDocument document, DatasetReport report)
    {
        PcaProjection[] projections = [.. new[] { report.PixelProjection, report.EmbeddingProjection }.OfType<PcaProjection>()];
        if (projections.Length == 0)
        {
            return;
        }

        document.Chapter("Principal components");
        foreach (PcaProjection projection in projections)
        {
            (double first, double second) = (projection.ExplainedVarianceRatio[0], projection.ExplainedVarianceRatio[1]);
            string summary = Invariant($"{projection.Points.Count} pictures chosen by seed {report.Options.Seed}, {projection.Dimensions} values each. The axes hold {first:P1} and {second:P1} of the variance, together {first + second:P1}. ")
                + Invariant($"Class means lie {Separation(projection):0.00} times as far from the middle as pictures from their class mean: the smaller, the more the classes overlap here.");
            ChartSeries[] series = [.. projection.Points.GroupBy(point => point.Picture.Label).OrderBy(group => group.Key ?? (Emotion)byte.MaxValue).Select(group =>
                new ChartSeries(group.Key is { } known ? EmotionName.Of(known) : "no label", [.. group.Select(point => (point.X, point.Y))])
                {
                    Marks = ChartMarks.Dots,
                    Color = group.Key is { } emotion ? Media.EmotionPalette.ColorOf(emotion) : Media.RgbColor.Black,
                })];
            document.Chart(Charts.Plot($"Pictures by their {projection.Space}", summary, new ChartAxis(Invariant($"first component ({first:P1})")), new ChartAxis(Invariant($"second component ({second:P1})")), series));
        }

        document.Text("The csv form of a projection has its points with the pictures' ids.");
    }

    /// <summary>Root mean square distance of the class means from the whole mean, over that of the points from their class mean; 0 where there is no spread.</summary>
    private static double Separation(PcaProjection projection)
    {
        double between = 0, within = 0;
        foreach (IGrouping<Emotion?, PcaPoint> group in projection.Points.GroupBy(point => point.Picture.Label))
        {
            // The points are centred, so the whole mean is the origin.
            double x = group.Average(point => point.X), y = group.Average(point => point.Y);
            between += group.Count() * ((x * x) + (y * y));
            within += group.Sum(point => ((point.X - x) * (point.X - x)) + ((point.Y - y) * (point.Y - y)));
        }

        return within > 0 ? Math.Sqrt(between / within) : 0;
    }

    private static void Duplicates(ReportDocument document, DatasetReport report)
    {
        if (report.Options.NearDuplicates is not { } options)
        {
            return;
        }

        document.Chapter("Near-duplicates");
        if (report.Duplicates.Any(search => !search.IsWithin && search.Leaks.Pairs.Count > 0))
        {
            document.Warning("Parts share pictures: a score on one part after training on the other is too high. Leave the copies out of training.");
        }

        document.Text(Invariant($"Identical: the same size, format and pixels. Near: a correlation of {options.Threshold} or more at 48x48 gray pixels."));
        document.Table("Pictures with a copy", ["Compared", "Identical pairs", "of those with another label", "Near pairs", "Pictures of the first part: identical + near", "of the second"], report.Duplicates.Select(search => DatasetReportDocument.Row(
            Title(report, search), DatasetReportDocument.Number(search.Leaks.Pairs.Count(pair => pair.Identical)), DatasetReportDocument.Number(search.IdenticalWithOtherLabel),
            DatasetReportDocument.Number(search.Leaks.Pairs.Count(pair => !pair.Identical)), Invariant($"{search.Leaks.IdenticalInFirst} + {search.Leaks.NearInFirst}"),
            search.IsWithin ? "" : Invariant($"{search.Leaks.IdenticalInSecond} + {search.Leaks.NearInSecond}"))));
        for (int i = 0; i < report.Duplicates.Count; i++)
        {
            if (report.Pictures is { } pictures && pictures.Pairs[i].Count > 0)
            {
                document.Pictures($"{Title(report, report.Duplicates[i])}: some identical pairs, then the least alike of the near ones", pictures.Pairs[i]);
            }
        }
    }

    private static string Title(DatasetReport report, DuplicateSearch search) => search.IsWithin
        ? $"within {report.Parts[search.FirstPart].Name}"
        : $"{report.Parts[search.FirstPart].Name} and {report.Parts[search.SecondPart].Name}";

    // The end of a path tells more than its beginning.
    private static string Short(string id) => id.Length <= LongestId ? id : $"...{id[^(LongestId - 3)..]}";
}
