using System.Buffers;

namespace FerSharp.Testing;

/// <summary>Finds and reads drawn faces in plain C#: what the fakes do unless told otherwise. Works on the luma; allocates nothing in the long run.</summary>
internal static class SyntheticVision
{
    private const float SkinLuma = 130;

    /// <summary>Writes the bright, compact, upright ellipses of a picture, in no order.</summary>
    public static int Find(in FrameView frame, Span<FaceDetection> destination)
    {
        int width = frame.Width;
        int size = width * frame.Height;
        byte[] seen = ArrayPool<byte>.Shared.Rent(size);
        int[] stack = ArrayPool<int>.Shared.Rent(size);
        int count = 0;
        try
        {
            for (int i = 0; i < size; i++)
            {
                seen[i] = FrameTransforms.Luma(frame, i % width, i / width) > SkinLuma ? (byte)0 : (byte)1;
            }

            for (int start = 0; start < size && count < destination.Length; start++)
            {
                if (seen[start] == 0)
                {
                    FaceDetection blob = Flood(frame, seen, stack, start, out int area);
                    if (LooksLikeAFace(blob.Box, area))
                    {
                        destination[count++] = blob;
                    }
                }
            }

            return count;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(seen);
            ArrayPool<int>.Shared.Return(stack);
        }
    }

    /// <summary>A reading that depends on every part of the face's box, on a grid of 8 x 8 points.</summary>
    public static EmotionScores Read(in FaceRegion region, EmotionSet emotions)
    {
        RectF box = region.Face.Box;
        FrameView frame = region.Frame;
        Span<float> logits = stackalloc float[EmotionScores.Count];
        var weights = new SplitMix(11);
        for (int i = 0; i < 64; i++)
        {
            int x = (int)(box.X + (box.Width * ((i % 8) + 0.5f) / 8));
            int y = (int)(box.Y + (box.Height * ((i / 8) + 0.5f) / 8));
            float luma = FrameTransforms.Luma(frame, Math.Clamp(x, 0, frame.Width - 1), Math.Clamp(y, 0, frame.Height - 1)) / 255;
            for (int k = 0; k < logits.Length; k++)
            {
                logits[k] += luma * (weights.NextFloat() - 0.5f);
            }
        }

        float sum = 0;
        for (int k = 0; k < logits.Length; k++)
        {
            logits[k] = emotions.Contains((Emotion)k) ? MathF.Exp(logits[k]) : 0;
            sum += logits[k];
        }

        for (int k = 0; k < logits.Length; k++)
        {
            logits[k] /= sum;
        }

        return new EmotionScores(logits);
    }

    private static bool LooksLikeAFace(in RectF box, int area)
    {
        float fill = area / box.Area;
        float shape = box.Width / box.Height;
        return area >= 60 && fill is > 0.6f and < 0.9f && shape is > 0.6f and < 1.2f;
    }

    private static FaceDetection Flood(in FrameView frame, byte[] seen, int[] stack, int start, out int area)
    {
        int width = frame.Width;
        (int left, int top, int right, int bottom) = (int.MaxValue, int.MaxValue, 0, 0);
        double luma = 0;
        int depth = 0;
        area = 0;
        seen[start] = 1;
        stack[depth++] = start;
        while (depth > 0)
        {
            int at = stack[--depth];
            (int y, int x) = Math.DivRem(at, width);
            (left, right, top, bottom) = (Math.Min(left, x), Math.Max(right, x), Math.Min(top, y), Math.Max(bottom, y));
            luma += FrameTransforms.Luma(frame, x, y);
            area++;
            Visit(x > 0, at - 1);
            Visit(x < width - 1, at + 1);
            Visit(y > 0, at - width);
            Visit(y < frame.Height - 1, at + width);
        }

        var box = new RectF(left, top, right - left + 1, bottom - top + 1);
        return new FaceDetection(box, (float)(luma / area / 255), SyntheticFace.Landmarks(box));

        void Visit(bool inside, int next)
        {
            if (inside && seen[next] == 0)
            {
                seen[next] = 1;
                stack[depth++] = next;
            }
        }
    }
}
