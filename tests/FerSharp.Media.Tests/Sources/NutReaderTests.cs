namespace FerSharp.Media.Tests.Sources;

[Collection("ffmpeg")]
public sealed class NutReaderTests
{
    [Fact]
    public async Task Read_CutAnywhere_GivesWholeFramesThenTheEndOrItsException()
    {
        byte[] nut = Nut();
        int most = 0;
        for (int length = 0; length <= nut.Length; length++)
        {
            (int frames, Exception? end) = await ReadAsync(nut[..length]);
            Assert.True(end is null or EndOfStreamException or InvalidDataException, $"{length} bytes: {end}");
            Assert.True(frames >= most, $"{length} bytes: {frames} frames");
            most = frames;
        }

        Assert.Equal(4, most);
    }

    [Fact]
    public async Task Read_AnyByteChanged_EndsByATypedException()
    {
        byte[] nut = Nut();
        for (int i = 0; i < nut.Length; i++)
        {
            foreach (byte value in (byte[])[0, 0x4E, 0x7F, 0x80, 0xFF])
            {
                byte[] changed = [.. nut];
                changed[i] = value;
                Exception? end = (await ReadAsync(changed)).End;
                Assert.True(end is null or EndOfStreamException or InvalidDataException, $"byte {i} = {value}: {end}");
            }
        }
    }

    [Theory]
    [InlineData("gray", 40, 30, "testsrc", "null")]
    [InlineData("bgr24", 200, 150, "testsrc", "null")]
    [InlineData("gray", 6, 4, "color=c=black", "geq=lum='if(gt(Y,0)+gt(X,1),17,16)'")]
    [InlineData("gray", 6, 4, "color=c=white", "geq=lum='if(gt(Y,0)+gt(X,0),232,235)'")]
    [InlineData("gray", 80, 60, "color=c=white", "null")]
    public async Task Read_Pixels_AreThoseOfThePlainOutput(string format, int width, int height, string picture, string filter)
    {
        // Short frames that begin with 0 0 1 or 255 252 are written without those bytes: the container has them in its header.
        using var clips = new Clips();
        string[] arguments =
        [
            "-v", "error", "-nostdin", "-f", "lavfi", "-i", $"{picture}{(picture.Contains('=', StringComparison.Ordinal) ? ":" : "=")}size={width}x{height}:rate=25",
            "-frames:v", "70", "-vf", filter, "-c:v", "rawvideo", "-pix_fmt", format,
        ];
        byte[] expected = Clips.Bytes("ffmpeg", [.. arguments, "-f", "rawvideo", "pipe:1"]);
        var reader = new NutReader(new MemoryStream(Clips.Bytes("ffmpeg", [.. arguments, "-f", "nut", "pipe:1"])), 100_000);
        byte[] actual = new byte[expected.Length];
        int at = 0;
        for (int i = 0; await reader.NextAsync(CancellationToken.None) is { } frame; i++)
        {
            Assert.Equal(TimeSpan.FromMilliseconds(40 * i), frame.Time);
            await reader.ReadPixelsAsync(frame, actual.AsMemory(at, frame.Length), CancellationToken.None);
            at += frame.Length;
        }

        Assert.Equal((width, height, 25.0), (reader.Width, reader.Height, reader.FramesPerSecond));
        Assert.Equal(expected.Length, at);
        Assert.True(actual.AsSpan().SequenceEqual(expected));
    }

    [Fact]
    public async Task Read_NoNut_IsInvalidData() =>
        Assert.IsType<InvalidDataException>((await ReadAsync("Usage: something that is not ffmpeg"u8.ToArray())).End);

    /// <summary>Four frames of 6 x 4 gray pixels, as ffmpeg writes them.</summary>
    private static byte[] Nut()
    {
        using var clips = new Clips();
        byte[] bytes = Clips.Bytes("ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc=size=6x4:rate=25", "-frames:v", "4", "-c:v", "rawvideo", "-pix_fmt", "gray", "-f", "nut", "pipe:1");
        Assert.NotEmpty(bytes);
        return bytes;
    }

    private static async Task<(int Frames, Exception? End)> ReadAsync(byte[] bytes)
    {
        int count = 0;
        try
        {
            var reader = new NutReader(new MemoryStream(bytes), 1000);
            while (await reader.NextAsync(CancellationToken.None) is { } frame)
            {
                // As the source does: only frames of the expected length are read.
                if (frame.Length != 24)
                {
                    return (count, null);
                }

                await reader.ReadPixelsAsync(frame, new byte[24], CancellationToken.None);
                count++;
            }

            return (count, null);
        }
        catch (Exception e)
        {
            return (count, e);
        }
    }
}
