using System.Buffers;
using System.Text.Json;

namespace FerSharp.LiveWeb.Live;

/// <summary>Writes the server's messages as JSON into one buffer that is used again and again. One caller at a time.</summary>
internal sealed class AnswerWriter : IDisposable
{
    private static readonly JsonEncodedText[] Names = [.. Enum.GetNames<Emotion>().Select(name => JsonEncodedText.Encode(name.ToLowerInvariant()))];
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _json;

    public AnswerWriter() => _json = new Utf8JsonWriter(_buffer);

    /// <summary>An expression's name in the protocol: that of the enum in lower case.</summary>
    public static string NameOf(Emotion emotion) => Names[(int)emotion].Value;

    /// <summary>The reading of one frame.</summary>
    /// <param name="result">What the stream gave.</param>
    /// <param name="tag">By what the client knows the frame.</param>
    /// <returns>The message; valid until the next call.</returns>
    public ReadOnlyMemory<byte> Result(StreamResult result, in FrameTag tag)
    {
        Begin("result");
        _json.WriteNumber("frame", tag.Number);
        _json.WriteNumber("captured", tag.Captured);
        _json.WriteNumber("time", Math.Round(result.Timestamp.TotalSeconds, 3));
        _json.WriteNumber("ageMs", Math.Round(result.Age.TotalMilliseconds, 1));
        _json.WriteNumber("width", result.Analysis.Width);
        _json.WriteNumber("height", result.Analysis.Height);
        _json.WriteNumber("analyzed", result.Counters.Analyzed);
        _json.WriteNumber("dropped", result.Counters.Dropped);
        _json.WriteStartArray("faces");
        foreach (FaceEmotion face in result.Analysis.Faces)
        {
            Write(face);
        }

        _json.WriteEndArray();
        return End();
    }

    /// <summary>Something for a person to look at.</summary>
    public ReadOnlyMemory<byte> Alert(EmotionAlert alert)
    {
        Begin("alert");
        _json.WriteString("rule", alert.Rule);
        _json.WriteNumber("track", alert.TrackId);
        _json.WriteNumber("from", Math.Round(alert.From.TotalSeconds, 1));
        _json.WriteNumber("to", Math.Round(alert.To.TotalSeconds, 1));
        _json.WriteString("message", alert.Message);
        return End();
    }

    /// <summary>What was wrong with a message of the client's.</summary>
    /// <param name="code">A name for programs.</param>
    /// <param name="message">A sentence for the client's author.</param>
    /// <param name="left">How many more of them the connection bears.</param>
    public ReadOnlyMemory<byte> Error(string code, string message, int left)
    {
        Begin("error");
        _json.WriteString("code", code);
        _json.WriteString("message", message);
        _json.WriteNumber("left", left);
        return End();
    }

    /// <summary>That something was done which the client asked for.</summary>
    public ReadOnlyMemory<byte> Done(string what)
    {
        Begin("done");
        _json.WriteString("what", what);
        return End();
    }

    public void Dispose() => _json.Dispose();

    private void Write(in FaceEmotion face)
    {
        RectF box = face.Face.Box;
        _json.WriteStartObject();
        _json.WriteNumber("track", face.TrackId);
        _json.WriteStartArray("box");
        _json.WriteNumberValue(MathF.Round(box.X, 1));
        _json.WriteNumberValue(MathF.Round(box.Y, 1));
        _json.WriteNumberValue(MathF.Round(box.Width, 1));
        _json.WriteNumberValue(MathF.Round(box.Height, 1));
        _json.WriteEndArray();
        _json.WriteString("outcome", face.Outcome switch { FaceOutcome.Ok => "ok", FaceOutcome.LowQuality => "lowQuality", _ => "uncertain" });
        OutcomeReasons reasons = face.Reasons;
        _json.WriteBoolean("tooSmall", (reasons & OutcomeReasons.TooSmall) != 0);
        _json.WriteBoolean("tooDark", (reasons & OutcomeReasons.TooDark) != 0);
        _json.WriteBoolean("tooBlurred", (reasons & OutcomeReasons.TooBlurred) != 0);
        _json.WriteBoolean("fresh", face.Smoothed.IsFresh);
        if (face.Smoothed.Expression is { } expression)
        {
            _json.WriteString("expression", Names[(int)expression]);
        }
        else
        {
            _json.WriteNull("expression");
        }

        // A face without a number yet has nothing to be steadied over: its scores are those of this frame.
        EmotionScores scores = face.TrackId == 0 ? face.Scores : face.Smoothed.Scores;
        _json.WriteStartObject("scores");
        for (Emotion emotion = Emotion.Neutral; emotion <= Emotion.Contempt; emotion++)
        {
            _json.WriteNumber(Names[(int)emotion], MathF.Round(scores[emotion], 3));
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void Begin(string type)
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("type", type);
    }

    private ReadOnlyMemory<byte> End()
    {
        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenMemory;
    }
}
