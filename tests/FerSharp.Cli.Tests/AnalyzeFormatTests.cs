using System.Globalization;
using System.Text.Json;
using FerSharp.Testing;

namespace FerSharp.Cli.Tests;

public sealed class AnalyzeFormatTests : IDisposable
{
    private static readonly string[] Expressions = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"];
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Json_AverageFaces_HasSevenFacesWithEightScoresEach()
    {
        CliRun run = await CliRun.Of("analyze", TestFolder.AverageFaces, "--json");

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(1, run.Json.GetProperty("schemaVersion").GetInt32());
        Assert.True(run.Json.GetProperty("complete").GetBoolean());
        JsonElement[] faces = [.. run.Json.GetProperty("pictures")[0].GetProperty("faces").EnumerateArray()];
        Assert.Equal(7, faces.Length);
        Assert.All(faces, face =>
        {
            JsonProperty[] scores = [.. face.GetProperty("scores").EnumerateObject()];
            Assert.Equal(Expressions, scores.Select(score => score.Name));
            Assert.Equal(1, scores.Sum(score => score.Value.GetDouble()), 1e-3);
            Assert.Equal(face.GetProperty("score").GetSingle(), scores.Max(score => score.Value.GetSingle()));
            Assert.Contains(face.GetProperty("outcome").GetString(), new[] { "ok", "uncertain" });
            Assert.True(face.GetProperty("landmarks").GetProperty("leftEye").GetProperty("x").GetDouble() > 0);
        });
        Assert.Equal(7, run.Json.GetProperty("summary").GetProperty("faces").GetInt32());
    }

    [Fact]
    public async Task Json_AnyRun_WritesNothingElse()
    {
        CliRun run = await CliRun.Of("analyze", TestFolder.AverageFaces, _folder.At("missing.jpg"), "--json", "--timings");

        Assert.StartsWith("{", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("}\n", run.Out, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Object, run.Json.ValueKind);
    }

    [Fact]
    public async Task JsonLines_TwoPictures_AreOneObjectALine()
    {
        string blank = _folder.Blank("blank.png");

        CliRun run = await CliRun.Of("analyze", TestFolder.AverageFaces, blank, "--jsonl");

        Assert.Equal(2, run.Lines.Length);
        JsonElement[] pictures = [.. run.Lines.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.All(pictures, picture => Assert.Equal(1, picture.GetProperty("schemaVersion").GetInt32()));
        Assert.Equal(7, pictures[0].GetProperty("faces").GetArrayLength());
        Assert.Equal((0, blank, 96), (pictures[1].GetProperty("faces").GetArrayLength(), pictures[1].GetProperty("file").GetString(), pictures[1].GetProperty("width").GetInt32()));
    }

    [Fact]
    public async Task Csv_NameWithCommaAndQuote_ParsesBackToTheSameFacesAsJson()
    {
        string picture = _folder.At(OperatingSystem.IsWindows() ? "a,b.png" : "a,\"b\".png");
        File.Copy(TestFolder.AverageFaces, picture);

        CliRun csv = await CliRun.Of("analyze", picture, "--csv");
        CliRun json = await CliRun.Of("analyze", picture, "--json");

        string[][] rows = [.. csv.Lines.Select(ParseRow)];
        JsonElement[] faces = [.. json.Json.GetProperty("pictures")[0].GetProperty("faces").EnumerateArray()];
        Assert.Equal(faces.Length + 1, rows.Length);
        Assert.All(rows, row => Assert.Equal(rows[0].Length, row.Length));
        string Cell(int row, string name) => rows[row + 1][Array.IndexOf(rows[0], name)];
        for (int i = 0; i < faces.Length; i++)
        {
            Assert.Equal(picture, Cell(i, "file"));
            Assert.Equal(faces[i].GetProperty("box").GetProperty("x").GetRawText(), Cell(i, "boxX"));
            Assert.Equal(faces[i].GetProperty("expression").GetString(), Cell(i, "expression"));
            Assert.All(Expressions, name => Assert.Equal(faces[i].GetProperty("scores").GetProperty(name).GetSingle(), float.Parse(Cell(i, name), CultureInfo.InvariantCulture)));
        }
    }

    [Fact]
    public async Task Csv_CultureWithDecimalComma_IsTheSame()
    {
        CliRun expected = await CliRun.Of("analyze", TestFolder.AverageFaces, "--csv");
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (comma.NumberFormat.NumberDecimalSeparator, comma.NumberFormat.NumberGroupSeparator) = (",", ".");
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = comma;
            CliRun run = await CliRun.Of("analyze", TestFolder.AverageFaces, "--csv", "--min-score", "0.5");
            Assert.Equal(expected.Out, run.Out);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public async Task Table_LongReasons_FitsEightyColumns()
    {
        string detector = _folder.Model(ToyModels.Detector(), "detector");
        string classifier = _folder.Model(ToyModels.Classifier(), "classifier", manifest => manifest with { Classifier = manifest.Classifier! with { Temperature = 1000 } });
        string scene = _folder.Scene("scene.png");

        CliRun run = await CliRun.Of("analyze", scene, TestFolder.AverageFaces, "--detector", detector, "--classifier", classifier);

        Assert.Contains("uncertain: low", run.Out, StringComparison.Ordinal);
        Assert.All(run.Lines, line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public async Task Table_AverageFaces_ShowsEveryFaceAndItsOutcome()
    {
        CliRun run = await CliRun.Of("analyze", TestFolder.AverageFaces);

        Assert.Contains("1120 x 620, 7 faces", run.Out.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.InRange(run.Lines.Count(line => line.TrimEnd().EndsWith(" ok", StringComparison.Ordinal)), 5, 7);
        Assert.Equal(7, run.Lines.Count(line => line.Contains(" ok", StringComparison.Ordinal) || line.Contains("uncertain", StringComparison.Ordinal)));
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Out_File_TakesTheResults()
    {
        string file = _folder.At("result.json");

        CliRun run = await CliRun.Of("analyze", _folder.Blank("a.png"), "--json", "--out", file);

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Out));
        using JsonDocument document = JsonDocument.Parse(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal(1, document.RootElement.GetProperty("pictures").GetArrayLength());
    }

    [Fact]
    public async Task Out_OnePicture_IsRefusedAndThePictureKept()
    {
        string picture = _folder.Blank("a.png");
        byte[] before = await File.ReadAllBytesAsync(picture, TestContext.Current.CancellationToken);

        CliRun run = await CliRun.Of("analyze", picture, "--out", picture);

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Equal(before, await File.ReadAllBytesAsync(picture, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Timings_ThreeRuns_CountsTwoOfThem()
    {
        CliRun run = await CliRun.Of("analyze", TestFolder.AverageFaces, "--json", "--timings", "--repeat", "3");

        JsonElement[] stages = [.. run.Json.GetProperty("timings").EnumerateArray()];
        Assert.Equal("decode", stages[0].GetProperty("stage").GetString());
        Assert.Equal(2, stages[0].GetProperty("count").GetInt32());
        Assert.Equal(2, stages.Single(stage => stage.GetProperty("stage").GetString() == "detect.run").GetProperty("count").GetInt32());
        Assert.Equal(100, stages.Sum(stage => stage.GetProperty("percent").GetDouble()), 1e-6);
        Assert.Contains("classify.run", run.Error, StringComparison.Ordinal);
    }

    private static string[] ParseRow(string line)
    {
        var cells = new List<string>();
        for (int at = 0; at <= line.Length;)
        {
            int end;
            if (at < line.Length && line[at] == '"')
            {
                for (end = at + 1; line[end] != '"' || (end + 1 < line.Length && line[end + 1] == '"'); end += line[end] == '"' ? 2 : 1)
                {
                }

                cells.Add(line[(at + 1)..end].Replace("\"\"", "\"", StringComparison.Ordinal));
                end++;
            }
            else
            {
                end = line.IndexOf(',', at) is >= 0 and var comma ? comma : line.Length;
                cells.Add(line[at..end]);
            }

            at = end + 1;
        }

        return [.. cells];
    }
}
