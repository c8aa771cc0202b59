namespace FerSharp.Evaluation.Tests;

public sealed class PackedTests : IDisposable
{
    private const string Header = "row,index,usage,emotion,dup_group,copy_in_test,fp_neutral,fp_happiness,fp_surprise,fp_sadness,fp_anger,fp_disgust,fp_fear,fp_contempt,fp_unknown,fp_nf\n";
    private const string Votes = ",9,0,0,0,0,0,0,0,1,0\n";
    private const string ThreeRows = Header + "0,10,Training,0,0,0" + Votes + "1,11,Training,3,1,1" + Votes + "2,12,PublicTest,6,0,0" + Votes;

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Packed_PlainOrGzip_GivesIdsLabelsVotesAndPixels(bool gzip)
    {
        FaceDataset dataset = Open(3, ThreeRows, gzip: gzip);

        Assert.Equal(["10", "11", "12"], dataset.Samples.Select(sample => sample.Id));
        Assert.Equal([Emotion.Anger, Emotion.Happiness, Emotion.Neutral], dataset.Samples.Select(sample => sample.Label!.Value));
        Assert.Equal(1, dataset.Samples[0].Votes![0]);
        Assert.Equal(DataFolder.Noise(2), DataFolder.Pixels(dataset, 2));
    }

    [Fact]
    public void Packed_Usage_StillTakesEachRowsOwnPicture() =>
        Assert.Equal(DataFolder.Noise(2), DataFolder.Pixels(Open(3, ThreeRows, "PublicTest"), 0));

    [Fact]
    public void Packed_CopiesOfTests_AreLeftOutByTheColumns()
    {
        FaceDataset dataset = Open(3, ThreeRows + "3,13,Training,2,3,0" + Votes, "Training", new FaceDatasetOptions { LeaveOutCopiesOf = ["PublicTest", "PrivateTest"] }, pictures: 4);

        Assert.Equal("13", Assert.Single(dataset.Samples).Id);
        Assert.Equal(2, dataset.LeftOut.Values.Sum());
    }

    [Fact]
    public void Packed_PicturesEndEarly_RowsWithoutOneAreFaults()
    {
        FaceDataset dataset = Open(2, ThreeRows);

        Assert.Equal(2, dataset.Samples.Count);
        Assert.Equal("row 2", Assert.Single(dataset.Faults).Where);
    }

    [Fact]
    public void Packed_MorePicturesThanRows_IsAFault() => Assert.Contains("more pictures", Assert.Single(Open(4, ThreeRows).Faults).Reason, StringComparison.Ordinal);

    [Fact]
    public void Packed_GzipCutOff_IsNamedAndTheRestUsed()
    {
        string path = _folder.WritePacked("x.bin.gz", [.. Enumerable.Range(0, 3).SelectMany(DataFolder.Noise)]);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..5000]);

        FaceDataset dataset = FaceDatasets.Packed(path, _folder.Write("x.csv", ThreeRows));

        Assert.Contains(dataset.Faults, fault => fault.Where == "row 2");
        Assert.InRange(dataset.Samples.Count, 1, 2);
    }

    [Fact]
    public void Packed_IdTwice_IsAFault()
    {
        FaceDataset dataset = Open(2, Header + "0,10,Training,0,0,0" + Votes + "1,10,Training,0,1,0" + Votes);

        Assert.Contains("there already", Assert.Single(dataset.Faults).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Packed_ColumnsThatOptionsNeed_AreAllNamedWhenMissing()
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Open(
            1, "row,usage\n0,Training\n", options: new FaceDatasetOptions { LeaveOutCopiesOf = ["PublicTest", "PrivateTest"] }));

        Assert.Contains("emotion, dup_group, copy_in_test", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Packed_MajorityWithoutVotes_NamesTheColumns()
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => FaceDatasets.Packed(
            _folder.Write("x.bin", DataFolder.Noise(0)), _folder.Write("x.csv", "usage,emotion\nTraining,0\n"), labels: LabelSet.FerPlusMajority));

        Assert.Contains("fp_contempt", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Packed_AndCsv_OfTheSamePicturesHaveTheSameHash()
    {
        FaceDataset packed = FaceDatasets.Packed(_folder.Write("x.bin", DataFolder.Noise(0)), _folder.Write("x.csv", "usage,emotion\nTraining,4\n"));
        FaceDataset csv = FaceDatasets.Fer2013Csv(_folder.Write("fer2013.csv", $"emotion,pixels,Usage\n4,{DataFolder.Text(DataFolder.Noise(0))},Training\n"));

        Assert.Equal(packed.Info.Sha256, csv.Info.Sha256);
    }

    private FaceDataset Open(int count, string labels, string? usage = null, FaceDatasetOptions? options = null, bool gzip = false, int pictures = 0)
    {
        byte[] bytes = [.. Enumerable.Range(0, Math.Max(count, pictures)).SelectMany(DataFolder.Noise)];
        byte[] text = System.Text.Encoding.UTF8.GetBytes(labels);
        return gzip
            ? FaceDatasets.Packed(_folder.WritePacked("x.bin.gz", bytes), _folder.WritePacked("x.csv.gz", text), usage, options: options)
            : FaceDatasets.Packed(_folder.Write("x.bin", bytes), _folder.Write("x.csv", text), usage, options: options);
    }
}
