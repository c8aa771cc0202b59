using System.Buffers;
using SkiaSharp;

namespace FerSharp.Media;

/// <summary>Paints boxes, landmarks, labels and score panels into a BGRA picture.</summary>
internal sealed class OverlayPainter : IDisposable
{
    private const float LineHeight = 1.75f;
    private const float Padding = 0.65f;
    private static readonly SKColor Panel = new(0, 0, 0, 190);
    private static readonly SKColor Halo = new(0, 0, 0, 150);
    private static readonly SKColor Gray = new(0xD0, 0xD0, 0xD0);

    private readonly MemoryHandle _pin;
    private readonly SKSurface _surface;
    private readonly SKCanvas _canvas;
    private readonly SKPaint _paint = new() { IsAntialias = true };
    private readonly StrokeFont _font = new();
    private readonly DrawOptions _options;
    private readonly int _width;
    private readonly int _height;

    public OverlayPainter(in FrameView target, DrawOptions options)
    {
        _options = options;
        _width = target.Width;
        _height = target.Height;
        _pin = target.Pixels.Pin();
        var info = new SKImageInfo(_width, _height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        unsafe
        {
            _surface = SKSurface.Create(info, (IntPtr)_pin.Pointer, target.Stride);
        }

        if (_surface is null)
        {
            _pin.Dispose();
            throw new ArgumentException($"Skia cannot draw on a {_width}x{_height} picture; it is too large.", nameof(target));
        }

        _canvas = _surface.Canvas;
    }

    public void Paint(IReadOnlyList<FaceEmotion> faces)
    {
        var layout = new OverlayLayout(_width, _height, [.. faces.Select(f => f.Face.Box)]);
        for (int i = faces.Count - 1; i >= 0; i--)
        {
            PaintBox(faces[i]);
        }

        string[][] texts = _options.Labels ? [.. faces.Select(f => FaceLabel.LinesOf(f, _options.Label))] : [];
        var labels = new RectF[texts.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            labels[i] = PlaceLabel(layout, i, faces[i], texts[i]);
        }

        if (_options.ScoreBars)
        {
            bool contempt = faces.Any(f => f.Scores[Emotion.Contempt] > 0);
            Emotion[] emotions = (contempt ? EmotionSet.All : EmotionSet.Basic).ToArray();
            for (int i = 0; i < faces.Count; i++)
            {
                if (faces[i].Outcome != FaceOutcome.LowQuality && !faces[i].Scores.IsEmpty)
                {
                    PaintScores(layout, i, faces[i], emotions);
                }
            }
        }

        for (int i = 0; i < texts.Length; i++)
        {
            PaintLabel(faces[i], labels[i], texts[i]);
        }

        _canvas.Flush();
    }

    public void Dispose()
    {
        _font.Dispose();
        _paint.Dispose();
        _surface.Dispose();
        _pin.Dispose();
    }

    /// <summary>Cap height of a face's text: legible in the picture as a whole, larger for larger faces.</summary>
    private float TextSize(in FaceEmotion face)
    {
        float side = MathF.Sqrt((float)_width * _height);
        float least = MathF.Max(7, 0.0075f * side);
        float most = MathF.Max(least, 0.018f * side);
        return MathF.Round(Math.Clamp(0.075f * face.Face.Box.Width, least, most) * _options.Scale);
    }

    private static float LineWidth(float size) => MathF.Max(2, MathF.Round(size / 5.5f));

    private static SKColor ColorOf(in FaceEmotion face) =>
        face.Outcome == FaceOutcome.LowQuality || face.Scores.IsEmpty ? Gray : ToSkia(EmotionPalette.ColorOf(face.Scores.Top));

    private static SKColor ToSkia(RgbColor color) => new(color.R, color.G, color.B);

    private static SKRect ToSkia(in RectF r) => new(r.X, r.Y, r.Right, r.Bottom);

    private void PaintBox(in FaceEmotion face)
    {
        RectF box = face.Face.Box;
        float line = LineWidth(TextSize(face));
        float[]? dash = face.Outcome switch
        {
            FaceOutcome.LowQuality => [1.2f * line, 1.8f * line],
            FaceOutcome.Uncertain => [4 * line, 3 * line],
            _ => null,
        };
        if (face.Outcome == FaceOutcome.LowQuality)
        {
            line = MathF.Max(1, MathF.Round(0.6f * line));
        }

        // On whole pixels lines are crisp.
        float shift = line % 2 == 1 ? 0.5f : 0;
        var edges = new SKRect(Edge(box.X, _width), Edge(box.Y, _height), Edge(box.Right, _width), Edge(box.Bottom, _height));
        using SKPathEffect? effect = dash is null ? null : SKPathEffect.CreateDash(dash, 0);
        _paint.IsStroke = true;
        _paint.PathEffect = effect;
        _paint.Color = Halo;
        _paint.StrokeWidth = line + MathF.Max(2, 0.5f * line);
        _canvas.DrawRect(edges, _paint);
        _paint.Color = ColorOf(face);
        _paint.StrokeWidth = line;
        _canvas.DrawRect(edges, _paint);
        _paint.PathEffect = null;
        _paint.IsStroke = false;
        if (_options.Landmarks && !face.Face.Landmarks.IsEmpty)
        {
            float radius = MathF.Max(1.2f, MathF.Min(line, 0.02f * box.Width));
            for (int i = 0; i < FaceLandmarks.Count; i++)
            {
                PointF point = face.Face.Landmarks[i];
                _paint.Color = SKColors.Black;
                _canvas.DrawCircle(point.X, point.Y, radius * 1.5f, _paint);
                _paint.Color = SKColors.White;
                _canvas.DrawCircle(point.X, point.Y, radius, _paint);
            }
        }

        // Far outside the picture a dashed line would cost time and not be seen.
        float Edge(float value, int size) => MathF.Round(Math.Clamp(value, -3 * line, size + (3 * line))) + shift;
    }

    private RectF PlaceLabel(OverlayLayout layout, int index, in FaceEmotion face, string[] lines)
    {
        if (lines.Length == 0)
        {
            return default;
        }

        float size = FittingSize(lines, face);
        float width = lines.Max(l => StrokeFont.Measure(l, size)) + (2 * Padding * size);
        return layout.PlaceLabel(index, MathF.Min(_width, MathF.Ceiling(width)), MathF.Ceiling(((lines.Length - 1) * LineHeight * size) + size + (2 * Padding * size)), LineWidth(size) / 2);
    }

    /// <summary>The text size, made smaller where the picture is narrower than the label.</summary>
    private float FittingSize(string[] lines, in FaceEmotion face)
    {
        float size = TextSize(face);
        float width = lines.Max(l => StrokeFont.Measure(l, size)) + (2 * Padding * size);
        return width <= _width ? size : size * _width / width;
    }

    private void PaintLabel(in FaceEmotion face, in RectF place, string[] lines)
    {
        if (lines.Length == 0)
        {
            return;
        }

        float size = FittingSize(lines, face);
        bool sure = face.Outcome == FaceOutcome.Ok && !face.Scores.IsEmpty;
        SKColor ink = sure ? ToSkia(EmotionPalette.ColorOf(face.Scores.Top).TextColor) : SKColors.White;
        PaintPlate(place, size, sure ? ColorOf(face) : Panel, ColorOf(face));
        float baseline = MathF.Round(place.Y + ((Padding + 1) * size));
        foreach (string line in lines)
        {
            _font.Draw(_canvas, line, place.X + (Padding * size), baseline, size, ink, bold: sure);
            baseline += MathF.Round(LineHeight * size);
        }
    }

    private void PaintPlate(in RectF place, float size, SKColor fill, SKColor edge)
    {
        float radius = 0.3f * size;
        _paint.IsStroke = false;
        _paint.Color = fill;
        _canvas.DrawRoundRect(ToSkia(place), radius, radius, _paint);
        if (edge != fill)
        {
            float line = MathF.Max(1, 0.12f * size);
            _paint.IsStroke = true;
            _paint.StrokeWidth = line;
            _paint.Color = edge;
            _canvas.DrawRoundRect(new SKRect(place.X + (line / 2), place.Y + (line / 2), place.Right - (line / 2), place.Bottom - (line / 2)), radius, radius, _paint);
            _paint.IsStroke = false;
        }
    }

    private void PaintScores(OverlayLayout layout, int index, in FaceEmotion face, Emotion[] emotions)
    {
        float size = MathF.Max(6 * _options.Scale, MathF.Round(0.8f * TextSize(face)));
        float pad = Padding * size;
        float row = MathF.Round(1.6f * size);
        float height = (2 * pad) + (emotions.Length * row) - (row - size);
        bool full = true;
        float names = emotions.Max(e => StrokeFont.Measure(NameOf(e, true), size));
        float bar = 6 * size;
        float values = StrokeFont.Measure("0.00", size) + pad;
        if (!layout.TryPlacePanel(index, MathF.Ceiling((3 * pad) + names + bar + values), height, pad, out RectF place))
        {
            full = false;
            names = emotions.Max(e => StrokeFont.Measure(NameOf(e, false), size));
            bar = 3 * size;
            values = 0;
            if (!layout.TryPlacePanel(index, MathF.Ceiling((3 * pad) + names + bar), height, pad, out place))
            {
                return;
            }
        }

        PaintPlate(place, size, Panel, ColorOf(face));
        float left = place.X + pad + names + pad;
        float baseline = MathF.Round(place.Y + pad + size);
        foreach (Emotion emotion in emotions)
        {
            float score = face.Scores[emotion];
            bool top = emotion == face.Scores.Top;
            SKColor ink = top ? SKColors.White : Gray;
            _font.Draw(_canvas, NameOf(emotion, full), place.X + pad, baseline, size, ink, top);
            _paint.Color = new SKColor(255, 255, 255, 50);
            _canvas.DrawRect(new SKRect(left, baseline - size, left + bar, baseline), _paint);
            _paint.Color = ToSkia(EmotionPalette.ColorOf(emotion));
            _canvas.DrawRect(new SKRect(left, baseline - size, left + (bar * Math.Clamp(score, 0, 1)), baseline), _paint);
            if (full)
            {
                _font.Draw(_canvas, FaceLabel.Number(score), left + bar + pad, baseline, size, ink, top);
            }

            baseline += row;
        }
    }

    private static string NameOf(Emotion emotion, bool full) => full ? emotion.ToString() : emotion.ToString()[..3];
}
