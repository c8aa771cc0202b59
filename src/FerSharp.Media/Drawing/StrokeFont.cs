using SkiaSharp;

namespace FerSharp.Media;

/// <summary>A single-line font of our own, drawn as strokes: text looks the same everywhere, also where no font is installed.</summary>
/// <remarks>
/// Glyphs are SVG paths (W3C, SVG 1.1, 2011) on a grid of 14 units from baseline (y = 0) to cap height (y = -14), x-height 10, descender 4.
/// Not thread-safe: one instance for each drawing.
/// </remarks>
internal sealed class StrokeFont : IDisposable
{
    private const float CapHeight = 14;
    private const float Spacing = 3.6f;
    private const float SpaceWidth = 3;
    private const string Bowl = "M8-5A4 5 0 1 1 0-5A4 5 0 1 1 8-5Z";

    private static readonly Dictionary<char, (float Width, string Path)> Glyphs = new()
    {
        ['A'] = (10, "M0 0L5-14L10 0M1.8-5H8.2"),
        ['B'] = (9, "M0 0V-14H4.8A3.5 3.5 0 0 1 4.8-7H0M4.8-7H5.5A3.5 3.5 0 0 1 5.5 0H0"),
        ['C'] = (9.4f, "M9.4-11.9A5.5 7 0 1 0 9.4-2.1"),
        ['D'] = (10, "M0 0V-14H3.5A6.5 7 0 0 1 3.5 0Z"),
        ['E'] = (8, "M8-14H0V0H8M0-7H7"),
        ['F'] = (8, "M8-14H0V0M0-7H7"),
        ['G'] = (10.8f, "M9.4-11.9A5.5 7 0 1 0 10.9-6H6.8"),
        ['H'] = (9.5f, "M0 0V-14M9.5 0V-14M0-7H9.5"),
        ['I'] = (0, "M0 0V-14"),
        ['J'] = (6.5f, "M6.5-14V-3.5A3.25 3.5 0 0 1 0-3.5"),
        ['K'] = (9, "M0 0V-14M9-14L0-5.5M3.3-8.6L9 0"),
        ['L'] = (7.5f, "M0-14V0H7.5"),
        ['M'] = (11.5f, "M0 0V-14L5.75-4L11.5-14V0"),
        ['N'] = (9.5f, "M0 0V-14L9.5 0V-14"),
        ['O'] = (11, "M5.5-14A5.5 7 0 1 1 5.5 0A5.5 7 0 1 1 5.5-14Z"),
        ['P'] = (8.5f, "M0 0V-14H4.7A3.8 3.8 0 0 1 4.7-6.4H0"),
        ['Q'] = (11, "M5.5-14A5.5 7 0 1 1 5.5 0A5.5 7 0 1 1 5.5-14ZM7-3.5L11 1"),
        ['R'] = (9, "M0 0V-14H4.9A3.7 3.7 0 0 1 4.9-6.6H0M4.7-6.6L9 0"),
        ['S'] = (8.4f, "M8-11.6C7.2-13.2 5.8-14 4.2-14C2-14 .4-12.6 .4-10.6C.4-8.4 2.2-7.7 4.3-7.2C6.6-6.6 8.4-5.8 8.4-3.6C8.4-1.4 6.6 0 4.3 0C2.3 0 .7-1 0-2.8"),
        ['T'] = (9, "M0-14H9M4.5-14V0"),
        ['U'] = (9.5f, "M0-14V-4.75A4.75 4.75 0 0 0 9.5-4.75V-14"),
        ['V'] = (10, "M0-14L5 0L10-14"),
        ['W'] = (14, "M0-14L3.5 0L7-12L10.5 0L14-14"),
        ['X'] = (9, "M0-14L9 0M9-14L0 0"),
        ['Y'] = (9, "M0-14L4.5-7L9-14M4.5-7V0"),
        ['Z'] = (9, "M0-14H9L0 0H9"),
        ['a'] = (8, Bowl + "M8-10V0"),
        ['b'] = (8, Bowl + "M0-14V0"),
        ['c'] = (6.8f, "M6.7-8.7A4 5 0 1 0 6.7-1.3"),
        ['d'] = (8, Bowl + "M8-14V0"),
        ['e'] = (8, "M0-5H8A4 5 0 1 0 6.8-1.4"),
        ['f'] = (5.2f, "M5.2-14H4.8A2.8 2.8 0 0 0 2-11.2V0M0-10H4.8"),
        ['g'] = (8, Bowl + "M8-10V0A4 4 0 0 1 .8 2.2"),
        ['h'] = (7.5f, "M0-14V0M0-6.25A3.75 3.75 0 0 1 7.5-6.25V0"),
        ['i'] = (0, "M0-10V0M0-13.6h.01"),
        ['j'] = (2.4f, "M2.4-10V1A2.6 2.6 0 0 1 0 3.6M2.4-13.6h.01"),
        ['k'] = (7.4f, "M0-14V0M7-10L0-3.8M2.8-6.2L7.4 0"),
        ['l'] = (2.2f, "M0-14V-2.2A2.2 2.2 0 0 0 2.2 0"),
        ['m'] = (12.4f, "M0-10V0M0-6.9A3.1 3.1 0 0 1 6.2-6.9V0M6.2-6.9A3.1 3.1 0 0 1 12.4-6.9V0"),
        ['n'] = (7.5f, "M0-10V0M0-6.25A3.75 3.75 0 0 1 7.5-6.25V0"),
        ['o'] = (8, Bowl),
        ['p'] = (8, Bowl + "M0-10V4"),
        ['q'] = (8, Bowl + "M8-10V4"),
        ['r'] = (4.4f, "M0-10V0M0-6A4 4 0 0 1 4-10H4.4"),
        ['s'] = (6.6f, "M6.2-8.3C5.6-9.4 4.6-10 3.3-10C1.6-10 .4-9 .4-7.6C.4-6 1.8-5.5 3.4-5.1C5.2-4.7 6.6-4.1 6.6-2.5C6.6-1 5.2 0 3.4 0C1.8 0 .6-.7 0-2"),
        ['t'] = (5, "M2-13.4V-2.6A2.6 2.6 0 0 0 4.6 0H5M0-10H5"),
        ['u'] = (7.5f, "M7.5-10V0M0-10V-3.75A3.75 3.75 0 0 0 7.5-3.75"),
        ['v'] = (8, "M0-10L4 0L8-10"),
        ['w'] = (11, "M0-10L2.75 0L5.5-8.5L8.25 0L11-10"),
        ['x'] = (7.5f, "M0-10L7.5 0M7.5-10L0 0"),
        ['y'] = (8, "M0-10L4.1 0M8-10L3.6 1.2A4 4 0 0 1 .2 4"),
        ['z'] = (7, "M0-10H7L0 0H7"),
        ['0'] = (8.5f, "M4.25-14A4.25 7 0 1 1 4.25 0A4.25 7 0 1 1 4.25-14Z"),
        ['1'] = (8.5f, "M1.6-11.4L5-14V0"),
        ['2'] = (8.5f, "M.4-10.4C.6-12.6 2.2-14 4.3-14C6.6-14 8.1-12.5 8.1-10.4C8.1-8.6 7-7.3 5.4-5.7L.2 0H8.4"),
        ['3'] = (8.5f, "M.4-12C1.2-13.3 2.5-14 4.1-14C6.3-14 7.8-12.7 7.8-10.7C7.8-8.7 6.3-7.4 3.4-7.4C6.7-7.4 8.3-6 8.3-3.8C8.3-1.5 6.5 0 4.1 0C2.2 0 .8-.8 0-2.4"),
        ['4'] = (8.5f, "M6.4 0V-14L0-4.2H8.5"),
        ['5'] = (8.5f, "M7.6-14H1.6L.9-7.8C1.8-8.5 2.9-8.9 4.1-8.9C6.6-8.9 8.3-7.1 8.3-4.5C8.3-1.8 6.5 0 4 0C2.2 0 .8-.8 0-2.3"),
        ['6'] = (8.5f, "M7.3-12.6C6.6-13.5 5.6-14 4.5-14C1.7-14 .2-11 .2-6.2V-4.4M8.4-4.4A4.1 4.4 0 1 1 .2-4.4A4.1 4.4 0 1 1 8.4-4.4Z"),
        ['7'] = (8.5f, "M.2-14H8.4L3.2 0"),
        ['8'] = (8.5f, "M4.25-14A3.5 3.35 0 1 1 4.25-7.3A3.5 3.35 0 1 1 4.25-14ZM4.25-7.3A4.15 3.65 0 1 1 4.25 0A4.15 3.65 0 1 1 4.25-7.3Z"),
        ['9'] = (8.5f, "M1.2-1.4C1.9-.5 2.9 0 4 0C6.8 0 8.3-3 8.3-7.8V-9.6M.1-9.6A4.1 4.4 0 1 1 8.3-9.6A4.1 4.4 0 1 1 .1-9.6Z"),
        ['.'] = (0, "M0-.2h.01"),
        [','] = (.6f, "M.6-.4L0 2.4"),
        [':'] = (0, "M0-.2h.01M0-8.6h.01"),
        [';'] = (.6f, "M.6-.4L0 2.4M.6-8.6h.01"),
        ['!'] = (0, "M0-14V-4.4M0-.2h.01"),
        ['?'] = (7.4f, "M0-11.4C.5-13 1.9-14 3.7-14C5.9-14 7.4-12.7 7.4-10.8C7.4-8 3.7-7.9 3.7-4.4M3.7-.2h.01"),
        ['\''] = (0, "M0-14V-10.6"),
        ['"'] = (3, "M0-14V-10.6M3-14V-10.6"),
        ['`'] = (2, "M0-14L2-11.6"),
        ['-'] = (5, "M0-5.4H5"),
        ['_'] = (8, "M0 2H8"),
        ['~'] = (8, "M0-5.4C1-7.4 2.6-7.4 4-6.2C5.4-5 7-5 8-7"),
        ['+'] = (8, "M0-6H8M4-10V-2"),
        ['='] = (8, "M0-8H8M0-4H8"),
        ['<'] = (7, "M7-10.4L0-6L7-1.6"),
        ['>'] = (7, "M0-10.4L7-6L0-1.6"),
        ['*'] = (6, "M3-14V-8M.4-12.5L5.6-9.5M5.6-12.5L.4-9.5"),
        ['/'] = (6, "M0 1.5L6-15.5"),
        ['\\'] = (6, "M0-15.5L6 1.5"),
        ['|'] = (0, "M0 3V-16"),
        ['('] = (3, "M3-16A12 12 0 0 0 3 3"),
        [')'] = (3, "M0-16A12 12 0 0 1 0 3"),
        ['['] = (3, "M3-16H0V3H3"),
        [']'] = (3, "M0-16H3V3H0"),
        ['{'] = (4, "M4-16C1-16 3-6.5 0-6.5C3-6.5 1 3 4 3"),
        ['}'] = (4, "M0-16C3-16 1-6.5 4-6.5C1-6.5 3 3 0 3"),
        ['#'] = (9, "M3.2-14L1.6 0M7.6-14L6 0M.6-9.6H9M0-4.4H8.4"),
        ['%'] = (12, "M10.6-14L1.4 0M2.6-14A2.6 3.2 0 1 1 2.6-7.6A2.6 3.2 0 1 1 2.6-14ZM9.4-6.4A2.6 3.2 0 1 1 9.4 0A2.6 3.2 0 1 1 9.4-6.4Z"),
        ['&'] = (10, "M10 0L2.4-9.6C1-11.6 2.2-14 4.4-14C6.6-14 7.6-11.6 6.2-10C5-8.8 0-7.4 0-3.8C0-1.4 1.8 0 4 0C7 0 9-2.4 9.4-6"),
        ['$'] = (8.4f, "M8-11.6C7.2-13.2 5.8-14 4.2-14C2-14 .4-12.6 .4-10.6C.4-8.4 2.2-7.7 4.3-7.2C6.6-6.6 8.4-5.8 8.4-3.6C8.4-1.4 6.6 0 4.3 0C2.3 0 .7-1 0-2.8M4.3-16.5V2.5"),
        ['^'] = (7, "M0-10L3.5-14L7-10"),
        ['@'] = (12, "M8.6-8.4A2.6 3 0 1 0 8.6-4.6M8.6-9.4V-5.4C8.6-3 12-3.4 12-7A6 7 0 1 0 8.8-.8"),
    };

    private static readonly (float Width, string Path) Unknown = (7, "M0 0V-14H7V0Z");

    private readonly Dictionary<char, SKPath> _paths = [];
    private readonly SKPaint _paint = new() { IsAntialias = true, IsStroke = true, StrokeCap = SKStrokeCap.Round, StrokeJoin = SKStrokeJoin.Round };

    /// <summary>Width of a line of text in pixels.</summary>
    /// <param name="text">One line.</param>
    /// <param name="size">Cap height in pixels.</param>
    public static float Measure(string text, float size)
    {
        float width = -Spacing;
        foreach (char c in text)
        {
            width += AdvanceOf(c);
        }

        return Math.Max(0, width) * size / CapHeight;
    }

    /// <summary>Draws a line of text.</summary>
    /// <param name="canvas">Where.</param>
    /// <param name="text">One line.</param>
    /// <param name="x">Left edge.</param>
    /// <param name="baseline">Foot of the capitals.</param>
    /// <param name="size">Cap height in pixels.</param>
    /// <param name="color">Colour of the strokes.</param>
    /// <param name="bold">Whether the strokes are thicker.</param>
    public void Draw(SKCanvas canvas, string text, float x, float baseline, float size, SKColor color, bool bold = false)
    {
        float scale = size / CapHeight;
        _paint.Color = color;

        // Below one pixel a stroke fades.
        _paint.StrokeWidth = Math.Max(bold ? 2.7f : 2f, 1.15f / scale);
        canvas.Save();
        canvas.Translate(x, baseline);
        canvas.Scale(scale);
        foreach (char c in text)
        {
            if (c != ' ')
            {
                canvas.DrawPath(PathOf(c), _paint);
            }

            canvas.Translate(AdvanceOf(c), 0);
        }

        canvas.Restore();
    }

    public void Dispose()
    {
        foreach (SKPath path in _paths.Values)
        {
            path.Dispose();
        }

        _paint.Dispose();
    }

    private static float AdvanceOf(char c) => Spacing + (c == ' ' ? SpaceWidth : Glyphs.GetValueOrDefault(c, Unknown).Width);

    private SKPath PathOf(char c)
    {
        if (!_paths.TryGetValue(c, out SKPath? path))
        {
            path = SKPath.ParseSvgPathData(Glyphs.GetValueOrDefault(c, Unknown).Path);
            _paths.Add(c, path);
        }

        return path;
    }
}
