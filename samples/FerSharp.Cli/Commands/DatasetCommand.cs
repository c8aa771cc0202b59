using System.CommandLine;
using System.Text;
using FerSharp.Cli.Evaluation;
using FerSharp.Evaluation;
using FerSharp.Onnx;
using static FerSharp.Cli.Commands.CliOptions;

namespace FerSharp.Cli.Commands;

/// <summary><c>fersharp dataset</c>: what is in a data set, before anything is trained or measured on it.</summary>
internal static class DatasetCommand
{
    // The bar counts in steps, the analysis in shares.
    private const int Steps = 1000;

    public static Command Create(Terminal terminal)
    {
        var data = new DataOptions();
        var parts = new Option<string[]>("--part") { Description = "Compare these parts, such as Training and PublicTest. Repeatable. Default: the one of --usage, or all in one.", HelpName = "PART" };
        Option<string?> output = Text("--out", "DIR", "Write the analysis into this folder: a page with charts and mean faces, Markdown, JSON, and the points of the projections as csv.");
        var pictures = new Option<bool>("--pictures") { Description = "With --out: put pictures of the data set into the page. Mind whose faces they are." };
        var embeddings = new Option<string?>("--embeddings") { Description = "Project the pictures by the features of this classifier too, or, without a value, of the embedded one.", HelpName = "MODEL", Arity = ArgumentArity.ZeroOrOne };
        var quick = new Option<bool>("--no-duplicates") { Description = "Do not look for near-identical pictures; their search takes most of the time." };
        Option<int?> seed = Number<int>("--seed", "N", "Seed of the samples. Default: 1.", n => n >= 0, "of at least 0");
        var command = new Command("dataset", "Shows what is in a data set: classes, sizes, pixels, mean faces, near-identical pictures, rows at fault.");
        data.AddTo(command);
        foreach (Option option in new Option[] { parts, output, pictures, embeddings, quick, seed })
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
                EvaluationFiles.Prepare(result.GetValue(output));
                using OnnxEmotionClassifier? network = result.GetResult(embeddings) is null ? null : ModelLoader.Network(result.GetValue(embeddings), null, Environment.ProcessorCount, 1);
                if (network is { EmbeddingLength: 0 })
                {
                    throw new CliException(ExitCode.Usage, $"--embeddings: the manifest of '{network.Model.Id}' names no embedding.");
                }

                FaceDataset[] sets = result.GetValue(parts) is { Length: > 0 } named
                    ? [.. named.Select(part => data.Open(result, part, keepUnlabelled: true, cancellationToken))]
                    : [data.Open(result, null, keepUnlabelled: true, cancellationToken)];
                var options = new DatasetReportOptions
                {
                    Seed = result.GetValue(seed) ?? 1,
                    IncludePictures = result.GetValue(pictures),
                    NearDuplicates = result.GetValue(quick) ? null : new LeakOptions(),
                    Embedding = network is null ? null : (in FrameView picture, CancellationToken cancellation) =>
                    {
                        float[] features = new float[network.EmbeddingLength];
                        network.Embed([FaceRegion.Whole(picture)], features, cancellation);
                        return features;
                    },
                };
                DatasetReport report = terminal.WithProgress(
                    "of 1000 steps", Steps, terminal.IsErrorInteractive, progress => DatasetReport.Create(sets, options, new InSteps(progress), cancellationToken));
                var tables = new EvaluationTables(terminal);
                tables.Write(report);
                if (result.GetValue(output) is { } folder)
                {
                    EvaluationFiles.Write(folder, "dataset", report.ToDocument(), report.ToJson());
                    foreach ((string name, PcaProjection? projection) in new[] { ("projection-pixels.csv", report.PixelProjection), ("projection-embeddings.csv", report.EmbeddingProjection) })
                    {
                        if (projection is not null)
                        {
                            EvaluationFiles.Write(folder, name, Encoding.UTF8.GetBytes(projection.ToCsv()));
                        }
                    }
                }

                return tables.Write([.. sets.SelectMany(set => set.Faults)]);
            },
            cancellationToken));
        return command;
    }

    private sealed class InSteps(IProgress<int> progress) : IProgress<double>
    {
        public void Report(double value) => progress.Report((int)(value * Steps));
    }
}
