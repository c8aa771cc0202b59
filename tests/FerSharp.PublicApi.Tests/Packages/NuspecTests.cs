using System.Xml.Linq;

namespace FerSharp.PublicApi.Tests;

/// <summary>The hand-written package FerSharp.nuspec brings what it should.</summary>
public sealed class NuspecTests
{
    private static readonly XElement Nuspec = XDocument.Load(TestFiles.InRepository("FerSharp.nuspec")).Root!;

    private static readonly Dictionary<string, string> Dependencies = Nuspec.Descendants()
        .Where(element => element.Name.LocalName == "dependency")
        .ToDictionary(element => element.Attribute("id")!.Value, element => element.Attribute("version")!.Value);

    [Fact]
    public void Dependencies_OfMetapackage_AreOursInItsVersionAndTheRuntime()
    {
        var expected = new Dictionary<string, string>
        {
            ["FerSharp.Core"] = "[$version$]",
            ["FerSharp.Onnx"] = "[$version$]",
            ["FerSharp.Models"] = "[$version$]",
            ["FerSharp.Media"] = "[$version$]",
            ["Microsoft.ML.OnnxRuntime"] = "$onnxRuntimeVersion$",
        };

        Assert.Equal(expected, Dependencies);
    }

    [Fact]
    public void Properties_OfMetapackage_ComeFromTheCentralVersions()
    {
        XElement project = XDocument.Load(TestFiles.InRepository("src", "FerSharp.Meta", "FerSharp.Meta.csproj")).Root!;
        string properties = Assert.Single(project.Descendants("NuspecProperties")).Value;
        string source = Assert.Single(project.Descendants("_OnnxRuntime")).ToString();

        Assert.Equal("version=$(PackageVersion);onnxRuntimeVersion=@(_OnnxRuntime->'%(Version)')", properties);
        Assert.Contains("'%(Identity)' == 'Microsoft.ML.OnnxRuntime'", source, StringComparison.Ordinal);
        Assert.Equal(CentralVersion("Microsoft.ML.OnnxRuntime.Managed"), CentralVersion("Microsoft.ML.OnnxRuntime"));
    }

    [Fact]
    public void TargetFramework_OfMetapackage_IsThatOfTheLibraries()
    {
        string framework = XDocument.Load(TestFiles.InRepository("Directory.Build.props")).Descendants("TargetFramework").Single().Value;
        XElement group = Assert.Single(Nuspec.Descendants(), element => element.Name.LocalName == "group");

        Assert.Equal(framework, group.Attribute("targetFramework")!.Value);
    }

    [Fact]
    public void Libraries_AllForApplications_ComeWithMetapackage()
    {
        var reached = new HashSet<string>();
        var open = new Queue<string>(Dependencies.Keys.Where(name => Libraries.Names.Contains(name)));
        while (open.TryDequeue(out string? name))
        {
            if (reached.Add(name))
            {
                XDocument.Load(TestFiles.InRepository("src", name, name + ".csproj"))
                    .Descendants("ProjectReference")
                    .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))
                    .ToList()
                    .ForEach(open.Enqueue);
            }
        }

        // These are for those who make and measure models, not for applications.
        Assert.Equal(["FerSharp.Evaluation", "FerSharp.MLNet", "FerSharp.Testing", "FerSharp.Training"], Libraries.Names.Except(reached));
    }

    private static string CentralVersion(string package) => XDocument.Load(TestFiles.InRepository("Directory.Packages.props"))
        .Descendants("PackageVersion")
        .Single(element => element.Attribute("Include")!.Value == package)
        .Attribute("Version")!.Value;
}
