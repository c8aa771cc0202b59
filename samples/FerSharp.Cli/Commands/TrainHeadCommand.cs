using System.CommandLine;
using FerSharp.Cli.Evaluation;
using FerSharp.Cli.Training;
using FerSharp.Evaluation;
using FerSharp.MLNet;
using static FerSharp.Cli.Commands.CliOptions;

namespace FerSharp.Cli.Commands;

/// <summary><c>fersharp train-head</c>: its options, and what they may be.</summary>
internal static class TrainHeadCommand
{
    private const string Embedding = "embedding";

    public static Command Create(Terminal terminal)
    {
        var data = new DataOptions();
        var features = new Option<string?>("--features")
        {
            Description = "What the head reads: embedding (of a network), hog, lbp, geometry (of landmarks; needs --detector), or several of the last three joined by +, such as hog+lbp. Default: embedding.",
            HelpName = "KIND",
        };
        Option<string?> backbone = Text("--backbone", "MODEL", "The network of the embedding: a folder with model.json, a manifest, or the id of an embedded model. Default: the embedded classifier.");
        Option<HeadChoice?> head = OneOf(
            "--head",
            "The trainer. auto tries lbfgs, sdca and lightgbm and takes the best. knn keeps the features of every picture in its file. Default: auto.",
            [.. Enum.GetValues<HeadChoice>().Select(choice => (choice.ToString().ToLowerInvariant(), choice))]);
        Option<string?> output = Text("--out", "FOLDER", "Where the head is written; one that is there is replaced. Required.");
        output.Required = true;
        Option<string?> testPart = Text("--test-part", "PART", "Measure on this part of DATA, such as PublicTest; --usage names the part to train on, another one. Default: DATA is divided in two, people on one side where they are known.");
        Option<double?> testFraction = Number<double>("--test-fraction", "0..1", "Share that is measured on where DATA is divided. Default: 0.2.", f => f is > 0 and < 1, "above 0, below 1");
        var detector = new Option<string?>("--detector")
        {
            Description = "DATA holds whole pictures: find the face first, by this detector or, without a value, by the embedded one. A picture whose face is not found is not trained on, and counts as an error when measured.",
            HelpName = "MODEL",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<int?> folds = Number<int>("--folds", "N", "Parts of the cross-validation that settings are chosen by. Default: 5.", n => n is >= 2 and <= 20, "from 2 to 20");
        Option<float?> balance = Number<float>("--balance", "0..1", "How much rare expressions are raised: 0 counts every picture the same, 1 every expression. Default: 0.", b => b is >= 0 and <= 1, "from 0 to 1");
        Option<int?> seed = Number<int>("--seed", "N", "Seed of the division, the folds and the trainers. Default: 1.", n => n >= 0, "of at least 0");
        Option<string?> id = Text("--id", "ID", "The head's id. Default: emotion-head.");
        Option<int?> threads = Threads("Batches at once when measuring. Default: one for each processor.");

        var command = new Command("train-head", "Trains a classifier on your own labelled faces: features stay as they are, a small head is fitted. Measures it on pictures that it has not seen.");
        data.AddTo(command);
        foreach (Option option in new Option[] { features, backbone, head, output, testPart, testFraction, detector, folds, balance, seed, id, threads })
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            string kinds = result.GetValue(features) ?? Embedding;
            if (kinds != Embedding && result.GetResult(backbone) is not null)
            {
                result.AddError("--backbone is the network of an embedding; it cannot be used with other --features.");
            }

            if (kinds.Contains("geometry", StringComparison.Ordinal) && result.GetResult(detector) is null)
            {
                result.AddError("--features geometry needs landmarks: give --detector, and whole pictures.");
            }

            if (result.GetValue(testPart) is not null && result.GetResult(testFraction) is not null)
            {
                result.AddError("--test-fraction divides DATA; it cannot be used with --test-part.");
            }

            if (result.GetValue(testPart) is { } measured && (data.Usage(result) is not { } learned || learned == measured))
            {
                result.AddError("--test-part needs --usage, the part to train on, and not the same one: the head must not have seen what it is measured on.");
            }
        });
        command.SetAction((result, cancellationToken) => terminal.RunAsync(
            () =>
            {
                string kinds = result.GetValue(features) ?? Embedding;
                var settings = new TrainHeadSettings
                {
                    Features = kinds == Embedding ? null : Named(kinds),
                    Backbone = result.GetValue(backbone),
                    Head = result.GetValue(head) ?? HeadChoice.Auto,
                    OutputFolder = result.GetRequiredValue(output)!,
                    UsesDetector = result.GetResult(detector) is not null,
                    Detector = result.GetValue(detector),
                    AnswersWithin = data.AnswersWithin(result),
                    Folds = result.GetValue(folds) ?? new HeadTrainingOptions().Folds,
                    Balance = result.GetValue(balance) ?? 0,
                    Seed = result.GetValue(seed) ?? 1,
                    Id = result.GetValue(id) ?? new HeadTrainingOptions().Id,
                    Threads = result.GetValue(threads) ?? Environment.ProcessorCount,
                };
                EvaluationFiles.Prepare(settings.OutputFolder);
                FaceDataset all = data.Open(result, cancellationToken);
                (FaceDataset training, FaceDataset test) = result.GetValue(testPart) is { } part
                    ? (all, data.Open(result, part, keepUnlabelled: false, cancellationToken))
                    : Divide(all, result.GetValue(testFraction) ?? 0.2, settings.Seed);
                return new TrainHeadRun(settings, training, test, terminal).Run(cancellationToken);
            },
            cancellationToken));
        return command;
    }

    private static IReadOnlyList<FeatureSpec> Named(string kinds)
    {
        try
        {
            return FeatureExtractors.Named(kinds);
        }
        catch (FerModelException)
        {
            throw new CliException(ExitCode.Usage, $"--features is '{kinds}'; it must be {Embedding}, or one or more of hog, lbp and geometry, joined by +.");
        }
    }

    private static (FaceDataset Training, FaceDataset Test) Divide(FaceDataset all, double fraction, int seed)
    {
        SplitPart[] parts = [new("training", 1 - fraction), new("test", fraction)];
        try
        {
            IReadOnlyList<FaceDataset> divided = all.Samples.Any(sample => sample.Subject is not null) ? new KnownPeople(all).Divide(parts, seed) : DatasetSplits.Stratified(all, parts, seed);
            return (divided[0], divided[1]);
        }
        catch (ArgumentException e)
        {
            throw CliException.WrongUse(e);
        }
    }
}
