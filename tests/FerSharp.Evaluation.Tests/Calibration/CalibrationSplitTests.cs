using FerSharp.Testing;

namespace FerSharp.Evaluation.Tests.Calibration;

public sealed class CalibrationSplitTests
{
    private static readonly CalibrationSplit ByTagsAlone = new() { Copies = null };

    [Fact]
    public void Divide_NoGroups_HalvesEachClass()
    {
        var dataset = new NoiseDataset(80);
        (FaceDataset fitting, FaceDataset reporting) = TemperatureCalibration.Divide(dataset);
        Assert.Equal(80, fitting.Samples.Concat(reporting.Samples).Select(sample => sample.Id).Distinct().Count());
        Assert.All(fitting.Samples.CountBy(sample => sample.Label!.Value), one => Assert.Equal(5, one.Value));
        Assert.Equal((TemperatureCalibration.FittingPart, TemperatureCalibration.ReportingPart), (fitting.Info.Split, reporting.Info.Split));
        Assert.NotEqual(fitting.Info.Sha256, reporting.Info.Sha256);
    }

    [Fact]
    public void Divide_SameSeed_GivesTheSamePartsAndAnotherOthers()
    {
        string Part(int seed) => TemperatureCalibration.Divide(new NoiseDataset(80), ByTagsAlone with { Seed = seed }).Fitting.Info.Sha256;
        Assert.Equal(Part(3), Part(3));
        Assert.NotEqual(Part(3), Part(4));
    }

    [Fact]
    public void Divide_SubjectsAndTags_KeepsGroupsTogetherAlsoWhereTheyChain()
    {
        // Subjects of five pictures; the copies of two subjects' pictures chain subjects 0 and 1.
        var dataset = new NoiseDataset(100, sample: (i, sample) => sample with
        {
            Subject = $"s{i / 5}",
            Tags = i is 0 or 7 ? new Dictionary<string, string> { ["dup_group"] = "x" } : new Dictionary<string, string>(),
        });
        (FaceDataset fitting, FaceDataset reporting) = TemperatureCalibration.Divide(dataset, ByTagsAlone with { FittingFraction = 0.3 });
        Assert.Empty(fitting.Samples.Select(s => s.Subject).Intersect(reporting.Samples.Select(s => s.Subject)));
        Assert.Contains(new[] { fitting, reporting }, part => part.Samples.Any(s => s.Id == "0") && part.Samples.Any(s => s.Id == "7"));
        Assert.InRange(fitting.Samples.Count, 25, 35);
    }

    [Fact]
    public void Divide_TagsOfCopies_AreAskedFor()
    {
        var dataset = new NoiseDataset(40, sample: (i, sample) => sample with { Tags = new Dictionary<string, string> { ["video"] = $"v{i / 4}" } });
        (FaceDataset fitting, FaceDataset reporting) = TemperatureCalibration.Divide(dataset, ByTagsAlone with { CopyTags = ["video"] });
        Assert.Empty(fitting.Samples.Select(s => s.Tags["video"]).Intersect(reporting.Samples.Select(s => s.Tags["video"])));
    }

    [Fact]
    public void Divide_CopiesWithoutTags_AreFoundByTheirPixels()
    {
        // Pictures 2k and 2k + 1 have the same pixels under other ids.
        var dataset = new NoiseDataset(60, seed: i => i / 2);
        (FaceDataset fitting, FaceDataset reporting) = TemperatureCalibration.Divide(dataset);
        Assert.Empty(fitting.Samples.Select(s => int.Parse(s.Id, System.Globalization.CultureInfo.InvariantCulture) / 2).Intersect(reporting.Samples.Select(s => int.Parse(s.Id, System.Globalization.CultureInfo.InvariantCulture) / 2)));
        (FaceDataset blindly, FaceDataset rest) = TemperatureCalibration.Divide(dataset, ByTagsAlone);
        Assert.NotEmpty(blindly.Samples.Select(s => int.Parse(s.Id, System.Globalization.CultureInfo.InvariantCulture) / 2).Intersect(rest.Samples.Select(s => int.Parse(s.Id, System.Globalization.CultureInfo.InvariantCulture) / 2)));
    }

    [Fact]
    public void Divide_Parts_KeepTheirOwnSubjectsAndPictures()
    {
        var dataset = new NoiseDataset(40, seed: i => i / 2, sample: (i, sample) => i == 3 ? sample with { Subject = "ann" } : sample);
        (FaceDataset fitting, FaceDataset reporting) = TemperatureCalibration.Divide(dataset);
        Assert.Equal("ann", Assert.Single(fitting.Samples.Concat(reporting.Samples), sample => sample.Subject is not null).Subject);
        foreach (FaceDataset part in new[] { fitting, reporting })
        {
            using Frame frame = part.Load(0);
            using Frame own = dataset.Load(int.Parse(part.Samples[0].Id, System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(own.View.Pixels.ToArray(), frame.View.Pixels.ToArray());
        }
    }

    [Fact]
    public void Divide_UnlabelledPictures_AreInNeitherPart()
    {
        (FaceDataset fitting, FaceDataset reporting) = TemperatureCalibration.Divide(new NoiseDataset(40, sample: (i, sample) => i % 4 == 0 ? sample with { Label = null } : sample));
        Assert.Equal(30, fitting.Samples.Count + reporting.Samples.Count);
        Assert.All(fitting.Samples.Concat(reporting.Samples), sample => Assert.NotNull(sample.Label));
    }

    [Fact]
    public void Divide_BadInput_IsRefused()
    {
        Assert.Throws<ArgumentException>("dataset", () => TemperatureCalibration.Divide(new NoiseDataset(4, sample: (_, sample) => sample with { Label = null })));
        Assert.Throws<ArgumentOutOfRangeException>(() => TemperatureCalibration.Divide(new NoiseDataset(8), new CalibrationSplit { FittingFraction = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => TemperatureCalibration.Divide(new NoiseDataset(8), new CalibrationSplit { FittingFraction = double.NaN }));
        Assert.Throws<ArgumentException>(() => TemperatureCalibration.Divide(new NoiseDataset(8, sample: (_, sample) => sample with { Subject = "one" }), ByTagsAlone));
        Assert.Throws<ArgumentNullException>(() => TemperatureCalibration.Divide(null!));
    }

    private sealed class NoiseDataset(int count, Func<int, int>? seed = null, Func<int, FaceSample, FaceSample>? sample = null)
        : FaceDataset(
            new DatasetInfo("noise", "", "0"),
            [.. Enumerable.Range(0, count).Select(i => new FaceSample($"{i}", (Emotion)(i % 8))).Select((one, i) => sample is null ? one : sample(i, one))],
            [])
    {
        public override Frame Load(int index) => Frame.CopyOf(SyntheticFrames.Noise(24, 24, seed is null ? index : seed(index), PixelFormat.Gray8));
    }
}
