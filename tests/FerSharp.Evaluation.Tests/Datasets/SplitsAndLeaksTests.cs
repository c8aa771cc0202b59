using FerSharp.Testing;

namespace FerSharp.Evaluation.Tests;

public sealed class SplitsAndLeaksTests
{
    private static readonly SplitPart[] Parts = [new("train", 0.7), new("validation", 0.2), new("test", 0.1)];

    [Fact]
    public void Stratified_EachPart_HasItsShareOfEachClass()
    {
        IReadOnlyList<FaceDataset> parts = DatasetSplits.Stratified(Many(), Parts, seed: 1);

        Assert.Equal(["train", "validation", "test"], parts.Select(part => part.Info.Split));
        foreach (Emotion emotion in EmotionSet.Basic.ToArray())
        {
            Assert.Equal([70, 20, 10], parts.Select(part => part.Samples.Count(sample => sample.Label == emotion)));
        }

        Assert.Equal(700, parts.SelectMany(part => part.Samples).Select(sample => sample.Id).Distinct().Count());
    }

    [Fact]
    public void Stratified_Seed_DecidesTheParts()
    {
        string[] Ids(int seed) => [.. DatasetSplits.Stratified(Many(), Parts, seed)[2].Samples.Select(sample => sample.Id)];

        Assert.Equal(Ids(1), Ids(1));
        Assert.NotEqual(Ids(1), Ids(2));
    }

    [Fact]
    public void Stratified_FractionsBelowOne_LeaveTheRestOut() =>
        Assert.Equal([140, 140], DatasetSplits.Stratified(Many(), [new("a", 0.2), new("b", 0.2)], 3).Select(part => part.Samples.Count));

    [Fact]
    public void BySubject_NoSubject_IsInTwoPartsAndSharesAreNear()
    {
        IReadOnlyList<FaceDataset> parts = DatasetSplits.BySubject(Many(), Parts, seed: 5);

        HashSet<string?>[] subjects = [.. parts.Select(part => part.Samples.Select(sample => sample.Subject).ToHashSet())];
        Assert.Equal(53, subjects.Sum(set => set.Count));
        Assert.Equal(53, subjects.SelectMany(set => set).Distinct().Count());
        Assert.Equal(700, parts.Sum(part => part.Samples.Count));
        Assert.All(Parts.Zip(parts), pair => Assert.InRange(pair.Second.Samples.Count, (700 * pair.First.Fraction) - 30, (700 * pair.First.Fraction) + 30));
    }

    [Fact]
    public void BySubject_SubjectsUnknown_IsRefused()
    {
        var dataset = new Pictures([new FaceSample("a", Emotion.Fear)]);

        Assert.Throws<ArgumentException>(() => DatasetSplits.BySubject(dataset, [new("a", 1)], 0));
    }

    [Theory]
    [InlineData(0.0, 0.5)]
    [InlineData(0.7, 0.5)]
    [InlineData(double.NaN, 0.5)]
    [InlineData(0.9, 0.0001)]
    public void Stratified_FractionsThatCannotBe_AreRefused(double first, double second) =>
        Assert.Throws<ArgumentException>(() => DatasetSplits.Stratified(Many(), [new("a", first), new("b", second)], 0));

    [Fact]
    public void Subset_Loads_TheChosenPicturesOfTheWhole()
    {
        FaceDataset whole = new Pictures([Sample("a"), Sample("b"), Sample("c")], SyntheticFrames.Noise(8, 8, 0), SyntheticFrames.Noise(8, 8, 1), SyntheticFrames.Noise(8, 8, 2));

        FaceDataset part = whole.Subset([2, 0], "some");

        Assert.Equal(["c", "a"], part.Samples.Select(sample => sample.Id));
        Assert.Equal(DataFolder.Pixels(whole, 2), DataFolder.Pixels(part, 0));
        Assert.NotEqual(whole.Subset([0, 2], "some").Info.Sha256, part.Info.Sha256);
    }

    [Fact]
    public void Subset_BadIndices_AreRefused()
    {
        FaceDataset whole = new Pictures([Sample("a"), Sample("b")]);

        Assert.Throws<ArgumentException>(() => whole.Subset([], "none"));
        Assert.Throws<ArgumentException>(() => whole.Subset([1, 1], "twice"));
        Assert.Throws<ArgumentOutOfRangeException>(() => whole.Subset([2], "beyond"));
    }

    [Fact]
    public void Leaks_CopiesAndChangedCopies_AreFoundAndOthersNot()
    {
        FrameView[] faces = [.. Enumerable.Range(0, 9).Select(Face)];
        FrameView darker = Change(faces[4], (value, _) => (byte)((value * 0.6) + 5));
        FrameView noisy = Change(faces[5], (value, i) => (byte)Math.Clamp(value + ((i * 7919 % 9) - 4), 0, 255));

        LeakReport leaks = DatasetLeaks.Find(Set(faces), Set(Face(20), faces[2], darker, noisy), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal([(2, 1, true), (4, 2, false), (5, 3, false)], leaks.Pairs.Select(pair => (pair.First, pair.Second, pair.Identical)).Order());
        Assert.Equal((1, 1, 2, 2), (leaks.IdenticalInFirst, leaks.IdenticalInSecond, leaks.NearInFirst, leaks.NearInSecond));
    }

    [Fact]
    public void Leaks_OtherSizeAndFormat_IsNear()
    {
        FrameView large = SyntheticFrames.Faces(96, 96, [new(44, 50, 60)], PixelFormat.Bgra32, seed: 1);
        FrameView small = Halve(large);

        LeakReport leaks = DatasetLeaks.Find(Set(large), Set(small), cancellationToken: TestContext.Current.CancellationToken);

        Assert.InRange(Assert.Single(leaks.Pairs).Similarity, 0.96, 1);
    }

    [Fact]
    public void Leaks_FlatPictures_AreOnlyIdenticalToTheirEquals()
    {
        LeakReport leaks = DatasetLeaks.Find(
            Set(SyntheticFrames.Blank(48, 48, 0, PixelFormat.Gray8), Face(1)),
            Set(SyntheticFrames.Blank(48, 48, 0, PixelFormat.Gray8), SyntheticFrames.Blank(48, 48, 9, PixelFormat.Gray8)),
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(new LeakPair(0, 0, 1, true), Assert.Single(leaks.Pairs));
    }

    [Fact]
    public void LeaksWithin_ManyPictures_NamesEachPairOnce()
    {
        FrameView[] faces = [.. Enumerable.Range(0, 150).Select(i => SyntheticFrames.Noise(48, 48, i % 149, PixelFormat.Gray8))];
        faces[70] = Change(faces[3], (value, _) => (byte)(value / 2));

        LeakReport leaks = DatasetLeaks.FindWithin(Set(faces), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal([(0, 149), (3, 70)], leaks.Pairs.Select(pair => (pair.First, pair.Second)));
        Assert.Equal((2, 2, 2, 2), (leaks.IdenticalInFirst, leaks.IdenticalInSecond, leaks.NearInFirst, leaks.NearInSecond));
    }

    [Fact]
    public void Leaks_PictureThatCannotBeLoaded_IsAFault()
    {
        LeakReport leaks = DatasetLeaks.Find(new Pictures([Sample("gone")]), Set(Face(1)), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("gone", Assert.Single(leaks.Faults).Where);
        Assert.Empty(leaks.Pairs);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Leaks_ThresholdOutOfRange_IsRefused(double threshold) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DatasetLeaks.FindWithin(Set(Face(1)), new LeakOptions { Threshold = threshold }, TestContext.Current.CancellationToken));

    private static FaceSample Sample(string id) => new(id, Emotion.Neutral);

    private static FrameView Face(int seed) =>
        SyntheticFrames.Faces(48, 48, [new(16 + (seed * 5 % 17), 14 + (seed * 7 % 19), 20 + (seed % 3 * 8), 200, seed % 5 * 0.2f)], PixelFormat.Gray8, seed);

    private static FrameView Change(FrameView picture, Func<byte, int, byte> change) =>
        new(picture.Pixels.ToArray().Select(change).ToArray(), picture.Width, picture.Height, picture.Format);

    private static FrameView Halve(FrameView picture)
    {
        byte[] pixels = new byte[picture.Width / 2 * (picture.Height / 2)];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = picture.GetRow(i / (picture.Width / 2) * 2)[i % (picture.Width / 2) * 8];
        }

        return new FrameView(pixels, picture.Width / 2, picture.Height / 2, PixelFormat.Gray8);
    }

    private static Pictures Set(params FrameView[] pictures) => new([.. pictures.Select((_, i) => Sample($"{i}"))], pictures);

    private static Pictures Many() => new([.. Enumerable.Range(0, 700).Select(i => new FaceSample($"{i}", (Emotion)(i % 7)) { Subject = $"s{i * 31 % 53}" })]);

    private sealed class Pictures(FaceSample[] samples, params FrameView[] pictures) : FaceDataset(new DatasetInfo("test", "", ""), samples, [])
    {
        public override Frame Load(int index) => index < pictures.Length ? Frame.CopyOf(pictures[index]) : throw new FileNotFoundException("It is gone.");
    }
}
