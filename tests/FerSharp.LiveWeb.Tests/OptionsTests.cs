namespace FerSharp.LiveWeb.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void Options_OutOfRange_NamesAllFaults()
    {
        var options = new LiveWebOptions { Port = 80, MaxSessions = 0, MaxFrameBytes = 1, MaxFramesPerSecond = double.NaN, IdleTimeout = TimeSpan.Zero };
        string message = Assert.Throws<ArgumentException>(options.ThrowIfInvalid).Message;
        foreach (string name in new[] { "Port is 80", "MaxSessions is 0", "MaxFrameBytes is 1", "MaxFramesPerSecond is NaN", "IdleTimeout is 00:00:00" })
        {
            Assert.Contains(name, message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Options_Defaults_AreValid() => new LiveWebOptions().ThrowIfInvalid();
}
