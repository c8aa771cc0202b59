using System.CommandLine;
using FerSharp.Cli.Evaluation;
using FerSharp.Evaluation;
using static FerSharp.Cli.Commands.CliOptions;

namespace FerSharp.Cli.Commands;

/// <summary><c>fersharp evaluate</c>: its options, and what they may be.</summary>
internal static class EvaluateCommand
{
    public static Command Create(Terminal terminal)
    {
        var data = new DataOptions();
        var models = new Option<string[]>("--model")
        {
            Description = "A folder with model.json, a manifest, or the id of an embedded model. Repeated: a table compares them, each tested against the first. Default: the embedded classifier.",
            HelpName = "MODEL",
        };
        var detector = new Option<string?>("--detector")
        {
            Description = "DATA holds whole pictures: find the face first, by this detector or, without a value, by the embedded one. A face that is not found counts as an error.",
            HelpName = "MODEL",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> weights = Text("--weights", "DIR", "Look for models' files in this folder too, where they do not lie beside their manifests.");
        Option<string?> output = Text("--out", "DIR", "Write each report into this folder as JSON, Markdown and a page, and the table of models.");
        var pictures = new Option<bool>("--pictures") { Description = "With --out: put pictures of the data set into the page, errors first. Mind whose faces they are." };
        Option<Emotion?> focus = OneOf("--focus", "The expression whose precision and recall are shown in full. Default: sadness.", [.. Enum.GetValues<Emotion>().Select(emotion => (emotion.ToString().ToLowerInvariant(), emotion))]);
        var robustness = new Option<bool>("--robustness") { Description = "Measure on blurred, noisy, dark, compressed, turned, small and covered pictures too: 28 more runs." };
        var groups = new Option<string[]>("--groups")
        {
            Description = "Compare the groups of these tags (columns of a manifest), such as age; without a value, of all.",
            HelpName = "TAG",
            Arity = ArgumentArity.ZeroOrMore,
            AllowMultipleArgumentsPerToken = true,
        };
        var guessed = new Option<string[]>("--guessed-groups") { Description = "Those of the tags that are guesses, not people's own words; the report says so. Repeatable.", HelpName = "TAG" };
        Option<int?> batch = Number<int>("--batch", "N", "Pictures that are read together. Default: 32.", n => n is >= 1 and <= 1024, "from 1 to 1024");
        Option<int?> threads = Threads("Batches at once. Default: one for each processor.");
        Option<int?> resamples = Number<int>("--resamples", "N", "Resamples of the bootstrap. Default: 2000.", n => n is >= 1 and <= 1_000_000, "from 1 to 1000000");
        Option<ulong?> seed = Number<ulong>("--seed", "N", "Seed of all that is drawn. Default: 1.", _ => true, "of at least 0");

        var command = new Command("evaluate", "Measures expression classifiers on a labelled data set.");
        data.AddTo(command);
        foreach (Option option in new Option[] { models, detector, weights, output, pictures, robustness, groups, guessed, focus, batch, threads, resamples, seed })
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(pictures) && result.GetValue(output) is null)
            {
                result.AddError("--pictures is for the page; use it with --out.");
            }
        });
        command.SetAction((result, cancellationToken) => terminal.RunAsync(
            () =>
            {
                var settings = new EvaluateSettings
                {
                    Models = result.GetValue(models) is { Length: > 0 } named ? named : new string?[] { null },
                    UsesDetector = result.GetResult(detector) is not null,
                    Detector = result.GetValue(detector),
                    Weights = result.GetValue(weights),
                    AnswersWithin = data.AnswersWithin(result),
                    OutputFolder = result.GetValue(output),
                    Pictures = result.GetValue(pictures),
                    Robustness = result.GetValue(robustness),
                    Groups = result.GetResult(groups) is { Implicit: false } ? result.GetValue(groups) ?? [] : null,
                    GuessedGroups = result.GetValue(guessed) ?? [],
                    BatchSize = result.GetValue(batch) ?? 32,
                    Threads = result.GetValue(threads) ?? Environment.ProcessorCount,
                    Report = new ReportOptions { Focus = result.GetValue(focus) ?? Emotion.Sadness, Resamples = result.GetValue(resamples) ?? 2000, Seed = result.GetValue(seed) ?? 1 },
                };
                return new EvaluateRun(settings, data.Open(result, cancellationToken), terminal).Run(cancellationToken);
            },
            cancellationToken));
        return command;
    }
}
