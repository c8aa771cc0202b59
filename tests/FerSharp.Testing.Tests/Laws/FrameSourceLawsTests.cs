namespace FerSharp.Testing.Tests;

public sealed class FrameSourceLawsTests
{
    public static TheoryData<string> Names => [.. FrameSourceLaws.Names];

    public static TheoryData<string, string> BrokenCases => [.. BrokenSourceCases.All.Select(one => (one.Law, one.How))];

    [Theory, MemberData(nameof(Names))]
    public async Task FakeSource_KeepsLaw(string law)
    {
        var subject = new FrameSourceSubject(() => new FakeFrameSource(5)) { Outstanding = source => ((FakeFrameSource)source).Outstanding };
        Assert.Equal(LawOutcome.Kept, await FrameSourceLaws.CheckAsync(law, subject));
    }

    [Theory, MemberData(nameof(BrokenCases))]
    public async Task BrokenSource_BreaksItsLaw(string law, string how)
    {
        LawBrokenException broken = await Assert.ThrowsAsync<LawBrokenException>(() => FrameSourceLaws.CheckAsync(law, Subject(law, how)));
        Assert.Equal(law, broken.Law);
        Assert.Equal(FrameSourceLaws.PromiseOf(law), broken.Promise);
        Assert.NotEmpty(broken.Finding);
    }

    [Theory, MemberData(nameof(BrokenCases))]
    public async Task BrokenSource_KeepsTheOtherLaws(string law, string how)
    {
        string[] expected = [law, .. BrokenSourceCases.All.Single(one => one.Law == law && one.How == how).Also];
        var others = new List<string>();
        foreach (string other in FrameSourceLaws.Names.Except(expected))
        {
            if (await Record.ExceptionAsync(() => FrameSourceLaws.CheckAsync(other, Subject(law, how))) is { } exception)
            {
                others.Add($"{other}: {exception.Message}");
            }
        }

        Assert.Empty(others);
    }

    [Fact]
    public void EveryLaw_HasABrokenCase() => Assert.Equal(FrameSourceLaws.Names.Order(), BrokenSourceCases.All.Select(one => one.Law).Distinct().Order());

    private static FrameSourceSubject Subject(string law, string how) => new(BrokenSourceCases.All.Single(one => one.Law == law && one.How == how).Create)
    {
        Outstanding = source => ((BrokenSource)source).Outstanding,
        Timeout = TimeSpan.FromSeconds(2),
    };
}
