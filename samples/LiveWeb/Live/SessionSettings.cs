using System.Text.Json;

namespace FerSharp.LiveWeb.Live;

/// <summary>What a person may change while the camera runs. Immutable; made from a client's message, whose every value is checked by the options that it ends in.</summary>
/// <param name="Smoothing">Sensitivity for each expression, calm, resting face.</param>
/// <param name="Rules">What raises an alert; none where alerts are off.</param>
internal sealed record SessionSettings(EmotionSmootherOptions Smoothing, EmotionMonitorOptions Rules)
{
    /// <summary>
    /// Reads a message: <c>{"type":"settings","sensitivity":{"sadness":2},"calm":0.5,"resting":0,"alert":{"expression":"sadness","share":0.6,"seconds":60}}</c>.
    /// What is left out has its default; <c>"alert":null</c> switches alerts off.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <exception cref="InvalidDataException">A value is of the wrong type or not known. Ranges are checked where the options are set.</exception>
    public static SessionSettings Parse(JsonElement message)
    {
        var smoothing = new EmotionSmootherOptions();
        var rule = new ProlongedExpressionRule();
        bool alerts = true;
        foreach (JsonProperty part in message.EnumerateObject())
        {
            switch (part.Name)
            {
                case "type":
                    break;
                case "sensitivity" when part.Value.ValueKind == JsonValueKind.Object:
                    var factors = new Dictionary<Emotion, double>();
                    foreach (JsonProperty factor in part.Value.EnumerateObject())
                    {
                        factors[Expression(factor.Name)] = Number(factor.Value, factor.Name);
                    }

                    smoothing = smoothing with { Sensitivity = factors };
                    break;
                case "calm":
                    smoothing = smoothing with { TimeConstant = Seconds(part.Value, part.Name) };
                    break;
                case "resting":
                    smoothing = smoothing with { NeutralBaseline = Seconds(part.Value, part.Name) };
                    break;
                case "alert" when part.Value.ValueKind == JsonValueKind.Null:
                    alerts = false;
                    break;
                case "alert" when part.Value.ValueKind == JsonValueKind.Object:
                    rule = Rule(part.Value);
                    break;
                default:
                    throw new InvalidDataException($"The setting '{part.Name}' is not known or of the wrong type.");
            }
        }

        return new SessionSettings(smoothing, new EmotionMonitorOptions { Rules = alerts ? [rule] : [] });
    }

    /// <summary>Changes a session that runs; acts on its next frame.</summary>
    /// <exception cref="ArgumentException">A value is out of range; nothing is changed then.</exception>
    public void Apply(EmotionSession session)
    {
        EmotionMonitorOptions former = session.Monitor.Options;
        session.Monitor.Options = Rules;
        try
        {
            session.Smoother.Options = Smoothing;
        }
        catch (ArgumentException)
        {
            session.Monitor.Options = former;
            throw;
        }
    }

    private static ProlongedExpressionRule Rule(JsonElement alert)
    {
        var rule = new ProlongedExpressionRule();
        foreach (JsonProperty part in alert.EnumerateObject())
        {
            rule = part.Name switch
            {
                "expression" => rule with { Expression = Expression(part.Value.ValueKind == JsonValueKind.String ? part.Value.GetString() : null) },
                "share" => rule with { MinShare = Number(part.Value, part.Name) },
                "seconds" => rule with { Window = Seconds(part.Value, part.Name) },
                _ => throw new InvalidDataException($"The setting 'alert.{part.Name}' is not known."),
            };
        }

        // A rule for another expression is another rule: it does not wait for this one's hold-off.
        TimeSpan minute = TimeSpan.FromMinutes(1);
        return rule with { Name = $"prolonged-{AnswerWriter.NameOf(rule.Expression)}", HoldOff = rule.Window > minute ? rule.Window : minute };
    }

    private static Emotion Expression(string? name)
    {
        for (Emotion emotion = Emotion.Neutral; emotion <= Emotion.Contempt; emotion++)
        {
            if (AnswerWriter.NameOf(emotion) == name)
            {
                return emotion;
            }
        }

        throw new InvalidDataException($"There is no expression '{name}'.");
    }

    private static double Number(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) ? number : throw new InvalidDataException($"The setting '{name}' must be a number.");

    private static TimeSpan Seconds(JsonElement value, string name)
    {
        double seconds = Number(value, name);
        return seconds is >= 0 and <= 86_400 ? TimeSpan.FromSeconds(seconds) : throw new InvalidDataException($"The setting '{name}' must be a number of seconds.");
    }
}
