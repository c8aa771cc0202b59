using System.Numerics;
using System.Runtime.InteropServices;
using FerSharp.Imaging;
using FerSharp.Media;

namespace FerSharp.Evaluation;

/// <summary>The work of <see cref="Perturbation"/>. Each method makes a new picture of the same size and format.</summary>
internal static class PerturbationFilters
{
    // Middle gray: neither a dark hole nor a light, so that the mean brightness of a face hardly moves.
    private const float Cover = 128;

    /// <summary>Gaussian blur, weights cut off at three sigma; the edge goes on outside.</summary>
    public static Frame Blur(in FrameView frame, double sigma)
    {
        var planes = PixelPlanes.Read(frame, frame.Format);
        (int width, int height) = (planes.Width, planes.Height);
        float[] weights = GaussianWeights(sigma);
        int reach = weights.Length / 2;
        float[] padded = new float[width + (2 * reach)];
        float[] across = new float[width * height];
        for (int p = 0; p < planes.Count; p++)
        {
            Span<float> plane = planes.Plane(p);
            Array.Clear(across);
            for (int y = 0; y < height; y++)
            {
                Span<float> row = plane.Slice(y * width, width);
                padded.AsSpan(0, reach).Fill(row[0]);
                row.CopyTo(padded.AsSpan(reach));
                padded.AsSpan(reach + width).Fill(row[^1]);
                for (int k = 0; k < weights.Length; k++)
                {
                    AddScaled(padded.AsSpan(k, width), weights[k], across.AsSpan(y * width, width));
                }
            }

            plane.Clear();
            for (int y = 0; y < height; y++)
            {
                for (int k = 0; k < weights.Length; k++)
                {
                    AddScaled(across.AsSpan(Math.Clamp(y + k - reach, 0, height - 1) * width, width), weights[k], plane.Slice(y * width, width));
                }
            }
        }

        return planes.ToFrame(frame.Format);
    }

    public static Frame Noise(in FrameView frame, double deviation, SeededNumbers random)
    {
        var planes = PixelPlanes.Read(frame, frame.Format);
        foreach (ref float value in planes.Values.AsSpan())
        {
            value += (float)(deviation * random.Normal());
        }

        return planes.ToFrame(frame.Format);
    }

    public static Frame Gamma(in FrameView frame, double exponent)
    {
        float[] table = [.. Enumerable.Range(0, 256).Select(level => (float)(255 * Math.Pow(level / 255.0, exponent)))];
        var planes = PixelPlanes.Read(frame, frame.Format);
        foreach (ref float value in planes.Values.AsSpan())
        {
            value = table[(int)MathF.Round(value)];
        }

        return planes.ToFrame(frame.Format);
    }

    public static Frame Jpeg(in FrameView frame, int quality)
    {
        using Frame decoded = ImageFile.Load(ImageFile.Encode(frame, ImageSaveFormat.Jpeg, quality));
        return PixelPlanes.Read(decoded.View, frame.Format).ToFrame(frame.Format);
    }

    public static Frame Rotate(in FrameView frame, double degrees, PointF centre)
    {
        // From the new picture back to the old one: the other way round.
        (double sin, double cos) = Math.SinCos(-degrees * Math.PI / 180);
        var map = new AffineTransform(
            (float)cos, (float)-sin, (float)(centre.X - (cos * centre.X) + (sin * centre.Y)), (float)sin, (float)cos, (float)(centre.Y - (sin * centre.X) - (cos * centre.Y)));
        return PixelPlanes.Sample(frame, frame.Format, frame.Width, frame.Height, map, SamplingMode.Bilinear).ToFrame(frame.Format);
    }

    public static Frame Downscale(in FrameView frame, double factor)
    {
        int width = Math.Max(1, (int)Math.Round(frame.Width * factor)), height = Math.Max(1, (int)Math.Round(frame.Height * factor));
        using Frame small = PixelPlanes.Sample(
            frame, frame.Format, width, height, AffineTransform.Stretch(new RectF(0, 0, frame.Width, frame.Height), width, height), SamplingMode.Area).ToFrame(frame.Format);
        var back = AffineTransform.Stretch(new RectF(0, 0, width, height), frame.Width, frame.Height);
        return PixelPlanes.Sample(small.View, frame.Format, frame.Width, frame.Height, back, SamplingMode.Bilinear).ToFrame(frame.Format);
    }

    public static Frame Occlude(in FrameView frame, double share, in RectF face, SeededNumbers random)
    {
        int left = Math.Clamp((int)MathF.Round(face.X), 0, frame.Width - 1), right = Math.Clamp((int)MathF.Round(face.Right), left + 1, frame.Width);
        int top = Math.Clamp((int)MathF.Round(face.Y), 0, frame.Height - 1), bottom = Math.Clamp((int)MathF.Round(face.Bottom), top + 1, frame.Height);

        // The width first; the height then makes up for its rounding.
        int width = Math.Clamp((int)Math.Round((right - left) * Math.Sqrt(share)), 1, right - left);
        int height = Math.Clamp((int)Math.Round(share * (right - left) * (bottom - top) / width), 1, bottom - top);
        int x = left + random.Below(right - left - width + 1), y = top + random.Below(bottom - top - height + 1);
        var planes = PixelPlanes.Read(frame, frame.Format);
        for (int p = 0; p < planes.Count; p++)
        {
            for (int row = y; row < y + height; row++)
            {
                planes.Plane(p).Slice((row * planes.Width) + x, width).Fill(Cover);
            }
        }

        return planes.ToFrame(frame.Format);
    }

    private static float[] GaussianWeights(double sigma)
    {
        int reach = Math.Max(1, (int)Math.Ceiling(3 * sigma));
        double[] weights = [.. Enumerable.Range(-reach, (2 * reach) + 1).Select(i => Math.Exp(-(double)i * i / (2 * sigma * sigma)))];
        double sum = weights.Sum();
        return [.. weights.Select(weight => (float)(weight / sum))];
    }

    /// <summary>Adds a row times a weight. Product and sum are rounded apart in either loop, so the width of vectors does not matter.</summary>
    private static void AddScaled(ReadOnlySpan<float> row, float weight, Span<float> sum)
    {
        ReadOnlySpan<Vector<float>> rows = MemoryMarshal.Cast<float, Vector<float>>(row);
        Span<Vector<float>> sums = MemoryMarshal.Cast<float, Vector<float>>(sum);
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] += rows[i] * weight;
        }

        for (int i = sums.Length * Vector<float>.Count; i < sum.Length; i++)
        {
            sum[i] += row[i] * weight;
        }
    }
}
