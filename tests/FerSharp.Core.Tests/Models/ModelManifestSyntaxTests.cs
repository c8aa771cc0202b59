using System.Text;
using CsCheck;

namespace FerSharp.Core.Tests.Models;

public sealed class ModelManifestSyntaxTests
{
    private static readonly string Valid = ManifestSamples.Classifier().ToJsonString();

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ",", ":", "null", "1e999", "-3", "true",
        "\"x\"", "\"\\ud800\"", "\"input\":", "\"output\":", "\"labels\":", "\"mean\":[", "\"alignTo\":[[",
    ];

    [Fact]
    public void Read_ByteOrderMark_IsAccepted() =>
        Assert.Equal("toy", ModelManifestReader.Read([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Valid)], "x").Id);

    [Fact]
    public void Read_CommentsAndTrailingCommas_AreAccepted() =>
        Assert.Equal("toy", ManifestSamples.Read("// a toy\n" + Valid[..^1] + " /* the end */ ,}\n").Id);

    [Fact]
    public void Read_SchemaReferenceForEditors_IsAccepted() =>
        Assert.Equal("toy", ManifestSamples.Classifier().With("$schema", "\"model-manifest.schema.json\"").Read().Id);

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t")]
    public void Read_NoText_SaysItIsEmpty(string json) =>
        Assert.StartsWith("$ is empty", Assert.Single(ManifestSamples.Refuse(json).Faults), StringComparison.Ordinal);

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("3")]
    [InlineData("\"model\"")]
    public void Read_NoObject_SaysSo(string json) =>
        Assert.StartsWith("$ must be an object", Assert.Single(ManifestSamples.Refuse(json).Faults), StringComparison.Ordinal);

    [Fact]
    public void Read_TruncatedAnywhere_IsRefused()
    {
        for (int length = 0; length < Valid.Length; length++)
        {
            Assert.Single(ManifestSamples.Refuse(Valid[..length]).Faults);
        }
    }

    [Fact]
    public void Read_BrokenJson_NamesLineAndByteAndKeepsTheCause()
    {
        FerModelException error = ManifestSamples.Refuse("{\n  \"id\": nonsense\n}");

        Assert.StartsWith("$ (line 2, byte 10) is not valid JSON: ", Assert.Single(error.Faults), StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", error.Message, StringComparison.Ordinal);
        Assert.IsType<System.Text.Json.JsonException>(error.InnerException, exactMatch: false);
    }

    [Fact]
    public void Read_TextAfterTheEnd_IsRefused() =>
        Assert.Contains("is not valid JSON", Assert.Single(ManifestSamples.Refuse(Valid + "{}").Faults), StringComparison.Ordinal);

    [Fact]
    public void Read_BrokenAfterAFault_ListsBoth() =>
        Assert.Equal(2, ManifestSamples.Refuse("{ \"id\": 3, \"version\" }").Faults.Count);

    [Fact]
    public void Read_Utf16_SaysToSaveAsUtf8() =>
        Assert.StartsWith(
            "$ is not UTF-8 text",
            Assert.Single(Assert.Throws<FerModelException>(() => ModelManifestReader.Read(Encoding.Unicode.GetBytes(Valid), "x")).Faults),
            StringComparison.Ordinal);

    [Fact]
    public void Read_InvalidUtf8_SaysToSaveAsUtf8() =>
        Assert.StartsWith(
            "$ is not UTF-8 text",
            Assert.Single(Assert.Throws<FerModelException>(() => ModelManifestReader.Read([(byte)'{', 0xFF, (byte)'}'], "x")).Faults),
            StringComparison.Ordinal);

    [Fact]
    public void Read_LoneSurrogateInAText_IsAFaultOfItsMember() =>
        Assert.StartsWith(
            "$.version must be a text",
            Assert.Single(ManifestSamples.Refuse(Valid.Replace("\"1.0\"", "\"\\ud800\"", StringComparison.Ordinal)).Faults),
            StringComparison.Ordinal);

    [Fact]
    public void Read_LoneSurrogateInAName_IsAFault() =>
        Assert.Contains(
            "has a name that is no valid text",
            Assert.Single(ManifestSamples.Refuse(Valid[..^1] + ",\"\\ud800\":1}").Faults),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("\"id\":\"toy\"", "\"id\":\"toy\",\"id\":\"toy\"", "$.id")]
    [InlineData("\"width\":48", "\"width\":48,\"width\":64", "$.input.width")]
    public void Read_DuplicateMember_IsAFault(string once, string twice, string path) =>
        Assert.StartsWith(
            $"{path} is given more than once",
            Assert.Single(ManifestSamples.Refuse(Valid.Replace(once, twice, StringComparison.Ordinal)).Faults),
            StringComparison.Ordinal);

    [Fact]
    public void Read_TooDeep_IsRefused() =>
        Assert.Contains(
            "is not valid JSON",
            Assert.Single(ManifestSamples.Refuse($"{{\"input\":{new string('[', 5000)}").Faults, f => f.Contains("JSON", StringComparison.Ordinal)),
            StringComparison.Ordinal);

    [Fact]
    public void Read_LongestAllowed_IsRead() =>
        Assert.Equal("toy", ManifestSamples.Read(Valid + new string(' ', ModelManifestReader.MaxBytes - Valid.Length)).Id);

    [Fact]
    public void Read_LongerThanAllowed_IsRefused() =>
        Assert.StartsWith(
            "$ is longer than 1048576 bytes",
            Assert.Single(ManifestSamples.Refuse(Valid + new string(' ', ModelManifestReader.MaxBytes - Valid.Length + 1)).Faults),
            StringComparison.Ordinal);

    [Fact]
    public void Read_HugeTexts_GiveAShortMessage()
    {
        FerModelException error = ManifestSamples.Classifier().With("task", $"\"{new string('x', 100_000)}\"").With(new string('y', 100_000), "1").Refuse();

        Assert.Equal(2, error.Faults.Count);
        Assert.True(error.Message.Length < 2000, error.Message[..100]);
    }

    [Fact]
    public void Read_DamagedText_IsReadOrRefusedButNeverFailsOtherwise() =>
        Gen.Select(Gen.Int[0, Valid.Length - 1], Gen.Int[0, 8], Gen.Byte.Array[0, 8]).Array[1, 3].Sample(
            damages =>
            {
                byte[] json = Encoding.UTF8.GetBytes(Valid);
                foreach ((int at, int removed, byte[] added) in damages)
                {
                    int start = Math.Min(at, json.Length);
                    json = [.. json[..start], .. added, .. json[Math.Min(start + removed, json.Length)..]];
                }

                try
                {
                    ModelManifestWriter.Write(ModelManifestReader.Read(json, "damaged"));
                }
                catch (FerModelException error)
                {
                    Assert.NotEmpty(error.Faults);
                }
            },
            iter: 2000);

    // Punctuation and words of JSON in any order reach further into the reader than bytes do.
    [Fact]
    public void Read_ShuffledPieces_IsReadOrRefusedButNeverFailsOtherwise() =>
        Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i])
            .Array[0, 12].Sample(
                pieces =>
                {
                    FerModelException error = ManifestSamples.Refuse("{" + string.Concat(pieces));
                    Assert.NotEmpty(error.Faults);
                },
                iter: 2000);
}
