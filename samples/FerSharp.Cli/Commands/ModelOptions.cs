using System.CommandLine;
using FerSharp.Cli.Analysis;
using static FerSharp.Cli.Commands.CliOptions;

namespace FerSharp.Cli.Commands;

/// <summary>The options that choose and set detector and classifier: the same for every command that analyses.</summary>
/// <param name="noun">What is analysed: a picture, a frame.</param>
internal sealed class ModelOptions(string noun)
{
    private readonly Option<string?> _detector = Text("--detector", "MODEL", "Use this face detector: a folder with model.json, or a manifest. Default: the embedded one.");

    private readonly Option<string[]> _classifiers = new("--classifier")
    {
        Description = "Use this expression classifier: a folder with model.json, or a manifest. Repeated: their mean. Default: the embedded one.",
        HelpName = "MODEL",
    };

    private readonly Option<DetectorSize?> _size = OneOf(
        "--size", "Input of the embedded detector: large finds smaller faces, small takes a quarter of the time. Default: large.", ("small", DetectorSize.Small), ("large", DetectorSize.Large));

    private readonly Option<float?> _minScore = Number<float>("--min-score", "0..1", "Drop faces that the detector scores lower. Default: the detector's own threshold.", s => s is > 0 and <= 1, "above 0, at most 1");
    private readonly Option<int?> _maxFaces = Number<int>("--max-faces", "N", $"Analyse at most so many faces in a {noun}, the best-scored. Default: 64.", n => n is >= 1 and <= 10_000, "from 1 to 10000");
    private readonly Option<int?> _threads = Threads("Processor threads for the networks. Default: one for each processor, at most 4.");

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _detector, _classifiers, _size, _minScore, _maxFaces, _threads })
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetResult(_detector) is not null && result.GetResult(_size) is not null)
            {
                result.AddError("--size is for the embedded detector; it cannot be used with --detector.");
            }
        });
    }

    public ModelSettings Read(ParseResult result) => new()
    {
        Detector = result.GetValue(_detector),
        Classifiers = result.GetValue(_classifiers) ?? [],
        DetectorSize = result.GetValue(_size) ?? DetectorSize.Large,
        MinScore = result.GetValue(_minScore),
        MaxFaces = result.GetValue(_maxFaces) ?? new EmotionAnalyzerOptions().MaxFaces,
        Threads = result.GetValue(_threads) ?? Math.Min(Environment.ProcessorCount, 4),
    };
}
