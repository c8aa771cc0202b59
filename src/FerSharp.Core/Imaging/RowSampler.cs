using System.Runtime.CompilerServices;

namespace FerSharp.Imaging;

/// <summary>
/// Reads rows of bilinear samples from a picture as planes of floats in pixel units (0 to 255): red, green and blue, or luma alone for a
/// gray picture. The scalar methods are the definition; the vector methods (RowSampler.Avx2.cs) compute the same.
/// </summary>
internal static partial class RowSampler<TLayout>
    where TLayout : struct, IPixelLayout
{
    public static int Planes => TLayout.BytesPerPixel == 1 ? 1 : 3;

    /// <summary>Samples along a line at any angle.</summary>
    public static void SampleLine(in SampleSource source, float x, float y, float stepX, float stepY, Span<float> planes, int width, bool vector)
    {
        int done = vector && width >= Lanes && IsVectorizable(source) ? SampleLineVector(source, x, y, stepX, stepY, planes, width) : 0;
        for (int i = done; i < width; i++)
        {
            Tap across = Tap.At(MathF.FusedMultiplyAdd(stepX, i, x), source.Width, source.Replicate);
            Tap down = Tap.At(MathF.FusedMultiplyAdd(stepY, i, y), source.Height, source.Replicate);
            int offset = (down.First * source.Stride) + (across.First * TLayout.BytesPerPixel);
            float w00 = across.FirstWeight * down.FirstWeight, w01 = across.SecondWeight * down.FirstWeight;
            float w10 = across.FirstWeight * down.SecondWeight, w11 = across.SecondWeight * down.SecondWeight;
            float pad = source.Pad * (1 - (w00 + w01 + w10 + w11));
            ReadOnlySpan<byte> pixels = source.Pixels;
            if (Planes == 1)
            {
                planes[i] = Blend(pixels, offset, source, w00, w01, w10, w11, pad);
            }
            else
            {
                planes[i] = Blend(pixels, offset + TLayout.Red, source, w00, w01, w10, w11, pad);
                planes[width + i] = Blend(pixels, offset + TLayout.Green, source, w00, w01, w10, w11, pad);
                planes[(2 * width) + i] = Blend(pixels, offset + TLayout.Blue, source, w00, w01, w10, w11, pad);
            }
        }
    }

    /// <summary>Samples one row of the picture at prepared columns (no blending between rows).</summary>
    public static void SampleRow(in SampleSource source, int row, in ColumnTaps taps, Span<float> planes, int width, bool vector)
    {
        int start = row * source.Stride;
        int done = vector && width >= Lanes && IsVectorizable(source) ? SampleRowVector(source, start, taps, planes, width) : 0;
        ReadOnlySpan<byte> pixels = source.Pixels;
        for (int i = done; i < width; i++)
        {
            int offset = start + taps.Offsets[i];
            float first = taps.FirstWeights[i], second = taps.SecondWeights[i];
            float pad = source.Pad * (1 - (first + second));
            int next = offset + source.NextColumn;
            if (Planes == 1)
            {
                planes[i] = (pixels[offset] * first) + (pixels[next] * second) + pad;
            }
            else
            {
                planes[i] = (pixels[offset + TLayout.Red] * first) + (pixels[next + TLayout.Red] * second) + pad;
                planes[width + i] = (pixels[offset + TLayout.Green] * first) + (pixels[next + TLayout.Green] * second) + pad;
                planes[(2 * width) + i] = (pixels[offset + TLayout.Blue] * first) + (pixels[next + TLayout.Blue] * second) + pad;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Blend(ReadOnlySpan<byte> pixels, int offset, in SampleSource source, float w00, float w01, float w10, float w11, float pad) =>
        (pixels[offset] * w00) + (pixels[offset + source.NextColumn] * w01)
        + (pixels[offset + source.NextRow] * w10) + (pixels[offset + source.NextColumn + source.NextRow] * w11) + pad;
}

/// <summary>A picture as the sampler reads it.</summary>
internal readonly ref struct SampleSource
{
    public SampleSource(in FrameView frame, BorderMode border, float pad)
    {
        Pixels = frame.Pixels.Span;
        Width = frame.Width;
        Height = frame.Height;
        Stride = frame.Stride;
        NextColumn = frame.Width > 1 ? frame.Format.BytesPerPixel() : 0;
        NextRow = frame.Height > 1 ? frame.Stride : 0;
        Replicate = border == BorderMode.Replicate;
        Pad = Replicate ? 0 : pad;
    }

    public ReadOnlySpan<byte> Pixels { get; }

    public int Width { get; }

    public int Height { get; }

    public int Stride { get; }

    /// <summary>Bytes to the successor along a row; 0 where the picture has one column.</summary>
    public int NextColumn { get; }

    /// <summary>Bytes to the successor along a column; 0 where the picture has one row.</summary>
    public int NextRow { get; }

    public bool Replicate { get; }

    /// <summary>Pixel value outside the picture; 0 where the edge is replicated.</summary>
    public float Pad { get; }
}

/// <summary>Taps of all columns of a tensor row, for maps that keep rows rows: byte offset in the row, and the two weights.</summary>
internal readonly ref struct ColumnTaps(Span<int> offsets, Span<float> firstWeights, Span<float> secondWeights)
{
    public Span<int> Offsets { get; } = offsets;

    public Span<float> FirstWeights { get; } = firstWeights;

    public Span<float> SecondWeights { get; } = secondWeights;

    public void Fill(in SampleSource source, int bytesPerPixel, float x, float step)
    {
        for (int i = 0; i < Offsets.Length; i++)
        {
            Tap tap = Tap.At(MathF.FusedMultiplyAdd(step, i, x), source.Width, source.Replicate);
            Offsets[i] = tap.First * bytesPerPixel;
            FirstWeights[i] = tap.FirstWeight;
            SecondWeights[i] = tap.SecondWeight;
        }
    }
}
