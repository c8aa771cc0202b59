namespace FerSharp.Media.Tests;

public sealed class EmotionPaletteTests
{
    [Fact]
    public void ColorOf_EachExpression_IsDifferent() =>
        Assert.Equal(EmotionScores.Count, Enum.GetValues<Emotion>().Select(EmotionPalette.ColorOf).Distinct().Count());

    [Fact]
    public void ColorOf_UndefinedExpression_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => EmotionPalette.ColorOf((Emotion)8));

    [Fact]
    public void TextColor_OnEveryColour_HasTheContrastOfReadableText()
    {
        foreach (Emotion emotion in Enum.GetValues<Emotion>())
        {
            RgbColor color = EmotionPalette.ColorOf(emotion);
            double a = color.Luminance + 0.05;
            double b = color.TextColor.Luminance + 0.05;
            Assert.True(Math.Max(a, b) / Math.Min(a, b) >= 4.5, $"{emotion}");
        }
    }

    [Fact]
    public void Luminance_OfBlackAndWhite_IsZeroAndOne()
    {
        Assert.Equal(0, RgbColor.Black.Luminance);
        Assert.Equal(1, RgbColor.White.Luminance, 6);
    }

    [Fact]
    public void ToString_IsTheCssColour() => Assert.Equal("#e69f00", EmotionPalette.ColorOf(Emotion.Surprise).ToString());

    [Fact]
    public void Timeline_HasTheSameColours()
    {
        using var svg = new StringWriter();
        TimelineExport.WriteSvg(new EmotionTimeline().ToSnapshot(), svg);
        Assert.All(Enum.GetValues<Emotion>(), emotion => Assert.Matches($"(?i)fill=\"{EmotionPalette.ColorOf(emotion)}\"/><text [^>]*>{emotion}<", svg.ToString()));
    }
}
