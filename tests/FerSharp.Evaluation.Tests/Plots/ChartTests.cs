using System.Globalization;
using System.Xml.Linq;
using FerSharp.Evaluation.Tests.Metrics;
using FerSharp.Evaluation.Tests.Reports;

namespace FerSharp.Evaluation.Tests.Plots;

/// <summary>Charts as SVG: sound, readable without seeing, and unmoved by degenerate data.</summary>
public sealed class ChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void EvaluationCharts_RandomSamples_AreSoundAndNamed()
    {
        ScoredSamples samples = MetricSamples.Random(3, 300);
        ClassificationMetrics metrics = ClassificationMetrics.Of(samples);
        foreach (Chart chart in All(samples))
        {
            XElement svg = Parse(chart);
            Assert.Equal(chart.Title, svg.Elements().First().Value);
            Assert.Equal(chart.Summary, svg.Elements().Skip(1).First().Value);
            Assert.Equal(chart.Title, chart.ToString());
        }

        Chart confusion = EvaluationCharts.Confusion(metrics.Confusion);
        foreach (Emotion emotion in metrics.Confusion.Classes.ToArray())
        {
            Assert.Contains(metrics.Confusion[emotion, emotion].ToString(CultureInfo.InvariantCulture), Texts(confusion));
            Assert.Contains($"{emotion.ToString().ToLowerInvariant()} ({metrics.Confusion.TruthCount(emotion)})", Texts(confusion));
        }

        Chart classes = EvaluationCharts.Classes(metrics);
        Assert.All(metrics.Classes, one => Assert.Contains(one.Recall.ToString("0.00", CultureInfo.InvariantCulture), Texts(classes)));
    }

    [Fact]
    public void EvaluationCharts_SameData_GiveTheSameBytesInAnyCulture()
    {
        ScoredSamples samples = MetricSamples.Random(4, 120);
        string[] expected = [.. All(samples).Select(chart => chart.Svg)];
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (comma.NumberFormat.NumberDecimalSeparator, comma.NumberFormat.NegativeSign) = (",", "~");
            CultureInfo.CurrentCulture = comma;
            Assert.Equal(expected, All(samples).Select(chart => chart.Svg));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void EvaluationCharts_DegenerateSamples_HaveFiniteCoordinates()
    {
        Emotion[] one = [Emotion.Fear];
        Emotion[] many = [.. Enumerable.Repeat(Emotion.Anger, 30)];
        foreach (ScoredSamples samples in new[]
                 {
                     MetricSamples.Answers(one, one),
                     MetricSamples.Answers(one, [Emotion.Anger]),
                     MetricSamples.Answers(many, many),
                     MetricSamples.Answers(many, [.. Enumerable.Repeat(Emotion.Fear, 30)]),
                     MetricSamples.Answers(one, one, confidence: 1),
                 })
        {
            Assert.All(All(samples), chart => Parse(chart));
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.5)]
    [InlineData(1e-300)]
    [InlineData(1e300)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Charts_DegenerateValues_HaveFiniteCoordinates(double value)
    {
        var axis = new ChartAxis("axis");
        Parse(Charts.Bars("t", "s", ["a", "b"], [("one", [value, value]), ("two", [1, value])], axis));
        Parse(Charts.Bars("t", "s", ["a"], [("one", [value])], axis));
        Parse(Charts.HeatMap("t", "s", ("r", ["a"]), ("c", ["b"]), (_, _) => value, (_, _) => "x", 0, 1));
        Parse(Charts.HeatMap("t", "s", ("r", ["a"]), ("c", ["b"]), (_, _) => value, (_, _) => "x", 0, 0));
        foreach (ChartMarks marks in Enum.GetValues<ChartMarks>())
        {
            Parse(Charts.Plot("t", "s", axis, axis, new ChartSeries("n", [(value, 1), (0, value), (1, 1)]) { Marks = marks }));
            Parse(Charts.Plot("t", "s", axis, axis, new ChartSeries(null, [(value, value)]) { Marks = marks }));
        }

        Parse(Charts.Histogram("t", "s", axis, axis, [(0, 1, value), (1, 2, 3)]));
        Parse(Charts.Histogram("t", "s", axis, axis, [(value, value, 1)]));
    }

    [Fact]
    public void Charts_NoData_AreStillSound()
    {
        var axis = new ChartAxis("axis");
        Parse(Charts.Bars("t", "s", [], [], axis));
        Parse(Charts.Bars("t", "s", ["a"], [("n", [0])], axis));
        Parse(Charts.Plot("t", "s", axis, axis));
        Parse(Charts.Plot("t", "s", axis, axis, new ChartSeries("n", [])));
        Parse(Charts.Histogram("t", "s", axis, axis, []));
    }

    [Fact]
    public void Bars_ValueOfZero_HasItsLabelInsideTheChart()
    {
        Chart chart = Charts.Bars("t", "s", ["none", "all"], [("n", [0, 1])], new ChartAxis("", 0, 1.12), "0.00");
        XElement[] labels = [.. Parse(chart).Descendants(Svg + "text").Where(text => text.Value.Trim() is "0.00" or "1.00")];
        Assert.Equal(2, labels.Length);
        // The text begins where its point is; in the middle of it the axis would cut it.
        Assert.All(labels, label => Assert.Equal("start", label.Attribute("text-anchor")?.Value ?? "start"));
    }

    [Theory]
    [InlineData(-0.5, 0.7)]
    [InlineData(-3, -2)]
    [InlineData(0.25, 1)]
    public void Bars_LabelsAtTheEnds_LieInsideThePlot(double first, double second)
    {
        XElement svg = Parse(Charts.Bars("t", "s", ["a", "b"], [("n", [first, second])], new ChartAxis(""), "0.00"));
        XElement plot = svg.Descendants(Svg + "clipPath").Elements(Svg + "rect").MinBy(rect => Number(rect, "width"))!;
        XElement[] labels = [.. svg.Descendants(Svg + "text").Where(text => text.Attribute("font-size")!.Value == "11")];
        Assert.Equal(2, labels.Length);
        foreach (XElement label in labels)
        {
            string place = label.Attribute("transform")!.Value;
            double x = double.Parse(place["translate(".Length..place.IndexOf(',', StringComparison.Ordinal)], CultureInfo.InvariantCulture), length = 7 * label.Value.Length;
            (double left, double right) = label.Attribute("text-anchor")?.Value == "end" ? (x - length, x) : (x, x + length);
            Assert.InRange(left, Number(plot, "x"), right);
            Assert.InRange(right, left, Number(plot, "x") + Number(plot, "width"));
        }
    }

    [Fact]
    public void EvaluationCharts_OnePoint_IsSeen()
    {
        ScoredSamples one = MetricSamples.Answers([Emotion.Fear], [Emotion.Anger]);
        Assert.NotEmpty(Parse(EvaluationCharts.Abstaining(RiskCoverage.Of(one))).Descendants(Svg + "ellipse"));
        Assert.NotEmpty(Parse(EvaluationCharts.PrecisionRecall(PrecisionRecallCurve.Of(one, Emotion.Fear), 1)).Descendants(Svg + "ellipse"));
    }

    [Fact]
    public void Charts_HostileNames_AreTextAndNothingElse()
    {
        string hostile = ReportSamples.Hostile;
        var axis = new ChartAxis(hostile);
        foreach (Chart chart in new[]
                 {
                     Charts.Bars(hostile, hostile, [hostile, new string('w', 4000), "clipPath \U0001F600 名前"], [(hostile, [1, 2, 3]), ("b", [3, 2, 1])], axis),
                     Charts.HeatMap(hostile, hostile, (hostile, [hostile, "b"]), (hostile, [hostile]), (_, _) => 1, (_, _) => hostile, 0, 1),
                     Charts.Plot(hostile, hostile, axis, axis, new ChartSeries(hostile, [(0, 0), (1, 1)])),
                     Charts.Histogram(hostile, hostile, axis, axis, [(0, 1, 2)]),
                 })
        {
            XElement svg = Parse(chart);
            Assert.DoesNotContain(svg.DescendantsAndSelf(), element => element.Name.LocalName is "script" or "img" or "image" or "a" or "style" or "foreignObject");
            Assert.DoesNotContain(svg.DescendantsAndSelf().Attributes(), attribute => attribute.Name.LocalName is "href" or "src" || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        }

        Chart bars = Charts.Bars("t", "s", ["clipPath \U0001F600 名前", new string('w', 4000) + "z"], [("n", [1, 2])], new ChartAxis(""));
        Assert.Contains("clipPath \U0001F600 名前", Texts(bars));
        Assert.Contains(Texts(bars), text => text.Length <= 40 && text.Contains('…') && text.EndsWith('z'));
    }

    [Fact]
    public void HeatMap_AnyDepth_HasReadableText()
    {
        // WCAG 2.1, 1.4.3: at least 4.5 to 1 between a text and what lies behind.
        int steps = 50;
        Chart chart = Charts.HeatMap("t", "s", ("", ["r"]), ("", [.. Enumerable.Range(0, steps).Select(i => $"c{i}")]), (_, column) => column / (steps - 1.0), (_, column) => $"v{column}", 0, 1);
        XElement svg = Parse(chart);
        XElement[] cells = [.. svg.Descendants(Svg + "rect").Where(rect => Number(rect, "width") is > 40 and < 60)];
        for (int i = 0; i < steps; i++)
        {
            XElement text = svg.Descendants(Svg + "text").Single(one => one.Value == $"v{i}");
            string fill = cells.OrderBy(rect => Number(rect, "x")).ElementAt(i).Attribute("style")!.Value;
            double behind = Luminance(fill), front = Luminance(text.Attribute("fill")!.Value.Replace("black", "rgb(0,0,0)", StringComparison.Ordinal));
            Assert.True((Math.Max(behind, front) + 0.05) / (Math.Min(behind, front) + 0.05) >= 4.5, $"column {i}: {fill} under {text.Attribute("fill")}");
        }
    }

    [Fact]
    public void EvaluationCharts_Null_IsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => EvaluationCharts.Confusion(null!));
        Assert.Throws<ArgumentNullException>(() => EvaluationCharts.Classes(null!));
        Assert.Throws<ArgumentNullException>(() => EvaluationCharts.Reliability(null!));
        Assert.Throws<ArgumentNullException>(() => EvaluationCharts.PrecisionRecall(null!, 1));
        Assert.Throws<ArgumentNullException>(() => EvaluationCharts.Abstaining(null!));
        ScoredSamples samples = MetricSamples.Random(1, 50);
        Assert.Throws<ArgumentOutOfRangeException>("count", () => EvaluationCharts.PrecisionRecall(PrecisionRecallCurve.Of(samples, Emotion.Fear), 0));
    }

    /// <summary>Parses a chart; fails where it is no sound SVG, lacks its names, or has a coordinate that is no number.</summary>
    internal static XElement Parse(Chart chart)
    {
        XElement svg = XElement.Parse(chart.Svg);
        Assert.Equal(Svg + "svg", svg.Name);
        XElement title = svg.Elements().First(), description = svg.Elements().Skip(1).First();
        Assert.Equal((Svg + "title", Svg + "desc"), (title.Name, description.Name));
        Assert.Equal($"{title.Attribute("id")!.Value} {description.Attribute("id")!.Value}", svg.Attribute("aria-labelledby")!.Value);
        string[] ids = [.. svg.DescendantsAndSelf().Attributes("id").Select(id => id.Value)];
        Assert.Equal(ids.Distinct(), ids);
        foreach (XAttribute attribute in svg.DescendantsAndSelf().Attributes().Where(one => one.Name.LocalName is not "font-family"))
        {
            Assert.False(
                attribute.Value.Contains("NaN", StringComparison.Ordinal) || attribute.Value.Contains("Infinity", StringComparison.Ordinal) || attribute.Value.Contains('∞'),
                $"{attribute.Parent!.Name.LocalName} has {attribute}");
            Assert.False(attribute.Name.LocalName is "width" or "height" && Number(attribute.Parent, attribute.Name.LocalName) < 0, $"{attribute.Parent!.Name.LocalName} has {attribute}");
        }

        foreach (XAttribute clip in svg.Descendants().Attributes("clip-path"))
        {
            Assert.Contains(clip.Value["url(#".Length..^1], ids);
        }

        return svg;
    }

    private static string[] Texts(Chart chart) => [.. Parse(chart).Descendants(Svg + "text").Select(text => text.Value.Trim())];

    private static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    private static double Luminance(string style)
    {
        string channels = style[(style.IndexOf("rgb(", StringComparison.Ordinal) + 4)..style.IndexOf(')', StringComparison.Ordinal)];
        double[] linear = [.. channels.Split(',').Select(part => int.Parse(part, CultureInfo.InvariantCulture) / 255.0).Select(c => c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4))];
        return (0.2126 * linear[0]) + (0.7152 * linear[1]) + (0.0722 * linear[2]);
    }

    private static Chart[] All(ScoredSamples samples)
    {
        ClassificationMetrics metrics = ClassificationMetrics.Of(samples);
        return
        [
            EvaluationCharts.Confusion(metrics.Confusion),
            EvaluationCharts.Classes(metrics),
            EvaluationCharts.Reliability(CalibrationMetrics.Of(samples)),
            EvaluationCharts.PrecisionRecall(PrecisionRecallCurve.Of(samples, Emotion.Sadness), samples.Count),
            EvaluationCharts.Abstaining(RiskCoverage.Of(samples)),
        ];
    }
}
