namespace FerSharp.Media.Tests;

public sealed class ImageLoadTests
{
    [Theory]
    [InlineData("jpeg")]
    [InlineData("png")]
    [InlineData("webp")]
    [InlineData("bmp")]
    [InlineData("gif")]
    public void Load_EachFormat_GivesThePicture(string format)
    {
        using Frame frame = ImageFile.Load(TestPictures.Encoded(format));
        Assert.Equal((64, 32, PixelFormat.Bgra32), (frame.View.Width, frame.View.Height, frame.View.Format));
        Assert.Equal("RGBW", TestPictures.Quarters(frame.View));
    }

    [Fact]
    public void Load_LosslessFile_GivesTheExactPixelsWithFullAlpha()
    {
        using Frame frame = ImageFile.Load(TestPictures.Encoded("png"));
        byte[] expected = TestPictures.Pixels(PixelFormat.Bgra32);
        for (int i = 3; i < expected.Length; i += 4)
        {
            expected[i] = 255;
        }

        Assert.Equal(expected, frame.View.Pixels.ToArray());
    }

    [Theory]
    [InlineData(ImageSaveFormat.Jpeg)]
    [InlineData(ImageSaveFormat.Png)]
    public void Load_GrayFile_IsGray8(ImageSaveFormat format)
    {
        using Frame frame = ImageFile.Load(ImageFile.Encode(TestPictures.View(PixelFormat.Gray8), format, 100));
        Assert.Equal(PixelFormat.Gray8, frame.View.Format);
        Assert.InRange(TestPictures.At(frame.View, 16, 8).R, 74, 78);
        Assert.InRange(TestPictures.At(frame.View, 48, 8).R, 147, 151);
    }

    [Fact]
    public void Load_TransparentPixels_AreLaidOverWhite()
    {
        using Frame frame = ImageFile.Load(TestPictures.TransparentPng());
        (byte r, byte g, byte b) = TestPictures.At(frame.View, 3, 0);
        Assert.Equal(255, r);
        Assert.InRange(g, 126, 128);
        Assert.Equal(g, b);
        Assert.Equal(((byte)255, (byte)255, (byte)255), TestPictures.At(frame.View, 3, 3));
        Assert.Equal(255, frame.View.GetRow(3)[3]);
    }

    // Corners by EXIF 2.32, tag 0x0112: which visual side the stored row 0 and column 0 are.
    public static TheoryData<int, string> Orientations => new()
    {
        { 1, "RGBW" }, { 2, "GRWB" }, { 3, "WBGR" }, { 4, "BWRG" }, { 5, "RBGW" }, { 6, "BRWG" }, { 7, "WGBR" }, { 8, "GWRB" },
    };

    [Theory, MemberData(nameof(Orientations))]
    public void Load_ExifOrientation_TurnsThePictureUpright(int orientation, string quarters)
    {
        foreach (bool bigEndian in (bool[])[false, true])
        {
            using Frame frame = ImageFile.Load(TestPictures.JpegWithOrientation(orientation, bigEndian));
            Assert.Equal(quarters, TestPictures.Quarters(frame.View));
            Assert.Equal(orientation < 5 ? (64, 32) : (32, 64), (frame.View.Width, frame.View.Height));
        }
    }

    [Fact]
    public void Load_ExifOrientationOfGrayFile_TurnsThePictureUpright()
    {
        using Frame frame = ImageFile.Load(TestPictures.JpegWithOrientation(6, false, PixelFormat.Gray8));
        Assert.Equal((32, 64, PixelFormat.Gray8), (frame.View.Width, frame.View.Height, frame.View.Format));
        Assert.InRange(TestPictures.At(frame.View, 8, 16).R, 26, 32);
        Assert.InRange(TestPictures.At(frame.View, 24, 16).R, 73, 79);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public void Load_ExifOrientationOutOfRange_IsIgnored(int orientation)
    {
        using Frame frame = ImageFile.Load(TestPictures.JpegWithOrientation(orientation, false));
        Assert.Equal("RGBW", TestPictures.Quarters(frame.View));
    }

    [Fact]
    public void Load_StreamThatCannotSeek_GivesThePicture()
    {
        using var stream = new ForwardStream(TestPictures.Encoded("bmp"));
        using Frame frame = ImageFile.Load(stream);
        Assert.Equal("RGBW", TestPictures.Quarters(frame.View));
    }

    [Fact]
    public void Load_StreamInTheMiddle_ReadsFromThereAndLeavesItOpen()
    {
        using var stream = new MemoryStream([1, 2, 3, .. TestPictures.Encoded("png")]);
        stream.Position = 3;
        using Frame frame = ImageFile.Load(stream);
        Assert.Equal("RGBW", TestPictures.Quarters(frame.View));
        Assert.True(stream.CanRead);
        Assert.Equal(stream.Length, stream.Position);
    }

    [Fact]
    public void Load_Path_LooksAtTheContentNotTheExtension()
    {
        string path = Path.Combine(Path.GetTempPath(), $"fersharp größe {Guid.NewGuid():N}.txt");
        File.WriteAllBytes(path, TestPictures.Encoded("webp"));
        try
        {
            using Frame frame = ImageFile.Load(path);
            Assert.Equal("RGBW", TestPictures.Quarters(frame.View));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("a.JPG", true)]
    [InlineData("b/c.jpeg", true)]
    [InlineData("d.webp", true)]
    [InlineData("e.tif", false)]
    [InlineData("png", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void IsSupported_GoesByExtension(string? path, bool expected) => Assert.Equal(expected, ImageFile.IsSupported(path));

    [Fact]
    public void Load_FromManyThreads_GivesTheSamePicture()
    {
        byte[] file = TestPictures.JpegWithOrientation(8, true);
        using Frame expected = ImageFile.Load(file);
        byte[] pixels = expected.View.Pixels.ToArray();
        Parallel.For(0, 64, _ =>
        {
            using Frame frame = ImageFile.Load(file);
            Assert.True(frame.View.Pixels.Span.SequenceEqual(pixels));
        });
    }

    [Fact]
    public void Load_EveryPhotoOfTheSharedData_Succeeds()
    {
        string? folder = SharedData.Find("photos");
        Assert.SkipUnless(folder is not null, "The shared photos are not here; put them at ../shared/data/photos beside the repository.");
        string[] files = [.. Directory.EnumerateFiles(folder).Where(ImageFile.IsSupported)];
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            using Frame frame = ImageFile.Load(file);
            Assert.True(frame.View.Width >= 200, file);
        }
    }
}
