using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FerSharp.Evaluation;

/// <summary>Writes a <see cref="DatasetReport"/> as JSON, schema <see cref="Schema"/>.</summary>
internal static class DatasetReportJson
{
    /// <summary>The schema that is written.</summary>
    public const int Schema = 1;

    /// <summary>What the field <c>kind</c> says.</summary>
    public const string Kind = "fersharp.dataset";

    private static readonly JsonWriterOptions Format = new() { Indented = true, IndentSize = 1, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(DatasetReport report)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Format))
        {
            json.WriteStartObject();
            json.WriteString("kind", Kind);
            json.WriteNumber("schema", Schema);
            json.WriteNumber("seed", report.Options.Seed);
            json.WriteNumber("side", report.Options.Side);
            WriteArray(json, "parts", report.Parts, part => WritePart(json, part));
            WriteClasses(json, report.Classes);
            WriteArray(json, "meanFaces", report.MeanFaces, face =>
            {
                json.WriteString("class", EmotionName.Of(face.Emotion));
                json.WriteNumber("pictures", face.Count);
            });
            if (report is { Example: { } example, ExampleHistogram: { } levels })
            {
                json.WriteStartObject("example");
                WritePicture(json, example);
                WriteLevels(json, levels);
                json.WriteEndObject();
            }

            WriteCorrelation(json, report.Correlation);
            WriteProjection(json, "pixelProjection", report.PixelProjection);
            WriteProjection(json, "embeddingProjection", report.EmbeddingProjection);
            WriteDuplicates(json, report);
            json.WriteEndObject();
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    private static void WritePart(Utf8JsonWriter json, DatasetPart part)
    {
        json.WriteString("name", part.Name);
        json.WriteString("dataset", part.Info.Name);
        json.WriteString("split", part.Info.Split);
        json.WriteString("sha256", part.Info.Sha256);
        json.WriteNumber("pictures", part.Pictures);
        json.WriteNumber("unlabelled", part.Unlabelled);
        json.WriteNumber("unreadable", part.Unreadable);
        WriteClasses(json, part.Classes);
        WriteRange(json, "widths", part.Widths);
        WriteRange(json, "heights", part.Heights);
        WriteArray(json, "sizes", part.Sizes, size =>
        {
            json.WriteNumber("width", size.Width);
            json.WriteNumber("height", size.Height);
            json.WriteNumber("pictures", size.Count);
        });
        json.WriteStartObject("formats");
        foreach ((PixelFormat format, int count) in part.Formats)
        {
            json.WriteNumber(format.ToString(), count);
        }

        json.WriteEndObject();
        WriteArray(json, "channels", part.Pixels.Channels, channel =>
        {
            json.WriteString("name", channel.Name);
            WriteLevels(json, channel.Levels);
        });
        if (part.Votes is { } votes)
        {
            json.WriteStartObject("votes");
            json.WriteNumber("voted", votes.Voted);
            json.WriteNumber("labelled", votes.Labelled);
            json.WriteNumber("agreeing", votes.Agreeing);
            WriteNumber(json, "meanVoteShare", votes.MeanVoteShare);
            WriteNumber(json, "meanEntropy", votes.MeanEntropy);
            json.WriteNumber("withoutMajority", votes.WithoutMajority);
            json.WriteEndObject();
        }

        json.WriteStartObject("leftOut");
        foreach ((string rule, int count) in part.LeftOut.OrderBy(rule => rule.Key, StringComparer.Ordinal))
        {
            json.WriteNumber(rule, count);
        }

        json.WriteEndObject();
        WriteArray(json, "faults", part.Faults, fault =>
        {
            json.WriteString("where", fault.Where);
            json.WriteString("reason", fault.Reason);
        });
    }

    private static void WriteClasses(Utf8JsonWriter json, ClassBalance classes)
    {
        json.WriteStartObject("classes");
        json.WriteNumber("total", classes.Total);
        json.WriteString("rarest", classes.Rarest is { } rarest ? EmotionName.Of(rarest) : null);
        json.WriteString("largest", classes.Largest is { } largest ? EmotionName.Of(largest) : null);
        WriteNumber(json, "ratio", classes.Ratio);
        json.WriteStartObject("each");
        foreach (Emotion emotion in classes.Present.ToArray())
        {
            json.WriteStartObject(EmotionName.Of(emotion));
            json.WriteNumber("pictures", classes[emotion]);
            json.WriteNumber("share", classes.ShareOf(emotion));
            json.WriteNumber("balancedWeight", classes.BalancedWeights[(int)emotion]);
            json.WriteBoolean("belowEvenShare", classes.IsBelowEvenShare(emotion));
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteLevels(Utf8JsonWriter json, IntensityHistogram levels)
    {
        json.WriteNumber("pixels", levels.Total);
        WriteNumber(json, "mean", levels.Mean);
        WriteNumber(json, "standardDeviation", levels.StandardDeviation);
        WriteNumber(json, "unitMean", levels.UnitMean);
        WriteNumber(json, "unitStandardDeviation", levels.UnitStandardDeviation);
        json.WritePropertyName("histogram");
        json.WriteRawValue($"[{string.Join(", ", levels.Bins.Select(bin => bin.Count))}]");
    }

    private static void WriteCorrelation(Utf8JsonWriter json, PictureCorrelation? correlation)
    {
        if (correlation is null)
        {
            return;
        }

        json.WriteStartObject("correlation");
        WriteArray(json, "pictures", correlation.Pictures, picture => WritePicture(json, picture));
        json.WriteStartArray("matrix");
        int count = correlation.Pictures.Count;
        for (int row = 0; row < count; row++)
        {
            json.WriteStartArray();
            for (int column = 0; column < count; column++)
            {
                if (double.IsNaN(correlation[row, column]))
                {
                    json.WriteNullValue();
                }
                else
                {
                    json.WriteNumberValue(correlation[row, column]);
                }
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteProjection(Utf8JsonWriter json, string name, PcaProjection? projection)
    {
        if (projection is null)
        {
            return;
        }

        json.WriteStartObject(name);
        json.WriteString("space", projection.Space);
        json.WriteNumber("dimensions", projection.Dimensions);
        json.WriteNumber("pictures", projection.Points.Count);
        json.WriteStartArray("explainedVarianceRatio");
        foreach (double ratio in projection.ExplainedVarianceRatio)
        {
            json.WriteNumberValue(ratio);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteDuplicates(Utf8JsonWriter json, DatasetReport report)
    {
        if (report.Options.NearDuplicates is not { } options)
        {
            return;
        }

        json.WriteNumber("nearDuplicateThreshold", options.Threshold);
        WriteArray(json, "nearDuplicates", report.Duplicates, search =>
        {
            LeakReport leaks = search.Leaks;
            json.WriteNumber("firstPart", search.FirstPart);
            json.WriteNumber("secondPart", search.SecondPart);
            json.WriteNumber("identicalPairs", leaks.Pairs.Count(pair => pair.Identical));
            json.WriteNumber("identicalWithOtherLabel", search.IdenticalWithOtherLabel);
            json.WriteNumber("nearPairs", leaks.Pairs.Count(pair => !pair.Identical));
            json.WriteNumber("identicalInFirst", leaks.IdenticalInFirst);
            json.WriteNumber("identicalInSecond", leaks.IdenticalInSecond);
            json.WriteNumber("nearInFirst", leaks.NearInFirst);
            json.WriteNumber("nearInSecond", leaks.NearInSecond);
        });
    }

    private static void WritePicture(Utf8JsonWriter json, PictureReference picture)
    {
        json.WriteNumber("part", picture.Part);
        json.WriteString("id", picture.Id);
        json.WriteString("label", picture.Label is { } label ? EmotionName.Of(label) : null);
    }

    private static void WriteRange(Utf8JsonWriter json, string name, SizeRange range)
    {
        json.WriteStartObject(name);
        json.WriteNumber("minimum", range.Minimum);
        json.WriteNumber("median", range.Median);
        json.WriteNumber("maximum", range.Maximum);
        json.WriteEndObject();
    }

    private static void WriteArray<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
