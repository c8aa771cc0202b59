using System.Text;

namespace FerSharp.Evaluation;

/// <summary>Makes texts from outside (names of files, classes, models) fit for pages and charts.</summary>
internal static class ReportText
{
    /// <summary>
    /// Replaces by U+FFFD what XML 1.0 cannot hold in any form: control characters other than tab and line ends, halves of surrogate pairs, U+FFFE, U+FFFF.
    /// </summary>
    public static string Clean(string text)
    {
        StringBuilder? clean = null;
        for (int i = 0; i < text.Length; i++)
        {
            bool pair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (!pair && !System.Xml.XmlConvert.IsXmlChar(text[i]))
            {
                clean ??= new StringBuilder(text);
                clean[i] = '\uFFFD';
            }

            i += pair ? 1 : 0;
        }

        return clean?.ToString() ?? text;
    }

    /// <summary>The text, clean and in one line: pages and Markdown end their lines themselves.</summary>
    public static string Line(string text) => Clean(text).ReplaceLineEndings(" ");

    /// <summary>A name in a chart: clean, in one line, at most 40 characters; of a longer one both ends, which tell it from its neighbours.</summary>
    public static string Name(string text)
    {
        string name = Line(text);
        if (name.Length <= 40)
        {
            return name;
        }

        // Not through the middle of a surrogate pair.
        int head = char.IsHighSurrogate(name[21]) ? 21 : 22, tail = char.IsLowSurrogate(name[^17]) ? 16 : 17;
        return $"{name[..head]}…{name[^tail..]}";
    }
}
