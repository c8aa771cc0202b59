using System.Globalization;
using System.Text;
using System.Text.Json;

namespace FerSharp.Cli.Output;

/// <summary>Names of values as the outputs write them.</summary>
internal static class Words
{
    /// <summary>All expressions, in the order of the enum.</summary>
    public static IReadOnlyList<Emotion> Expressions { get; } = Enum.GetValues<Emotion>();

    /// <summary>A value's name in camel case, as in manifests: <c>lowQuality</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>A camel-case name as separate words: <c>low quality</c>.</summary>
    public static string Spaced(string camelCase)
    {
        var text = new StringBuilder();
        foreach (char c in camelCase)
        {
            if (char.IsUpper(c))
            {
                text.Append(' ');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    /// <summary>A time in a video: minutes, seconds and tenths, with hours where there are any.</summary>
    public static string Clock(TimeSpan time) => time.ToString(time.TotalHours >= 1 ? @"h\:mm\:ss\.f" : @"m\:ss\.f", CultureInfo.InvariantCulture);

    /// <summary>A number and its noun: <c>1 face</c>, <c>2 faces</c>.</summary>
    public static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
