using FerSharp.Testing;

namespace FerSharp.Media.Tests.Sources;

public sealed class FolderFrameSourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fersharp-folder-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Read_NumberedNames_ComeAsNumbersWithTimesOfTheRate()
    {
        foreach (int width in new[] { 10, 9, 100, 1, 2 })
        {
            ImageFile.Save(Path.Combine(_folder, $"frame{width}.png"), SyntheticFrames.Noise(width, 4));
        }

        await File.WriteAllTextAsync(Path.Combine(_folder, "frame3.txt"), "no picture");
        await using var source = new FolderFrameSource(_folder, framesPerSecond: 10);
        List<(int Width, long Sequence, TimeSpan Time)> frames = await ReadAsync(source);
        Assert.Equal([1, 2, 9, 10, 100], frames.Select(frame => frame.Width));
        Assert.Equal([0, 1, 2, 3, 4], frames.Select(frame => frame.Sequence));
        Assert.Equal([0, 100, 200, 300, 400], frames.Select(frame => frame.Time.TotalMilliseconds));
        Assert.Equal(new FrameSourceInfo(Path.GetFileName(_folder), IsLive: false, FramesPerSecond: 10), source.Info);
        Assert.Equal(0, source.OutstandingFrames);
    }

    [Theory]
    [InlineData("a2", "a10", -1)]
    [InlineData("a10", "a2", 1)]
    [InlineData("a01", "a1", -1)]
    [InlineData("a", "a1", -1)]
    [InlineData("b", "a1", 1)]
    [InlineData("1a3", "1a20", -1)]
    [InlineData("99999999999999999999999", "100000000000000000000000", -1)]
    [InlineData("x", "x", 0)]
    public void CompareNames_Digits_CountAsNumbers(string left, string right, int order)
    {
        Assert.Equal(order, Math.Sign(FolderFrameSource.CompareNames(left, right)));
        Assert.Equal(-order, Math.Sign(FolderFrameSource.CompareNames(right, left)));
    }

    [Fact]
    public async Task Read_List_KeepsItsOrderAndRepeats()
    {
        string a = Path.Combine(_folder, "a.png");
        string b = Path.Combine(_folder, "b.jpg");
        ImageFile.Save(a, SyntheticFrames.Noise(3, 4));
        ImageFile.Save(b, SyntheticFrames.Noise(5, 4));
        await using var source = new FolderFrameSource([b, a, b]);
        Assert.Equal([5, 3, 5], (await ReadAsync(source)).Select(frame => frame.Width));
    }

    [Fact]
    public async Task Read_NoPictures_EndsAtOnce()
    {
        await using var source = new FolderFrameSource(_folder);
        Assert.Empty(await ReadAsync(source));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    public async Task Read_DamagedPicture_IsInvalidDataThatNamesIt(int bytes)
    {
        string good = Path.Combine(_folder, "1.png");
        ImageFile.Save(good, SyntheticFrames.Noise(30, 40));
        await File.WriteAllBytesAsync(Path.Combine(_folder, "2.png"), (await File.ReadAllBytesAsync(good))[..bytes]);
        await using var source = new FolderFrameSource(_folder);
        Assert.Contains("2.png", (await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(source))).Message, StringComparison.Ordinal);
        Assert.Equal(0, source.OutstandingFrames);
    }

    [Fact]
    public async Task Read_PictureThatHasGone_IsFileNotFound()
    {
        await using var source = new FolderFrameSource([Path.Combine(_folder, "gone.png")]);
        await Assert.ThrowsAsync<FileNotFoundException>(() => ReadAsync(source));
    }

    [Fact]
    public void Constructor_BadArguments_AreRefused()
    {
        Assert.Throws<DirectoryNotFoundException>(() => new FolderFrameSource(Path.Combine(_folder, "none")));
        Assert.Throws<ArgumentNullException>(() => new FolderFrameSource((IEnumerable<string>)null!));
        Assert.Throws<ArgumentException>(() => new FolderFrameSource(["a.png", " "]));
        Assert.Throws<ArgumentException>(() => new FolderFrameSource(" "));
        foreach (double rate in new[] { 0, -1, double.NaN, double.PositiveInfinity })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new FolderFrameSource(_folder, rate));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new FolderFrameSource(_folder, options: new ImageLoadOptions { MaxPixels = 0 }));
    }

    private static async Task<List<(int Width, long Sequence, TimeSpan Time)>> ReadAsync(FolderFrameSource source)
    {
        var frames = new List<(int, long, TimeSpan)>();
        await foreach (Frame frame in source.ReadFramesAsync())
        {
            using (frame)
            {
                frames.Add((frame.View.Width, frame.Sequence, frame.Timestamp));
            }
        }

        return frames;
    }
}
