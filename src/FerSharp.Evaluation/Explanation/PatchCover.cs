namespace FerSharp.Evaluation;

/// <summary>Copies of a face, in each of which one patch is covered; the copies are used again and again.</summary>
internal sealed class PatchCover
{
    private readonly FrameView _source;
    private readonly FaceDetection _face;
    private readonly bool _whole;
    private readonly (int X, int Y) _origin;
    private readonly int[] _lefts;
    private readonly int[] _tops;
    private readonly int _patch;
    private readonly byte[][] _slots;

    public PatchCover(in FaceRegion region, OcclusionOptions options)
    {
        RectF box = region.Face.Box;
        (int left, int right) = Span(box.X, box.Right, region.Frame.Width);
        (int top, int bottom) = Span(box.Y, box.Bottom, region.Frame.Height);
        int side = Math.Min(right - left, bottom - top);
        _patch = Math.Max(1, (int)Math.Round(options.PatchSize * side));
        int stride = Math.Max(1, (int)Math.Round(options.Stride * side));

        // A box's length around the face is more than any classifier's margin; the rest of a large picture is not copied for each patch.
        int margin = Math.Max(right - left, bottom - top);
        (int cutLeft, int cutTop) = (Math.Max(0, left - margin), Math.Max(0, top - margin));
        _source = region.Frame.Slice(cutLeft, cutTop, Math.Min(region.Frame.Width, right + margin) - cutLeft, Math.Min(region.Frame.Height, bottom + margin) - cutTop);
        _origin = (cutLeft, cutTop);
        _whole = region.IsWhole;
        _face = Moved(region.Face, -cutLeft, -cutTop);
        _lefts = Starts(left - cutLeft, right - cutLeft - _patch, stride);
        _tops = Starts(top - cutTop, bottom - cutTop - _patch, stride);
        _slots = new byte[Math.Min(options.BatchSize, Count)][];
        for (int slot = 0; slot < _slots.Length; slot++)
        {
            _slots[slot] = new byte[RowBytes * _source.Height];
            for (int y = 0; y < _source.Height; y++)
            {
                _source.GetRow(y).CopyTo(_slots[slot].AsSpan(y * RowBytes));
            }
        }
    }

    public int Columns => _lefts.Length;

    /// <summary>Number of patches; they run row by row.</summary>
    public int Count => _lefts.Length * _tops.Length;

    public int Slots => _slots.Length;

    private int RowBytes => _source.Width * PixelBytes;

    private int PixelBytes => _source.Format.BytesPerPixel();

    public RectF PatchInPicture(int index) => new(_lefts[index % Columns] + _origin.X, _tops[index / Columns] + _origin.Y, _patch, _patch);

    public FaceRegion Region(int slot)
    {
        var view = new FrameView(_slots[slot], _source.Width, _source.Height, _source.Format);
        return _whole ? FaceRegion.Whole(view) : new FaceRegion(view, _face);
    }

    public void Cover(int slot, int index)
    {
        (int x, int y) = (_lefts[index % Columns], _tops[index / Columns]);
        Span<byte> colour = stackalloc byte[PixelBytes];
        RingMean(x, y, colour);
        for (int row = y; row < y + _patch; row++)
        {
            Span<byte> pixels = _slots[slot].AsSpan((row * RowBytes) + (x * PixelBytes), _patch * PixelBytes);
            for (int i = 0; i < pixels.Length; i += PixelBytes)
            {
                colour.CopyTo(pixels[i..]);
            }
        }
    }

    public void Restore(int slot, int index)
    {
        (int x, int y) = (_lefts[index % Columns], _tops[index / Columns]);
        for (int row = y; row < y + _patch; row++)
        {
            _source.GetRow(row).Slice(x * PixelBytes, _patch * PixelBytes).CopyTo(_slots[slot].AsSpan((row * RowBytes) + (x * PixelBytes)));
        }
    }

    /// <summary>Mean of the pixels around the patch, half a patch wide; of the patch itself where it fills the picture.</summary>
    private void RingMean(int x, int y, Span<byte> colour)
    {
        int reach = Math.Max(1, _patch / 2);
        Span<long> sums = stackalloc long[4];
        sums.Clear();
        int count = 0;
        bool fills = _patch >= _source.Width && _patch >= _source.Height;
        for (int row = Math.Max(0, y - reach); row < Math.Min(_source.Height, y + _patch + reach); row++)
        {
            ReadOnlySpan<byte> pixels = _source.GetRow(row);
            for (int column = Math.Max(0, x - reach); column < Math.Min(_source.Width, x + _patch + reach); column++)
            {
                if (fills || row < y || row >= y + _patch || column < x || column >= x + _patch)
                {
                    for (int c = 0; c < PixelBytes; c++)
                    {
                        sums[c] += pixels[(column * PixelBytes) + c];
                    }

                    count++;
                }
            }
        }

        for (int c = 0; c < PixelBytes; c++)
        {
            colour[c] = (byte)((sums[c] + (count / 2)) / count);
        }
    }

    /// <summary>The whole pixels of the picture that a box touches on one axis; at least one.</summary>
    private static (int From, int To) Span(float from, float to, int length)
    {
        int first = Math.Clamp((int)MathF.Floor(MathF.Max(from, 0)), 0, length - 1);
        return (first, Math.Clamp((int)MathF.Ceiling(MathF.Min(to, length)), first + 1, length));
    }

    /// <summary>Where patches begin: a stride apart, the last one flush with the box's end.</summary>
    private static int[] Starts(int first, int last, int stride)
    {
        var starts = new List<int>();
        for (int start = first; start < last; start += stride)
        {
            starts.Add(start);
        }

        return [.. starts, last];
    }

    private static FaceDetection Moved(in FaceDetection face, int x, int y)
    {
        PointF Point(PointF point) => new(point.X + x, point.Y + y);
        FaceLandmarks marks = face.Landmarks;
        return face with
        {
            Box = face.Box with { X = face.Box.X + x, Y = face.Box.Y + y },
            Landmarks = marks.IsEmpty ? marks : new FaceLandmarks(Point(marks.LeftEye), Point(marks.RightEye), Point(marks.Nose), Point(marks.LeftMouth), Point(marks.RightMouth)),
        };
    }
}
