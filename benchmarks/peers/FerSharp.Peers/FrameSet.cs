using FerSharp.Imaging;
using FerSharp.Media;

namespace FerSharp.Peers;

/// <summary>Makes the frames: seven with an average face of 200 pixels each on noise, or a folder's pictures; 640 x 480 all.</summary>
internal static class FrameSet
{
    public const int Width = 640;
    public const int Height = 480;

    /// <summary>Side of a face's cell in samples/pictures/average-faces.png, and the cell's places in it.</summary>
    private const int Cell = 260;

    /// <summary>Writes the frames as raw BGR bytes and as JPEG files of quality 90.</summary>
    public static IReadOnlyList<PeerFrame> Write(ComparisonOptions options, string folder)
    {
        var frames = new List<PeerFrame>();
        foreach ((string name, byte[] bgr) in options.Photos is { } photos ? Photos(photos) : Own(Path.Combine(options.Repository, "samples", "pictures", "average-faces.png")))
        {
            var frame = new PeerFrame(name, Path.Combine(folder, $"{frames.Count}.bgr"), Path.Combine(folder, $"{frames.Count}.jpg"));
            File.WriteAllBytes(frame.Bgr, bgr);
            ImageFile.Save(frame.Jpeg, new FrameView(bgr, Width, Height, PixelFormat.Bgr24));
            frames.Add(frame);
        }

        return frames.Count > 0 ? frames : throw new FileNotFoundException($"'{options.Photos}' holds no pictures.");
    }

    private static IEnumerable<(string Name, byte[] Bgr)> Own(string picture)
    {
        using Frame faces = ImageFile.Load(picture);
        int columns = faces.View.Width / Cell;
        for (int i = 0; i < columns * (faces.View.Height / Cell); i++)
        {
            FrameView cell = faces.View.Slice(i % columns * Cell, i / columns * Cell, Cell, Cell);
            byte[] frame = Fit(cell, new RectF(-190 + (7 * i), -110 + (5 * i), Width, Height), ResizeMode.Stretch);
            AddNoise(frame, i);
            yield return ($"face-{i}", frame);
        }
    }

    private static IEnumerable<(string Name, byte[] Bgr)> Photos(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder).Where(ImageFile.IsSupported).Order(StringComparer.Ordinal))
        {
            using Frame picture = ImageFile.Load(file);
            yield return (Path.GetFileName(file), Fit(picture.View, new RectF(0, 0, picture.View.Width, picture.View.Height), ResizeMode.LetterboxCenter));
        }
    }

    private static byte[] Fit(in FrameView picture, in RectF box, ResizeMode resize)
    {
        var spec = new PreprocessingSpec
        {
            Name = "frame", Width = Width, Height = Height, Channels = 3, Order = ChannelOrder.Bgr, Layout = TensorLayout.Nhwc,
            Resize = resize, Sampling = SamplingMode.Area, Border = BorderMode.Constant, PadValue = 128,
        };
        var kernel = new PreprocessingKernel(spec);
        float[] values = new float[kernel.TensorLength];
        kernel.Write(picture, TensorMap.ForBox(box, spec), values);
        return [.. values.Select(value => (byte)Math.Clamp(MathF.Round(value), 0, 255))];
    }

    /// <summary>A little noise, the same each time, so that JPEG files are about as long as a camera's.</summary>
    private static void AddNoise(byte[] bgr, int seed)
    {
        uint state = (uint)(seed + 1) * 2654435761;
        for (int i = 0; i < bgr.Length; i++)
        {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            bgr[i] = (byte)Math.Clamp(bgr[i] + (int)(state % 9) - 4, 0, 255);
        }
    }
}
