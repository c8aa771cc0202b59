using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using static FerSharp.Core.Tests.Tracking.Readings;

namespace FerSharp.Core.Tests.History;

public sealed class TimelineExportTests
{
    private const string Title = "<script>alert('x')</script> & \"quoted\" \u0001 ]]>";

    [Fact]
    public void WriteCsv_GivesOneLineForEachBin()
    {
        TimelineSnapshot snapshot = Sample();
        string[] lines = Write(writer => TimelineExport.WriteCsv(snapshot, writer)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("track,from_s,to_s,covered_s,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt", lines[0]);
        Assert.Equal(snapshot.Tracks.Sum(track => track.Overview.Count), lines.Length - 1);
        Assert.Equal("1,0,0.25,0.25,0.1,0.9,0,0,0,0,0,0", lines[1]);
        Assert.All(lines.Skip(1), line => Assert.Equal(12, line.Split(',').Length));
    }

    [Fact]
    public void WriteJsonLines_EveryLineIsAnObjectOfAKnownType()
    {
        TimelineSnapshot snapshot = Sample();
        JsonElement[] lines = [.. Write(writer => TimelineExport.WriteJsonLines(snapshot, writer)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(("session", 1, 2), (lines[0].GetProperty("type").GetString(), lines[0].GetProperty("schema").GetInt32(), lines[0].GetProperty("tracks").GetInt32()));
        Assert.Equal(2, lines.Count(line => line.GetProperty("type").GetString() == "track"));
        JsonElement segment = lines.First(line => line.GetProperty("type").GetString() == "segment");
        Assert.Equal("happiness", segment.GetProperty("expression").GetString());
        Assert.Equal(0.9, segment.GetProperty("meanScore").GetDouble(), 0.01);
        Assert.Equal(snapshot.Tracks.Sum(track => track.Overview.Count), lines.Count(line => line.GetProperty("type").GetString() == "bin"));
    }

    [Fact]
    public void WriteSvg_IsWellFormedAndEscaped()
    {
        string text = Write(writer => TimelineExport.WriteSvg(Sample(), writer, Title));
        var svg = XDocument.Parse(text);
        Assert.DoesNotContain(svg.Descendants(), element => element.Name.LocalName == "script");
        Assert.Contains("<script>alert('x')</script>", svg.Root!.Elements().First(element => element.Name.LocalName == "title").Value, StringComparison.Ordinal);
        Assert.Contains(svg.Descendants(), element => element.Value == "Happiness");
        Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteHtml_LoadsAndRunsNothing()
    {
        string html = Write(writer => TimelineExport.WriteHtml(Sample(), writer, Title));
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("href=", html, StringComparison.Ordinal);
        // The one address is the name of SVG's vocabulary.
        Assert.Equal(1, html.Split("http:").Length - 1);
        Assert.DoesNotContain("https:", html, StringComparison.Ordinal);
        Assert.Contains("not what people feel", html, StringComparison.Ordinal);
        Assert.Contains("Track 2: expressions", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_EmptyTimeline_IsWellFormed()
    {
        TimelineSnapshot empty = new EmotionTimeline().ToSnapshot();
        Assert.Single(Write(writer => TimelineExport.WriteCsv(empty, writer)).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Single(Write(writer => TimelineExport.WriteJsonLines(empty, writer)).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        XDocument.Parse(Write(writer => TimelineExport.WriteSvg(empty, writer)));
        Assert.EndsWith("</html>\n", Write(writer => TimelineExport.WriteHtml(empty, writer)), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_OneReading_IsWellFormed()
    {
        var timeline = new EmotionTimeline();
        timeline.Add(1, new SmoothedEmotion(Seconds(3), Of(Emotion.Fear), Emotion.Fear, true));
        XDocument.Parse(Write(writer => TimelineExport.WriteSvg(timeline.ToSnapshot(), writer)));
    }

    [Fact]
    public void Write_InAnotherCulture_GivesTheSame()
    {
        TimelineSnapshot snapshot = Sample();
        string All() => Write(writer => TimelineExport.WriteCsv(snapshot, writer)) + Write(writer => TimelineExport.WriteHtml(snapshot, writer));
        string expected = All();
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NumberGroupSeparator = "." } };
            Assert.Equal(expected, All());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void WriteSvg_ManyTracks_DrawsThoseSeenLongest()
    {
        var timeline = new EmotionTimeline();
        for (int track = 1; track <= 40; track++)
        {
            EmotionTimelineTests.Fill(timeline, track, 10, 10 * track, (10 * track) + 1 + (0.1 * track), _ => Emotion.Neutral);
        }

        string html = Write(writer => TimelineExport.WriteHtml(timeline.ToSnapshot(), writer));
        Assert.DoesNotContain(">Track 8<", html, StringComparison.Ordinal);
        Assert.Contains(">Track 9<", html, StringComparison.Ordinal);
        Assert.Contains("8 tracks that were seen less long", html, StringComparison.Ordinal);
    }

    private static TimelineSnapshot Sample()
    {
        var timeline = new EmotionTimeline();
        EmotionTimelineTests.Fill(timeline, 1, 20, 0, 5, t => t < 3 ? Emotion.Happiness : Emotion.Neutral);
        EmotionTimelineTests.Fill(timeline, 2, 20, 5.5, 9, _ => Emotion.Sadness);
        return timeline.ToSnapshot();
    }

    private static string Write(Action<TextWriter> write)
    {
        using var writer = new StringWriter();
        write(writer);
        return writer.ToString();
    }
}
