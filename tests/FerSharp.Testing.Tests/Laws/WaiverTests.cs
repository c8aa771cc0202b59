namespace FerSharp.Testing.Tests;

public sealed class WaiverTests
{
    private static DetectorSubject Good => new(() => new FakeFaceDetector());

    [Fact]
    public void Waive_ALaw_IsReportedWithItsReason()
    {
        LawOutcome outcome = DetectorLaws.Check("mirror-swaps-left-and-right", Good.Waive("mirror-swaps-left-and-right", "the model is not symmetric"));
        Assert.True(outcome.IsWaived);
        Assert.Equal("the model is not symmetric", outcome.WaivedBecause);
    }

    [Fact]
    public void Waive_ALaw_DoesNotTouchTheSubject()
    {
        var subject = new DetectorSubject(() => throw new InvalidOperationException("Must not be made.")).Waive("disposed-throws", "never disposed");
        Assert.True(DetectorLaws.Check("disposed-throws", subject).IsWaived);
    }

    [Fact]
    public void Waive_OneLaw_LeavesTheOthers() => Assert.Equal(LawOutcome.Kept, DetectorLaws.Check("disposed-throws", Good.Waive("mirror-swaps-left-and-right", "no reason")));

    [Fact]
    public void Waive_AnUnknownLaw_IsRefused() => Assert.Contains("disposed-throws", Assert.Throws<ArgumentException>(() => Good.Waive("disposed", "typo")).Message, StringComparison.Ordinal);

    [Fact]
    public void Waive_WithoutAReason_IsRefused() => Assert.Throws<ArgumentException>(() => Good.Waive("disposed-throws", " "));

    [Fact]
    public void Check_AnUnknownLaw_IsRefused() => Assert.Throws<ArgumentException>(() => DetectorLaws.Check("no-such-law", Good));

    [Fact]
    public void Check_TheBudgetWithoutABudget_IsWaived() => Assert.True(DetectorLaws.Check("steady-state-stays-in-budget", Good).IsWaived);

    [Fact]
    public void Check_ASubjectThatThrows_SaysWhatItThrew()
    {
        var subject = new DetectorSubject(() => new FakeFaceDetector((in FrameView _, Span<FaceDetection> _) => throw new NotSupportedException("kaput")));
        LawBrokenException broken = Assert.Throws<LawBrokenException>(() => DetectorLaws.Check("best-face-comes-first", subject));
        Assert.Contains("kaput", broken.Finding, StringComparison.Ordinal);
        Assert.IsType<NotSupportedException>(broken.InnerException);
    }

    [Fact]
    public async Task Check_LeaksWithoutACounter_IsWaived() =>
        Assert.True((await FrameSourceLaws.CheckAsync("early-break-leaks-nothing", new FrameSourceSubject(() => new FakeFrameSource(5)))).IsWaived);
}
