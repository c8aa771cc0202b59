namespace FerSharp.Evaluation.Tests;

public sealed class FerCsvTests : IDisposable
{
    private const string VoteHeader = "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n";
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Fer2013Csv_AllLabels_FollowTheDocumentedOrder()
    {
        FaceDataset dataset = Open(string.Concat(Enumerable.Range(0, 7).Select(label => Row($"{label}", label))));

        Assert.Equal(
            [Emotion.Anger, Emotion.Disgust, Emotion.Fear, Emotion.Happiness, Emotion.Sadness, Emotion.Surprise, Emotion.Neutral],
            dataset.Samples.Select(sample => sample.Label!.Value));
    }

    [Fact]
    public void Fer2013Csv_Load_GivesThePixelsOfTheRow()
    {
        FaceDataset dataset = Open(Row("0", 1) + Row("1", 2));

        Assert.Equal(DataFolder.Noise(2), DataFolder.Pixels(dataset, 1));
    }

    [Fact]
    public void Fer2013Csv_Usage_KeepsItsRowsAndTheirNumbers()
    {
        FaceDataset dataset = FaceDatasets.Fer2013Csv(Csv(Row("0", 1) + Row("1", 2, "PublicTest") + Row("2", 3)), "publictest");

        Assert.Equal("1", Assert.Single(dataset.Samples).Id);
        Assert.Equal("PublicTest", dataset.Samples[0].Tags["usage"]);
    }

    [Fact]
    public void Fer2013Csv_QuotesMarkAndCrLf_ReadTheSame()
    {
        string rows = Row("0", 1) + Row("1", 2);
        string odd = "\uFEFF\"emotion\",\"pixels\",\"Usage\"\r\n" + string.Concat(
            rows.TrimEnd('\n').Split('\n').Select(row => string.Join(',', row.Split(',').Select(cell => $"\"{cell}\"")) + "\r\n"));

        FaceDataset dataset = FaceDatasets.Fer2013Csv(_folder.Write("odd.csv", odd));

        Assert.Empty(dataset.Faults);
        Assert.Equal(Open(rows).Info.Sha256, dataset.Info.Sha256);
    }

    [Fact]
    public void Fer2013Csv_GzipPacked_ReadsTheSame()
    {
        string plain = Csv(Row("0", 1));

        FaceDataset dataset = FaceDatasets.Fer2013Csv(_folder.WritePacked("x.csv.gz", File.ReadAllBytes(plain)));

        Assert.Equal(FaceDatasets.Fer2013Csv(plain).Info.Sha256, dataset.Info.Sha256);
    }

    [Fact]
    public void Fer2013Csv_ColumnsMissing_NamesAllOfThem()
    {
        string path = _folder.Write("x.csv", "emotion,image\n0,x\n");

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => FaceDatasets.Fer2013Csv(path));

        Assert.Contains("pixels, usage", error.Message, StringComparison.Ordinal);
        Assert.Contains("emotion, image", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fer2013Csv_Empty_SaysSo() =>
        Assert.Contains("empty", Assert.Throws<InvalidDataException>(() => FaceDatasets.Fer2013Csv(_folder.Write("x.csv", ""))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("0,1 2 3,Training", "3 pixels")]
    [InlineData("0,1 2 x,Training", "Pixel 2")]
    [InlineData("0,1 -2,Training", "Pixel 1")]
    [InlineData("0,256,Training", "above 255")]
    [InlineData("0,99999999999999999999,Training", "above 255")]
    [InlineData("0,,Training", "0 pixels")]
    [InlineData("0", "0 pixels")]
    [InlineData("7,PIXELS,Training", "'7'")]
    [InlineData("-1,PIXELS,Training", "'-1'")]
    [InlineData(",PIXELS,Training", "''")]
    public void Fer2013Csv_BadRow_IsAFaultAndTheOthersAreUsed(string row, string reason)
    {
        FaceDataset dataset = Open(Row("3", 1) + row.Replace("PIXELS", DataFolder.Text(DataFolder.Noise(5)), StringComparison.Ordinal) + "\n" + Row("4", 2));

        DatasetFault fault = Assert.Single(dataset.Faults);
        Assert.Equal("row 1", fault.Where);
        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
        Assert.Equal(["0", "2"], dataset.Samples.Select(sample => sample.Id));
    }

    [Fact]
    public void Fer2013Csv_TooManyPixels_IsAFault()
    {
        FaceDataset dataset = Open(Row("3", 1) + $"0,{DataFolder.Text(DataFolder.Noise(1))} 7,Training\n");

        Assert.Contains("2305 pixels", Assert.Single(dataset.Faults).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Fer2013Csv_QuoteNeverClosed_IsAFaultBehindTheGoodRows()
    {
        FaceDataset dataset = Open(Row("3", 1) + "0,\"1 2 3,Training\n" + Row("4", 2));

        Assert.Single(dataset.Samples);
        Assert.Contains("never closed", Assert.Single(dataset.Faults).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Fer2013Csv_NoUsableRow_SaysWhy()
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Open("0,1 2 3,Training\n"));

        Assert.Contains("row 0: It has 3 pixels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fer2013Csv_UsageWithoutRows_SaysSo()
    {
        string path = Csv(Row("0", 1));

        Assert.Contains("'PrivateTest'", Assert.Throws<InvalidDataException>(() => FaceDatasets.Fer2013Csv(path, "PrivateTest")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fer2013Csv_FlatPictures_AreLeftOutAndCounted()
    {
        string rows = Row("0", 1) + $"1,{DataFolder.Text(new byte[DataFolder.PictureBytes])},Training\n";

        FaceDataset dataset = FaceDatasets.Fer2013Csv(Csv(rows), options: new FaceDatasetOptions { LeaveOutFlat = true });

        Assert.Single(dataset.Samples);
        Assert.Equal(1, dataset.LeftOut.Values.Sum());
        Assert.Equal(2, Open(rows).Samples.Count);
    }

    [Fact]
    public void Fer2013Csv_CopiesOfAUsageThatIsNotThere_AreRefused()
    {
        string path = _folder.Write("fer.csv", "emotion,pixels,Usage\n3," + DataFolder.Text(DataFolder.Noise(1)) + ",Training\n");

        var error = Assert.Throws<InvalidDataException>(() => FaceDatasets.Fer2013Csv(path, options: new FaceDatasetOptions { LeaveOutCopiesOf = ["PublcTest"] }));

        Assert.Contains("'PublcTest'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Training", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fer2013Csv_CopiesOfAnotherUsage_AreLeftOut()
    {
        string path = Csv(Row("0", 1) + Row("1", 2) + Row("1", 2, "PublicTest") + Row("2", 1, "PrivateTest") + Row("2", 3));
        var options = new FaceDatasetOptions { LeaveOutCopiesOf = ["PublicTest", "PrivateTest"] };

        Assert.Equal(["4"], FaceDatasets.Fer2013Csv(path, "Training", options).Samples.Select(sample => sample.Id));
        Assert.Equal(["2", "3", "4"], FaceDatasets.Fer2013Csv(path, null, options).Samples.Select(sample => sample.Id));
    }

    [Fact]
    public void Fer2013Csv_NotAFaceAsked_IsRefusedBecauseThereAreNoVotes()
    {
        string path = Csv(Row("0", 1));

        Assert.Throws<ArgumentException>(() => FaceDatasets.Fer2013Csv(path, options: new FaceDatasetOptions { LeaveOutNotAFace = true }));
    }

    [Theory]
    [InlineData("0,6,0,2,1,1,0,0,0,0", Emotion.Happiness)] // 6 of 8: the single votes are dropped
    [InlineData("5,0,0,5,0,0,0,0,0,0", null)] // half is not more than half
    [InlineData("4,0,0,3,0,0,0,0,3,0", Emotion.Neutral)] // unknown does not count
    [InlineData("1,1,1,1,1,1,1,1,1,1", null)] // nothing but single votes
    [InlineData("0,0,0,0,0,0,0,6,4,0", Emotion.Contempt)]
    public void FerPlusCsv_Majority_FollowsTheStatedRule(string votes, Emotion? expected)
    {
        FaceDataset dataset = OpenVotes(Row("0", 1), "Training,fer0000000.png," + votes + "\n");

        Assert.Equal(expected, dataset.Samples[0].Label);
    }

    [Fact]
    public void FerPlusCsv_Votes_AreSharesOfTheExpressionVotes()
    {
        FaceDataset dataset = OpenVotes(Row("0", 1), "Training,x,4,0,0,1,3,0,0,0,2,0\n", LabelSet.Fer2013);

        Assert.Equal([0.5f, 0, 0, 0.125f, 0.375f, 0, 0, 0], dataset.Samples[0].Votes!);
        Assert.Equal(Emotion.Anger, dataset.Samples[0].Label);
    }

    [Fact]
    public void FerPlusCsv_SevenClasses_LeavesOutContempt()
    {
        FaceDataset dataset = OpenVotes(
            Row("0", 1) + Row("0", 2), "Training,x,0,0,0,0,0,0,0,9,1,0\nTraining,x,9,0,0,0,0,0,0,0,1,0\n", options: new FaceDatasetOptions { Classes = EmotionSet.Basic });

        Assert.Equal("1", Assert.Single(dataset.Samples).Id);
        Assert.Contains("Contempt", Assert.Single(dataset.LeftOut).Key, StringComparison.Ordinal);
    }

    [Fact]
    public void FerPlusCsv_NotAFace_IsLeftOutOnRequest()
    {
        const string Votes = "Training,,0,0,0,0,0,0,0,0,0,10\nTraining,x,9,0,0,0,0,0,0,0,1,0\n";

        Assert.Null(OpenVotes(Row("0", 1) + Row("0", 2), Votes).Samples[0].Votes);
        Assert.Equal("1", Assert.Single(OpenVotes(Row("0", 1) + Row("0", 2), Votes, options: new FaceDatasetOptions { LeaveOutNotAFace = true }).Samples).Id);
    }

    [Fact]
    public void FerPlusCsv_BadVotes_AreFaults()
    {
        FaceDataset dataset = OpenVotes(
            Row("0", 1) + Row("0", 2) + Row("0", 3) + Row("0", 4),
            "Training,x,9,0,0,0,0,0,0,0,1,0\nTraining,x,many,0,0,0,0,0,0,0,1,0\nPublicTest,x,9,0,0,0,0,0,0,0,1,0\n");

        Assert.Equal(["row 1", "row 2", "row 3"], dataset.Faults.Select(fault => fault.Where));
        Assert.Single(dataset.Samples);
    }

    [Fact]
    public void FerPlusCsv_MoreVotesThanPictures_IsAFault()
    {
        FaceDataset dataset = OpenVotes(Row("0", 1), "Training,x,9,0,0,0,0,0,0,0,1,0\nTraining,x,9,0,0,0,0,0,0,0,1,0\n");

        Assert.Equal("votes row 1", Assert.Single(dataset.Faults).Where);
    }

    [Fact]
    public void Hash_AnyChangeOfPixelOrLabel_ChangesIt()
    {
        string[] hashes = [Open(Row("0", 1)).Info.Sha256, Open(Row("0", 2)).Info.Sha256, Open(Row("1", 1)).Info.Sha256];

        Assert.Equal(3, hashes.Distinct().Count());
        Assert.All(hashes, hash => Assert.Equal(64, hash.Length));
    }

    [Fact]
    public void Load_NoSuchSample_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => Open(Row("0", 1)).Load(1));

    private static string Row(string label, int seed, string usage = "Training") => $"{label},{DataFolder.Text(DataFolder.Noise(seed))},{usage}\n";

    private string Csv(string rows) => _folder.Write("fer2013.csv", "emotion,pixels,Usage\n" + rows);

    private FaceDataset Open(string rows) => FaceDatasets.Fer2013Csv(Csv(rows));

    private FaceDataset OpenVotes(string rows, string votes, LabelSet labels = LabelSet.FerPlusMajority, FaceDatasetOptions? options = null) =>
        FaceDatasets.FerPlusCsv(Csv(rows), _folder.Write("fer2013new.csv", VoteHeader + votes), labels: labels, options: options);
}
