using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace FerSharp.Evaluation.Tests.Reports;

/// <summary>Pages and Markdown: sound whatever the names are, without anything that is loaded or run.</summary>
public sealed partial class ReportDocumentTests
{
    private const string CountPattern = @"(?<!\\)(?:\\\\)*\|";

    public static TheoryData<string> Documents() => new("plain", "hostile", "comparison", "appended", "long");

    [Theory]
    [MemberData(nameof(Documents))]
    public void ToHtml_AnyDocument_IsWellFormed(string which)
    {
        XElement page = Parse(Document(which).ToHtml());
        string[] ids = [.. page.DescendantsAndSelf().Attributes("id").Select(id => id.Value)];
        Assert.Equal(ids.Distinct(), ids);
        foreach (XAttribute link in page.Descendants().Attributes("href"))
        {
            Assert.StartsWith("#", link.Value, StringComparison.Ordinal);
            Assert.Contains(link.Value[1..], ids);
        }

        foreach (string names in page.Descendants().Attributes("aria-labelledby").Select(one => one.Value))
        {
            Assert.All(names.Split(' '), name => Assert.Contains(name, ids));
        }

        Assert.All(page.Descendants().Where(one => one.Name.LocalName == "table"), table =>
            Assert.Single(table.Descendants().Where(one => one.Name.LocalName == "tr").Select(row => row.Elements().Count()).Distinct()));
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void ToHtml_AnyDocument_LoadsAndRunsNothing(string which)
    {
        string html = Document(which).ToHtml();
        XElement page = Parse(html);
        Assert.DoesNotContain(page.DescendantsAndSelf(), element => element.Name.LocalName is "script" or "link" or "iframe" or "object" or "embed" or "form" or "base" or "image" or "use" or "foreignObject");
        Assert.DoesNotContain(page.DescendantsAndSelf().Attributes(), one => one.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase));
        Assert.All(page.Descendants().Attributes("src"), source => Assert.StartsWith("data:image/png;base64,", source.Value, StringComparison.Ordinal));
        foreach (XAttribute attribute in page.DescendantsAndSelf().Attributes().Where(one => !one.IsNamespaceDeclaration && one.Name.LocalName != "alt"))
        {
            Assert.DoesNotContain("http:", attribute.Value, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("https:", attribute.Value, StringComparison.OrdinalIgnoreCase);
        }

        string style = page.Descendants("style").Single().Value;
        Assert.DoesNotContain("url(", style, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", style, StringComparison.Ordinal);
        XElement policy = page.Descendants("meta").Single(meta => meta.Attribute("http-equiv")?.Value == "Content-Security-Policy");
        Assert.Equal("default-src 'none'; style-src 'unsafe-inline'; img-src data:", policy.Attribute("content")?.Value);
        Assert.True(html.IndexOf("Content-Security-Policy", StringComparison.Ordinal) < html.IndexOf("<title>", StringComparison.Ordinal));
    }

    [Fact]
    public void ToHtml_HostileNames_AreTextAsTheyAre()
    {
        XElement page = Parse(Document("hostile").ToHtml());
        Assert.Contains("<script>alert('x')</script> \"q\" & |", page.Descendants("h1").Single().Value, StringComparison.Ordinal);
        Assert.Contains(page.Descendants("td"), cell => cell.Value.Contains("<img src=http://example.org/x.png>", StringComparison.Ordinal));
        Assert.Contains(page.Descendants("td"), cell => cell.Value.Length == 5000);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void ToHtmlAndMarkdown_Twice_GiveTheSameText(string which)
    {
        Assert.Equal(Document(which).ToHtml(), Document(which).ToHtml());
        Assert.Equal(Document(which).ToMarkdown(), Document(which).ToMarkdown());
        Assert.DoesNotContain('\r', Document(which).ToHtml());
        Assert.DoesNotContain('\r', Document(which).ToMarkdown());
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void ToMarkdown_AnyDocument_KeepsTheColumnsOfItsTables(string which)
    {
        string[] lines = Document(which).ToMarkdown().Split('\n');
        int tables = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("| ", StringComparison.Ordinal) || (i > 0 && lines[i - 1].StartsWith('|')))
            {
                continue;
            }

            tables++;
            int bars = Bars(lines[i]);
            Assert.Matches(@"^\|( ---:? \|)+$", lines[i + 1]);
            for (int row = i + 1; row < lines.Length && lines[row].Length > 0; row++)
            {
                Assert.StartsWith("|", lines[row], StringComparison.Ordinal);
                Assert.Equal(bars, Bars(lines[row]));
            }
        }

        Assert.True(tables >= 2, $"{tables} tables");
    }

    [Fact]
    public void ToMarkdown_HostileNames_AreNoMarkup()
    {
        string text = Document("hostile").ToMarkdown();
        Assert.DoesNotMatch(@"(?<!\\)(?:\\\\)*<", text);
        Assert.DoesNotMatch(@"(?<!\\)(?:\\\\)*&", text);
        Assert.DoesNotMatch(@"(?<!\\)(?:\\\\)*\[", text);
        Assert.DoesNotMatch(@"(?<!\\)(?:\\\\)*`", text);
        Assert.DoesNotContain('\u0001', text);
        // Only our own headings and notes begin a line with a mark of Markdown.
        Assert.All(text.Split('\n').Where(line => line.StartsWith('#')), line => Assert.Matches("^#{1,3} ", line));
        Assert.All(text.Split('\n').Where(line => line.StartsWith('>')), line => Assert.StartsWith("> **Note:** ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Documents_SameChartTwice_HaveIdsOfTheirOwn()
    {
        Chart chart = EvaluationCharts.Confusion(ReportSamples.Random().Metrics.Confusion);
        XElement page = Parse(new ReportDocument("two").Chart(chart).Chart(chart).ToHtml());
        Assert.Equal(2, page.Descendants().Count(one => one.Name.LocalName == "svg"));
        string[] ids = [.. page.DescendantsAndSelf().Attributes("id").Select(id => id.Value)];
        Assert.Equal(ids.Distinct(), ids);
        string[] clips = [.. page.Descendants().Attributes("clip-path").Select(clip => clip.Value["url(#".Length..^1])];
        Assert.NotEmpty(clips);
        Assert.All(clips, clip => Assert.Contains(clip, ids));
    }

    [Fact]
    public void ToHtml_TableWithoutCaptionAndHeads_HasNeither()
    {
        string html = new ReportDocument("t").TextTable("", ["", ""], [["a", "b"]]).ToHtml();
        Assert.DoesNotContain("<caption", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<thead", html, StringComparison.Ordinal);
    }

    [Fact]
    public void ToMarkdown_Charts_AreSaidInWords()
    {
        string text = Document("plain").ToMarkdown();
        Assert.Contains("*Reliability.* Expected calibration error", text, StringComparison.Ordinal);
        Assert.DoesNotContain("svg", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Clean_AnyText_FitsXml()
    {
        for (int c = 0; c <= char.MaxValue; c++)
        {
            string text = ReportText.Clean($"a{(char)c}b");
            Assert.Equal(3, text.Length);
            System.Xml.XmlConvert.VerifyXmlChars(text);
            System.Xml.XmlConvert.VerifyXmlChars(ReportText.Name(new string((char)c, 100)));
        }

        Assert.Equal("\U0001F600\uFFFD", ReportText.Clean("\U0001F600\uD83D"));
        System.Xml.XmlConvert.VerifyXmlChars(ReportText.Name(string.Concat(Enumerable.Repeat("\U0001F600", 60))));
        System.Xml.XmlConvert.VerifyXmlChars(ReportText.Name("a" + string.Concat(Enumerable.Repeat("\U0001F600", 60))));
    }

    /// <summary>Reads a page as XML, with what HTML leaves open closed; fails where tags do not balance.</summary>
    internal static XElement Parse(string html)
    {
        Assert.StartsWith("<!DOCTYPE html>\n", html, StringComparison.Ordinal);
        return XElement.Parse(VoidElement().Replace(html["<!DOCTYPE html>\n".Length..], "<$1$2/>"));
    }

    [GeneratedRegex("<(meta|img|br)((?: [a-z-]+=\"[^\"]*\")*)>")]
    private static partial Regex VoidElement();

    private static int Bars(string line) => Regex.Count(line, CountPattern);

    private static ReportDocument Document(string which) => which switch
    {
        "plain" => ReportSamples.Random().ToDocument(),
        "hostile" => ReportSamples.HostileReport().ToDocument(),
        "comparison" => ModelComparison.Of([ReportSamples.HostileReport(), ReportSamples.HostileReport()], TestContext.Current.CancellationToken).ToDocument(),
        "appended" => ReportSamples.Random().ToDocument().Append(ReportSamples.Random().ToDocument()).Append(ReportSamples.HostileReport().ToDocument()),
        _ => EvaluationReport.Create(ReportSamples.RandomRun() with { Dataset = new DatasetInfo(new string('n', 10_000), new string('|', 3000), "0") }, ReportSamples.Options).ToDocument(),
    };
}
