using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using FerSharp.Imaging;

namespace FerSharp.Core.Tests.Imaging;

/// <summary>The kernel against what OpenCV and SciPy make of the same pixels (tests/golden/README.md).</summary>
public sealed class GoldenPreprocessingTests
{
    private static readonly Lazy<GoldenFile> File = new(() => JsonSerializer.Deserialize<GoldenFile>(
        System.IO.File.ReadAllBytes(TestFiles.InRepository("tests", "golden", "preprocessing", "cases.json")), GoldenFile.Options)!);

    private static readonly Lazy<byte[]> Blob = new(() =>
        System.IO.File.ReadAllBytes(TestFiles.InRepository("tests", "golden", "preprocessing", "blob.bin")));

    public static TheoryData<string, bool> Cases => [.. File.Value.Cases.SelectMany(c => new[] { (c.Name, true), (c.Name, false) })];

    public static TheoryData<string> WholePictures => [.. File.Value.Cases.Where(c => c.WholePicture).Select(c => c.Name)];

    [Theory, MemberData(nameof(Cases))]
    public void Kernel_GoldenCase_MatchesReference(string name, bool vector)
    {
        GoldenCase golden = File.Value.Cases.Single(c => c.Name == name);
        float[] matrix = golden.Matrix;
        AffineTransform map = golden.WholePicture
            ? TensorMap.ForFrame(golden.Source.Width, golden.Source.Height, golden.Spec.ToSpec())
            : new AffineTransform(matrix[0], matrix[1], matrix[2], matrix[3], matrix[4], matrix[5]);
        var kernel = new PreprocessingKernel(golden.Spec.ToSpec(), vector);
        float[] tensor = new float[kernel.TensorLength];

        kernel.Write(golden.Source.View(Blob.Value), map, tensor);

        ReadOnlySpan<float> expected = MemoryMarshal.Cast<byte, float>(Blob.Value.AsSpan(golden.Expected.Offset, golden.Expected.Length));
        Assert.Equal(expected.Length, tensor.Length);
        for (int i = 0; i < tensor.Length; i++)
        {
            Assert.True(MathF.Abs(expected[i] - tensor[i]) <= golden.Tolerance, $"element {i}: {golden.Reference} gives {expected[i]}, the kernel {tensor[i]}; tolerance {golden.Tolerance}");
        }
    }

    [Theory, MemberData(nameof(WholePictures))]
    public void Geometry_WholePicture_IsTheReferencesMap(string name)
    {
        GoldenCase golden = File.Value.Cases.Single(c => c.Name == name);
        AffineTransform map = TensorMap.ForFrame(golden.Source.Width, golden.Source.Height, golden.Spec.ToSpec());
        float[] actual = [map.A, map.B, map.C, map.D, map.E, map.F];
        Assert.All(actual.Zip(golden.Matrix), pair => Assert.Equal(pair.Second, pair.First, 1e-3f));
    }

    private sealed record GoldenFile(GoldenCase[] Cases)
    {
        public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };
    }

    private sealed record GoldenCase(string Name, GoldenSource Source, float[] Matrix, bool WholePicture, GoldenSpec Spec, Blobbed Expected, float Tolerance, string Reference);

    private sealed record Blobbed(int Offset, int Length);

    private sealed record GoldenSource(int Width, int Height, PixelFormat Format, int Stride, int Offset, int Length)
    {
        public FrameView View(byte[] blob) => new(blob.AsMemory(Offset, Length), Width, Height, Format, Stride);
    }

    private sealed record GoldenSpec(
        int Width, int Height, int Channels, ChannelOrder Order, TensorLayout Layout, float Scale, float[] Mean, float[] Std, float? StandardizationEpsilon,
        ResizeMode Resize, BorderMode Border, float PadValue, SamplingMode Sampling)
    {
        public PreprocessingSpec ToSpec() => new()
        {
            Name = "input",
            Width = Width,
            Height = Height,
            Channels = Channels,
            Order = Order,
            Layout = Layout,
            Scale = Scale,
            Mean = Mean,
            Std = Std,
            StandardizationEpsilon = StandardizationEpsilon,
            Resize = Resize,
            Border = Border,
            PadValue = PadValue,
            Sampling = Sampling,
        };
    }
}
