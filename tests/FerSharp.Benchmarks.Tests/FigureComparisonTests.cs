using FerSharp.Benchmarks.History;

namespace FerSharp.Benchmarks.Tests;

public sealed class FigureComparisonTests
{
    private static readonly BenchmarkFigure Kept = new("A.B.Run", "Faces=1", 2, 0);

    [Fact]
    public void Of_SameFigures_FindsNothing()
    {
        FigureComparison same = Compare(Kept, Kept);

        Assert.True(same.Print(TextWriter.Null));
        Assert.Equal(1, same.Compared);
        Assert.Empty(same.MoreBytes.Concat(same.Slower).Concat(same.New).Concat(same.Vanished));
    }

    [Theory]
    [InlineData(0, 1, true)]
    [InlineData(0, 0, false)]
    [InlineData(1000, 1005, false)]
    [InlineData(1000, 1011, true)]
    [InlineData(1000, 10, false)]
    public void Of_Bytes_MoreOfThemFail(long before, long now, bool fails)
    {
        FigureComparison comparison = Compare(Kept with { Bytes = before }, Kept with { Bytes = now });

        Assert.Equal(fails, comparison.MoreBytes.Count == 1);
        Assert.Equal(!fails, comparison.Print(TextWriter.Null));
    }

    [Fact]
    public void Of_BytesNoLongerMeasured_Fails() => Assert.Single(Compare(Kept, Kept with { Bytes = null }).MoreBytes);

    [Fact]
    public void Of_BytesNotMeasuredBefore_Passes() => Assert.Empty(Compare(Kept with { Bytes = null }, Kept with { Bytes = 500 }).MoreBytes);

    [Theory]
    [InlineData(2, 2.29, false)]
    [InlineData(2, 2.31, true)]
    [InlineData(2, 0.5, false)]
    public void Of_Ratio_MoreThanFifteenPercentIsNamedAndPasses(double before, double now, bool isNamed)
    {
        FigureComparison comparison = Compare(Kept with { Ratio = before }, Kept with { Ratio = now });

        Assert.Equal(isNamed, comparison.Slower.Count == 1);
        Assert.True(comparison.Print(TextWriter.Null));
    }

    [Fact]
    public void Of_NewAndVanishedBenchmarks_AreSaid()
    {
        var output = new StringWriter();
        FigureComparison comparison = FigureComparison.Of(
            BenchmarkFigures.OfThisMachine([Kept, Kept with { Method = "A.B.Gone" }]),
            BenchmarkFigures.OfThisMachine([Kept, Kept with { Parameters = "Faces=4" }]));

        Assert.True(comparison.Print(output));
        Assert.Contains("new         A.B.Run(Faces=4)", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("vanished    A.B.Gone(Faces=1)", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_NothingInCommon_Throws() =>
        Assert.Contains("none in common", Assert.Throws<InvalidDataException>(() => Compare(Kept, Kept with { Method = "Other" })).Message, StringComparison.Ordinal);

    private static FigureComparison Compare(BenchmarkFigure before, BenchmarkFigure now) =>
        FigureComparison.Of(BenchmarkFigures.OfThisMachine([before]), BenchmarkFigures.OfThisMachine([now]));
}
