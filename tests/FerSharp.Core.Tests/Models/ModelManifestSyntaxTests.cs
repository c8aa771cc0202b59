using System.Text;

namespace FerSharp.Core.Tests.Models;

public sealed class ModelManifestSyntaxTests
{
    private static readonly string Valid = ManifestSamples.Classifier().ToJsonString();

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
}
