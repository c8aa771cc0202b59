#:project ../src/FerSharp.MLNet/FerSharp.MLNet.csproj
#:project ../src/FerSharp.Models/FerSharp.Models.csproj
#:project ../src/FerSharp.Evaluation/FerSharp.Evaluation.csproj
#:package Microsoft.ML.OnnxRuntime
#:property PublishAot=false

// What heads of ML.NET and k-NN reach on FER-2013 over the embedded classifier's embedding, over gradients and over patterns; and what a head
// on a few pictures of another kind of camera wins: the tables of docs/features.md.
//
//   dotnet run -c Release tools/FeatureHeads.cs -- <data folder> [rows] [features]
//
// rows: pictures of Training, drawn in the shares of the classes; default all. features: some of embedding,hog,lbp,hog+lbp,geometry,few; default
// embedding,hog,lbp,few. Trained on Training without the copies of PublicTest's pictures, reported on PublicTest, labels of FER-2013. Settings are
// chosen on two folds of the training rows. Times are processor time, so that other work on the machine does not count.
//
// few: 20 pictures a class, drawn five times by fixed seeds. "as they were" is the control: a head on the same pictures before they were spoiled, which
// learns FER-2013's labels but not the camera.

using System.Globalization;
using FerSharp;
using FerSharp.Evaluation;
using FerSharp.MLNet;
using FerSharp.Onnx;

if (args.Length is < 1 or > 3)
{
    Console.Error.WriteLine("usage: dotnet run -c Release tools/FeatureHeads.cs -- <data folder> [rows] [features]");
    return 2;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
int wanted = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : int.MaxValue;
string[] kinds = args.Length > 2 ? args[2].Split(',') : ["embedding", "hog", "lbp", "few"];
FaceDataset training = Open(args[0], "Training"), test = Open(args[0], "PublicTest");
FaceDataset rows = wanted >= training.Samples.Count ? training : DatasetSplits.Stratified(training, [new SplitPart("rows", (double)wanted / training.Samples.Count)], 1)[0];
Emotion[] truth = [.. test.Samples.Select(sample => sample.Label!.Value)];
using OnnxEmotionClassifier network = OnnxEmotionClassifier.Load(new OnnxEmotionClassifierOptions { Model = EmbeddedModels.EmotionClassifier, IntraOpThreads = 1, MaxConcurrency = Environment.ProcessorCount });
ScoredSamples own = Samples(network, test);
Baselines baselines = ClassificationMetrics.Of(own).Baselines;
Console.WriteLine($"trained on {rows.Samples.Count} pictures of Training, reported on {truth.Length} of PublicTest; {Environment.ProcessorCount} processors");
Console.WriteLine();
Console.WriteLine("| features | head | accuracy | macro F1 | F1 of sadness | McNemar p | training s | features µs | head µs | bytes | size KB |");
Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
Console.WriteLine($"| | always {baselines.MajorityClass.ToString().ToLowerInvariant()} | {(double)truth.Count(label => label == baselines.MajorityClass) / truth.Length:0.000} | {baselines.MajorityMacroF1:0.000} | | | | | | | |");
Console.WriteLine($"| {network.Model.Id} | its own | {Figures(own)} | | | {TimeOwn():0} | | 0 | {EmbeddedModels.EmotionClassifier.Content.Length / 1024} |");
foreach (string kind in kinds.Where(kind => kind != "few"))
{
    using IFaceFeatureExtractor features = kind == "embedding" ? MLNetFaceEmbedder.Load(EmbeddedModels.EmotionClassifier) : FeatureExtractors.Create(FeatureExtractors.Named(kind));
    FeatureTable trainTable = FeatureTable.Extract(Faces(rows), features), testTable = FeatureTable.Extract(Faces(test), features);
    foreach (HeadAlgorithm algorithm in Enum.GetValues<HeadAlgorithm>())
    {
        TimeSpan start = Environment.CpuUsage.TotalTime;
        using EmotionHead head = EmotionHeadTrainer.Train(trainTable, new HeadTrainingOptions { Algorithms = [algorithm], Folds = 2 });
        double seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        ScoredSamples scored = Score(head, testTable);
        using Frame picture = test.Load(0);
        FaceRegion face = FaceRegion.Whole(picture.View);
        float[] row = new float[features.Length];
        var one = new EmotionScores[1];
        (double extractMicroseconds, long extractBytes) = Time(() => features.Extract([face], row));
        (double scoreMicroseconds, long scoreBytes) = Time(() => head.Score(row, one));
        Console.WriteLine($"| {features.Id.Split(':')[0]} ({features.Length}) | {algorithm} {head.Chosen.Settings} | {Figures(scored)} | {P(own, scored)} | {seconds:0.0} | {extractMicroseconds:0} | {scoreMicroseconds:0} | {extractBytes + scoreBytes} | {head.FileSize / 1024} |");
    }
}

if (kinds.Contains("few"))
{
    Few();
}

return 0;

// Twenty pictures a class of another domain: a camera that hangs askew in a dark room.
void Few()
{
    const int EachClass = 20, Draws = 5;
    Perturbation[] domain = [new(PerturbationKind.Rotation, 25), new(PerturbationKind.Gamma, 4), new(PerturbationKind.Noise, 6)];
    FaceDataset Spoil(FaceDataset dataset) => domain.Aggregate(dataset, (changed, perturbation) => new PerturbedDataset(changed, perturbation));
    FaceDataset spoiledTest = Spoil(test);
    using MLNetFaceEmbedder embedder = MLNetFaceEmbedder.Load(EmbeddedModels.EmotionClassifier);
    FeatureTable testTable = FeatureTable.Extract(Faces(spoiledTest), embedder);
    ScoredSamples before = Samples(network, spoiledTest);
    Console.WriteLine();
    Console.WriteLine($"{EachClass} pictures a class of Training, {string.Join(", ", domain.Select(p => p.ToString()))}; reported on all of PublicTest, likewise; {Draws} draws");
    Console.WriteLine();
    Console.WriteLine("| classifier | accuracy | macro F1 | F1 of sadness | McNemar p |");
    Console.WriteLine("|---|---|---|---|---|");
    Console.WriteLine($"| {network.Model.Id}, its own | {Figures(before)} | |");
    HeadAlgorithm[] tried = [HeadAlgorithm.MaximumEntropyLbfgs, HeadAlgorithm.MaximumEntropySdca, HeadAlgorithm.NearestNeighbors];
    for (int draw = 1; draw <= Draws; draw++)
    {
        int[] chosen = [.. Enumerable.Range(0, training.Samples.Count).GroupBy(i => training.Samples[i].Label).SelectMany(group => Shuffled([.. group], draw).Take(EachClass))];
        FaceDataset clean = training.Subset([.. chosen.Order()], "few");
        FeatureTable table = FeatureTable.Extract(Faces(Spoil(clean)), embedder);
        foreach (HeadAlgorithm algorithm in tried)
        {
            Report($"draw {draw}", table, algorithm, draw);
        }

        Report($"draw {draw}, as they were", FeatureTable.Extract(Faces(clean), embedder), HeadAlgorithm.MaximumEntropyLbfgs, draw);
    }

    void Report(string name, FeatureTable table, HeadAlgorithm algorithm, int seed)
    {
        using EmotionHead head = EmotionHeadTrainer.Train(table, new HeadTrainingOptions { Algorithms = [algorithm], Folds = 5, Seed = seed });
        ScoredSamples after = Score(head, testTable);
        Console.WriteLine($"| {name}, {algorithm} {head.Chosen.Settings} | {Figures(after)} | {P(before, after)} |");
    }
}

double TimeOwn()
{
    using Frame picture = test.Load(0);
    FaceRegion face = FaceRegion.Whole(picture.View);
    return Time(() => network.Classify(face)).Microseconds;
}

static int[] Shuffled(int[] items, int seed)
{
    new Random(seed).Shuffle(items);
    return items;
}

static FaceDataset Open(string folder, string usage) => FaceDatasets.Packed(
    Path.Combine(folder, "fer2013_train_val.bin.gz"),
    Path.Combine(folder, "fer2013_train_val_labels.csv.gz"),
    usage,
    LabelSet.Fer2013,
    new FaceDatasetOptions { Classes = EmotionSet.Basic, LeaveOutUnlabelled = true, LeaveOutFlat = true, LeaveOutCopiesOf = usage == "Training" ? ["PublicTest"] : [] });

static IEnumerable<LabelledFace> Faces(FaceDataset dataset)
{
    for (int i = 0; i < dataset.Samples.Count; i++)
    {
        using Frame frame = dataset.Load(i);
        yield return new LabelledFace(FaceRegion.Whole(frame.View), dataset.Samples[i].Label!.Value);
    }
}

ScoredSamples Samples(IEmotionClassifier classifier, FaceDataset dataset)
{
    PredictionSet predictions = EvaluationRunner.Run(classifier, dataset).Within(EmotionSet.Basic);
    return new ScoredSamples(truth, [.. predictions.Predictions.Select(prediction => prediction.Scores)]);
}

ScoredSamples Score(EmotionHead head, FeatureTable table)
{
    var scores = new EmotionScores[table.Count];
    for (int i = 0; i < scores.Length; i++)
    {
        head.Score(table.Row(i).Span, scores.AsSpan(i, 1));
    }

    return new ScoredSamples(truth, scores);
}

static string Figures(ScoredSamples samples)
{
    ClassificationMetrics metrics = ClassificationMetrics.Of(samples);
    return $"{metrics.Accuracy:0.000} | {metrics.MacroF1:0.000} | {metrics.Classes.First(one => one.Emotion == Emotion.Sadness).F1:0.000}";
}

static string P(ScoredSamples first, ScoredSamples second)
{
    int[] all = [.. Enumerable.Range(0, first.Count)];
    double p = PairedComparison.McNemarExact(all.Count(i => first.IsRight(i) && !second.IsRight(i)), all.Count(i => !first.IsRight(i) && second.IsRight(i)));
    return p < 0.0001 ? "< 0.0001" : $"{p:0.0000}";
}

// Processor time and bytes of a call.
static (double Microseconds, long Bytes) Time(Action call)
{
    const int Calls = 300;
    for (int i = 0; i < 100; i++)
    {
        call();
    }

    long bytes = GC.GetAllocatedBytesForCurrentThread();
    for (int i = 0; i < Calls; i++)
    {
        call();
    }

    bytes = (GC.GetAllocatedBytesForCurrentThread() - bytes) / Calls;
    TimeSpan start = Environment.CpuUsage.TotalTime;
    for (int i = 0; i < Calls; i++)
    {
        call();
    }

    return ((Environment.CpuUsage.TotalTime - start).TotalMicroseconds / Calls, bytes);
}
