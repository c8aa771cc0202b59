using System.Text.Json;
using FerSharp.Media;
using FerSharp.Testing;

// The timings' meter is the process's, and so is the current culture.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace FerSharp.Cli.Tests;

/// <summary>What a command line gave.</summary>
internal sealed record CliRun(int Code, string Out, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    public string[] Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static async Task<CliRun> Of(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await CliProgram.RunAsync(args, output, error, TestContext.Current.CancellationToken);
        return new CliRun(code, output.ToString(), error.ToString());
    }
}

/// <summary>A folder for one test, and pictures and models in it.</summary>
internal sealed class TestFolder : IDisposable
{
    public static string AverageFaces => TestFiles.InRepository("samples", "pictures", "average-faces.png");

    public string Root { get; } = Directory.CreateTempSubdirectory("fersharp-cli-").FullName;

    public string At(params string[] parts) => Path.Combine([Root, .. parts]);

    public string Folder(params string[] parts) => Directory.CreateDirectory(At(parts)).FullName;

    /// <summary>A picture without faces.</summary>
    public string Blank(params string[] parts)
    {
        ImageFile.Save(Prepare(parts), SyntheticFrames.Gradient(96, 64));
        return At(parts);
    }

    /// <summary>A picture with drawn faces, which the toy detector finds.</summary>
    public string Scene(params string[] parts)
    {
        ImageFile.Save(Prepare(parts), SyntheticFrames.FaceScene());
        return At(parts);
    }

    public string Bytes(byte[] content, params string[] parts)
    {
        File.WriteAllBytes(Prepare(parts), content);
        return At(parts);
    }

    /// <summary>A model's folder; the manifest may be changed before it is written.</summary>
    public string Model(ModelPackage package, string name, Func<ModelManifest, ModelManifest>? change = null)
    {
        string folder = Folder(name);
        ModelManifest manifest = change is null ? package.Manifest : change(package.Manifest);
        File.WriteAllBytes(Path.Combine(folder, ModelPackage.ManifestFileName), ModelManifestWriter.Write(manifest));
        File.WriteAllBytes(Path.Combine(folder, package.Manifest.File), package.Content.ToArray());
        return folder;
    }

    /// <summary>A link to a folder; skips the test where links may not be made.</summary>
    public void Link(string name, string target)
    {
        try
        {
            Directory.CreateSymbolicLink(At(name), target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Assert.Skip($"links cannot be made here: {e.Message}");
        }
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private string Prepare(string[] parts)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(parts))!);
        return At(parts);
    }
}
