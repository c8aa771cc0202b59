using FerSharp.Benchmarks.Reports;

namespace FerSharp.Benchmarks.Tests;

public sealed class AllocationGateTests
{
    [Fact]
    public void Print_EveryEndToEndCase_IsZeroBytesAFrame()
    {
        var output = new StringWriter();

        Assert.True(AllocationGate.Print(output), output.ToString());
        Assert.Contains("1920x1080", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void BytesPerCall_CallThatAllocates_IsAboveZero()
    {
        object? kept = null;

        Assert.InRange(AllocationGate.BytesPerCall(() => kept = new byte[100]), 100, 200);
        Assert.NotNull(kept);
    }

    [Fact]
    public void BytesPerCall_OnlyTheFirstCallAllocates_IsZero()
    {
        byte[]? pool = null;

        Assert.Equal(0, AllocationGate.BytesPerCall(() => pool ??= new byte[1000]));
    }
}
