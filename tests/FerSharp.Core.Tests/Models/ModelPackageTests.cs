using System.Text;

namespace FerSharp.Core.Tests.Models;

public sealed class ModelPackageTests : IDisposable
{
    private const string AbcSha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private readonly string _folder = Directory.CreateTempSubdirectory("fersharp-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ComputeSha256_Abc_IsThePublishedValue() => Assert.Equal(AbcSha256, ModelPackage.ComputeSha256("abc"u8));

    [Fact]
    public void Load_Folder_ReadsManifestAndModel()
    {
        WriteManifest();
        WriteModel("abc");

        ModelPackage package = ModelPackage.Load(_folder);

        Assert.Equal("toy", package.Manifest.Id);
        Assert.Equal("abc"u8, package.Content.Span);
    }

    [Fact]
    public void Load_ManifestPath_ReadsTheModelBesideIt()
    {
        WriteManifest(name: "other.json");
        WriteModel("abc");

        Assert.Equal("abc"u8, ModelPackage.Load(Path.Combine(_folder, "other.json")).Content.Span);
    }

    [Fact]
    public void Load_RelativeManifestPath_FindsTheModel()
    {
        WriteManifest();
        WriteModel("abc");
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(_folder, "model.json"));

        Assert.Equal("abc"u8, ModelPackage.Load(relative).Content.Span);
    }

    [Fact]
    public void Load_ModelInASubfolder_IsFound()
    {
        WriteManifest(file: "weights/toy.onnx");
        Directory.CreateDirectory(Path.Combine(_folder, "weights"));
        WriteModel("abc", "weights/toy.onnx");

        Assert.Equal("abc"u8, ModelPackage.Load(_folder).Content.Span);
    }

    [Fact]
    public void Load_ModelElsewhere_IsReadFromThere()
    {
        WriteManifest(file: "absent.onnx");
        WriteModel("abc", "elsewhere.bin");

        Assert.Equal("abc"u8, ModelPackage.Load(_folder, Path.Combine(_folder, "elsewhere.bin")).Content.Span);
    }

    [Fact]
    public void Load_RightHash_IsAccepted()
    {
        WriteManifest(sha256: AbcSha256.ToUpperInvariant());
        WriteModel("abc");

        Assert.Equal(AbcSha256, ModelPackage.Load(_folder).Manifest.Sha256);
    }

    [Fact]
    public void Load_WrongHash_PrintsBothHashes()
    {
        WriteManifest(sha256: new string('0', 64));
        WriteModel("abc");

        var error = Assert.Throws<FerModelException>(() => ModelPackage.Load(_folder));

        Assert.Equal("toy", error.ModelId);
        Assert.Contains(AbcSha256, error.Message, StringComparison.Ordinal);
        Assert.Contains(new string('0', 64), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MissingModel_NamesIt()
    {
        WriteManifest();

        var error = Assert.Throws<FerModelException>(() => ModelPackage.Load(_folder));

        Assert.Contains(Path.Combine(_folder, "toy.onnx"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_EmptyModel_IsRefused()
    {
        WriteManifest();
        WriteModel("");

        Assert.Contains("is empty", Assert.Throws<FerModelException>(() => ModelPackage.Load(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ModelOutsideTheFolder_IsRefused()
    {
        string inner = Directory.CreateDirectory(Path.Combine(_folder, "inner")).FullName;
        WriteManifest(name: "inner/model.json", file: "../toy.onnx");
        WriteModel("abc");

        Assert.Contains("$.file", Assert.Throws<FerModelException>(() => ModelPackage.Load(inner)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_BadManifest_NamesItsPath()
    {
        File.WriteAllText(Path.Combine(_folder, "model.json"), "{");

        Assert.Equal(Path.Combine(_folder, "model.json"), Assert.Throws<FerModelException>(() => ModelPackage.Load(_folder)).ModelId);
    }

    [Fact]
    public void Load_HugeFileAsManifest_IsRefusedWithoutReadingItAll()
    {
        string path = Path.Combine(_folder, "huge.json");
        using (FileStream stream = File.Create(path))
        {
            stream.SetLength(1L << 33);
        }

        Assert.Contains("is longer than", Assert.Throws<FerModelException>(() => ModelPackage.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MissingFolder_NamesIt()
    {
        string missing = Path.Combine(_folder, "missing");

        Assert.Contains(missing, Assert.Throws<DirectoryNotFoundException>(() => ModelPackage.Load(missing)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FolderWithoutManifest_SaysWhatIsMissing()
    {
        var error = Assert.Throws<FileNotFoundException>(() => ModelPackage.Load(_folder));

        Assert.Contains(_folder, error.Message, StringComparison.Ordinal);
        Assert.Contains("model.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MissingManifest_NamesIt()
    {
        string missing = Path.Combine(_folder, "missing.json");

        Assert.Contains(missing, Assert.Throws<FileNotFoundException>(() => ModelPackage.Load(missing)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MissingModelOfTheCallers_IsFileNotFound()
    {
        WriteManifest();
        string missing = Path.Combine(_folder, "missing.onnx");

        Assert.Contains(missing, Assert.Throws<FileNotFoundException>(() => ModelPackage.Load(_folder, missing)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_EmptyPath_IsAnArgumentFault()
    {
        Assert.Throws<ArgumentException>(() => ModelPackage.Load(""));
        Assert.Throws<ArgumentException>(() => ModelPackage.Load(_folder, ""));
    }

    [Fact]
    public void FromBytes_ValidPair_KeepsTheBytesUncopied()
    {
        byte[] model = [1, 2, 3];

        ModelPackage package = ModelPackage.FromBytes(ManifestBytes(), model);

        Assert.True(package.Content.Span.Overlaps(model));
    }

    [Fact]
    public void FromBytes_NoModel_IsRefused() => Assert.Throws<FerModelException>(() => ModelPackage.FromBytes(ManifestBytes(), default));

    private static byte[] ManifestBytes() => Encoding.UTF8.GetBytes(ManifestSamples.Classifier().ToJsonString());

    private void WriteModel(string text, string name = "toy.onnx") => File.WriteAllText(Path.Combine(_folder, name), text);

    private void WriteManifest(string name = "model.json", string file = "toy.onnx", string? sha256 = null) => File.WriteAllText(
        Path.Combine(_folder, name),
        ManifestSamples.Classifier().With("file", $"\"{file}\"").With("sha256", sha256 is null ? null : $"\"{sha256}\"").ToJsonString());
}
