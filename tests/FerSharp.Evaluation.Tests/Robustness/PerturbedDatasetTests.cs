using FerSharp.Testing;

namespace FerSharp.Evaluation.Tests;

public sealed class PerturbedDatasetTests
{
    private static readonly Perturbation Noise = new(PerturbationKind.Noise, 16);

    [Fact]
    public void Info_NamesThePerturbationAndHasAHashOfItsOwn()
    {
        FaceDataset original = Twenty();
        var noisy = new PerturbedDataset(original, Noise, seed: 3);

        Assert.Equal(("generated", "test, Noise 16, seed 3"), (noisy.Info.Name, noisy.Info.Split));
        string[] hashes =
        [
            original.Info.Sha256, noisy.Info.Sha256, new PerturbedDataset(original, Noise, seed: 4).Info.Sha256,
            new PerturbedDataset(original, new Perturbation(PerturbationKind.Noise, 8), seed: 3).Info.Sha256,
        ];
        Assert.Equal(4, hashes.Distinct().Count());
        Assert.Equal(noisy.Info, new PerturbedDataset(original, Noise, seed: 3).Info);
        Assert.Same(original.Samples, noisy.Samples);
    }

    [Fact]
    public void Subset_Hash_ShowsThePerturbation() =>
        Assert.NotEqual(new PerturbedDataset(Twenty(), Noise).Subset([0, 1], "part").Info.Sha256, new PerturbedDataset(Twenty(), Noise, 2).Subset([0, 1], "part").Info.Sha256);

    [Fact]
    public void Load_AnyOrderAndThreads_GivesTheSameBytes()
    {
        foreach (Perturbation perturbation in new[] { Noise, new Perturbation(PerturbationKind.Occlusion, 0.2) })
        {
            byte[][] expected = [.. Enumerable.Range(0, 20).Select(i => DataFolder.Pixels(new PerturbedDataset(Twenty(), perturbation), i))];
            var shared = new PerturbedDataset(Twenty(), perturbation);
            byte[][] actual = new byte[20][];
            Parallel.For(0, 20, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => actual[19 - i] = DataFolder.Pixels(shared, 19 - i));
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void Load_NoiseOfTwoSamples_IsIndependent()
    {
        var flat = new GeneratedPictures([new FaceSample("a", null), new FaceSample("b", null)], _ => SyntheticFrames.Blank(16, 16, 128, PixelFormat.Gray8));
        var noisy = new PerturbedDataset(flat, Noise);
        Assert.NotEqual(DataFolder.Pixels(noisy, 0), DataFolder.Pixels(noisy, 1));
    }

    [Fact]
    public void Load_OriginalsFault_IsPassedOn()
    {
        var broken = new PerturbedDataset(new GeneratedPictures([new FaceSample("a", null)], _ => null), Noise);
        Assert.Throws<InvalidDataException>(() => broken.Load(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => broken.Load(1));
    }

    [Fact]
    public void Constructor_Null_IsRefused()
    {
        Assert.Throws<ArgumentNullException>("original", () => new PerturbedDataset(null!, Noise));
        Assert.Throws<ArgumentNullException>("perturbation", () => new PerturbedDataset(Twenty(), null!));
    }

    private static GeneratedPictures Twenty() =>
        new([.. Enumerable.Range(0, 20).Select(i => new FaceSample($"{i}", Emotion.Fear))], i => SyntheticFrames.Noise(24, 24, i, PixelFormat.Gray8));
}
