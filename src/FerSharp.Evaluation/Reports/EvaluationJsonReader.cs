using System.Text.Json;

namespace FerSharp.Evaluation;

/// <summary>Reads what <see cref="EvaluationJsonWriter"/> writes. The predictions count; figures are computed anew and compared.</summary>
internal static class EvaluationJsonReader
{
    // Sums may be taken in another order by another version; a figure that was changed by hand differs by more.
    private const double Tolerance = 1e-9;

    public static EvaluationReport Read(ReadOnlySpan<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json.ToArray(), new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The report is not JSON: {e.Message}", e);
        }
        catch (FerModelException e)
        {
            throw new InvalidDataException($"The report's manifest is at fault: {e.Message}", e);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            // A missing property, or a value of another kind or size than the schema says.
            throw new InvalidDataException($"The report does not keep to schema {EvaluationJsonWriter.Schema} of {EvaluationJsonWriter.Kind}: {e.Message}", e);
        }
    }

    private static EvaluationReport Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("kind", out JsonElement kind) || kind.GetString() != EvaluationJsonWriter.Kind)
        {
            throw new InvalidDataException($"This is no evaluation report: its \"kind\" is not \"{EvaluationJsonWriter.Kind}\".");
        }

        if (root.GetProperty("schema").GetInt32() is var schema && schema != EvaluationJsonWriter.Schema)
        {
            throw new InvalidDataException($"The report has schema {schema}; this version reads {EvaluationJsonWriter.Schema}. Use the version of FerSharp that wrote it.");
        }

        JsonElement dataset = root.GetProperty("dataset");
        JsonElement options = root.GetProperty("options");
        var predictions = new PredictionSet(
            ReadModel(root.GetProperty("model")),
            new DatasetInfo(Text(dataset, "name"), Text(dataset, "split"), Text(dataset, "sha256")),
            [.. root.GetProperty("predictions").EnumerateArray().Select(ReadPrediction)],
            [.. dataset.GetProperty("faults").EnumerateArray().Select(fault => new DatasetFault(Text(fault, "where"), Text(fault, "reason")))],
            ReadElapsed(root.GetProperty("elapsedSeconds").GetDouble()))
        {
            LeftOut = dataset.GetProperty("leftOut").EnumerateObject().ToDictionary(rule => rule.Name, rule => rule.Value.GetInt32()),
            Detector = root.TryGetProperty("detector", out JsonElement detector) ? ReadModel(detector) : null,
            AnswersWithin = dataset.TryGetProperty("answersWithin", out JsonElement within) ? ReadEmotions(within) : null,
        };
        EvaluationReport report = EvaluationReport.Create(
            predictions,
            new ReportOptions
            {
                Level = options.GetProperty("level").GetDouble(),
                Resamples = options.GetProperty("resamples").GetInt32(),
                Seed = options.GetProperty("seed").GetUInt64(),
                Focus = ReadEmotion(options.GetProperty("focus")),
            },
            ReadEnvironment(root.GetProperty("environment")),
            root.GetProperty("created").GetDateTimeOffset());
        CheckFigures(report, root.GetProperty("figures"));
        return report;
    }

    private static void CheckFigures(EvaluationReport report, JsonElement figures)
    {
        foreach (ReportFigure figure in report.Figures)
        {
            double stated = figures.GetProperty(figure.Name).GetProperty("value").GetDouble();
            if (!(Math.Abs(stated - figure.Value) <= Tolerance * Math.Max(1, Math.Abs(figure.Value))))
            {
                throw new InvalidDataException(
                    FormattableString.Invariant($"The report says {figure.Name} = {stated}, but its predictions give {figure.Value}. It was changed after it was written; evaluate anew."));
            }
        }
    }

    private static ModelInfo ReadModel(JsonElement model) => new(
        Text(model, "id"),
        Text(model, "version"),
        Text(model, "backend"),
        ReadEmotions(model.GetProperty("emotions")),
        ModelManifestReader.Read(System.Text.Encoding.UTF8.GetBytes(model.GetProperty("manifest").GetRawText()), "report"));

    private static ReportEnvironment ReadEnvironment(JsonElement environment) => new(
        Text(environment, "library"),
        Text(environment, "runtime"),
        Text(environment, "system"),
        Text(environment, "architecture"),
        environment.GetProperty("processors").GetInt32(),
        environment.GetProperty("vectorBits").GetInt32());

    private static Prediction ReadPrediction(JsonElement element)
    {
        string id = Text(element, "id");
        PredictionStatus status = !element.TryGetProperty("status", out JsonElement word) ? PredictionStatus.Read : word.GetString() switch
        {
            "faceMissed" => PredictionStatus.FaceMissed,
            "unreadable" => PredictionStatus.Unreadable,
            _ => throw new InvalidDataException($"The status '{word}' of sample '{id}' is neither faceMissed nor unreadable."),
        };
        EmotionScores scores = default;
        if (status == PredictionStatus.Read)
        {
            float[] values = [.. element.GetProperty("scores").EnumerateArray().Select(value => value.GetSingle())];
            scores = values.Length == EmotionScores.Count
                ? new EmotionScores(values, ReadAffect(element, "valence"), ReadAffect(element, "arousal"))
                : throw new InvalidDataException($"Sample '{id}' has {values.Length} scores; it needs {EmotionScores.Count}.");
        }

        string? subject = element.TryGetProperty("subject", out JsonElement name) ? name.GetString() : null;
        return new Prediction(id, ReadEmotion(element.GetProperty("truth")), status, scores) { Subject = subject };
    }

    private static float ReadAffect(JsonElement element, string name) => !element.TryGetProperty(name, out JsonElement value) ? float.NaN
        : value.GetSingle() is var affect && float.IsFinite(affect) ? affect
        : throw new InvalidDataException($"The report's \"{name}\" of a sample is {value}; it must be a number from -1 to 1, or left out.");

    // Rounded to the tick: the number in the text is the double next to it, which may lie below.
    private static TimeSpan ReadElapsed(double seconds) => seconds >= 0
        ? TimeSpan.FromTicks(checked((long)Math.Round(seconds * TimeSpan.TicksPerSecond)))
        : throw new InvalidDataException(FormattableString.Invariant($"The report's \"elapsedSeconds\" is {seconds}; it must be at least 0."));

    private static EmotionSet ReadEmotions(JsonElement names) => new([.. names.EnumerateArray().Select(ReadEmotion)]);

    private static Emotion ReadEmotion(JsonElement name) =>
        EmotionName.TryParse(name.GetString(), out Emotion emotion) ? emotion : throw new InvalidDataException($"'{name}' is no expression.");

    private static string Text(JsonElement element, string name) =>
        element.GetProperty(name).GetString() ?? throw new InvalidDataException($"The report's \"{name}\" is null; it must be a text.");
}
