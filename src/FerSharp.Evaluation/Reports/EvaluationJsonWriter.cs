using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FerSharp.Evaluation;

/// <summary>Writes an <see cref="EvaluationReport"/> as JSON, schema <see cref="Schema"/>.</summary>
internal static class EvaluationJsonWriter
{
    /// <summary>The schema that is written and read.</summary>
    public const int Schema = 1;

    /// <summary>What the field <c>kind</c> says.</summary>
    public const string Kind = "fersharp.evaluation";

    private static readonly JsonWriterOptions Format = new() { Indented = true, IndentSize = 1, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(EvaluationReport report)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Format))
        {
            json.WriteStartObject();
            json.WriteString("kind", Kind);
            json.WriteNumber("schema", Schema);
            json.WriteString("created", report.Created);
            WriteEnvironment(json, report.Environment);
            WriteModel(json, "model", report.Predictions.Model);
            if (report.Predictions.Detector is { } detector)
            {
                WriteModel(json, "detector", detector);
            }

            WriteDataset(json, report.Predictions);
            WriteOptions(json, report.Options);
            WriteFigures(json, report);
            WriteTables(json, report);
            json.WriteNumber("elapsedSeconds", report.Predictions.Elapsed.TotalSeconds);
            WritePredictions(json, report.Predictions);
            json.WriteEndObject();
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    private static void WriteEnvironment(Utf8JsonWriter json, ReportEnvironment environment)
    {
        json.WriteStartObject("environment");
        json.WriteString("library", environment.Library);
        json.WriteString("runtime", environment.Runtime);
        json.WriteString("system", environment.System);
        json.WriteString("architecture", environment.Architecture);
        json.WriteNumber("processors", environment.Processors);
        json.WriteNumber("vectorBits", environment.VectorBits);
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, string name, ModelInfo model)
    {
        json.WriteStartObject(name);
        json.WriteString("id", model.Id);
        json.WriteString("version", model.Version);
        json.WriteString("backend", model.Backend);
        json.WriteString("sha256", model.Manifest.Sha256);
        WriteEmotions(json, "emotions", model.Emotions);
        json.WritePropertyName("manifest");
        using (JsonDocument manifest = JsonDocument.Parse(ModelManifestWriter.Write(model.Manifest)))
        {
            manifest.RootElement.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private static void WriteDataset(Utf8JsonWriter json, PredictionSet predictions)
    {
        json.WriteStartObject("dataset");
        json.WriteString("name", predictions.Dataset.Name);
        json.WriteString("split", predictions.Dataset.Split);
        json.WriteString("sha256", predictions.Dataset.Sha256);
        json.WriteNumber("samples", predictions.Predictions.Count);
        if (predictions.AnswersWithin is { } within)
        {
            WriteEmotions(json, "answersWithin", within);
        }

        json.WriteStartObject("leftOut");
        foreach ((string rule, int count) in predictions.LeftOut)
        {
            json.WriteNumber(rule, count);
        }

        json.WriteEndObject();
        json.WriteStartArray("faults");
        foreach (DatasetFault fault in predictions.Faults)
        {
            json.WriteStartObject();
            json.WriteString("where", fault.Where);
            json.WriteString("reason", fault.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteOptions(Utf8JsonWriter json, ReportOptions options)
    {
        json.WriteStartObject("options");
        json.WriteNumber("level", options.Level);
        json.WriteNumber("resamples", options.Resamples);
        json.WriteNumber("seed", options.Seed);
        json.WriteString("focus", EmotionName.Of(options.Focus));
        json.WriteEndObject();
    }

    private static void WriteFigures(Utf8JsonWriter json, EvaluationReport report)
    {
        IReadOnlyDictionary<string, Interval> intervals = report.FigureIntervals;
        json.WriteStartObject("figures");
        foreach (ReportFigure figure in report.Figures)
        {
            json.WriteStartObject(figure.Name);
            json.WriteNumber("value", figure.Value);
            if (intervals.TryGetValue(figure.Name, out Interval interval))
            {
                json.WriteNumber("lower", interval.Lower);
                json.WriteNumber("upper", interval.Upper);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        Baselines baselines = report.Metrics.Baselines;
        json.WriteStartObject("baselines");
        json.WriteString("majorityClass", EmotionName.Of(baselines.MajorityClass));
        json.WriteNumber("majorityAccuracy", baselines.MajorityAccuracy);
        json.WriteNumber("majorityMacroF1", baselines.MajorityMacroF1);
        json.WriteNumber("uniformAccuracy", baselines.UniformAccuracy);
        json.WriteNumber("priorAccuracy", baselines.PriorAccuracy);
        json.WriteNumber("priorLogLoss", baselines.PriorLogLoss);
        json.WriteEndObject();
    }

    private static void WriteTables(Utf8JsonWriter json, EvaluationReport report)
    {
        ConfusionMatrix confusion = report.Metrics.Confusion;
        Emotion[] classes = confusion.Classes.ToArray();
        json.WriteStartObject("confusion");
        WriteEmotions(json, "classes", confusion.Classes);
        json.WriteStartArray("counts");
        foreach (Emotion truth in classes)
        {
            WriteRow(json, classes.Select(answer => (double)confusion[truth, answer]));
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("support");
        foreach (ClassMetrics one in report.Metrics.Classes)
        {
            json.WriteNumber(EmotionName.Of(one.Emotion), one.Support);
        }

        json.WriteEndObject();
        json.WriteStartObject("coverage");
        json.WriteNumber("read", report.Coverage.Read);
        json.WriteNumber("faceMissed", report.Coverage.FaceMissed);
        json.WriteNumber("unreadable", report.Coverage.Unreadable);
        json.WriteEndObject();
        json.WriteStartObject("reliability");
        WriteBins(json, "equalWidth", report.Calibration.EqualWidthBins);
        WriteBins(json, "equalMass", report.Calibration.EqualMassBins);
        json.WriteEndObject();
    }

    private static void WriteBins(Utf8JsonWriter json, string name, IReadOnlyList<ReliabilityBin> bins)
    {
        json.WriteStartArray(name);
        foreach (ReliabilityBin bin in bins)
        {
            json.WriteStartObject();
            json.WriteNumber("lower", bin.Lower);
            json.WriteNumber("upper", bin.Upper);
            json.WriteNumber("count", bin.Count);
            json.WriteNumber("meanConfidence", bin.MeanConfidence);
            json.WriteNumber("accuracy", bin.Accuracy);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePredictions(Utf8JsonWriter json, PredictionSet predictions)
    {
        json.WriteStartArray("predictions");
        Span<float> scores = stackalloc float[EmotionScores.Count];
        foreach (Prediction prediction in predictions.Predictions)
        {
            json.WriteStartObject();
            json.WriteString("id", prediction.Id);
            json.WriteString("truth", EmotionName.Of(prediction.Truth));
            if (prediction.Subject is { } subject)
            {
                json.WriteString("subject", subject);
            }

            if (prediction.Status != PredictionStatus.Read)
            {
                json.WriteString("status", prediction.Status == PredictionStatus.FaceMissed ? "faceMissed" : "unreadable");
            }
            else
            {
                prediction.Scores.CopyTo(scores);
                json.WritePropertyName("scores");
                WriteRow(json, scores);
                WriteAffect(json, "valence", prediction.Scores.Valence);
                WriteAffect(json, "arousal", prediction.Scores.Arousal);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAffect(Utf8JsonWriter json, string name, float value)
    {
        if (float.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
    }

    // A row in one line, so that the file stays readable: the writer would put every number on a line of its own.
    private static void WriteRow(Utf8JsonWriter json, IEnumerable<double> values) =>
        json.WriteRawValue($"[{string.Join(", ", values.Select(value => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture)))}]");

    private static void WriteRow(Utf8JsonWriter json, ReadOnlySpan<float> values)
    {
        string[] texts = new string[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            texts[i] = values[i].ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        }

        json.WriteRawValue($"[{string.Join(", ", texts)}]");
    }

    private static void WriteEmotions(Utf8JsonWriter json, string name, EmotionSet emotions)
    {
        json.WriteStartArray(name);
        foreach (Emotion emotion in emotions.ToArray())
        {
            json.WriteStringValue(EmotionName.Of(emotion));
        }

        json.WriteEndArray();
    }
}
