using System.Security.Cryptography;

namespace FerSharp.Testing.Tests;

public sealed class ToyModelsTests
{
    private const int Cells = 80;

    [Theory]
    [InlineData(ChannelOrder.Gray, false, 1, 7)]
    [InlineData(ChannelOrder.Rgb, true, 3, 8)]
    public void Classifier_LoadsAndRuns_WithAnyBatch(ChannelOrder order, bool contempt, int channels, int labels)
    {
        using var session = new OnnxSession(ToyModels.Classifier(order, contempt).Content);
        float[] input = Ramp(3 * channels * 256);
        Assert.Equal(3 * labels, session.Run("logits", input, 3, channels, 16, 16).Length);
        Assert.Equal(3 * 32, session.Run("embedding", input, 3, channels, 16, 16).Length);
    }

    [Fact]
    public void Classifier_Batch_GivesTheScoresOfSingles()
    {
        using var session = new OnnxSession(ToyModels.Classifier().Content);
        float[] input = Ramp(2 * 256);
        float[] batch = session.Run("logits", input, 2, 1, 16, 16);
        float[] second = session.Run("logits", input[256..], 1, 1, 16, 16);
        Assert.Equal(second, batch[7..], (a, b) => MathF.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public void Classifier_PixelsMirrored_GivesOtherScores() => AssertDiffers(input => [.. input.Chunk(16).SelectMany(row => row.Reverse())]);

    [Fact]
    public void Classifier_PixelsTransposed_GivesOtherScores() => AssertDiffers(input => [.. Enumerable.Range(0, 256).Select(i => input[((i % 16) * 16) + (i / 16)])]);

    [Fact]
    public void Classifier_ChannelsSwapped_GivesOtherScores()
    {
        using var session = new OnnxSession(ToyModels.Classifier(ChannelOrder.Rgb).Content);
        float[] input = Ramp(768);
        float[] swapped = [.. input[512..], .. input[256..512], .. input[..256]];
        Assert.True(Apart(session.Run("logits", input, 1, 3, 16, 16), session.Run("logits", swapped, 1, 3, 16, 16)) > 1e-3f);
    }

    [Fact]
    public void Detector_FaceScene_ScoresOnlyCellsAtTheFaces()
    {
        float[][] cells = Detect(SyntheticFrames.FaceScene());
        RectF[] boxes = [.. cells.Where(cell => cell[0] > 0.5f).Select(BoxOf)];
        Assert.All(boxes, box => Assert.Contains(SyntheticFrames.SceneFaces, face => box.IntersectionOverUnion(face.Box) > 0.75f));
        Assert.All(SyntheticFrames.SceneFaces, face => Assert.Contains(boxes, box => box.IntersectionOverUnion(face.Box) > 0.75f));
    }

    [Fact]
    public void Detector_LargeFace_IsFoundAtTheSecondStride()
    {
        var face = new SyntheticFace(62, 66, 64);
        float[][] cells = Detect(SyntheticFrames.Faces(128, 128, [face]));
        Assert.All(cells[..64], cell => Assert.True(cell[0] < 0.5f));
        Assert.True(BoxOf(cells[64..].MaxBy(cell => cell[0])!).IntersectionOverUnion(face.Box) > 0.75f);
    }

    [Fact]
    public void Detector_Landmarks_LieWhereTheyWereDrawn()
    {
        SyntheticFace face = SyntheticFrames.SceneFaces[0];
        float[] cell = Detect(SyntheticFrames.FaceScene()).First(cell => cell[0] > 0.5f && BoxOf(cell).IntersectionOverUnion(face.Box) > 0.75f);
        FaceLandmarks drawn = SyntheticFace.Landmarks(face.Box);
        for (int i = 0; i < FaceLandmarks.Count; i++)
        {
            Assert.Equal(drawn[i].X, 2 * (cell[15] + (cell[5 + (2 * i)] * cell[17])), 2f);
            Assert.Equal(drawn[i].Y, 2 * (cell[16] + (cell[6 + (2 * i)] * cell[17])), 2f);
        }
    }

    [Fact]
    public void Detector_Mirror_MirrorsEveryCell()
    {
        float[][] cells = Detect(SyntheticFrames.FaceScene());
        float[][] mirrored = Detect(FrameTransforms.Mirror(SyntheticFrames.FaceScene()));
        for (int i = 0; i < Cells; i++)
        {
            int side = i < 64 ? 8 : 4;
            int level = i < 64 ? 0 : 64;
            int twin = level + ((i - level) / side * side) + (side - 1 - ((i - level) % side));
            Assert.Equal(cells[i][0], mirrored[twin][0], 1e-3f);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(128)]
    [InlineData(255)]
    public void Detector_BlankPicture_ScoresNothing(byte luma) => Assert.True(Detect(SyntheticFrames.Blank(128, 128, luma)).Max(cell => cell[0]) < 0.2f);

    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(512)]
    public void Detector_Noise_ScoresNothing(int size)
    {
        for (int seed = 0; seed < 5; seed++)
        {
            Assert.True(Detect(SyntheticFrames.Noise(size, size, seed)).Max(cell => cell[0]) < 0.2f);
            Assert.True(Detect(SyntheticFrames.Noise(size, size, seed, PixelFormat.Gray8)).Max(cell => cell[0]) < 0.2f);
        }
    }

    [Fact]
    public void Packages_Sha256_IsThatOfTheBytes()
    {
        ModelPackage[] packages = [ToyModels.Detector(), ToyModels.Classifier(), ToyModels.Classifier(ChannelOrder.Bgr, withContempt: true)];
        Assert.All(packages, package => Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(package.Content.Span)), package.Manifest.Sha256));
    }

    /// <summary>The cells of a square picture; behind the 15 numbers stand the cell's centre x, y and stride in tensor pixels.</summary>
    private static float[][] Detect(FrameView picture)
    {
        FrameView rgb = FrameTransforms.Encode(picture, PixelFormat.Rgb24);
        int factor = rgb.Width / 64;
        float[] input = new float[3 * 64 * 64];
        for (int y = 0; y < rgb.Height; y++)
        {
            ReadOnlySpan<byte> row = rgb.GetRow(y);
            for (int x = 0; x < row.Length; x++)
            {
                input[((x % 3) * 4096) + (y / factor * 64) + (x / 3 / factor)] += row[x] / (255f * factor * factor);
            }
        }

        using var session = new OnnxSession(ToyModels.Detector().Content);
        float[][] cells = [.. session.Run("pred", input, 1, 3, 64, 64).Chunk(15)];
        Assert.Equal(Cells, cells.Length);
        return [.. cells.Select((cell, i) =>
        {
            (int stride, int side, int at) = i < 64 ? (8, 8, i) : (16, 4, i - 64);
            return (float[])[.. cell, ((at % side) + 0.5f) * stride, ((at / side) + 0.5f) * stride, stride];
        })];
    }

    /// <summary>The box of a cell in pixels of a 128 x 128 picture.</summary>
    private static RectF BoxOf(float[] cell)
    {
        float stride = cell[17];
        (float width, float height) = (MathF.Exp(cell[3]) * stride, MathF.Exp(cell[4]) * stride);
        return new RectF(2 * (cell[15] + (cell[1] * stride) - (width / 2)), 2 * (cell[16] + (cell[2] * stride) - (height / 2)), 2 * width, 2 * height);
    }

    private static void AssertDiffers(Func<float[], float[]> change)
    {
        using var session = new OnnxSession(ToyModels.Classifier().Content);
        float[] input = Ramp(256);
        Assert.True(Apart(session.Run("logits", input, 1, 1, 16, 16), session.Run("logits", change(input), 1, 1, 16, 16)) > 1e-3f);
    }

    private static float Apart(float[] a, float[] b) => a.Zip(b, (x, y) => MathF.Abs(x - y)).Max();

    private static float[] Ramp(int length) => [.. Enumerable.Range(0, length).Select(i => MathF.Sin(i * 0.37f) + (i % 16 / 16f))];
}
