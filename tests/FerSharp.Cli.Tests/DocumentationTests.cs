using System.Collections;
using System.Text.Json;
using System.Text.RegularExpressions;
using FerSharp.Cli.Output;

namespace FerSharp.Cli.Tests;

public sealed partial class DocumentationTests
{
    private static readonly string Page = File.ReadAllText(TestFiles.InRepository("docs", "cli.md")).ReplaceLineEndings("\n");

    [Theory]
    [InlineData(typeof(RunReport))]
    [InlineData(typeof(FrameLine))]
    [InlineData(typeof(TrackLine))]
    [InlineData(typeof(ExpressionLine))]
    [InlineData(typeof(AlertLine))]
    [InlineData(typeof(ModelListReport))]
    [InlineData(typeof(ModelReport))]
    [InlineData(typeof(DiagnosisReport))]
    public void Page_JsonOfACommand_NamesEveryField(Type report)
    {
        string[] missing = [.. Names(report, []).Where(name => !Page.Contains($"`{name}`", StringComparison.Ordinal))];

        Assert.Empty(missing);
    }

    [Fact]
    public async Task Page_Csv_HasTheColumnsInOrder()
    {
        CliRun run = await CliRun.Of("analyze", TestFolder.AverageFaces, "--csv");

        Assert.Contains($"\n{run.Lines[0]}\n", Page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("analyze")]
    [InlineData("video")]
    [InlineData("live")]
    [InlineData("dataset")]
    [InlineData("evaluate")]
    [InlineData("evaluate-detector")]
    [InlineData("compare")]
    [InlineData("calibrate")]
    [InlineData("train-head")]
    [InlineData("explain")]
    [InlineData("models list")]
    [InlineData("models inspect")]
    [InlineData("diagnose")]
    public async Task Page_Command_NamesEveryOption(string command)
    {
        CliRun help = await CliRun.Of([.. command.Split(' '), "--help"]);

        string[] options = [.. LongOption().Matches(help.Out).Select(match => match.Value).Distinct()];
        Assert.NotEmpty(options);
        Assert.All(options, option => Assert.Matches($"`{option}[ `]", Page));
        Assert.Contains($"\n## {command}\n", Page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(FaceOutcome))]
    [InlineData(typeof(OutcomeReasons))]
    [InlineData(typeof(SentimentLabel))]
    [InlineData(typeof(Emotion))]
    [InlineData(typeof(CommercialUse))]
    public void Page_Words_AreAllNamed(Type words) =>
        Assert.All(Enum.GetNames(words).Where(name => name != "None"), name => Assert.Contains($"`{JsonNamingPolicy.CamelCase.ConvertName(name)}`", Page, StringComparison.Ordinal));

    /// <summary>The JSON names of a record and of the records in it.</summary>
    private static IEnumerable<string> Names(Type type, HashSet<Type> seen)
    {
        if (type.Assembly != typeof(CliProgram).Assembly)
        {
            return type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type) ? type.GetGenericArguments().SelectMany(argument => Names(argument, seen)) : [];
        }

        return seen.Add(type)
            ? type.GetProperties().SelectMany(property => Names(property.PropertyType, seen).Prepend(JsonNamingPolicy.CamelCase.ConvertName(property.Name)))
            : [];
    }

    [GeneratedRegex("--[a-z-]+")]
    private static partial Regex LongOption();
}
