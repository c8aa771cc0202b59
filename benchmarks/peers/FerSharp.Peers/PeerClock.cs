using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FerSharp.Peers;

/// <summary>The wall clock, or the calling thread's own time on Linux: all contestants work on one thread, and its own time is not stretched by a busy machine.</summary>
internal static partial class PeerClock
{
    private const int ThreadTime = 3;

    /// <summary>Whether the thread's own time is taken.</summary>
    public static bool UsesThreadTime { get; set; }

    public static double Microseconds()
    {
        if (!UsesThreadTime)
        {
            return Stopwatch.GetTimestamp() * 1e6 / Stopwatch.Frequency;
        }

        return GetTime(ThreadTime, out Time time) != 0 ? throw new PlatformNotSupportedException("The system gives no time of a thread; use --clock wall.") : (time.Seconds * 1e6) + (time.Nanoseconds / 1e3);
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int GetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
