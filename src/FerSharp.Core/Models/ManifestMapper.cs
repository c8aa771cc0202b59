using System.Buffers;
using System.Text.RegularExpressions;

namespace FerSharp;

// Between the file's members and the records, with all the rules that the types do not express. One set of rules serves reader and writer.
internal static partial class ManifestMapper
{
    private const string Root = ManifestParser.Root;

    // A backslash or a drive's colon would lead out of the folder on Windows; the others no file there can have.
    private static readonly SearchValues<char> NotInFileNames = SearchValues.Create("\\:*?\"<>|");

    public static ManifestJson FromManifest(ModelManifest manifest) => new()
    {
        Schema = ModelManifest.CurrentSchema,
        Id = manifest.Id,
        Version = manifest.Version,
        Task = ManifestWords<ModelTask>.Of(manifest.Task),
        File = manifest.File,
        Sha256 = manifest.Sha256,
        License = new() { Name = manifest.License.Name, Commercial = ManifestWords<CommercialUse>.Of(manifest.License.Commercial) },
        Source = manifest.Source,
        TrainedOn = manifest.TrainedOn,
        Metrics = manifest.Metrics.Count == 0
            ? null
            : new(manifest.Metrics.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, (double?)m.Value))),
        Input = FromInput(manifest.Input, manifest.Task),
        Output = FromOutput(manifest.Classifier, manifest.Detector),
    };

    // What it returns is only good where no fault was added.
    public static ModelManifest ToManifest(ManifestJson json, ManifestFaults faults)
    {
        CheckSchema(json.Schema, faults);
        string id = faults.RequiredText($"{Root}.id", json.Id, "a short name");
        if (!IdPattern().IsMatch(id))
        {
            faults.Add($"{Root}.id", $"is {ManifestFaults.Quote(id)}; use at most 100 letters, digits, '.', '_' and '-', with a letter or digit first.");
        }

        var task = faults.Word<ModelTask>($"{Root}.task", json.Task);
        ModelTask shape = Enum.IsDefined(task) ? task : LikelyTask(json.Output);
        InputJson input = Section(json.Input, $"{Root}.input", faults);
        OutputJson output = Section(json.Output, $"{Root}.output", faults);
        return new ModelManifest
        {
            Id = id,
            Version = faults.RequiredText($"{Root}.version", json.Version, "the model's version, such as \"1.0\""),
            Task = task,
            File = ToFile(json.File, faults),
            Sha256 = ToSha256(json.Sha256, faults),
            License = ToLicense(Section(json.License, $"{Root}.license", faults), faults),
            Source = faults.OptionalText($"{Root}.source", json.Source),
            TrainedOn = faults.OptionalText($"{Root}.trainedOn", json.TrainedOn),
            Metrics = ToMetrics(json.Metrics, faults),
            Input = ToInput(input, shape, faults),
            Classifier = shape == ModelTask.EmotionClassification ? ToClassifier(output, faults) : null,
            Detector = shape == ModelTask.FaceDetection ? ToDetector(output, faults) : null,
        };
    }

    private static void CheckSchema(int? schema, ManifestFaults faults)
    {
        const string Path = Root + ".schema";
        if (schema is null)
        {
            faults.Add(Path, $"is missing; write \"schema\": {ModelManifest.CurrentSchema}.");
        }
        else if (schema != ModelManifest.CurrentSchema)
        {
            faults.Add(Path, $"is {schema}; this version of FerSharp reads only schema {ModelManifest.CurrentSchema}."
                + (schema > ModelManifest.CurrentSchema ? " Use a newer FerSharp." : ""));
        }
    }

    // Where the task is at fault, the output's members tell which rules to list the other faults by.
    private static ModelTask LikelyTask(OutputJson? output) =>
        output is { Labels: null, Activation: null } and not { Decoder: null, Names: null } ? ModelTask.FaceDetection : ModelTask.EmotionClassification;

    private static T Section<T>(T? section, string path, ManifestFaults faults)
        where T : class, new()
    {
        if (section is null)
        {
            faults.AddMissingSection(path);
        }

        return section ?? new T();
    }

    private static string ToFile(string? file, ManifestFaults faults)
    {
        const string Path = Root + ".file";
        string name = faults.RequiredText(Path, file, "the model file's name, relative to the manifest");
        bool plain = name.Split('/').All(part => part is not ("" or "." or ".."))
            && !name.AsSpan().ContainsAny(NotInFileNames)
            && !name.Any(char.IsControl);
        if (!plain)
        {
            faults.Add(Path, $"is {ManifestFaults.Quote(name)}; give a name inside the manifest's folder, with '/' between folders: no absolute path, no '..'.");
        }

        return name;
    }

    private static string? ToSha256(string? hash, ManifestFaults faults)
    {
        if (hash is not null && !(hash.Length == 64 && hash.All(char.IsAsciiHexDigit)))
        {
            faults.Add($"{Root}.sha256", $"is {ManifestFaults.Quote(hash)}; it must be 64 hex digits, as sha256sum prints them.");
        }

        return hash?.ToLowerInvariant();
    }

    private static ModelLicense ToLicense(LicenseJson license, ManifestFaults faults) => new(
        faults.RequiredText($"{Root}.license.name", license.Name, "an SPDX identifier, or a short text where there is none"),
        faults.Word<CommercialUse>($"{Root}.license.commercial", license.Commercial));

    private static Dictionary<string, double> ToMetrics(Dictionary<string, double?>? metrics, ManifestFaults faults)
    {
        var figures = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach ((string name, double? figure) in metrics ?? [])
        {
            string path = ManifestFaults.Member($"{Root}.metrics", name);
            if (string.IsNullOrWhiteSpace(name))
            {
                faults.Add(path, "has no name; name the figure.");
            }

            if (figure is not { } number || !double.IsFinite(number))
            {
                faults.Add(path, "must be a finite number.");
            }

            figures[name] = figure ?? 0;
        }

        return figures;
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex IdPattern();
}
