namespace FerSharp;

/// <summary>Measures what a call allocates once it is warm.</summary>
internal static class Steady
{
    /// <summary>Bytes that a number of calls allocate on this thread, in total, after warm-up.</summary>
    public static long BytesOf(Action call, int calls = 250)
    {
        // The JIT replaces methods in the background; the least of several rounds is the steady state.
        long least = long.MaxValue;
        for (int round = 0; round < 6 && least > 0; round++)
        {
            call();
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < calls; i++)
            {
                call();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
