using FerSharp.Testing;

namespace FerSharp.Media.Tests.Sources;

[Collection("ffmpeg")]
public sealed class SourceLawTests
{
    public static TheoryData<string> Names => [.. FrameSourceLaws.Names];

    [Theory, MemberData(nameof(Names))]
    public async Task FolderSource_KeepsLaw(string law)
    {
        string folder = Directory.CreateTempSubdirectory("fersharp-folder-").FullName;
        try
        {
            for (int i = 0; i < 5; i++)
            {
                ImageFile.Save(Path.Combine(folder, $"{i}.png"), SyntheticFrames.Noise(16, 12, i));
            }

            Assert.Equal(LawOutcome.Kept, await FrameSourceLaws.CheckAsync(law, new FrameSourceSubject(() => new FolderFrameSource(folder))
            {
                Outstanding = source => ((FolderFrameSource)source).OutstandingFrames,
            }));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public async Task RawSource_KeepsLaw(string law)
    {
        byte[] bytes = SyntheticFrames.Noise(8, 6 * 5).Pixels.ToArray();
        Assert.Equal(LawOutcome.Kept, await FrameSourceLaws.CheckAsync(law, new FrameSourceSubject(() => new RawFrameSource(new MemoryStream(bytes), 8, 6, PixelFormat.Rgb24))
        {
            Outstanding = source => ((RawFrameSource)source).OutstandingFrames,
        }));
    }

    [Theory, MemberData(nameof(Names))]
    public async Task PushSource_KeepsLaw(string law)
    {
        Assert.Equal(LawOutcome.Kept, await FrameSourceLaws.CheckAsync(law, new FrameSourceSubject(Create)
        {
            Outstanding = source => ((PushFrameSource)source).OutstandingFrames,
        }));

        static PushFrameSource Create()
        {
            var source = new PushFrameSource(capacity: 8);
            for (int i = 0; i < 5; i++)
            {
                Assert.True(source.TryPush(SyntheticFrames.Noise(8, 6, i)));
            }

            return source;
        }
    }

    [Theory, MemberData(nameof(Names))]
    public async Task FfmpegSource_KeepsLaw(string law)
    {
        using var clips = new Clips();
        string clip = clips.Make();
        var opened = new List<FfmpegFrameSource>();
        Assert.Equal(LawOutcome.Kept, await FrameSourceLaws.CheckAsync(law, new FrameSourceSubject(() =>
        {
            FfmpegFrameSource source = FfmpegFrameSource.OpenFileAsync(clip).GetAwaiter().GetResult();
            opened.Add(source);
            return source;
        })
        {
            Outstanding = source => ((FfmpegFrameSource)source).OutstandingFrames,
            Timeout = TimeSpan.FromSeconds(60),
        }));
        Assert.All(opened, source => Assert.False(Clips.IsRunning(source.ProcessId), "the child outlived its source"));
    }
}
