namespace FerSharp.Training.Tests;

public sealed class TrainerTests
{
    private static readonly TrainingSet Learning = DrawnFaces.Set(70, 24);
    private static readonly TrainingSet Validation = DrawnFaces.Set(35, 24, seed: 2);

    [Fact]
    public void Run_OnPicturesThatCanBeToldApart_LearnsThem()
    {
        Torch.Require();
        using var folder = new TestFolder();
        IReadOnlyList<EpochRecord> epochs = Trainer(Torch.Recipe(epochs: 14) with { Augmentation = AugmentationSpec.None }, folder).Run(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(14, epochs.Count);
        Assert.True(epochs[^1].Loss < 0.7 * epochs[0].Loss, $"loss {epochs[0].Loss} to {epochs[^1].Loss}");
        Assert.True(epochs[^1].Validation.Fer2013 > 0.5, $"found {epochs[^1].Validation.Fer2013}");
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd, ScheduleKind.Cosine)]
    [InlineData(OptimizerKind.Adam, ScheduleKind.Plateau)]
    public void Run_StoppedInEveryEpochAndGoneOn_EndsAsUnbroken(OptimizerKind optimizer, ScheduleKind schedule)
    {
        Torch.Require();
        TrainingRecipe recipe = Torch.Recipe() with
        {
            Optimizer = new OptimizerSpec { Kind = optimizer, LearningRate = 0.01f },
            Schedule = new ScheduleSpec { Kind = schedule, Patience = 1, WarmUpEpochs = 0 },
        };
        using var whole = new TestFolder();
        using var broken = new TestFolder();
        IReadOnlyList<EpochRecord> expected = Trainer(recipe, whole).Run(cancellationToken: TestContext.Current.CancellationToken);

        // Each call is stopped in the middle of an epoch, which is lost, after the one before it was finished.
        for (int epoch = 1; epoch < recipe.Epochs; epoch++)
        {
            using var stop = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(() => Trainer(recipe, broken).Run(new StopAfterEpoch(epoch, stop), stop.Token));

            // What a run that is killed while it writes leaves behind.
            File.WriteAllText(broken["last.safetensors.part"], "half a checkpoint");
        }

        IReadOnlyList<EpochRecord> actual = Trainer(recipe, broken).Run(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(expected.Select(epoch => epoch with { Seconds = 0 }), actual.Select(epoch => epoch with { Seconds = 0 }));
        AssertSameTensors(whole["last.safetensors"], broken["last.safetensors"]);
        AssertSameTensors(whole["best.safetensors"], broken["best.safetensors"]);
    }

    [Fact]
    public void Run_TwiceWithOneSeed_GivesTheSameWeights_AndOthersWithAnother()
    {
        Torch.Require();
        using var first = new TestFolder();
        using var second = new TestFolder();
        using var other = new TestFolder();
        double[] losses = [.. new[] { (5L, first), (5L, second), (6L, other) }
            .Select(run => Trainer(Torch.Recipe(epochs: 1) with { Seed = run.Item1 }, run.Item2).Run(cancellationToken: TestContext.Current.CancellationToken)[0].Loss)];

        AssertSameTensors(first["last.safetensors"], second["last.safetensors"]);
        Assert.Equal(losses[0], losses[1]);
        Assert.NotEqual(losses[0], losses[2]);
    }

    [Fact]
    public void Run_InFolderOfAnotherRecipeOrOtherPictures_IsRefused()
    {
        Torch.Require();
        using var folder = new TestFolder();
        Trainer(Torch.Recipe(epochs: 1), folder).Run(cancellationToken: TestContext.Current.CancellationToken);

        InvalidDataException recipe = Assert.Throws<InvalidDataException>(() => Trainer(Torch.Recipe(epochs: 2), folder).Run(cancellationToken: TestContext.Current.CancellationToken));
        InvalidDataException pictures = Assert.Throws<InvalidDataException>(
            () => new Trainer(Torch.Recipe(epochs: 1), DrawnFaces.Set(71, 24), Validation, folder.Path).Run(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("recipe", recipe.Message, StringComparison.Ordinal);
        Assert.Contains("pictures", pictures.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithPatience_StopsAfterEpochsWithoutBetterOne()
    {
        Torch.Require();
        using var folder = new TestFolder();
        TrainingRecipe recipe = Torch.Recipe(epochs: 9) with { StopAfter = 2, Optimizer = new OptimizerSpec { LearningRate = 1e-12f }, AverageDecay = 0, Monitor = MonitoredFigure.Score };

        // At this rate no weight moves, so no epoch's answers are better than the first one's.
        Assert.True(Trainer(recipe, folder).Run(cancellationToken: TestContext.Current.CancellationToken).Count <= 4);
    }

    [Fact]
    public void Run_WithSnapshots_KeepsThem()
    {
        Torch.Require();
        using var folder = new TestFolder();
        Trainer(Torch.Recipe() with { SnapshotEvery = 2 }, folder).Run(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["epoch-002.safetensors"], Directory.GetFiles(folder.Path, "epoch-*").Select(Path.GetFileName));
        Assert.Equal(4, File.ReadAllLines(folder["history.csv"]).Length);
        Assert.Equal(5, System.Xml.Linq.XDocument.Load(folder["history.svg"]).Descendants().Count(element => element.Name.LocalName == "polyline"));
        Assert.Equal(Torch.Recipe() with { SnapshotEvery = 2 }, TrainingRecipe.FromJson(File.ReadAllText(folder["recipe.json"])), new ByJson());
    }

    [Fact]
    public void Constructor_RecipeWithFaults_NamesThemAll()
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => new Trainer(Torch.Recipe() with { Epochs = 0, LabelSmoothing = 2 }, Learning, Validation, "run"));
        Assert.Contains("epochs is 0", fault.Message, StringComparison.Ordinal);
        Assert.Contains("labelSmoothing is 2", fault.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Trainer(Torch.Recipe() with { BatchSize = 71 }, Learning, Validation, "run"));
    }

    private static Trainer Trainer(TrainingRecipe recipe, TestFolder folder) => new(recipe, Learning, Validation, folder.Path);

    private static void AssertSameTensors(string expectedPath, string actualPath)
    {
        SafeTensorFile expected = SafeTensorFile.Open(expectedPath), actual = SafeTensorFile.Open(actualPath);
        Assert.Equal(expected.Entries.Keys, actual.Entries.Keys);
        foreach ((string name, SafeTensorEntry entry) in expected.Entries)
        {
            Assert.True(expected.BytesOf(entry).SequenceEqual(actual.BytesOf(actual.Entries[name])), name);
        }
    }

    /// <summary>Cancels at the end of an epoch, so that the next one is stopped at its first step.</summary>
    private sealed class StopAfterEpoch(int epoch, CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Finished is not null && value.Epoch == epoch)
            {
                stop.Cancel();
            }
        }
    }

    private sealed class ByJson : IEqualityComparer<TrainingRecipe>
    {
        public bool Equals(TrainingRecipe? x, TrainingRecipe? y) => x?.ToJson() == y?.ToJson();

        public int GetHashCode(TrainingRecipe obj) => 0;
    }
}
