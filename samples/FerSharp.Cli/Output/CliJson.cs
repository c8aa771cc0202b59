using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace FerSharp.Cli.Output;

/// <summary>Writes the records of this folder as JSON.</summary>
internal static class CliJson
{
    // Relaxed: the text goes to files and pipes, not into HTML, and names of files stay readable.
    private static readonly JsonSerializerOptions Lines = new(CliJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Documents = new(Lines) { WriteIndented = true, NewLine = "\n" };

    /// <summary>One line, without its end.</summary>
    public static string Line<T>(T value) => JsonSerializer.Serialize(value, (JsonTypeInfo<T>)Lines.GetTypeInfo(typeof(T)));

    /// <summary>An indented document, without a last line end.</summary>
    public static string Document<T>(T value) => JsonSerializer.Serialize(value, (JsonTypeInfo<T>)Documents.GetTypeInfo(typeof(T)));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunReport))]
[JsonSerializable(typeof(FrameLine))]
[JsonSerializable(typeof(TrackLine))]
[JsonSerializable(typeof(ExpressionLine))]
[JsonSerializable(typeof(AlertLine))]
[JsonSerializable(typeof(ModelListReport))]
[JsonSerializable(typeof(ModelReport))]
[JsonSerializable(typeof(DiagnosisReport))]
internal sealed partial class CliJsonContext : JsonSerializerContext;
