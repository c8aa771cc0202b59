using FerSharp.Imaging;

namespace FerSharp.Evaluation;

/// <summary>Drops of a score, spread over the pixels of a face: each pixel has the mean drop of the patches that cover it, the nearer a patch's centre the heavier; 0 where none does.</summary>
internal sealed class HeatMap
{
    private const float MostOpacity = 0.7f;

    // Vermilion and blue of Okabe and Ito's palette, as red, green, blue.
    private static readonly float[] For = [213, 94, 0];
    private static readonly float[] Against = [0, 114, 178];

    private readonly int _left;
    private readonly int _top;
    private readonly int _width;
    private readonly int _height;
    private readonly float[] _values;

    public HeatMap(IReadOnlyList<OcclusionCell> cells)
    {
        RectF first = cells[0].Patch, last = cells[^1].Patch;
        (_left, _top, _width, _height) = ((int)first.X, (int)first.Y, (int)(last.Right - first.X), (int)(last.Bottom - first.Y));
        _values = new float[_width * _height];
        float[] weights = new float[_values.Length];
        int side = (int)first.Width;

        // A tent over the patch: without it, patches leave seams at their edges.
        float[] tent = [.. Enumerable.Range(0, side).Select(i => 1 - MathF.Abs(((i + 0.5f) * 2 / side) - 1))];
        foreach (OcclusionCell cell in cells)
        {
            int start = (((int)cell.Patch.Y - _top) * _width) + (int)cell.Patch.X - _left;
            for (int i = 0; i < side * side; i++)
            {
                int at = start + (i / side * _width) + (i % side);
                float weight = tent[i / side] * tent[i % side];
                _values[at] += weight * cell.Drop;
                weights[at] += weight;
            }
        }

        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] = weights[i] > 0 ? _values[i] / weights[i] : 0;
            Largest = MathF.Max(Largest, MathF.Abs(_values[i]));
        }
    }

    /// <summary>The largest value, without its sign.</summary>
    public float Largest { get; }

    public Frame Draw(in FrameView frame, float scale, int enlarge)
    {
        (int width, int height) = (checked(frame.Width * enlarge), checked(frame.Height * enlarge));
        var whole = AffineTransform.Stretch(new RectF(0, 0, frame.Width, frame.Height), width, height);
        ReadOnlySpan<float> gray = PixelPlanes.Sample(frame, PixelFormat.Gray8, width, height, whole, SamplingMode.Bilinear).Plane(0);
        byte[] pixels = new byte[checked(width * height * 4)];
        for (int i = 0; i < gray.Length; i++)
        {
            float value = ValueAt(whole.Apply(new PointF((i % width) + 0.5f, (i / width) + 0.5f))) / scale;
            float opacity = MostOpacity * MathF.Abs(value);
            float[] colour = value > 0 ? For : Against;
            for (int c = 0; c < 3; c++)
            {
                pixels[(i * 4) + 2 - c] = (byte)MathF.Round(gray[i] + (opacity * (colour[c] - gray[i])));
            }

            pixels[(i * 4) + 3] = 255;
        }

        return Frame.CopyOf(new FrameView(pixels, width, height, PixelFormat.Bgra32));
    }

    private float ValueAt(PointF point)
    {
        (float x, float y) = (point.X - _left, point.Y - _top);
        if (x < 0 || y < 0 || x >= _width || y >= _height)
        {
            return 0;
        }

        (x, y) = (Math.Clamp(x - 0.5f, 0, _width - 1), Math.Clamp(y - 0.5f, 0, _height - 1));
        (int left, int top) = ((int)x, (int)y);
        (int right, int bottom) = (Math.Min(left + 1, _width - 1), Math.Min(top + 1, _height - 1));
        (x, y) = (x - left, y - top);
        float above = ((1 - x) * _values[(top * _width) + left]) + (x * _values[(top * _width) + right]);
        float below = ((1 - x) * _values[(bottom * _width) + left]) + (x * _values[(bottom * _width) + right]);
        return ((1 - y) * above) + (y * below);
    }
}
