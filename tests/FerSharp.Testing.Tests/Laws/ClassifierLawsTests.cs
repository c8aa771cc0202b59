namespace FerSharp.Testing.Tests;

public sealed class ClassifierLawsTests
{
    public static TheoryData<string> Names => [.. ClassifierLaws.Names];

    public static TheoryData<string, string> BrokenCases => [.. BrokenClassifierCases.All.Select(one => (one.Law, one.How))];

    [Theory, MemberData(nameof(Names))]
    public void FakeClassifier_KeepsLaw(string law) =>
        Assert.Equal(LawOutcome.Kept, ClassifierLaws.Check(law, new ClassifierSubject(() => new FakeEmotionClassifier()) { MaxBytesPerCall = 0 }));

    [Theory, MemberData(nameof(BrokenCases))]
    public void BrokenClassifier_BreaksItsLaw(string law, string how)
    {
        LawBrokenException broken = Assert.Throws<LawBrokenException>(() => ClassifierLaws.Check(law, Subject(law, how)));
        Assert.Equal(law, broken.Law);
        Assert.Equal(ClassifierLaws.PromiseOf(law), broken.Promise);
        Assert.NotEmpty(broken.Finding);
    }

    [Theory, MemberData(nameof(BrokenCases))]
    public void BrokenClassifier_KeepsTheOtherLaws(string law, string how)
    {
        string[] expected = [law, .. BrokenClassifierCases.All.Single(one => one.Law == law && one.How == how).Also];
        string[] others = [.. ClassifierLaws.Names.Except(expected).Where(other => Breaks(other, Subject(law, how)))];
        Assert.Empty(others);
    }

    [Fact]
    public void EveryLaw_HasABrokenCase() => Assert.Equal(ClassifierLaws.Names.Order(), BrokenClassifierCases.All.Select(one => one.Law).Distinct().Order());

    // The budget is only the measure of the case that breaks it: most broken fakes allocate.
    private static ClassifierSubject Subject(string law, string how) => new(BrokenClassifierCases.All.Single(one => one.Law == law && one.How == how).Create)
    {
        MaxBytesPerCall = law == "steady-state-stays-in-budget" ? 0 : null,
    };

    private static bool Breaks(string law, ClassifierSubject subject)
    {
        try
        {
            ClassifierLaws.Check(law, subject);
            return false;
        }
        catch (LawBrokenException)
        {
            return true;
        }
    }
}
