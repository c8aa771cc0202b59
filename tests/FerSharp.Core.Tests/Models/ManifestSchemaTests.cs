using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace FerSharp.Core.Tests.Models;

/// <summary>The published JSON schema and the documentation say what the reader does.</summary>
public sealed class ManifestSchemaTests
{
    private static readonly JsonNode Schema = JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "model-manifest.schema.json")))!;

    [Theory]
    [InlineData("ManifestJson", "properties")]
    [InlineData("LicenseJson", "properties.license.properties")]
    [InlineData("InputJson", "$defs.input.properties")]
    [InlineData("StandardizationJson", "$defs.input.properties.standardization.properties")]
    [InlineData("CropJson", "$defs.input.properties.crop.properties")]
    [InlineData("OutputJson", "$defs.classifierOutput.properties")]
    [InlineData("OutputJson", "$defs.detectorOutput.properties")]
    public void Schema_Properties_AreTheReaders(string type, string path) => Assert.Equal(MembersOf(type), NamesIn(path));

    [Theory]
    [InlineData(typeof(ModelTask), "properties.task.enum")]
    [InlineData(typeof(CommercialUse), "properties.license.properties.commercial.enum")]
    [InlineData(typeof(TensorLayout), "$defs.input.properties.layout.enum")]
    [InlineData(typeof(ChannelOrder), "$defs.input.properties.order.enum")]
    [InlineData(typeof(ResizeMode), "$defs.input.properties.resize.enum")]
    [InlineData(typeof(SamplingMode), "$defs.input.properties.sampling.enum")]
    [InlineData(typeof(BorderMode), "$defs.input.properties.border.enum")]
    [InlineData(typeof(OutputActivation), "$defs.classifierOutput.properties.activation.enum")]
    [InlineData(typeof(Emotion), "$defs.expression.enum")]
    public void Schema_Words_AreTheEnums(Type type, string path) => Assert.Equal(
        Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName).Order(StringComparer.Ordinal),
        At(path).AsArray().Where(word => word is not null).Select(word => word!.GetValue<string>()).Order(StringComparer.Ordinal));

    [Fact]
    public void Schema_Version_IsTheReaders() => Assert.Equal(ModelManifest.CurrentSchema, At("properties.schema.const").GetValue<int>());

    [Theory]
    [InlineData("", "required", false)]
    [InlineData("license", "properties.license.required", false)]
    [InlineData("input", "$defs.input.required", false)]
    [InlineData("input.standardization", "$defs.input.properties.standardization.required", false)]
    [InlineData("output", "$defs.classifierOutput.required", false)]
    [InlineData("output", "$defs.detectorOutput.required", true)]
    public void Schema_RequiredMember_IsRequiredByTheReader(string section, string path, bool detector)
    {
        foreach (string member in At(path).AsArray().Select(name => name!.GetValue<string>()))
        {
            string full = section.Length == 0 ? member : $"{section}.{member}";
            JsonObject manifest = detector ? ManifestSamples.Detector() : ManifestSamples.Classifier();

            FerModelException error = manifest.With(full, null).Refuse();

            Assert.StartsWith($"$.{full} is missing", Assert.Single(error.Faults), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("input", "$defs.input.properties", false)]
    [InlineData("input.crop", "$defs.input.properties.crop.properties", false)]
    [InlineData("output", "$defs.classifierOutput.properties", false)]
    [InlineData("output", "$defs.detectorOutput.properties", true)]
    public void Schema_Default_IsTheReaders(string section, string path, bool detector)
    {
        JsonObject Sample() => detector ? ManifestSamples.Detector() : ManifestSamples.Classifier();
        foreach ((string member, JsonNode? rule) in At(path).AsObject().Where(property => property.Value!["default"] is not null))
        {
            string value = rule!["default"]!.ToJsonString();

            Assert.Equivalent(Sample().Read(), Sample().With($"{section}.{member}", value).Read(), strict: true);
        }
    }

    [Fact]
    public void Documentation_NamesEveryMember()
    {
        string text = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "models.md"));
        string[] members = [.. new[] { "ManifestJson", "LicenseJson", "InputJson", "StandardizationJson", "CropJson", "OutputJson" }.SelectMany(MembersOf)];

        Assert.All(members, member => Assert.Contains($"`{member}`", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Documentation_ListsEverySampleManifest()
    {
        string text = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "models.md"));

        Assert.All(RepositoryFiles.SampleIds, id => Assert.Contains($"[{id}](../samples/manifests/{id}/model.json)", text, StringComparison.Ordinal));
    }

    // The classes are internal; the tests keep to what an assembly's reader can see.
    private static IEnumerable<string> MembersOf(string type) => typeof(ModelManifestReader).Assembly
        .GetType($"FerSharp.{type}", throwOnError: true)!
        .GetProperties()
        .Select(property => property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name))
        .Order(StringComparer.Ordinal);

    private static IEnumerable<string> NamesIn(string path) => At(path).AsObject().Select(property => property.Key).Order(StringComparer.Ordinal);

    private static JsonNode At(string path) => path.Split('.').Aggregate(Schema, (node, step) => node[step]!);
}
