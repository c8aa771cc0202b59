namespace FerSharp.Training.Tests;

/// <summary>Tests that need torch are skipped where it cannot be loaded, with the reason.</summary>
internal static class Torch
{
    public static void Require()
    {
        Assert.SkipWhen(TorchRuntime.WhyNot is not null, TorchRuntime.WhyNot ?? "");
        TorchRuntime.Threads = 1;
    }

    /// <summary>A recipe that takes seconds.</summary>
    public static TrainingRecipe Recipe(int epochs = 3) => new()
    {
        Name = "small",
        Seed = 5,
        Epochs = epochs,
        BatchSize = 16,
        Network = new ResidualNetworkSpec { InputSize = 24, StemChannels = 8, StemKernel = 3, StemDepth = 0, Stages = [new(8, 1), new(16, 1)], Embedding = 16, SqueezeRatio = 4 },
        Schedule = new ScheduleSpec { WarmUpEpochs = 0.5f },
        Augmentation = new AugmentationSpec { Rotation = 5, Zoom = 0.1f, Shift = 0.05f, Flip = 0.5f, Erase = 0.2f, Mix = 0.2f },
        Resolutions = [new(1, 16)],
        AverageDecay = 0.9f,
    };
}

/// <summary>A folder for one test.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("fersharp-training-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
