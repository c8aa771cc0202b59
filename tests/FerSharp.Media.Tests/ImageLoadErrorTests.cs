namespace FerSharp.Media.Tests;

public sealed class ImageLoadErrorTests
{
    [Fact]
    public void Load_NoBytes_SaysEmpty()
    {
        Assert.Contains("empty", Assert.Throws<InvalidDataException>(() => ImageFile.Load(ReadOnlySpan<byte>.Empty)).Message, StringComparison.Ordinal);
        using var stream = new MemoryStream();
        Assert.Contains("The stream is empty", Assert.Throws<InvalidDataException>(() => ImageFile.Load(stream)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Text_SaysNoPicture() =>
        Assert.Contains("no picture of a supported format", Assert.Throws<InvalidDataException>(() => ImageFile.Load("hello, this is only text"u8)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\0\0\0\u0018ftypheic\0\0\0\0", "HEIC")]
    [InlineData("II*\0\b\0\0\0", "TIFF")]
    [InlineData("%PDF-1.7", "PDF")]
    public void Load_KnownButUnsupportedKind_NamesIt(string start, string name)
    {
        byte[] bytes = [.. start.Select(c => (byte)c), .. new byte[64]];
        Assert.Contains(name, Assert.Throws<InvalidDataException>(() => ImageFile.Load(bytes)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jpeg")]
    [InlineData("png")]
    [InlineData("webp")]
    [InlineData("bmp")]
    [InlineData("gif")]
    public void Load_TruncatedAnywhere_IsInvalidData(string format)
    {
        byte[] file = TestPictures.Encoded(format);

        // The last bytes of some formats carry no pixels (end markers, a second frame): those may be missing.
        int last = format == "gif" ? file.Length / 3 : file.Length - 20;
        for (int length = 1; length < last; length += Math.Max(1, last / 50))
        {
            Assert.Throws<InvalidDataException>(() => ImageFile.Load(file.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData("jpeg")]
    [InlineData("png")]
    [InlineData("bmp")]
    public void Load_TruncatedAndAllowed_GivesWhatIsThere(string format)
    {
        byte[] file = format == "bmp" ? TestPictures.Encoded(format) : Noise(format);
        using Frame frame = ImageFile.Load(file.AsSpan(0, file.Length * 2 / 3), new ImageLoadOptions { AllowTruncated = true });
        Assert.Equal(TestPictures.Width, frame.View.Width);
        int missing = format == "bmp" ? 0 : frame.View.Height - 1;
        Assert.NotEqual(TestPictures.At(frame.View, 3, TestPictures.Height - 1 - missing), TestPictures.At(frame.View, 3, missing));
    }

    [Fact]
    public void Load_TruncatedFile_NamesTheFile()
    {
        string path = Path.Combine(Path.GetTempPath(), $"fersharp-{Guid.NewGuid():N}.png");
        byte[] file = TestPictures.Encoded("png");
        File.WriteAllBytes(path, file[..(file.Length / 2)]);
        try
        {
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => ImageFile.Load(path)).Message, StringComparison.Ordinal);
            using FileStream stream = File.OpenRead(path);
            string message = Assert.Throws<InvalidDataException>(() => ImageFile.Load(stream)).Message;
            Assert.Contains(Path.GetFileName(path), message, StringComparison.Ordinal);
            Assert.DoesNotContain(path, message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Load_HeaderOfAHugePicture_IsRefusedBeforeMemoryIsTaken()
    {
        byte[] file = TestPictures.PngThatClaims(60000, 60000);
        _ = ImageFile.Load(TestPictures.Encoded("png"));
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<InvalidDataException>(() => ImageFile.Load(file));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
        Assert.Contains("60000x60000", error.Message, StringComparison.Ordinal);
        Assert.Contains("MaxPixels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_PictureAtThePixelLimit_IsReadAndOneAboveIsNot()
    {
        byte[] file = TestPictures.Encoded("png");
        using Frame frame = ImageFile.Load(file, new ImageLoadOptions { MaxPixels = 64 * 32 });
        Assert.Throws<InvalidDataException>(() => ImageFile.Load(file, new ImageLoadOptions { MaxPixels = (64 * 32) - 1 }));
    }

    [Fact]
    public void Load_FileAtTheByteLimit_IsReadAndOneAboveIsNot()
    {
        byte[] file = TestPictures.Encoded("bmp");
        var enough = new ImageLoadOptions { MaxFileBytes = file.Length };
        var tooFew = new ImageLoadOptions { MaxFileBytes = file.Length - 1 };
        ImageFile.Load(file, enough).Dispose();
        ImageFile.Load(new MemoryStream(file), enough).Dispose();
        ImageFile.Load(new ForwardStream(file), enough).Dispose();
        Assert.Contains("MaxFileBytes", Assert.Throws<InvalidDataException>(() => ImageFile.Load(file, tooFew)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => ImageFile.Load(new MemoryStream(file), tooFew));
        Assert.Throws<InvalidDataException>(() => ImageFile.Load(new ForwardStream(file), tooFew));
    }

    [Fact]
    public void Load_EndlessStream_StopsAtTheByteLimit() =>
        Assert.Throws<InvalidDataException>(() => ImageFile.Load(new EndlessStream(), new ImageLoadOptions { MaxFileBytes = 1_000_000 }));

    [Fact]
    public void Load_MissingFile_IsFileNotFound()
    {
        string path = Path.Combine(Path.GetTempPath(), "fersharp-no-such-folder", "no.jpg");
        var error = Assert.Throws<FileNotFoundException>(() => ImageFile.Load(path));
        Assert.Equal(path, error.FileName);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Directory_SaysSo() =>
        Assert.Contains("directory", Assert.Throws<FileNotFoundException>(() => ImageFile.Load(Path.GetTempPath())).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void Load_NoName_IsAnArgumentFault(string path) => Assert.ThrowsAny<ArgumentException>(() => ImageFile.Load(path));

    [Fact]
    public void Load_Null_IsAnArgumentFault()
    {
        Assert.Throws<ArgumentNullException>(() => ImageFile.Load((string)null!));
        Assert.Throws<ArgumentNullException>(() => ImageFile.Load((Stream)null!));
    }

    [Fact]
    public void Load_ClosedStream_IsAnArgumentFault()
    {
        var stream = new MemoryStream([1]);
        stream.Dispose();
        Assert.Throws<ArgumentException>(() => ImageFile.Load(stream));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(ImageLoadOptions.LargestMaxPixels + 1, 1)]
    [InlineData(1, 0)]
    public void Load_OptionsOutOfRange_AreRefused(int pixels, int bytes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageFile.Load(TestPictures.Encoded("png"), new ImageLoadOptions { MaxPixels = pixels, MaxFileBytes = bytes }));

    private static byte[] Noise(string format)
    {
        byte[] pixels = new byte[TestPictures.Width * TestPictures.Height * 4];
        new Random(1).NextBytes(pixels);
        return ImageFile.Encode(new FrameView(pixels, TestPictures.Width, TestPictures.Height, PixelFormat.Bgra32), format == "jpeg" ? ImageSaveFormat.Jpeg : ImageSaveFormat.Png);
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => buffer.Length;

        public override int Read(byte[] buffer, int offset, int count) => count;
    }
}
