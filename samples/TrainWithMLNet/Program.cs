// From a folder of pictures to a classifier of your own:
//   dotnet run --project samples/TrainWithMLNet -- PICTURES MODEL [PICTURE]
// PICTURES holds a folder for each expression (happiness, ...); MODEL is the folder to write; PICTURE is read with the result.
using FerSharp;
using FerSharp.Media;
using FerSharp.MLNet;

if (args.Length is < 2 or > 3 || !Directory.Exists(args[0]))
{
    Console.Error.WriteLine("TrainWithMLNet PICTURES MODEL [PICTURE]: PICTURES is a folder with a folder for each expression.");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

// Folder names that are no nouns of FerSharp: say what they mean. null leaves a folder out.
var labels = new Dictionary<string, Emotion?>(StringComparer.OrdinalIgnoreCase)
{
    ["happy"] = Emotion.Happiness,
    ["sad"] = Emotion.Sadness,
    ["angry"] = Emotion.Anger,
    ["surprised"] = Emotion.Surprise,
    ["unsure"] = null,
};

using MLNetFaceDetector detector = MLNetFaceDetector.Load(EmbeddedModels.FaceDetector(DetectorSize.Large));
try
{
    using (MLNetFaceEmbedder features = MLNetFaceEmbedder.Load(EmbeddedModels.EmotionClassifier))
    using (EmotionHead head = EmotionHeadTrainer.Train(
        ReadFaces(args[0]), features, new HeadTrainingOptions { Id = "my-expressions", LabelMap = labels, TrainedOn = "my pictures" }, new ConsoleProgress(), stop.Token))
    {
        foreach (HeadCandidate candidate in head.Candidates)
        {
            Console.WriteLine($"{(candidate == head.Chosen ? "*" : " ")} {candidate.Algorithm,-20} {candidate.Settings,-10} accuracy {candidate.Accuracy:P1}  macro F1 {candidate.MacroF1:F3}");
        }

        head.Save(args[1]);
    }
}
catch (ArgumentException e)
{
    // Too few pictures, or folders whose names mean nothing: the message says which.
    Console.Error.WriteLine(e.Message);
    return 1;
}
catch (FerModelException e)
{
    // A native library is missing: the message says which.
    Console.Error.WriteLine(e.Message);
    return 1;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Stopped; nothing was written.");
    return 130;
}

if (args.Length == 3)
{
    using MLNetEmotionClassifier classifier = MLNetEmotionClassifier.Load(args[1]);
    using var analyzer = new EmotionAnalyzer(detector, classifier);
    using Frame picture = ImageFile.Load(args[2]);
    foreach (FaceEmotion face in analyzer.Analyze(picture.View).Faces)
    {
        Console.WriteLine($"{face.Face.Box}  {face.Scores.Top} {face.Scores.TopScore:P0}");
    }
}

return 0;

IEnumerable<LabelledFace> ReadFaces(string root)
{
    foreach (string path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Where(ImageFile.IsSupported).Order(StringComparer.Ordinal))
    {
        string[] parts = Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar);
        if (parts.Length < 2)
        {
            Console.Error.WriteLine($"Left out: {path} lies in no expression's folder.");
            continue;
        }

        Frame picture;
        try
        {
            picture = ImageFile.Load(path);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            Console.Error.WriteLine($"Left out: {e.Message}");
            continue;
        }

        using (picture)
        {
            // Small pictures are taken as faces that are already cut out; in others the best face is looked for. A picture without one would
            // teach the head walls and hands.
            bool isCrop = Math.Min(picture.View.Width, picture.View.Height) <= 64;
            FaceDetection[] faces = isCrop ? [] : detector.Detect(picture.View, maxFaces: 1);
            if (isCrop || faces.Length > 0)
            {
                yield return new LabelledFace(isCrop ? FaceRegion.Whole(picture.View) : new FaceRegion(picture.View, faces[0]), parts[0]);
            }
            else
            {
                Console.Error.WriteLine($"Left out: no face was found in {path}.");
            }
        }
    }
}

internal sealed class ConsoleProgress : IProgress<HeadTrainingProgress>
{
    public void Report(HeadTrainingProgress value) => Console.Error.Write($"\r{value.Stage} {value.Done}{(value.Total is { } total ? $" of {total}" : "")}   {(value.Stage == HeadTrainingStage.Final ? "\n" : "")}");
}
