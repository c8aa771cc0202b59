using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FerSharp.Benchmarks.Streaming;

/// <summary>A source that gives the same picture over and over, as fast as it is read, and copies nothing.</summary>
/// <remarks>One reader. The picture must stay unchanged while the source is read.</remarks>
internal sealed class RepeatedSource(FrameView picture, long frames = long.MaxValue) : IFrameSource
{
    private readonly Lender _lender = new(MemoryMarshal.AsMemory(picture.Pixels));

    public FrameSourceInfo Info { get; } = new("repeated", IsLive: false, picture.Width, picture.Height, FramesPerSecond: 30);

    public async IAsyncEnumerable<Frame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (long i = 0; i < frames; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return Frame.Create(_lender, picture.Width, picture.Height, picture.Format, picture.Stride, i, TimeSpan.FromSeconds(i / 30.0));
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Lender(Memory<byte> memory) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory => memory;

        public void Dispose()
        {
            // The picture stays with the source.
        }
    }
}
