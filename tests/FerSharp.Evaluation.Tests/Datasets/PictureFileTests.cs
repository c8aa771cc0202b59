using CsCheck;
using FerSharp.Media;
using FerSharp.Testing;

namespace FerSharp.Evaluation.Tests;

public sealed class PictureFileTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folders_KaggleClasses_MapToExpressions()
    {
        string[] classes = ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"];
        for (int i = 0; i < classes.Length; i++)
        {
            _folder.WritePicture($"train/{classes[i]}/{i}.png", i);
            _folder.WritePicture($"test/{classes[i]}/{i}.png", i + 10);
        }

        FaceDataset test = FaceDatasets.Folders(_folder.Root, "test");
        FaceDataset all = FaceDatasets.Folders(_folder.Root);

        Assert.Equal(
            [Emotion.Anger, Emotion.Disgust, Emotion.Fear, Emotion.Happiness, Emotion.Neutral, Emotion.Sadness, Emotion.Surprise],
            test.Samples.Select(sample => sample.Label!.Value));
        Assert.Equal("angry/0.png", test.Samples[0].Id);
        Assert.Equal(14, all.Samples.Count);
        Assert.Equal("train", all.Samples[^1].Tags["split"]);
        Assert.Empty(all.Faults);
    }

    [Fact]
    public void Folders_NumbersOfRafDb_MapByTheGivenOrder()
    {
        _folder.WritePicture("1/a.png", 1);
        _folder.WritePicture("7/b.png", 2);

        FaceDataset dataset = FaceDatasets.Folders(_folder.Root, labels: EmotionLabels.RafDb);

        Assert.Equal([Emotion.Surprise, Emotion.Neutral], dataset.Samples.Select(sample => sample.Label!.Value));
    }

    [Fact]
    public void Folders_LinkThatLeadsBack_IsNamedAndCountsNoPictureTwice()
    {
        _folder.WritePicture("happy/a.png", 1);
        _folder.WritePicture("sad/inner/b.png", 2);
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(_folder.Root, "sad", "loop"), _folder.Root);
            File.CreateSymbolicLink(Path.Combine(_folder.Root, "sad", "c.png"), Path.Combine(_folder.Root, "sad", "inner", "b.png"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Assert.Skip($"links cannot be made here: {e.Message}");
        }

        FaceDataset dataset = FaceDatasets.Folders(_folder.Root);

        Assert.Equal(["happy/a.png", "sad/c.png", "sad/inner/b.png"], dataset.Samples.Select(sample => sample.Id));
        Assert.Equal("sad/loop", Assert.Single(dataset.Faults).Where);
    }

    [Fact]
    public void Folders_PictureChanges_ChangesTheHash()
    {
        _folder.WritePicture("happy/a.png", 1);
        _folder.WritePicture("sad/b.png", 2);
        string Hash(FaceDatasetOptions? options = null) => FaceDatasets.Folders(_folder.Root, options: options).Subset([0, 1], "part").Info.Sha256;
        (string before, string unread) = (Hash(), Hash(new FaceDatasetOptions { CheckFiles = false }));
        string again = Hash();

        _folder.WritePicture("sad/b.png", 3);

        Assert.Equal(before, again);
        Assert.NotEqual(before, Hash());
        Assert.Equal(unread, Hash(new FaceDatasetOptions { CheckFiles = false }));
    }

    [Fact]
    public void Folders_WhatCannotBeUsed_IsNamed()
    {
        _folder.WritePicture("happy/good.png", 1);
        _folder.Write("happy/broken.png", "no picture");
        _folder.Write("happy/empty.jpg", "");
        _folder.Write("happy/notes.txt", "x");
        _folder.WritePicture("bored/a.png", 2);
        Directory.CreateDirectory(Path.Combine(_folder.Root, "sad"));

        FaceDataset dataset = FaceDatasets.Folders(_folder.Root);

        Assert.Equal("happy/good.png", Assert.Single(dataset.Samples).Id);
        Assert.Equal(["bored", "happy/broken.png", "happy/empty.jpg", "happy/notes.txt", "sad"], dataset.Faults.Select(fault => fault.Where).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(dataset.Faults, fault => fault.Reason.Contains(_folder.Root, StringComparison.Ordinal));
    }

    [Fact]
    public void Folders_FilesNotChecked_DamageIsMetOnLoading()
    {
        _folder.Write("happy/broken.png", "no picture");

        FaceDataset dataset = FaceDatasets.Folders(_folder.Root, options: new FaceDatasetOptions { CheckFiles = false });

        Assert.Throws<InvalidDataException>(() => dataset.Load(0));
    }

    [Fact]
    public void Folders_Load_DecodesTheFile()
    {
        _folder.WritePicture("happy/a.png", 7, side: 20);

        using Frame frame = FaceDatasets.Folders(_folder.Root).Load(0);

        Assert.Equal(20, frame.View.Width);
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    public void Folders_FlatPicture_IsLeftOutOnlyOnRequest(bool leaveOut, int expected)
    {
        _folder.WritePicture("happy/a.png", 7);
        _folder.Write("happy/flat.png", ImageFile.Encode(SyntheticFrames.Blank(9, 9, 40), ImageSaveFormat.Png));

        FaceDataset dataset = FaceDatasets.Folders(_folder.Root, options: new FaceDatasetOptions { LeaveOutFlat = leaveOut });

        Assert.Equal(expected, dataset.Samples.Count);
        Assert.Empty(dataset.Faults);
    }

    [Fact]
    public void Folders_NothingUsable_SaysWhy()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Root, "sad"));

        Assert.Contains("sad: The class folder has no picture", Assert.Throws<InvalidDataException>(() => FaceDatasets.Folders(_folder.Root)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_NoSuchRoot_IsRefused() => Assert.Throws<DirectoryNotFoundException>(() => FaceDatasets.Folders(Path.Combine(_folder.Root, "none")));

    [Fact]
    public void Folders_OptionsOfFer2013_AreRefused() =>
        Assert.Throws<ArgumentException>(() => FaceDatasets.Folders(_folder.Root, options: new FaceDatasetOptions { LeaveOutNotAFace = true }));

    [Fact]
    public void List_RafDb_ReadsNamesPrefixAndSuffix()
    {
        _folder.WritePicture("aligned/test_0001_aligned.jpg", 1);
        string list = _folder.Write("list.txt", "train_00001.jpg 5\r\ntest_0001.jpg 4\r\ntest_0002.jpg 9\r\ntest_0003.jpg 1\r\ntest_\r\n");

        FaceDataset dataset = FaceDatasets.List(Path.Combine(_folder.Root, "aligned"), list, EmotionLabels.RafDb, "test_", "_aligned");

        Assert.Equal(new FaceSample("test_0001_aligned.jpg", Emotion.Happiness).Label, Assert.Single(dataset.Samples).Label);
        Assert.Equal("test_0001_aligned.jpg", dataset.Samples[0].Id);
        Assert.Equal(["row 2", "row 4", "test_0003_aligned.jpg"], dataset.Faults.Select(fault => fault.Where));
    }

    [Fact]
    public void ManifestCsv_FurtherColumns_AreTagsAndSubject()
    {
        _folder.WritePicture("a/1.png", 1);
        _folder.WritePicture("2.png", 2);
        string path = _folder.Write("set.csv", "path,Label,age,subject,light\na/1.png,joy,30-39,s1,\"bright, \"\"sun\"\"\"\n2.png,,,,\n");

        FaceDataset dataset = FaceDatasets.ManifestCsv(path);

        Assert.Equal((Emotion.Happiness, "s1", "30-39", "bright, \"sun\""), (dataset.Samples[0].Label!.Value, dataset.Samples[0].Subject, dataset.Samples[0].Tags["age"], dataset.Samples[0].Tags["light"]));
        Assert.Null(dataset.Samples[1].Label);
        Assert.Null(dataset.Samples[1].Subject);
        Assert.Empty(dataset.Samples[1].Tags);
    }

    [Fact]
    public void ManifestCsv_AnyQuotedText_ComesBackAsItWas() => Gen.Char["ab ,;\"\r\n'é"].Array[0, 12].Select(chars => new string(chars)).Array[1, 4].Sample(
        texts =>
        {
            string header = string.Concat(texts.Select((_, i) => $",t{i}"));
            string row = string.Concat(texts.Select(text => $",\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
            string path = _folder.Write("set.csv", $"path,label{header}\nx.png,sad{row}\ny.png,happy{row}");

            FaceDataset dataset = FaceDatasets.ManifestCsv(path, options: new FaceDatasetOptions { CheckFiles = false });

            Assert.Equal(2, dataset.Samples.Count);
            Assert.All(dataset.Samples, sample => Assert.Equal(texts.Select(text => text.Trim()), texts.Select((_, i) => sample.Tags.GetValueOrDefault($"t{i}", ""))));
        },
        iter: 300,
        threads: 1);

    [Theory]
    [InlineData("../a.png,happy", "within")]
    [InlineData("/etc/a.png,happy", "within")]
    [InlineData("c:\\a.png,happy", "within")]
    [InlineData(",happy", "empty")]
    [InlineData("1.png,happy", "there already")]
    [InlineData("2.png,hapy", "'hapy'")]
    [InlineData("2.png,3", "'3'")]
    [InlineData("2.png", "1 fields")]
    [InlineData("none.png,sad", "no such file")]
    public void ManifestCsv_BadRow_IsAFault(string row, string reason)
    {
        _folder.WritePicture("1.png", 1);

        FaceDataset dataset = FaceDatasets.ManifestCsv(_folder.Write("set.csv", $"path,label\n1.png,happy\n{row}\n"));

        Assert.Single(dataset.Samples);
        Assert.Contains(reason, Assert.Single(dataset.Faults).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void ManifestCsv_Cancelled_Stops()
    {
        _folder.WritePicture("1.png", 1);
        string path = _folder.Write("set.csv", "path,label\n1.png,happy\n");

        Assert.ThrowsAny<OperationCanceledException>(() => FaceDatasets.ManifestCsv(path, cancellationToken: new CancellationToken(true)));
    }

    [Theory]
    [InlineData("Angry", Emotion.Anger)]
    [InlineData(" HAPPINESS ", Emotion.Happiness)]
    [InlineData("7", Emotion.Contempt)]
    public void EmotionLabels_AffectNet_KnowsWordsAndNumbers(string text, Emotion expected)
    {
        Assert.True(EmotionLabels.AffectNet.TryParse(text, out Emotion emotion));
        Assert.Equal(expected, emotion);
    }

    [Fact]
    public void EmotionLabels_RepeatedExpression_IsRefused() => Assert.Throws<ArgumentException>(() => new EmotionLabels([Emotion.Fear, Emotion.Fear]));
}
