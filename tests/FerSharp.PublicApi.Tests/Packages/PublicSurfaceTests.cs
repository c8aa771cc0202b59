using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace FerSharp.PublicApi.Tests;

/// <summary>What users see: no other project's types, and nothing without a description.</summary>
public sealed class PublicSurfaceTests
{
    public static TheoryData<string> LibraryNames => [.. Libraries.Names];

    public static TheoryData<string> NeutralLibraryNames => [.. Libraries.Names.Where(name => name is not ("FerSharp.Onnx" or "FerSharp.MLNet"))];

    [Theory, MemberData(nameof(NeutralLibraryNames))]
    public void Signatures_OfNeutralLibraries_MentionNoForeignType(string library)
    {
        IEnumerable<string> foreign = PublicSurface.Of(library)
            .SelectMany(symbol => PublicSurface.Mentions(symbol).Where(IsForeign).Select(type => $"{symbol} mentions {type}"));

        Assert.Empty(foreign);
    }

    [Fact]
    public void Signatures_OfOnnxBackend_MentionItsRuntime()
    {
        // The hook ConfigureSession; also shows that the test above can fail.
        Assert.Contains(PublicSurface.Of("FerSharp.Onnx").SelectMany(PublicSurface.Mentions), IsForeign);
    }

    [Theory, MemberData(nameof(LibraryNames))]
    public void PublicMembers_OfLibrary_AreDescribed(string library)
    {
        HashSet<string> described = [.. XDocument.Load(Libraries.PathOf(library, ".xml"))
            .Descendants("member")
            .Where(member => member.Element("inheritdoc") is not null || !string.IsNullOrWhiteSpace(member.Element("summary")?.Value))
            .Select(member => member.Attribute("name")!.Value)];
        ISymbol[] surface = [.. PublicSurface.Of(library)];

        Assert.NotEmpty(surface);
        Assert.Empty(surface.Where(symbol => !described.Contains(symbol.GetDocumentationCommentId()!)).Select(symbol => symbol.ToString()));
    }

    private static bool IsForeign(ITypeSymbol type)
    {
        string name = type.ToDisplayString();
        return new[] { "SkiaSharp.", "Microsoft.ML.", "System.Drawing.", "TorchSharp." }.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
    }
}
