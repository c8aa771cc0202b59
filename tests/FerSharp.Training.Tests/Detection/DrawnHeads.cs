using FerSharp.Evaluation;

namespace FerSharp.Training.Tests;

/// <summary>Drawn pictures with faces: a light oval with two dark eyes, a nose and a mouth, on a noisy ground. Each point has a colour of its own.</summary>
internal static class DrawnHeads
{
    /// <summary>Colours of the five points, of the face and of the ground.</summary>
    public static readonly byte[][] Colours = [[250, 0, 0], [0, 250, 0], [0, 0, 250], [250, 250, 0], [0, 250, 250], [200, 170, 150], [40, 60, 50]];

    /// <summary>A picture that one face fills.</summary>
    public static DetectionPicture CloseUp(int index = 0, int side = 80) => Picture($"head{index}", side, side, new RectF(side * 0.2f, side * 0.15f, side * 0.6f, side * 0.7f), index);

    /// <summary>A larger picture with one small face, or with none.</summary>
    public static DetectionPicture Scene(int index, bool face = true) =>
        Picture($"scene{index}", 200, 160, face ? new RectF(20 + (index * 17 % 120), 15 + (index * 11 % 80), 36, 44) : null, index);

    public static DetectionPictures Set(int count, int seed = 0) => new(
        new DatasetInfo("drawn", "train", $"{count} {seed}"),
        Enumerable.Range(0, count).Select(i => i % 3 == 0 ? Scene(i + seed, i % 2 == 0) : CloseUp(i + seed)));

    private static DetectionPicture Picture(string id, int width, int height, RectF? box, int seed)
    {
        var random = new RandomSource(seed, 77);
        var pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.Length; i += 3)
        {
            Colours[6].CopyTo(pixels, i);
            pixels[i] += (byte)random.Below(30);
        }

        if (box is not { } face)
        {
            return new DetectionPicture(id, pixels, width, height, []);
        }

        PointF At(float x, float y) => new(face.X + (x * face.Width), face.Y + (y * face.Height));
        var points = new FaceLandmarks(At(0.3f, 0.38f), At(0.7f, 0.38f), At(0.5f, 0.6f), At(0.34f, 0.8f), At(0.66f, 0.8f));
        Disc(pixels, width, face.Center, face.Width / 2, face.Height / 2, Colours[5]);
        for (int i = 0; i < FaceLandmarks.Count; i++)
        {
            Disc(pixels, width, points[i], face.Width * 0.1f, face.Width * 0.1f, Colours[i]);
        }

        return new DetectionPicture(id, pixels, width, height, [new TrueFace(face, false, points)]);
    }

    private static void Disc(byte[] pixels, int width, PointF center, float radiusX, float radiusY, byte[] colour)
    {
        int height = pixels.Length / 3 / width;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                float dx = (x + 0.5f - center.X) / radiusX, dy = (y + 0.5f - center.Y) / radiusY;
                if ((dx * dx) + (dy * dy) <= 1)
                {
                    colour.CopyTo(pixels, 3 * ((y * width) + x));
                }
            }
        }
    }
}
