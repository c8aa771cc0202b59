using System.Text;
using System.Text.Json;

namespace FerSharp;

/// <summary>Writes alerts as JSON lines and flushes after each. The writer stays the caller's.</summary>
/// <param name="writer">Where to.</param>
/// <exception cref="ArgumentNullException"><paramref name="writer"/> is null.</exception>
public sealed class JsonLinesAlertSink(TextWriter writer) : IEmotionAlertSink
{
    private readonly TextWriter _writer = writer ?? throw new ArgumentNullException(nameof(writer));

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="alert"/> is null.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the line was written.</exception>
    public async ValueTask SendAsync(EmotionAlert alert, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(alert);
        await _writer.WriteAsync(ToJson(alert).AsMemory(), cancellationToken).ConfigureAwait(false);
        await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private static string ToJson(EmotionAlert alert)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", "alert");
            json.WriteString("rule", alert.Rule);
            json.WriteNumber("track", alert.TrackId);
            json.WriteNumber("from_s", Math.Round(alert.From.TotalSeconds, 4));
            json.WriteNumber("to_s", Math.Round(alert.To.TotalSeconds, 4));
            WriteShare(json, "share", alert.Share);
            WriteShare(json, "coverage", alert.Coverage);
            json.WriteString("message", alert.Message);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)) + "\n";
    }

    private static void WriteShare(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } share)
        {
            json.WriteNumber(name, Math.Round(share, 4));
        }
    }
}
