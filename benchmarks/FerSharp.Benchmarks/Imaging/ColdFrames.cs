using System.Globalization;
using FerSharp.Imaging;

namespace FerSharp.Benchmarks.Imaging;

/// <summary>Places to read a kernel's region from, one after the other, that are together several times as large as the last-level cache: each is cold when its turn comes.</summary>
/// <remarks>A camera's frame is cold in this way: it was written by a device or another core. Not thread-safe.</remarks>
internal sealed class ColdFrames
{
    private const int CachesFilled = 4;
    private const long LeastBytes = 64L << 20, MostBytes = 1L << 30;

    private readonly FrameView[] _frames;
    private readonly AffineTransform[] _maps;
    private int _next;

    /// <param name="scene">The picture of every frame; copied.</param>
    /// <param name="target">What is read of it. A frame is read at as many places as fit side by side.</param>
    public ColdFrames(in FrameView scene, KernelCase target)
    {
        long bytes = Math.Clamp(CachesFilled * LastLevelCacheBytes(), LeastBytes, MostBytes);
        _frames = new FrameView[(bytes / scene.Pixels.Length) + 1];
        for (int i = 0; i < _frames.Length; i++)
        {
            _frames[i] = new FrameView(scene.Pixels.ToArray(), scene.Width, scene.Height, scene.Format, scene.Stride);
        }

        RectF region = target.Region;
        int columns = scene.Width / (int)region.Width, rows = scene.Height / (int)region.Height;
        _maps = [.. Enumerable.Range(0, columns * rows).Select(i => target.Map(i % columns * region.Width, i / columns * region.Height))];
    }

    /// <summary>Writes the tensor of the place that was not read for longest. All frames' first places come before their second ones.</summary>
    public void WriteNext(PreprocessingKernel kernel, Span<float> tensor)
    {
        (int place, int frame) = Math.DivRem(_next, _frames.Length);
        kernel.Write(_frames[frame], _maps[place], tensor);
        _next = (_next + 1) % (_frames.Length * _maps.Length);
    }

    // Where the system does not say, the usual size of a desktop's.
    private static long LastLevelCacheBytes()
    {
        const string Path = "/sys/devices/system/cpu/cpu0/cache/index3/size";
        return File.Exists(Path) && long.TryParse(File.ReadAllText(Path).Trim().TrimEnd('K'), CultureInfo.InvariantCulture, out long kilobytes) ? kilobytes << 10 : 32L << 20;
    }
}
