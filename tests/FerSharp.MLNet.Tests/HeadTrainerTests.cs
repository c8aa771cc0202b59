using FerSharp.Testing;

namespace FerSharp.MLNet.Tests;

public sealed class HeadTrainerTests
{
    public static TheoryData<HeadAlgorithm> Algorithms => [.. Enum.GetValues<HeadAlgorithm>()];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Train_EachAlgorithm_LearnsAndCalibrates(HeadAlgorithm algorithm)
    {
        using EmotionHead head = TestFaces.TrainToy(TestFaces.Quick(algorithm), count: 180, noise: 45);
        using MLNetFaceEmbedder features = MLNetFaceEmbedder.Load(ToyModels.Classifier());
        LabelledFace[] fresh = TestFaces.Make(60, TestFaces.Three, seed: 5, noise: 45);
        FeatureTable table = FeatureTable.Extract(fresh, features);
        var scores = new EmotionScores[1];
        int right = 0;
        for (int i = 0; i < fresh.Length; i++)
        {
            head.Score(table.Row(i).Span, scores);
            right += scores[0].Top.ToString().Equals(fresh[i].Label, StringComparison.OrdinalIgnoreCase) ? 1 : 0;
            Assert.Equal(0, scores[0][Emotion.Neutral]);
        }

        Assert.True(right >= 45, $"{right} of 60 are right; a third would be by chance.");
        Assert.Equal(algorithm, head.Chosen.Algorithm);
        Assert.InRange(head.Chosen.MacroF1, 0.7, 1);
        Assert.InRange(head.Temperature, 0.5f, 20f);
        Assert.Equal(new EmotionSet(TestFaces.Three), head.Model.Emotions);
    }

    [Fact]
    public void Train_AllAlgorithms_TakesTheBestByTheMetric()
    {
        HeadTrainingOptions options = TestFaces.Quick(Enum.GetValues<HeadAlgorithm>());
        options.Metric = HeadMetric.Accuracy;
        using EmotionHead head = TestFaces.TrainToy(options);
        Assert.Equal(11, head.Candidates.Count);
        Assert.Equal(head.Candidates.Max(candidate => candidate.Accuracy), head.Chosen.Accuracy);
        Assert.Equal(4, head.Candidates.Select(candidate => candidate.Algorithm).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Train_SameSeed_GivesTheSameHead(HeadAlgorithm algorithm)
    {
        using EmotionHead one = TestFaces.TrainToy(TestFaces.Quick(algorithm)), two = TestFaces.TrainToy(TestFaces.Quick(algorithm));
        float[] row = [.. Enumerable.Range(0, one.FeaturesLength).Select(i => MathF.Sin(i))];
        EmotionScores[] scores = new EmotionScores[2];
        one.Score(row, scores);
        two.Score(row, scores.AsSpan(1));
        Assert.Equal(scores[0], scores[1]);
        Assert.Equal(one.Candidates, two.Candidates);
        Assert.Equal(one.Temperature, two.Temperature);
    }

    [Fact]
    public void Train_OwnLabels_AreMappedOrLeftOut()
    {
        HeadTrainingOptions options = TestFaces.Quick();
        options.LabelMap = new Dictionary<string, Emotion?> { ["smile"] = Emotion.Happiness, ["grin"] = Emotion.Happiness, ["talking"] = null };
        LabelledFace[] faces = [.. TestFaces.Make(60, TestFaces.Three).Select((face, i) => face.Label == "happiness" ? face with { Label = (i % 4) switch { 0 => "talking", 1 => "grin", _ => "smile" } } : face with { Label = $" {face.Label.ToUpperInvariant()}" })];
        using MLNetFaceEmbedder features = MLNetFaceEmbedder.Load(ToyModels.Classifier());
        using EmotionHead head = EmotionHeadTrainer.Train(faces, features, options);
        Assert.Equal(new EmotionSet(TestFaces.Three), head.Model.Emotions);
    }

    [Fact]
    public void Train_UnknownLabels_AreRefusedAndListed()
    {
        LabelledFace[] faces = [.. TestFaces.Make(30, TestFaces.Three), .. TestFaces.Make(9, TestFaces.Three).Select((face, i) => face with { Label = i < 5 ? "boredom" : "3" })];
        ArgumentException exception = Refused(faces);
        Assert.Contains("2 label(s) are no expressions: '3', 'boredom'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("LabelMap", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_OneExpressionOnly_IsRefused() =>
        Assert.Contains("All 30 faces show anger", Refused(TestFaces.Make(30, [Emotion.Anger])).Message, StringComparison.Ordinal);

    [Fact]
    public void Train_NoFaces_IsRefused() => Assert.Contains("no faces", Refused([]).Message, StringComparison.Ordinal);

    [Fact]
    public void Train_FewerFacesThanFolds_SaysWhichExpressions()
    {
        LabelledFace[] faces = [.. TestFaces.Make(20, [Emotion.Anger, Emotion.Fear]), .. TestFaces.Make(2, [Emotion.Disgust])];
        Assert.Contains("at least 3 faces for 3 folds; there are: disgust 2.", Refused(faces).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_ExpressionOfOneGroup_IsRefused()
    {
        LabelledFace[] faces = [.. TestFaces.Make(30, TestFaces.Three).Select((face, i) => face with { Group = face.Label == "anger" ? "anna" : $"{i}" })];
        Assert.Contains("All faces of anger belong to one group", Refused(faces).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_GroupsThatTwoFoldsCannotPart_AreNotSaidToBeOne()
    {
        // Of three people each two share an expression, and two of the three are in the same fold.
        LabelledFace[] faces = [.. TestFaces.Make(60, TestFaces.Three).Select((face, i) => face with { Group = (i % 3, i < 30) switch { (0, true) or (1, false) => "a", (1, true) or (2, false) => "b", _ => "c" } })];
        using MLNetFaceEmbedder features = MLNetFaceEmbedder.Load(ToyModels.Classifier());
        HeadTrainingOptions options = TestFaces.Quick();
        options.Folds = 2;
        ArgumentException exception = Assert.Throws<ArgumentException>(() => EmotionHeadTrainer.Train(faces, features, options));
        Assert.Contains("fell into one fold", exception.Message, StringComparison.Ordinal);
        options.Folds = 3;
        using EmotionHead head = EmotionHeadTrainer.Train(faces, features, options);
        Assert.Equal(3, head.Model.Emotions.Count);
    }

    [Fact]
    public void Train_TreesWithoutTheirNativeLibrary_NamesWhatIsMissing()
    {
        var cause = new TypeInitializationException("trees", new DllNotFoundException("lib_lightgbm: libgomp.so.1: cannot open shared object file"));
        Assert.True(NativeLibraries.IsMissing(cause));
        Assert.False(NativeLibraries.IsMissing(new InvalidOperationException("other", new IOException())));
        string message = NativeLibraries.LightGbmFault(cause).Message;
        Assert.All(["libgomp1", "leave LightGbm out", "cannot open shared object file"], part => Assert.Contains(part, message, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Fit_MoreRowsThanANeighborFileHolds_IsRefusedBeforeTheyAreCopied()
    {
        // 600,000 times one row of 1,000 values: within an array of numbers, beyond a file of 2 GiB.
        var fitter = new HeadFitter([new float[1000]], [0], [null], [1, 1], [Emotion.Anger, Emotion.Fear], 1);
        ArgumentException exception = Assert.Throws<ArgumentException>(() => fitter.Fit(new HeadSetting(HeadAlgorithm.NearestNeighbors, 5), new int[600_000], CancellationToken.None));
        Assert.Contains("600000 of 1000 values are more than a file of 2 GiB holds", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Train_TreesOverFewPeople_LearnsWithoutAPartToStopBy(int people)
    {
        LabelledFace[] faces = [.. TestFaces.Make(180, TestFaces.Three, noise: 45).Select((face, i) => face with { Group = $"{i / 3 % people}" })];
        using MLNetFaceEmbedder features = MLNetFaceEmbedder.Load(ToyModels.Classifier());
        HeadTrainingOptions options = TestFaces.Quick(HeadAlgorithm.LightGbm);
        options.Folds = 2;
        using EmotionHead head = EmotionHeadTrainer.Train(faces, features, options);
        Assert.InRange(head.Chosen.MacroF1, 0.6, 1);
    }

    [Fact]
    public void Train_FaceWithoutLabel_SaysWhich()
    {
        LabelledFace[] faces = TestFaces.Make(30, TestFaces.Three);
        faces[20] = faces[20] with { Label = " " };
        Assert.Contains("Face 20 has no label", Refused(faces).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_OptionsOutOfRange_ListsThemAll()
    {
        var options = new HeadTrainingOptions { Id = " ", Algorithms = [], Folds = 1, ClassBalance = float.NaN, Metric = 0, LabelMap = new Dictionary<string, Emotion?> { ["x"] = (Emotion)9 } };
        using MLNetFaceEmbedder features = MLNetFaceEmbedder.Load(ToyModels.Classifier());
        ArgumentException exception = Assert.Throws<ArgumentException>(() => EmotionHeadTrainer.Train(TestFaces.Make(9, TestFaces.Three), features, options));
        Assert.All(["Id is empty", "Algorithms must", "Folds is 1", "ClassBalance is NaN", "Metric must", "LabelMap maps"], part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Train_Progress_CountsEveryStep()
    {
        var heard = new List<HeadTrainingProgress>();
        using MLNetFaceEmbedder features = MLNetFaceEmbedder.Load(ToyModels.Classifier());
        using EmotionHead head = EmotionHeadTrainer.Train(TestFaces.Make(40, TestFaces.Three), features, TestFaces.Quick(), new Listener(heard.Add));
        Assert.Equal(new HeadTrainingProgress(HeadTrainingStage.Features, 40, 40), heard.Last(step => step.Stage == HeadTrainingStage.Features));
        Assert.Equal(Enumerable.Range(1, 9).Select(i => new HeadTrainingProgress(HeadTrainingStage.CrossValidation, i, 9)), heard.Where(step => step.Stage == HeadTrainingStage.CrossValidation));
        Assert.Equal(new HeadTrainingProgress(HeadTrainingStage.Final, 1, 1), heard[^1]);
    }

    [Theory]
    [InlineData(HeadTrainingStage.Features)]
    [InlineData(HeadTrainingStage.CrossValidation)]
    public void Train_CancelledOnTheWay_Stops(HeadTrainingStage stage)
    {
        using var source = new CancellationTokenSource();
        using MLNetFaceEmbedder features = MLNetFaceEmbedder.Load(ToyModels.Classifier());
        int after = 0;
        var progress = new Listener(step =>
        {
            after += source.IsCancellationRequested ? 1 : 0;
            if (step.Stage == stage)
            {
                source.Cancel();
            }
        });
        Assert.ThrowsAny<OperationCanceledException>(() => EmotionHeadTrainer.Train(TestFaces.Make(60, TestFaces.Three), features, TestFaces.Quick(), progress, source.Token));
        Assert.Equal(0, after);
    }

    [Fact]
    public void Train_BalancedClasses_FindMoreOfTheRareOnes()
    {
        LabelledFace[] faces = [.. TestFaces.Make(150, [Emotion.Anger], noise: 85), .. TestFaces.Make(15, [Emotion.Fear], seed: 2, noise: 85)];
        using MLNetFaceEmbedder features = MLNetFaceEmbedder.Load(ToyModels.Classifier());
        FeatureTable table = FeatureTable.Extract(faces, features), fresh = FeatureTable.Extract(TestFaces.Make(60, [Emotion.Fear], seed: 9, noise: 85), features);
        float[] means = [.. new[] { 0f, 1f }.Select(balance =>
        {
            HeadTrainingOptions options = TestFaces.Quick();
            options.ClassBalance = balance;
            using EmotionHead head = EmotionHeadTrainer.Train(table, options);
            var scores = new EmotionScores[1];
            return Enumerable.Range(0, fresh.Count).Average(i =>
            {
                head.Score(fresh.Row(i).Span, scores);
                return scores[0][Emotion.Fear];
            });
        })];
        Assert.True(means[1] > means[0] + 0.05f, $"Mean score of the rare expression: {means[0]} without, {means[1]} with balance.");
    }

    private static ArgumentException Refused(LabelledFace[] faces)
    {
        using MLNetFaceEmbedder features = MLNetFaceEmbedder.Load(ToyModels.Classifier());
        return Assert.Throws<ArgumentException>(() => EmotionHeadTrainer.Train(faces, features, TestFaces.Quick()));
    }

    private sealed class Listener(Action<HeadTrainingProgress> hear) : IProgress<HeadTrainingProgress>
    {
        public void Report(HeadTrainingProgress value) => hear(value);
    }
}
