using static FerSharp.Core.Tests.Tracking.Readings;

namespace FerSharp.Core.Tests.History;

public sealed class SessionTrendTests
{
    [Fact]
    public void Csv_OfSessions_HasTheSharesOfEach()
    {
        using var writer = new StringWriter();
        SessionTrend.WriteCsv([new SessionSummary("first, \"long\"", Timeline(Emotion.Happiness, 0.9).Summarize()), new SessionSummary("2", new EmotionTimeline().Summarize())], writer);
        string[] lines = writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("session,covered_s,tracks,sentiment,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unclear", lines[0]);
        Assert.Equal("\"first, \"\"long\"\"\",10,1,0.9,0,0.5,0,0,0,0,0,0,0.5", lines[1]);
        Assert.Equal("2,0,0,0,0,0,0,0,0,0,0,0,0", lines[2]);
    }

    [Fact]
    public void JsonLines_OfATimeline_GiveItsSummaryBack()
    {
        EmotionTimeline timeline = Timeline(Emotion.Sadness, 0.8);
        using var writer = new StringWriter();
        TimelineExport.WriteJsonLines(timeline.ToSnapshot(), writer);
        SessionSummary session = SessionTrend.ReadJsonLines(new StringReader(writer.ToString()), "monday");
        TimelineSummary expected = timeline.Summarize();
        Assert.Equal(("monday", expected.Tracks, expected.From, expected.To), (session.Name, session.Summary.Tracks, session.Summary.From, session.Summary.To));

        // Four decimals are written.
        Assert.Equal(expected.Covered.TotalSeconds, session.Summary.Covered.TotalSeconds, 1e-4);
        Assert.Equal([Emotion.Sadness], session.Summary.ExpressionTime.Keys);
        Assert.Equal(expected.MeanScores[Emotion.Sadness], session.Summary.MeanScores[Emotion.Sadness], 1e-3f);
        Assert.Equal(0.5, session.ShareOf(Emotion.Sadness), 1e-4);
    }

    [Fact]
    public void JsonLines_OfNothing_AreAnEmptySession()
    {
        using var writer = new StringWriter();
        TimelineExport.WriteJsonLines(new EmotionTimeline().ToSnapshot(), writer);
        SessionSummary session = SessionTrend.ReadJsonLines(new StringReader(writer.ToString()), "");
        Assert.Equal((0, true, 0.0), (session.Summary.Tracks, session.Summary.MeanScores.IsEmpty, session.ShareOf(Emotion.Anger)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"type\":\"track\"}")]
    [InlineData("{\"type\":\"session\"")]
    [InlineData("{\"type\":\"session\",\"schema\":2}")]
    [InlineData("{\"type\":\"session\",\"schema\":1,\"from_s\":0}")]
    [InlineData("{\"type\":\"session\",\"schema\":1,\"from_s\":\"x\",\"to_s\":0,\"tracks\":0,\"covered_s\":0,\"expression_s\":{},\"meanScores\":{}}")]
    [InlineData("[\"session\"]")]
    public void JsonLines_Bad_AreRefused(string text) => Assert.Throws<InvalidDataException>(() => SessionTrend.ReadJsonLines(new StringReader(text), "x"));

    /// <summary>Ten seconds, of which the first five have an expression.</summary>
    private static EmotionTimeline Timeline(Emotion expression, double score)
    {
        var timeline = new EmotionTimeline();
        for (int i = 0; i <= 100; i++)
        {
            timeline.Add(1, new SmoothedEmotion(Seconds(i / 10.0), Of(expression, score), i < 50 ? expression : null, true));
        }

        return timeline;
    }
}
