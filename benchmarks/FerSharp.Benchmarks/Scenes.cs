using FerSharp.Imaging;
using FerSharp.Media;

namespace FerSharp.Benchmarks;

/// <summary>Pictures that benchmarks run on; made here from the repository's average faces, so that anyone can run them.</summary>
/// <remarks>Pure functions; thread-safe; each result has memory of its own.</remarks>
internal static class Scenes
{
    // Squares of the picture of average faces, each with one face of about 200 pixels in its middle: four above, three below.
    private const int Side = 260, Step = 270, Upper = 4, All = 7;

    private static readonly Lazy<(float[][] Faces, byte Background)> Loaded = new(Load);

    /// <summary>A gray picture with faces side by side in a square grid, each 200 pixels high, or less where the grid is narrower.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="faces">How many faces, at least 0.</param>
    /// <param name="format">How a pixel is laid out.</param>
    public static FrameView Faces(int width, int height, int faces, PixelFormat format = PixelFormat.Bgra32)
    {
        int bytes = format.BytesPerPixel();
        byte[] pixels = new byte[width * height * bytes];
        pixels.AsSpan().Fill(Loaded.Value.Background);
        int columns = (int)Math.Ceiling(Math.Sqrt(faces));
        for (int face = 0; face < faces; face++)
        {
            int cellWidth = width / columns, cellHeight = height / columns, side = Math.Min(Side, Math.Min(cellWidth, cellHeight));
            int left = (face % columns * cellWidth) + ((cellWidth - side) / 2), top = (face / columns * cellHeight) + ((cellHeight - side) / 2);
            float[] luma = Scaled(Loaded.Value.Faces[face % All], side);
            for (int i = 0; i < luma.Length; i++)
            {
                pixels.AsSpan((((top + (i / side)) * width) + left + (i % side)) * bytes, bytes).Fill((byte)luma[i]);
            }
        }

        return new FrameView(pixels, width, height, format);
    }

    /// <summary>Throws where a detector does not find just the faces that a scene has: a benchmark must not time something else than it says.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="scene">The scene.</param>
    /// <param name="faces">How many faces it has.</param>
    /// <returns>The faces, best first.</returns>
    /// <exception cref="InvalidOperationException">Another number was found.</exception>
    public static FaceDetection[] Find(IFaceDetector detector, in FrameView scene, int faces)
    {
        FaceDetection[] found = detector.Detect(scene);
        return found.Length == faces
            ? found
            : throw new InvalidOperationException($"'{detector.Model.Id}' finds {found.Length} faces in a {scene} scene of {faces}: the benchmark would not time what it says.");
    }

    private static (float[][] Faces, byte Background) Load()
    {
        using Stream stream = typeof(Scenes).Assembly.GetManifestResourceStream("average-faces.png")!;
        using Frame picture = ImageFile.Load(stream);
        float[][] faces = new float[All][];
        for (int i = 0; i < All; i++)
        {
            int x = i < Upper ? 25 + (i * Step) : 160 + ((i - Upper) * Step), y = i < Upper ? 40 : 335;
            faces[i] = Sample(picture.View.Slice(x, y, Side, Side), Side);
        }

        return (faces, picture.View.GetRow(0)[0]);
    }

    private static float[] Scaled(float[] face, int side)
    {
        byte[] luma = Array.ConvertAll(face, value => (byte)value);
        return Sample(new FrameView(luma, Side, Side, PixelFormat.Gray8), side);
    }

    private static float[] Sample(in FrameView picture, int side)
    {
        var kernel = new PreprocessingKernel(new PreprocessingSpec
        {
            Name = "face", Width = side, Height = side, Channels = 1, Order = ChannelOrder.Gray, Sampling = SamplingMode.Area,
        });
        float[] luma = new float[kernel.TensorLength];
        kernel.Write(picture, AffineTransform.Stretch(new RectF(0, 0, picture.Width, picture.Height), side, side), luma);
        return luma;
    }
}
