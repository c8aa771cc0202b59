using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FerSharp.Evaluation;

/// <summary>Writes results that are only read by machines, never by FerSharp again, as JSON: every public property by its name in camel case.</summary>
internal static class ResultJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        IndentSize = 1,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        // A figure that is not defined is NaN; JSON has no word for it.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new ModelConverter(), new EmotionsConverter() },
    };

    /// <summary>A document with kind, schema and date before the result.</summary>
    public static byte[] Write<T>(string kind, int schema, T result, TimeProvider? clock = null) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(new Envelope<T>(kind, schema, (clock ?? TimeProvider.System).GetUtcNow(), ReportEnvironment.Current, result), Options), (byte)'\n'];

    private sealed record Envelope<T>(string Kind, int Schema, DateTimeOffset Created, ReportEnvironment Environment, T Result);

    private sealed class ModelConverter : JsonConverter<ModelInfo>
    {
        public override ModelInfo Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException("Results are not read again.");

        public override void Write(Utf8JsonWriter writer, ModelInfo value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteString("id", value.Id);
            writer.WriteString("version", value.Version);
            writer.WriteString("backend", value.Backend);
            writer.WriteString("sha256", value.Manifest.Sha256);
            writer.WriteEndObject();
        }
    }

    private sealed class EmotionsConverter : JsonConverter<EmotionSet>
    {
        public override EmotionSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException("Results are not read again.");

        public override void Write(Utf8JsonWriter writer, EmotionSet value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (Emotion emotion in value.ToArray())
            {
                writer.WriteStringValue(EmotionName.Of(emotion));
            }

            writer.WriteEndArray();
        }
    }
}
