using System.Text;
using System.Text.Json;

namespace FerSharp.Core.Tests.Features;

/// <summary>Patterns and gradients against scikit-image and the papers' definitions (tests/golden/README.md).</summary>
public sealed class GoldenFeatureTests
{
    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Golden.GetProperty("cases").GetArrayLength())];

    private static JsonElement Golden { get; } = JsonDocument.Parse(File.ReadAllBytes(TestFiles.InRepository("tests", "golden", "features.json"))).RootElement;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Extract_GoldenCases_MatchTheReference(int index)
    {
        JsonElement golden = Golden.GetProperty("cases")[index], picture = Golden.GetProperty("pictures")[golden.GetProperty("picture").GetInt32()];
        byte[] pixels = [.. picture.GetProperty("pixels").EnumerateArray().Select(pixel => pixel.GetByte())];
        int side = picture.GetProperty("side").GetInt32();
        float[] expected = [.. golden.GetProperty("values").EnumerateArray().Select(value => value.GetSingle())];
        IReadOnlyList<FeatureSpec> specs = FeatureExtractors.Read(Encoding.UTF8.GetBytes($"[{golden.GetProperty("parameters").GetRawText()}]"), "golden");
        using IFaceFeatureExtractor extractor = FeatureExtractors.Create(specs);
        float[] actual = new float[extractor.Length];

        extractor.Extract([FaceRegion.Whole(new FrameView(pixels, side, side, PixelFormat.Gray8))], actual, TestContext.Current.CancellationToken);

        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-5f));
    }
}
