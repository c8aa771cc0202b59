using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace FerSharp.Cli.Commands;

/// <summary>The kinds of options that commands have, each with its check and its message.</summary>
internal static class CliOptions
{
    /// <summary>A text that is not empty.</summary>
    public static Option<string?> Text(string name, string valueName, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = valueName };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
            {
                result.AddError($"{name} needs a {valueName}.");
            }
        });
        return option;
    }

    /// <summary>A number in a range.</summary>
    public static Option<T?> Number<T>(string name, string valueName, string description, Func<T, bool> isGood, string range)
        where T : struct, INumber<T> => new(name)
        {
            Description = description,
            HelpName = valueName,
            CustomParser = result =>
            {
                if (T.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out T value) && isGood(value))
                {
                    return value;
                }

                result.AddError($"{name} must be a number {range}.");
                return null;
            },
        };

    /// <summary>One of a few words, each with what it means.</summary>
    public static Option<T?> OneOf<T>(string name, string description, params (string Word, T Value)[] choices)
        where T : struct => new(name)
        {
            Description = description,
            HelpName = string.Join('|', choices.Select(choice => choice.Word)),
            CustomParser = result =>
            {
                foreach ((string word, T value) in choices)
                {
                    if (word.Equals(result.Tokens[0].Value, StringComparison.OrdinalIgnoreCase))
                    {
                        return value;
                    }
                }

                result.AddError($"{name} must be {string.Join(", ", choices[..^1].Select(choice => choice.Word))} or {choices[^1].Word}.");
                return null;
            },
        };

    /// <summary>Processor threads.</summary>
    public static Option<int?> Threads(string description) => Number<int>("--threads", "N", description, n => n is >= 1 and <= 1024, "from 1 to 1024");
}
