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
    public void Assign_SameSeed_GivesTheSameFolds() => Tables.Sample(table =>
    {
        string?[] groups = new string?[table.Classes.Length];
        Assert.Equal(StratifiedFolds.Assign(table.Classes, groups, table.Folds, table.Seed), StratifiedFolds.Assign(table.Classes, groups, table.Folds, table.Seed));
    });
}
