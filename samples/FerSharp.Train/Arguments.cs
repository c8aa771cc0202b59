using System.CommandLine;

namespace FerSharp.Train;

/// <summary>The arguments and options that several commands have.</summary>
internal static class Arguments
{
    public static Argument<string> Text(string name, string description) => new(name) { Description = description };

    public static Option<string?> Option(string name, string valueName, string description) => new(name) { Description = description, HelpName = valueName };

    /// <summary>A recipe's file or name.</summary>
    public static Argument<string> Recipe() => Text("RECIPE", $"A recipe's file, or one of these names: {RecipeFile.Names}.");

    /// <summary>Changes of a recipe's values.</summary>
    public static Option<string[]> Changes() => new("--set")
    {
        Description = "Change a value of the recipe, as in optimizer.learningRate=0.01. Repeatable. A run goes on with the same changes only.",
        HelpName = "NAME=VALUE",
        DefaultValueFactory = _ => [],
    };

    public static Option<int> Threads() => Number("--threads", "N", "Processor threads. One is best where other work shares the machine.", 1, n => n is >= 1 and <= 256, "from 1 to 256");

    /// <summary>A number in a range.</summary>
    public static Option<T> Number<T>(string name, string valueName, string description, T standard, Func<T, bool> isGood, string range)
        where T : struct, IParsable<T> => new(name)
        {
            Description = description,
            HelpName = valueName,
            DefaultValueFactory = _ => standard,
            CustomParser = result =>
            {
                if (T.TryParse(result.Tokens[0].Value, System.Globalization.CultureInfo.InvariantCulture, out T value) && isGood(value))
                {
                    return value;
                }

                result.AddError($"{name} must be a number {range}.");
                return standard;
            },
        };

    /// <summary>Runs work off the calling thread, so that Ctrl+C is heard.</summary>
    public static void Does(this Command command, Action<ParseResult, CancellationToken> work) =>
        command.SetAction((result, cancellationToken) => Task.Run(() => work(result, cancellationToken), cancellationToken));

    /// <summary>A line with the time.</summary>
    public static void Say(string text) => Console.WriteLine(FormattableString.Invariant($"{DateTimeOffset.Now:HH:mm:ss} {text}"));
}
