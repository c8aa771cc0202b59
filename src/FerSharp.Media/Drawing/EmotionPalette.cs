using System.Globalization;

namespace FerSharp.Media;

/// <summary>A colour of the sRGB colour space, one byte a channel.</summary>
/// <param name="R">Red, 0 to 255.</param>
/// <param name="G">Green, 0 to 255.</param>
/// <param name="B">Blue, 0 to 255.</param>
public readonly record struct RgbColor(byte R, byte G, byte B)
{
    /// <summary>Black.</summary>
    public static RgbColor Black => default;

    /// <summary>White.</summary>
    public static RgbColor White => new(255, 255, 255);

    /// <summary>Relative luminance, 0 (black) to 1 (white), as WCAG 2.1 (W3C, 2018) defines it.</summary>
    public double Luminance => (0.2126 * Linear(R)) + (0.7152 * Linear(G)) + (0.0722 * Linear(B));

    /// <summary>Black or white, whichever reads better on this colour: the one with the higher contrast ratio of WCAG 2.1.</summary>
    public RgbColor TextColor
    {
        get
        {
            // (1 + 0.05) / (L + 0.05) against (L + 0.05) / (0 + 0.05).
            double l = Luminance + 0.05;
            return l * l < 1.05 * 0.05 ? White : Black;
        }
    }

    /// <summary>The colour as CSS writes it, such as <c>#e69f00</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"#{R:x2}{G:x2}{B:x2}");

    private static double Linear(byte channel)
    {
        double c = channel / 255.0;
        return c <= 0.03928 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
    }
}

/// <summary>One colour for each expression, the same in every picture, page and plot.</summary>
/// <remarks>
/// The colours can be told apart with the common forms of colour blindness: Okabe and Ito, Color Universal Design, 2008. Their black is
/// replaced by a middle gray, because black does not show on photographs. Do not let colour speak alone: put the name beside it.
/// </remarks>
public static class EmotionPalette
{
    private static readonly RgbColor[] Colors =
    [
        new(0x99, 0x99, 0x99), // Neutral: gray
        new(0xF0, 0xE4, 0x42), // Happiness: yellow
        new(0xE6, 0x9F, 0x00), // Surprise: orange
        new(0x00, 0x72, 0xB2), // Sadness: blue
        new(0xD5, 0x5E, 0x00), // Anger: vermillion
        new(0x00, 0x9E, 0x73), // Disgust: bluish green
        new(0xCC, 0x79, 0xA7), // Fear: reddish purple
        new(0x56, 0xB4, 0xE9), // Contempt: sky blue
    ];

    /// <summary>The colour of an expression.</summary>
    /// <param name="emotion">The expression.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not a defined expression.</exception>
    public static RgbColor ColorOf(Emotion emotion) => emotion <= Emotion.Contempt
        ? Colors[(int)emotion]
        : throw new ArgumentOutOfRangeException(nameof(emotion), emotion, "Not a defined expression.");
}
