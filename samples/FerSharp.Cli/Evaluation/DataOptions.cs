using System.CommandLine;
using FerSharp.Evaluation;
using static FerSharp.Cli.Commands.CliOptions;

namespace FerSharp.Cli.Evaluation;

/// <summary>The options that say which data set a command reads, the same for all commands.</summary>
internal sealed class DataOptions
{
    private readonly Argument<string> _data = PathArgument("DATA", "fer2013.csv, a manifest csv (path,label), a folder with a folder for each class, or a packed .bin; csv and .bin may be packed by gzip.");

    private readonly Option<string?> _usage = Text("--usage", "PART", "Read this part alone: of FER-2013 Training, PublicTest or PrivateTest; of a folder the folder in it, such as test.");
    private readonly Option<string?> _votes = Text("--votes", "FILE", "The votes of FER+ (fer2013new.csv) for fer2013.csv.");
    private readonly Option<string?> _labelsFile = Text("--labels-file", "FILE", "The labels of a packed .bin. Default: NAME_labels.csv or NAME_labels.csv.gz beside it.");
    private readonly Option<LabelSet?> _labels = OneOf(
        "--labels", "With votes: which labels are the true ones. Default: ferplus where votes are given, else fer2013.", ("fer2013", LabelSet.Fer2013), ("ferplus", LabelSet.FerPlusMajority));

    private readonly Option<string?> _list = Text("--list", "FILE", "DATA is a folder of pictures, and this file has a line «name label» for each.");
    private readonly Option<Numbers?> _numbers = OneOf(
        "--numbers", "What labels that are numbers mean. Default: only words are read.", ("fer2013", Numbers.Fer2013), ("affectnet", Numbers.AffectNet), ("rafdb", Numbers.RafDb));

    private readonly Option<string?> _root = Text("--root", "DIR", "Where the paths of a manifest start. Default: its own folder.");
    private readonly Option<int?> _classes = Number<int>(
        "--classes", "7|8", "7 leaves out contempt: its pictures, and its scores, the rest scaled to sum 1. Default: 7 for FER-2013's own labels, else 8.", n => n is 7 or 8, "7 or 8");

    private readonly Option<bool> _clear = new("--clear-only") { Description = "Leave out pictures without a face (FER+) and pictures of one flat colour." };
    private readonly Option<string?> _copiesOf = Text("--without-copies-of", "PART", "Leave out pictures that have the same pixels as one of this part, such as PublicTest.");

    private enum Numbers
    {
        Fer2013,
        AffectNet,
        RafDb,
    }

    public void AddTo(Command command)
    {
        command.Add(_data);
        foreach (Option option in new Option[] { _usage, _labels, _votes, _labelsFile, _list, _numbers, _root, _classes, _clear, _copiesOf })
        {
            command.Add(option);
        }
    }

    /// <summary>The part that <c>--usage</c> names; null for all.</summary>
    public string? Usage(System.CommandLine.Parsing.CommandResult result) => result.GetValue(_usage);

    /// <summary>Opens the data set.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="usage">The part, where it is not the one of <c>--usage</c>.</param>
    /// <param name="keepUnlabelled">Whether pictures without a label stay.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="CliException">It cannot be read; the message says why.</exception>
    public FaceDataset Open(ParseResult result, string? usage, bool keepUnlabelled, CancellationToken cancellationToken)
    {
        string path = result.GetRequiredValue(_data);
        try
        {
            return Read(result, path, usage ?? result.GetValue(_usage), keepUnlabelled, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new CliException(ExitCode.SomeFailed, $"{path}: {e.Message}");
        }
        catch (ArgumentException e)
        {
            throw CliException.WrongUse(e);
        }
    }

    public FaceDataset Open(ParseResult result, CancellationToken cancellationToken) => Open(result, usage: null, keepUnlabelled: false, cancellationToken);

    /// <summary>The expressions that answers are restricted to; null for all that the model knows.</summary>
    public EmotionSet? AnswersWithin(ParseResult result) => HasSevenClasses(result) ? EmotionSet.Basic : null;

    private bool HasSevenClasses(ParseResult result)
    {
        string path = result.GetRequiredValue(_data);
        bool ownLabels = (KindOf(path) == Kind.Packed || KindOf(path) == Kind.Fer2013) && LabelsOf(result) == LabelSet.Fer2013;
        return (result.GetValue(_classes) ?? (ownLabels ? 7 : 8)) == 7;
    }

    private LabelSet LabelsOf(ParseResult result) => result.GetValue(_labels) ?? (result.GetValue(_votes) is null ? LabelSet.Fer2013 : LabelSet.FerPlusMajority);

    private FaceDataset Read(ParseResult result, string path, string? usage, bool keepUnlabelled, CancellationToken cancellationToken)
    {
        Kind kind = KindOf(path);
        if (kind != Kind.Manifest || File.Exists(path))
        {
            RefuseWhatIsNotRead(result, kind, usage);
        }

        var options = new FaceDatasetOptions
        {
            Classes = HasSevenClasses(result) ? EmotionSet.Basic : EmotionSet.All,
            LeaveOutUnlabelled = !keepUnlabelled,
            LeaveOutFlat = result.GetValue(_clear),
            LeaveOutNotAFace = result.GetValue(_clear) && (kind == Kind.Packed || result.GetValue(_votes) is not null),
            LeaveOutCopiesOf = result.GetValue(_copiesOf) is { } copies ? [copies] : [],
        };
        EmotionLabels labels = result.GetValue(_numbers) switch
        {
            Numbers.Fer2013 => EmotionLabels.Fer2013,
            Numbers.AffectNet => EmotionLabels.AffectNet,
            Numbers.RafDb => EmotionLabels.RafDb,
            _ => EmotionLabels.WordsOnly,
        };
        return kind switch
        {
            Kind.Folder when result.GetValue(_list) is { } list => FaceDatasets.List(path, list, labels, options: options, cancellationToken: cancellationToken),
            Kind.Folder => FaceDatasets.Folders(path, usage, labels, options, cancellationToken),
            Kind.Packed => FaceDatasets.Packed(path, result.GetValue(_labelsFile) ?? LabelsBeside(path), usage, LabelsOf(result), options, cancellationToken),
            Kind.Fer2013 when result.GetValue(_votes) is { } votes => FaceDatasets.FerPlusCsv(path, votes, usage, LabelsOf(result), options, cancellationToken),
            Kind.Fer2013 => LabelsOf(result) == LabelSet.Fer2013
                ? FaceDatasets.Fer2013Csv(path, usage, options, cancellationToken)
                : throw new CliException(ExitCode.Usage, "--labels ferplus needs the votes of FER+: give them with --votes fer2013new.csv."),
            _ => FaceDatasets.ManifestCsv(path, result.GetValue(_root), labels, options, cancellationToken),
        };
    }

    /// <summary>An option that does not go with the data would be passed over, and the figures would be of other pictures than was asked for.</summary>
    /// <exception cref="CliException">One is given.</exception>
    private void RefuseWhatIsNotRead(ParseResult result, Kind kind, string? usage)
    {
        bool listed = result.GetValue(_list) is not null, fer = kind is Kind.Fer2013 or Kind.Packed;
        (Option Option, bool IsGiven, bool IsRead)[] options =
        [
            (_usage, usage is not null, fer || (kind == Kind.Folder && !listed)),
            (_votes, result.GetValue(_votes) is not null, kind == Kind.Fer2013),
            (_labels, result.GetValue(_labels) is not null, fer),
            (_labelsFile, result.GetValue(_labelsFile) is not null, kind == Kind.Packed),
            (_list, listed, kind == Kind.Folder),
            (_numbers, result.GetValue(_numbers) is not null, !fer),
            (_root, result.GetValue(_root) is not null, kind == Kind.Manifest),
            (_copiesOf, result.GetValue(_copiesOf) is not null, fer),
        ];
        foreach ((Option option, bool isGiven, bool isRead) in options)
        {
            if (isGiven && !isRead)
            {
                string what = kind switch { Kind.Folder => listed ? "a folder with a list" : "a folder", Kind.Packed => "a packed .bin", Kind.Fer2013 => "a csv of FER-2013", _ => "a manifest" };
                string part = option == _usage ? " (a part of DATA)" : "";
                throw new CliException(ExitCode.Usage, $"{option.Name}{part} does not go with {what}; DATA is taken for one.");
            }
        }
    }

    private enum Kind
    {
        Folder,
        Packed,
        Fer2013,
        Manifest,
    }

    private static Kind KindOf(string path)
    {
        if (Directory.Exists(path))
        {
            return Kind.Folder;
        }

        string name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return name.EndsWith(".bin", StringComparison.OrdinalIgnoreCase) ? Kind.Packed : HasPixels(path) ? Kind.Fer2013 : Kind.Manifest;
    }

    /// <summary>Whether the csv's header names a column of pixels.</summary>
    private static bool HasPixels(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            using Stream text = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionMode.Decompress) : file;
            Span<byte> head = stackalloc byte[512];
            int count = text.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            string header = System.Text.Encoding.UTF8.GetString(head[..count]).Split('\n')[0];
            return header.Contains("pixels", StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // Reading it as a manifest says what is wrong.
            return false;
        }
    }

    private static string LabelsBeside(string path)
    {
        string stem = path[..path.LastIndexOf(".bin", StringComparison.OrdinalIgnoreCase)];
        string plain = stem + "_labels.csv", packed = plain + ".gz";
        return File.Exists(plain) ? plain : File.Exists(packed) ? packed : throw new FileNotFoundException($"its labels are neither in '{plain}' nor in '{packed}'; name them with --labels-file.");
    }
}
