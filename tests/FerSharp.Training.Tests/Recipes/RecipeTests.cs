namespace FerSharp.Training.Tests;

public sealed class RecipeTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(TestFiles.InRepository("recipes"), "*.json").Select(path => Path.GetFileName(path)!)];

    [Theory, MemberData(nameof(Files))]
    public void Recipe_OfRepository_CanBeUsedAndIsNamedAsItsFile(string file)
    {
        string text = File.ReadAllText(TestFiles.InRepository("recipes", file));
        if (file.StartsWith("detector", StringComparison.Ordinal))
        {
            Assert.Equal(Path.GetFileNameWithoutExtension(file), DetectorRecipe.FromJson(text).Name);
            return;
        }

        TrainingRecipe recipe = TrainingRecipe.FromJson(text);
        Assert.Equal(Path.GetFileNameWithoutExtension(file), recipe.Name);
        Assert.NotEmpty(recipe.Description);
        Assert.Equal(recipe.ToJson(), TrainingRecipe.FromJson(recipe.ToJson()).ToJson());
    }

    [Theory]
    [InlineData("{", "not a recipe")]
    [InlineData("null", "null")]
    [InlineData("{}", "name")]
    [InlineData("""{"name":"a","epocs":3}""", "epocs")]
    [InlineData("""{"name":"a","network":{"kind":"other"}}""", "other")]
    [InlineData("""{"name":"a","network":null}""", "null")]
    [InlineData("""{"name":"a","optimizer":{"kind":"adagrad"}}""", "optimizer")]
    [InlineData("""{"name":"a","network":{"kind":"residual","inputSize":50}}""", "multiple of 8")]
    [InlineData("""{"name":"a","network":{"kind":"plain","frozenConvolutions":9}}""", "frozenConvolutions")]
    [InlineData("""{"name":"a","network":{"kind":"plain"},"resolutions":[{"epochs":1,"size":32}]}""", "resolutions")]
    [InlineData("""{"name":"a","network":{"kind":"residual"},"resolutions":[{"epochs":1,"size":36}]}""", "resolutions")]
    [InlineData("""{"name":"a","augmentation":{"flip":2}}""", "augmentation.flip")]
    [InlineData("""{"name":"a","fer2013Weight":0,"consensusWeight":0}""", "not both 0")]
    public void FromJson_WhatIsNoRecipe_SaysWhere(string json, string word)
    {
        InvalidDataException fault = Assert.Throws<InvalidDataException>(() => TrainingRecipe.FromJson(json));
        Assert.Contains(word, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rate_OfCosine_ClimbsThenFallsToItsEnd()
    {
        TrainingRecipe recipe = Recipe(ScheduleKind.Cosine);
        double[] rates = [.. Enumerable.Range(0, 100).Select(step => LearningRate.At(recipe, step, 10, []))];

        Assert.Equal(0.005, rates[0], 1e-9);
        Assert.Equal(0.1, rates[19], 1e-7);
        Assert.Equal(rates[20..], rates[20..].OrderDescending());
        Assert.Equal(0.1 * (0.01 + (0.99 * 0.5 * (1 + Math.Cos(Math.PI * 79 / 80)))), rates[^1], 1e-7);
    }

    [Fact]
    public void Rate_OfPlateau_FallsEachTimePatienceEnds()
    {
        TrainingRecipe recipe = Recipe(ScheduleKind.Plateau);
        double[] scores = [0.5, 0.6, 0.6, 0.55, 0.7, 0.1, 0.2, 0.3, 0.4];
        double[] rates = [.. Enumerable.Range(0, scores.Length + 1).Select(done => LearningRate.At(recipe, 1000, 10, Epochs(scores[..done])))];

        Assert.Equal([0.1, 0.1, 0.1, 0.1, 0.02, 0.02, 0.02, 0.004, 0.004, 0.0008], rates, (a, b) => Math.Abs(a - b) < 1e-7);
        Assert.Equal(0.1, LearningRate.At(Recipe(ScheduleKind.Constant), 1000, 10, Epochs(scores)), 1e-7);
    }

    [Fact]
    public void Average_FromAnEpochOn_IsTheEvenMeanOfItsSteps()
    {
        TrainingRecipe recipe = Recipe(ScheduleKind.Constant) with { AverageDecay = 0.9f, AverageEvenlyFrom = 3 };
        double mean = double.NaN;
        double[] weights = [.. Enumerable.Range(0, 40).Select(step => Math.Sin(step))];
        for (int step = 0; step < 40; step++)
        {
            double decay = WeightAverage.Decay(recipe, step, stepsPerEpoch: 10);
            mean = decay == 0 ? weights[step] : (decay * mean) + ((1 - decay) * weights[step]);
        }

        Assert.Equal(weights[20..].Average(), mean, 1e-9);
        Assert.Equal(0.9, WeightAverage.Decay(recipe with { AverageEvenlyFrom = 0 }, 500, 10), 1e-6);
        Assert.Equal(0, WeightAverage.Decay(recipe with { AverageEvenlyFrom = 0, AverageDecay = 0 }, 500, 10));
    }

    private static TrainingRecipe Recipe(ScheduleKind kind) => new()
    {
        Name = "r",
        Epochs = 10,
        Optimizer = new OptimizerSpec { LearningRate = 0.1f },
        Schedule = new ScheduleSpec { Kind = kind, WarmUpEpochs = 2, FinalShare = 0.01f, Patience = 2, Factor = 0.2f },
    };

    private static EpochRecord[] Epochs(double[] scores) => [.. scores.Select((score, i) => new EpochRecord(i + 1, 48, 0.1, 1, new ValidationFigures(score, score, score, 1), score, 1))];
}
