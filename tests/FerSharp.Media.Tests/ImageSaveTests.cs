namespace FerSharp.Media.Tests;

public sealed class ImageSaveTests
{
    [Theory]
    [InlineData(PixelFormat.Gray8)]
    [InlineData(PixelFormat.Rgb24)]
    [InlineData(PixelFormat.Bgr24)]
    [InlineData(PixelFormat.Rgba32)]
    [InlineData(PixelFormat.Bgra32)]
    public void Encode_EachPixelFormatWithPadding_ComesBackTheSame(PixelFormat format)
    {
        FrameView view = TestPictures.View(format, padding: 13);
        using Frame frame = ImageFile.Load(ImageFile.Encode(view, ImageSaveFormat.Png));
        for (int y = 0; y < view.Height; y++)
        {
            for (int x = 0; x < view.Width; x++)
            {
                Assert.Equal(TestPictures.At(view, x, y), TestPictures.At(frame.View, x, y));
            }
        }
    }

    [Theory]
    [InlineData(PixelFormat.Gray8)]
    [InlineData(PixelFormat.Rgba32)]
    [InlineData(PixelFormat.Bgra32)]
    public void Encode_WebP_IgnoresAlpha(PixelFormat format)
    {
        FrameView view = TestPictures.View(format, padding: 4);
        using Frame frame = ImageFile.Load(ImageFile.Encode(view, ImageSaveFormat.WebP, 100));
        Assert.Equal(TestPictures.At(view, 16, 8), TestPictures.At(frame.View, 16, 8));
        Assert.Equal(TestPictures.At(view, 16, 24), TestPictures.At(frame.View, 16, 24));
    }

    [Theory]
    [InlineData(".jpg", 0xFF)]
    [InlineData(".PNG", 0x89)]
    [InlineData(".webp", (int)'R')]
    public void Save_Path_WritesTheFormatOfTheExtension(string extension, int firstByte)
    {
        string path = Path.Combine(Path.GetTempPath(), $"fersharp-{Guid.NewGuid():N}{extension}");
        try
        {
            ImageFile.Save(path, TestPictures.View(), 100);
            Assert.Equal(firstByte, File.ReadAllBytes(path)[0]);
            using Frame frame = ImageFile.Load(path);
            Assert.Equal("RGBW", TestPictures.Quarters(frame.View));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Save_Stream_WritesAtItsPositionAndLeavesItOpen()
    {
        using var stream = new MemoryStream();
        stream.WriteByte(1);
        ImageFile.Save(stream, TestPictures.View(), ImageSaveFormat.Png);
        Assert.Equal(TestPictures.Encoded("png"), stream.ToArray()[1..]);
    }

    [Fact]
    public void Encode_LowerQuality_IsSmaller()
    {
        byte[] pixels = new byte[64 * 64 * 3];
        new Random(2).NextBytes(pixels);
        var view = new FrameView(pixels, 64, 64, PixelFormat.Rgb24);
        Assert.True(ImageFile.Encode(view, ImageSaveFormat.Jpeg, 30).Length < ImageFile.Encode(view, ImageSaveFormat.Jpeg, 95).Length);
        Assert.True(ImageFile.Encode(view, ImageSaveFormat.WebP, 30).Length < ImageFile.Encode(view, ImageSaveFormat.WebP, 95).Length);
    }

    [Fact]
    public void Encode_WiderThanTheFormatAllows_SaysWhichToUse() =>
        Assert.Contains("Use PNG", Assert.Throws<ArgumentException>(() => ImageFile.Encode(new FrameView(new byte[17000], 17000, 1, PixelFormat.Gray8), ImageSaveFormat.WebP)).Message, StringComparison.Ordinal);

    [Fact]
    public void Save_UnknownExtension_IsRefusedAndNothingIsWritten()
    {
        string path = Path.Combine(Path.GetTempPath(), $"fersharp-{Guid.NewGuid():N}.gif");
        Assert.Throws<ArgumentException>(() => ImageFile.Save(path, TestPictures.View()));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Save_EmptyView_IsRefused() => Assert.Throws<ArgumentException>(() => ImageFile.Encode(default, ImageSaveFormat.Png));

    [Theory]
    [InlineData(-1)]
    [InlineData(101)]
    public void Encode_QualityOutOfRange_IsRefused(int quality) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageFile.Encode(TestPictures.View(), ImageSaveFormat.Jpeg, quality));

    [Fact]
    public void Encode_UndefinedFormat_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => ImageFile.Encode(TestPictures.View(), 0));

    [Fact]
    public void Save_MissingDirectory_IsDirectoryNotFound() =>
        Assert.Throws<DirectoryNotFoundException>(() => ImageFile.Save(Path.Combine(Path.GetTempPath(), "fersharp-no-such-folder", "a.png"), TestPictures.View()));
}
