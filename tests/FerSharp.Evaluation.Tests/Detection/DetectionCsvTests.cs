namespace FerSharp.Evaluation.Tests.Detection;

public sealed class DetectionCsvTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Csv_RowsOfSeveralPictures_GathersFacesByFile()
    {
        DetectionDataset set = Read("file,left,top,width,height,ignored,subject\nb.png,1,2,3,4,,ann\na.png,5,6,7,8,1,\nb.png,9.5,1e1,11,12,false,\n");
        Assert.Equal(["b.png", "a.png"], set.Samples.Select(sample => sample.Id));
        Assert.Equal([new TrueFace(new RectF(1, 2, 3, 4)), new TrueFace(new RectF(9.5f, 10, 11, 12))], set.Samples[0].Faces);
        Assert.Equal(("ann", null, (int?)null), (set.Samples[0].Subject, set.Samples[1].Subject, set.Samples[0].FaceCount));
        Assert.True(Assert.Single(set.Samples[1].Faces).Ignored);
        Assert.Empty(set.Faults);
    }

    [Fact]
    public void Csv_Corners_WidthAndHeightAreThePictures()
    {
        DetectionDataset set = Read("file,width,height,left,top,right,bottom\na.png,640,480,10,20,40,60\n");
        Assert.Equal(new RectF(10, 20, 30, 40), Assert.Single(set.Samples[0].Faces).Box);
    }

    [Fact]
    public void Csv_FivePoints_AreTheLandmarksAndMayBeLeftOut()
    {
        DetectionDataset set = Read("file,left,top,width,height,x0,y0,x1,y1,x2,y2,x3,y3,x4,y4\na.png,0,0,9,9,1,2,3,4,5,6,7,8,9,10\nb.png,0,0,9,9,,,,,,,,,,\n");
        Assert.Equal(new FaceLandmarks(new(1, 2), new(3, 4), new(5, 6), new(7, 8), new(9, 10)), set.Samples[0].Faces[0].Landmarks);
        Assert.True(set.Samples[1].Faces[0].Landmarks.IsEmpty);
    }

    [Fact]
    public void Csv_SixtyEightPoints_AreReducedToFive()
    {
        // Point i lies at (i, 2i): the eyes are the means of 36 to 41 and 42 to 47.
        string columns = string.Join(',', Enumerable.Range(0, 68).Select(i => $"x{i},y{i}")), points = string.Join(',', Enumerable.Range(0, 68).Select(i => $"{i},{2 * i}"));
        DetectionDataset set = Read($"file,left,top,width,height,{columns}\na.png,0,0,9,9,{points}\n");
        Assert.Equal(new FaceLandmarks(new(38.5f, 77), new(44.5f, 89), new(30, 60), new(48, 96), new(54, 108)), set.Samples[0].Faces[0].Landmarks);
    }

    [Fact]
    public void Csv_Counts_AreKeptWhereNoBoxIsKnown()
    {
        string counts = _folder.Write("counts.csv", "file,width,height,faces\na.png,640,480,1\nb.png,640,480,3\nnone.png,640,480,0\n");
        DetectionDataset set = Read("file,left,top,width,height\na.png,1,1,5,5\n", new DetectionDatasetOptions { CountsPath = counts, Name = "photos" });
        Assert.Equal([null, 3, null], set.Samples.Select(sample => sample.FaceCount));
        Assert.Equal([1, 0, 0], set.Samples.Select(sample => sample.Faces.Count));
        Assert.Equal("photos", set.Info.Name);
    }

    [Fact]
    public void Csv_CountsInTheSameFile_AreRead()
    {
        DetectionDataset set = Read("file,left,top,width,height,faces\na.png,1,1,5,5,\nb.png,,,,,2\n");
        Assert.Equal([null, 2], set.Samples.Select(sample => sample.FaceCount));
    }

    [Theory]
    [InlineData("a.png,x,1,5,5,,", "left is 'x'")]
    [InlineData("a.png,NaN,1,5,5,,", "left is 'NaN'")]
    [InlineData("a.png,1,1,0,5,,", "no size")]
    [InlineData("a.png,1,,5,5,,", "top is ''")]
    [InlineData("a.png,1,1,5,5,yes,", "ignored is 'yes'")]
    [InlineData("a.png,1,1,5,5,,-1", "faces is '-1'")]
    [InlineData("a.png,,,,,,", "neither a box nor a number")]
    [InlineData("a.png,1,1,5,5", "5 fields")]
    [InlineData("../a.png,1,1,5,5,,", "within it")]
    [InlineData(",1,1,5,5,,", "empty")]
    [InlineData("good.png,1,1,5,5,,", "there already")]
    public void Csv_BadRow_IsNamedAndItsPictureNotUsed(string row, string reason)
    {
        const string Header = "file,left,top,width,height,ignored,faces\n";
        DetectionDataset set = Read($"{Header}good.png,1,1,5,5,,\nother.png,1,1,5,5,,\n{row}\n");
        DatasetFault fault = Assert.Single(set.Faults);
        Assert.Equal("row 2", fault.Where);
        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
        Assert.Equal(row.StartsWith("good", StringComparison.Ordinal) ? ["other.png"] : ["good.png", "other.png"], set.Samples.Select(sample => sample.Id));
    }

    [Fact]
    public void Csv_MoreBoxesThanFaces_IsAFault()
    {
        DetectionDataset set = Read("file,left,top,width,height,faces\na.png,1,1,5,5,1\na.png,9,9,5,5,\nb.png,1,1,5,5,1\n");
        Assert.Equal("a.png", Assert.Single(set.Faults).Where);
        Assert.Equal("b.png", Assert.Single(set.Samples).Id);
    }

    [Fact]
    public void Csv_IgnoredWithoutSize_IsDropped() =>
        Assert.Empty(Read("file,left,top,width,height,invalid\na.png,1,1,0,0,1\n", new DetectionDatasetOptions { IgnoredColumn = "invalid" }).Samples[0].Faces);

    [Fact]
    public void Csv_EyesAtTheSamePlace_AreAFault() =>
        Assert.Contains("Both eyes", Assert.Throws<InvalidDataException>(() => Read("file,left,top,width,height,x0,y0,x1,y1,x2,y2,x3,y3,x4,y4\na.png,0,0,9,9,1,2,1,2,5,6,7,8,9,10\n")).Message, StringComparison.Ordinal);

    [Fact]
    public void Csv_MissingColumnsOrRows_SaysWhich()
    {
        Assert.Contains("height", Assert.Throws<InvalidDataException>(() => Read("file,left,top,width\n")).Message, StringComparison.Ordinal);
        Assert.Contains("y3", Assert.Throws<InvalidDataException>(() => Read("file,left,top,width,height,x0,y0,x1,y1,x2,y2,x3,x4,y4\n")).Message, StringComparison.Ordinal);
        Assert.Contains("invalid", Assert.Throws<InvalidDataException>(() => Read("file,left,top,width,height\n", new DetectionDatasetOptions { IgnoredColumn = "invalid" })).Message, StringComparison.Ordinal);
        Assert.Contains("no row", Assert.Throws<InvalidDataException>(() => Read("file,left,top,width,height\n")).Message, StringComparison.Ordinal);
        Assert.Contains("empty", Assert.Throws<InvalidDataException>(() => Read("")).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => DetectionDatasets.Csv(Path.Combine(_folder.Root, "none.csv")));
        Assert.Throws<DirectoryNotFoundException>(() => DetectionDatasets.Csv(_folder.Write("a.csv", "file,faces\na.png,1\n"), Path.Combine(_folder.Root, "none")));
    }

    [Fact]
    public void Info_SameRows_HaveTheSameHashAndOthersAnother()
    {
        const string Header = "file,left,top,width,height,ignored\n";
        string hash = Read($"{Header}a.png,1,1,5,5,0\n").Info.Sha256;
        Assert.Equal(hash, Read($"{Header}a.png,1.0,1,5,5,\n").Info.Sha256);
        Assert.NotEqual(hash, Read($"{Header}a.png,1,1,5,5,1\n").Info.Sha256);
        Assert.NotEqual(hash, Read($"{Header}a.png,1,1,5,6,0\n").Info.Sha256);
        Assert.NotEqual(hash, Read($"{Header}b.png,1,1,5,5,0\n").Info.Sha256);
    }

    [Fact]
    public void Load_Picture_ComesFromTheRootAndAMissingOneSaysSo()
    {
        _folder.WritePicture("images/a.png", seed: 1, side: 20);
        string csv = _folder.Write("boxes.csv", "file,left,top,width,height\na.png,1,1,5,5\nnone.png,1,1,5,5\n");
        DetectionDataset set = DetectionDatasets.Csv(csv, Path.Combine(_folder.Root, "images"));
        using Frame frame = set.Load(0);
        Assert.Equal(20, frame.View.Width);
        Assert.Throws<FileNotFoundException>(() => set.Load(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Load(2));
    }

    [Fact]
    public void Csv_SharedData_IsReadWithoutFaults()
    {
        DetectionDataset crowds = DetectionDatasets.Csv(TestFiles.InShared("data", "wider100", "boxes.csv"), TestFiles.InShared("data", "wider100", "images"), new DetectionDatasetOptions { IgnoredColumn = "invalid" });
        DetectionDataset photos = DetectionDatasets.Csv(TestFiles.InShared("data", "photos", "photos_boxes.csv"), options: new DetectionDatasetOptions { CountsPath = TestFiles.InShared("data", "photos", "photos.csv") });
        DetectionDataset points = DetectionDatasets.Csv(TestFiles.InShared("data", "keypoints290", "keypoints.csv"), TestFiles.InShared("data", "keypoints290", "images"));
        Assert.All(new[] { crowds, photos, points }, set => Assert.Empty(set.Faults));
        Assert.Equal((100, 2637, 19), (crowds.Samples.Count, crowds.Samples.Sum(s => s.Faces.Count(f => !f.Ignored)), crowds.Samples.Sum(s => s.Faces.Count(f => f.Ignored))));
        Assert.Equal((28, 18, 3), (photos.Samples.Count, photos.Samples.Sum(s => s.Faces.Count), photos.Samples.Count(s => s.FaceCount is null && s.Faces.Count == 0)));
        Assert.Equal(290, points.Samples.Count);
        Assert.All(points.Samples, sample => Assert.True(sample.Faces[0].Landmarks.LeftEye.X < sample.Faces[0].Landmarks.RightEye.X));
    }

    private DetectionDataset Read(string text, DetectionDatasetOptions? options = null) => DetectionDatasets.Csv(_folder.Write("boxes.csv", text), options: options);
}
