using CsCheck;

namespace FerSharp.MLNet.Tests;

public sealed class StratifiedFoldsTests
{
    private static readonly Gen<(int[] Classes, int[] Groups, int Folds, int Seed)> Tables =
        Gen.Select(Gen.Int[0, 4].Array[1, 120], Gen.Int[2, 7], Gen.Int[0, 1000]).SelectMany((classes, folds, seed) =>
            Gen.Int[0, 40].Array[classes.Length].Select(groups => (classes, groups, folds, seed)));

    [Fact]
    public void Assign_RowsWithoutGroups_DealEachClassEvenly() => Tables.Sample(table =>
    {
        int[] folds = StratifiedFolds.Assign(table.Classes, new string?[table.Classes.Length], table.Folds, table.Seed);
        foreach (int c in table.Classes.Distinct())
        {
            int[] counts = [.. Enumerable.Range(0, table.Folds).Select(fold => folds.Where((f, row) => f == fold && table.Classes[row] == c).Count())];
            Assert.InRange(counts.Max() - counts.Min(), 0, 1);
        }

        int[] sizes = [.. Enumerable.Range(0, table.Folds).Select(fold => folds.Count(f => f == fold))];
        Assert.InRange(sizes.Max() - sizes.Min(), 0, 5);
    });

    [Fact]
    public void Assign_RowsOfAGroup_StayTogether() => Tables.Sample(table =>
    {
        int[] folds = StratifiedFolds.Assign(table.Classes, [.. table.Groups.Select(group => $"{group}")], table.Folds, table.Seed);
        Assert.All(table.Groups.Distinct(), group => Assert.Single(folds.Where((_, row) => table.Groups[row] == group).Distinct()));
    });

    [Fact]
    public void Assign_ClassOfSeveralGroups_IsInTwoFolds() => Tables.Sample(table =>
    {
        // With more folds than classes there is always one that holds no class alone.
        int[] folds = StratifiedFolds.Assign(table.Classes, [.. table.Groups.Select(group => $"{group}")], table.Folds + 4, table.Seed);
        foreach (int c in table.Classes.Distinct())
        {
            int[] rows = [.. Enumerable.Range(0, folds.Length).Where(row => table.Classes[row] == c)];
            Assert.True(rows.Select(row => table.Groups[row]).Distinct().Count() < 2 || rows.Select(row => folds[row]).Distinct().Count() > 1, $"class {c} lies in one fold");
        }
    });

    [Fact]
    public void Assign_RareClassInTwoGroupsBesideALargeOne_IsDealtToTwoFolds()
    {
        // Of the rare class there are 8 rows in a group, and 1 beside 3 common ones, which the fold of the 8 has none of.
        int[] classes = [.. Enumerable.Repeat(1, 8), .. Enumerable.Repeat(0, 12), 1, .. Enumerable.Repeat(0, 3)];
        string?[] groups = [.. Enumerable.Repeat("a", 8), .. Enumerable.Range(0, 12).Select(i => (string?)$"b{i / 6}"), .. Enumerable.Repeat("c", 4)];
        for (int seed = 0; seed < 20; seed++)
        {
            int[] folds = StratifiedFolds.Assign(classes, groups, 3, seed);
            Assert.NotEqual(folds[0], folds[20]);
        }
    }

    [Fact]
    public void Assign_SameSeed_GivesTheSameFolds() => Tables.Sample(table =>
    {
        string?[] groups = new string?[table.Classes.Length];
        Assert.Equal(StratifiedFolds.Assign(table.Classes, groups, table.Folds, table.Seed), StratifiedFolds.Assign(table.Classes, groups, table.Folds, table.Seed));
    });
}
