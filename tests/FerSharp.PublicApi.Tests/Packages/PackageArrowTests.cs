using System.Reflection;

namespace FerSharp.PublicApi.Tests;

/// <summary>A package refers only to what it may: contracts depend on nothing, backends do not see each other.</summary>
public sealed class PackageArrowTests
{
    [Theory]
    [InlineData("FerSharp.Abstractions")]
    [InlineData("FerSharp.Core", "FerSharp.Abstractions", "Microsoft.Extensions.*")]
    [InlineData("FerSharp.Onnx", "FerSharp.Abstractions", "FerSharp.Core", "Microsoft.Extensions.*", "Microsoft.ML.OnnxRuntime", "System.Numerics.Tensors")]
    [InlineData("FerSharp.MLNet", "FerSharp.Abstractions", "FerSharp.Core", "Microsoft.Extensions.*", "Microsoft.ML.*")]
    [InlineData("FerSharp.Models", "FerSharp.Abstractions", "FerSharp.Core", "FerSharp.Onnx", "Microsoft.Extensions.*")]
    [InlineData("FerSharp.Media", "FerSharp.Abstractions", "FerSharp.Core", "SkiaSharp")]
    [InlineData("FerSharp.Evaluation", "FerSharp.Abstractions", "FerSharp.Core", "FerSharp.Media", "OxyPlot")]
    [InlineData("FerSharp.Testing", "FerSharp.Abstractions", "FerSharp.Core")]
    [InlineData("FerSharp.Training", "FerSharp.Abstractions", "FerSharp.Core", "FerSharp.Evaluation", "FerSharp.Media", "Microsoft.ML.OnnxRuntime", "TorchSharp")]
    public void Assembly_ItsReferences_AreAllowed(string assembly, params string[] allowed)
    {
        IEnumerable<string> forbidden = Libraries.Load(assembly).GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => !Libraries.IsFramework(name) && !allowed.Any(pattern => Matches(name, pattern)));

        Assert.Empty(forbidden);
    }

    [Fact]
    public void LibraryNames_AllOfSrc_HaveArrows()
    {
        IEnumerable<string> withArrows = typeof(PackageArrowTests).GetMethod(nameof(Assembly_ItsReferences_AreAllowed))!
            .GetCustomAttributes<InlineDataAttribute>()
            .Select(attribute => (string)attribute.Data[0]!);

        Assert.Equal(Libraries.Names.Order(), withArrows.Order());
    }

    private static bool Matches(string name, string pattern) =>
        pattern.EndsWith('*') ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : name == pattern;
}
