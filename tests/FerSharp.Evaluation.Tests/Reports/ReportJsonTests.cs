using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FerSharp.Evaluation.Tests.Reports;

/// <summary>What is written is read again; what was changed, cut or made up is refused with a clear message and no other exception.</summary>
public sealed class ReportJsonTests
{
    [Fact]
    public void FromJson_WhatWasWritten_IsTheSameReport()
    {
        EvaluationReport report = Rich();
        byte[] json = report.ToJson();
        EvaluationReport again = EvaluationReport.FromJson(json);
        Assert.Equal(report.Predictions.Predictions, again.Predictions.Predictions);
        Assert.Equal(report.Predictions.Faults, again.Predictions.Faults);
        Assert.Equal(report.Predictions.LeftOut, again.Predictions.LeftOut);
        Assert.Equal(report.Predictions.Dataset, again.Predictions.Dataset);
        Assert.Equal(report.Predictions.Elapsed, again.Predictions.Elapsed);
        Assert.Equal(report.Predictions.AnswersWithin, again.Predictions.AnswersWithin);
        Assert.Equal(report.Options with { Clock = TimeProvider.System }, again.Options);
        Assert.Equal((report.Environment, report.Created, report.BySubject), (again.Environment, again.Created, again.BySubject));
        Assert.Equal(report.Figures, again.Figures);
        Assert.Equal(report.Intervals, again.Intervals);
        Assert.Equal("the-detector", again.Predictions.Detector?.Id);
        Assert.Equal((report.Predictions.Model.Id, report.Predictions.Model.Emotions, report.ModelSha256), (again.Predictions.Model.Id, again.Predictions.Model.Emotions, again.ModelSha256));
        Assert.Equal(ModelManifestWriter.Write(report.Predictions.Model.Manifest), ModelManifestWriter.Write(again.Predictions.Model.Manifest));
        Assert.Equal(json, again.ToJson());
        Assert.Equal(report.ToDocument().ToHtml(), again.ToDocument().ToHtml());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(21)]
    [InlineData(11234567)]
    [InlineData(24918222051)]
    [InlineData(864000000001)]
    public void FromJson_AnyElapsedTime_KeepsTheTick(long ticks)
    {
        EvaluationReport report = EvaluationReport.Create(ReportSamples.RandomRun(count: 8) with { Elapsed = new TimeSpan(ticks) }, ReportSamples.Options);
        Assert.Equal(ticks, EvaluationReport.FromJson(report.ToJson()).Predictions.Elapsed.Ticks);
    }

    [Fact]
    public void FromJson_HostileNames_AreKept()
    {
        EvaluationReport report = EvaluationReport.Create(
            ReportSamples.RandomRun(count: 20, change: (i, one) => one with { Id = $"</script>\"'&|\u0001\r\n\u2028名前\U0001F600{i}", Subject = "\\ \" \t" }), ReportSamples.Options);
        Assert.Equal(report.Predictions.Predictions, EvaluationReport.FromJson(report.ToJson()).Predictions.Predictions);
    }

    [Fact]
    public void ToJson_Text_IsUtf8WithoutMarkAndWithLineFeeds()
    {
        byte[] json = Rich().ToJson();
        Assert.Equal((byte)'{', json[0]);
        Assert.Equal((byte)'\n', json[^1]);
        Assert.DoesNotContain((byte)'\r', json);
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.Equal(("fersharp.evaluation", 1), (document.RootElement.GetProperty("kind").GetString(), document.RootElement.GetProperty("schema").GetInt32()));
        JsonElement figures = document.RootElement.GetProperty("figures");
        Assert.True(figures.GetProperty("macroF1").GetProperty("lower").GetDouble() <= figures.GetProperty("macroF1").GetProperty("upper").GetDouble());
    }

    [Theory]
    [InlineData("macroF1")]
    [InlineData("logLoss")]
    [InlineData("recall.fear")]
    public void FromJson_FigureChangedByHand_IsFoundOut(string figure)
    {
        InvalidDataException e = Refused(root => root["figures"]![figure]!["value"] = root["figures"]![figure]!["value"]!.GetValue<double>() + 1e-6);
        Assert.Contains(figure, e.Message, StringComparison.Ordinal);
        Assert.Contains("changed", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromJson_LabelChangedByHand_IsFoundOut() =>
        Assert.Contains("changed", Refused(root => root["predictions"]![0]!["truth"] = root["predictions"]![0]!["truth"]!.GetValue<string>() == "fear" ? "anger" : "fear").Message, StringComparison.Ordinal);

    public static TheoryData<string, string, string> Faults() => new()
    {
        { "kind", "\"fersharp.training\"", "kind" },
        { "kind", "3", "schema" },
        { "schema", "2", "schema 2" },
        { "schema", "1.5", "schema" },
        { "schema", "\"1\"", "schema" },
        { "created", "\"yesterday\"", "schema" },
        { "created", "0", "schema" },
        { "environment", "null", "schema" },
        { "environment.processors", "1e20", "schema" },
        { "environment.library", "null", "library" },
        { "model", "[]", "schema" },
        { "model.id", "7", "schema" },
        { "model.emotions", "[\"joy\"]", "joy" },
        { "model.emotions", "{}", "schema" },
        { "model.manifest", "{}", "manifest" },
        { "model.manifest", "\"none\"", "manifest" },
        { "detector", "null", "schema" },
        { "dataset.name", "null", "name" },
        { "dataset.faults", "[3]", "schema" },
        { "dataset.faults", "[{\"where\":\"a\"}]", "schema" },
        { "dataset.leftOut", "{\"a\":\"b\"}", "schema" },
        { "dataset.answersWithin", "[null]", "no expression" },
        { "options.level", "1", "schema" },
        { "options.level", "\"NaN\"", "schema" },
        { "options.resamples", "0", "schema" },
        { "options.resamples", "2000000000", "schema" },
        { "options.seed", "-1", "schema" },
        { "options.focus", "\"joy\"", "joy" },
        { "figures", "{}", "schema" },
        { "figures.macroF1", "0.5", "schema" },
        { "figures.macroF1.value", "null", "schema" },
        { "figures.macroF1.value", "1e999", "macroF1" },
        { "elapsedSeconds", "-1", "elapsedSeconds" },
        { "elapsedSeconds", "1e300", "schema" },
        { "predictions", "[]", "schema" },
        { "predictions", "null", "schema" },
        { "predictions", "[null]", "schema" },
        { "predictions.0.id", "null", "id" },
        { "predictions.0.id", "\"1\"", "Two samples" },
        { "predictions.0.truth", "\"joy\"", "joy" },
        { "predictions.0.truth", "null", "no expression" },
        { "predictions.0.status", "\"asleep\"", "asleep" },
        { "predictions.0.subject", "5", "schema" },
        { "predictions.0.scores", "null", "schema" },
        { "predictions.0.scores", "[0.5,0.5,0,0,0,0,0]", "7 scores" },
        { "predictions.0.scores", "[0.5,0.5,0,0,0,0,0,0,0]", "9 scores" },
        { "predictions.0.scores", "[\"NaN\",1,0,0,0,0,0,0]", "schema" },
        { "predictions.0.scores", "[2,0,0,0,0,0,0,0]", "0 to 1" },
        { "predictions.0.scores", "[-1,1,1,0,0,0,0,0]", "0 to 1" },
        { "predictions.0.scores", "[1e999,0,0,0,0,0,0,0]", "0 to 1" },
        { "predictions.0.scores", "[0.5,0,0,0,0,0,0,0]", "add up" },
        { "predictions.0.valence", "1e999", "valence" },
        { "predictions.0.valence", "\"high\"", "schema" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void FromJson_ValueAtFault_IsRefusedAndNamed(string path, string value, string message) =>
        Assert.Contains(message, Refused(root => Set(root, path, JsonNode.Parse(value))).Message, StringComparison.Ordinal);

    [Fact]
    public void FromJson_AnyPropertyMissing_IsRefused()
    {
        // Those that are only told for people, and those that may be left out.
        string[] free = ["sha256", "lower", "upper", "samples", "answersWithin", "valence", "arousal", "subject", "detector", "baselines", "confusion", "support", "coverage", "reliability"];
        byte[] json = Rich().ToJson();
        int checkedPaths = 0;
        foreach (string path in Paths(JsonNode.Parse(json)!, ""))
        {
            string[] parts = path.Split('/');
            if (parts.Any(free.Contains) || parts.Contains("manifest") || parts is [_, "leftOut", _])
            {
                continue;
            }

            JsonNode root = JsonNode.Parse(json)!;
            JsonNode parent = parts[..^1].Aggregate(root, (node, part) => node is JsonArray array ? array[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)]! : node[part]!);
            ((JsonObject)parent).Remove(parts[^1]);
            InvalidDataException e = Assert.Throws<InvalidDataException>(() => EvaluationReport.FromJson(Encoding.UTF8.GetBytes(root.ToJsonString())));
            Assert.False(string.IsNullOrWhiteSpace(e.Message));
            checkedPaths++;
        }

        Assert.True(checkedPaths > 60, $"{checkedPaths}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"fersharp.evaluation\"")]
    [InlineData("{}")]
    [InlineData("{\"kind\":\"fersharp.evaluation\"}")]
    [InlineData("{\"kind\":null}")]
    [InlineData("{\"kind\":\"fersharp.evaluation\",\"kind\":\"fersharp.evaluation\"}")]
    [InlineData("<html>")]
    [InlineData("{\"schema\":1}")]
    public void FromJson_NoReport_IsRefused(string json) => Assert.Throws<InvalidDataException>(() => EvaluationReport.FromJson(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void FromJson_PropertyTwice_IsRefused()
    {
        // Which of the two counts would depend on the reader.
        string json = Encoding.UTF8.GetString(Rich().ToJson());
        Assert.Throws<InvalidDataException>(() => EvaluationReport.FromJson(Encoding.UTF8.GetBytes(json.Replace("\"level\": 0.9,", "\"level\": 0.5, \"level\": 0.9,", StringComparison.Ordinal))));
    }

    [Fact]
    public void FromJson_CutText_IsRefusedAtEveryLength()
    {
        byte[] json = Rich().ToJson();
        for (int length = 0; length < json.Length - 2; length += 1 + (length / 40))
        {
            Assert.Throws<InvalidDataException>(() => EvaluationReport.FromJson(json.AsSpan(0, length)));
        }
    }

    [Fact]
    public void FromJson_DeepNesting_IsRefused() =>
        Assert.Throws<InvalidDataException>(() => EvaluationReport.FromJson(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 10_000)))));

    [Fact]
    public void FromJson_MutatedBytes_GiveAReportOrInvalidData()
    {
        byte[] json = Rich(count: 12).ToJson();
        string[] pieces = ["null", "-1", "1e999", "\"\"", "[]", "{}", "true", "\"\\uD800\"", "0.5", ",", "99999999999999999999", "\"fear\"", "\u0000", "1e-400", "NaN"];
        int accepted = 0;
        for (int seed = 0; seed < 4000; seed++)
        {
            var random = new Random(seed);
            var mutated = new List<byte>(json);
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                int at = random.Next(mutated.Count);
                switch (random.Next(5))
                {
                    case 0:
                        mutated[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        mutated.RemoveRange(at, Math.Min(random.Next(1, 60), mutated.Count - at));
                        break;
                    case 2:
                        mutated.InsertRange(at, Encoding.UTF8.GetBytes(pieces[random.Next(pieces.Length)]));
                        break;
                    case 3:
                        // A whole value for another: the text stays JSON, so that the schema is what refuses it.
                        int colon = mutated.IndexOf((byte)':', at), end = colon < 0 ? -1 : mutated.FindIndex(colon, b => b is (byte)',' or (byte)'\n');
                        if (end > 0)
                        {
                            mutated.RemoveRange(colon + 1, end - colon - 1);
                            mutated.InsertRange(colon + 1, Encoding.UTF8.GetBytes(pieces[random.Next(pieces.Length)]));
                        }

                        break;
                    default:
                        byte[] copy = [.. mutated.Skip(at).Take(random.Next(1, 200))];
                        mutated.InsertRange(random.Next(mutated.Count), copy);
                        break;
                }
            }

            try
            {
                EvaluationReport.FromJson(mutated.ToArray());
                accepted++;
            }
            catch (InvalidDataException e)
            {
                Assert.False(string.IsNullOrWhiteSpace(e.Message));
            }
            catch (Exception e)
            {
                Assert.Fail($"Seed {seed}: {e}");
            }
        }

        // Spaces, hashes and tables for people may change; nearly everything else must not.
        Assert.InRange(accepted, 1, 2000);
    }

    private static EvaluationReport Rich(int count = 40)
    {
        PredictionSet run = ReportSamples.RandomRun(count: count, change: (i, one) => i switch
        {
            3 => ReportSamples.Missed("3", one.Truth),
            4 => new Prediction("4", one.Truth, PredictionStatus.Unreadable, default) { Subject = "s" },
            5 => one with { Scores = new EmotionScores([1, 0, 0, 0, 0, 0, 0, 0], 0.123456789f, -0.75f) },
            _ => one with { Subject = i % 5 == 0 ? null : $"s{i / 2}" },
        });
        return EvaluationReport.Create(
            run.Within(EmotionSet.All) with
            {
                Detector = run.Model with { Id = "the-detector" },
                Faults = [new DatasetFault("row 7", "too short"), new DatasetFault("row 9", "no label")],
                LeftOut = new Dictionary<string, int> { ["no label"] = 4, ["a rule"] = 2 },
                Elapsed = TimeSpan.FromTicks(11234567),
            },
            ReportSamples.Options with { Level = 0.9, Seed = ulong.MaxValue, Focus = Emotion.Fear, Resamples = 20 });
    }

    private static InvalidDataException Refused(Action<JsonNode> change)
    {
        JsonNode root = JsonNode.Parse(ReportSamples.Random(count: 60).ToJson())!;
        change(root);
        return Assert.Throws<InvalidDataException>(() => EvaluationReport.FromJson(Encoding.UTF8.GetBytes(root.ToJsonString())));
    }

    private static void Set(JsonNode root, string path, JsonNode? value)
    {
        string[] parts = path.Split('.');
        JsonNode parent = parts[..^1].Aggregate(root, (node, part) => node is JsonArray array ? array[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)]! : node[part]!);
        parent[parts[^1]] = value;
    }

    private static IEnumerable<string> Paths(JsonNode node, string path) => node switch
    {
        JsonObject inner => inner.SelectMany(pair => pair.Value is null ? [path + pair.Key] : Paths(pair.Value, $"{path}{pair.Key}/").Prepend(path + pair.Key)),
        JsonArray array => array.Take(6).SelectMany((item, i) => item is null ? [] : Paths(item, $"{path}{i}/")),
        _ => [],
    };
}
