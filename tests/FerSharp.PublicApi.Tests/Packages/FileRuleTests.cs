namespace FerSharp.PublicApi.Tests;

/// <summary>Rules on files that no compiler checks.</summary>
public sealed class FileRuleTests
{
    private const int MostLines = 400;

    private static readonly string[] Folders = ["src", "tests", "samples", "benchmarks", "tools"];

    public static TheoryData<string> LibraryNames => [.. Libraries.Names];

    [Fact]
    public void SourceFiles_OfRepository_HaveAtMost400Lines()
    {
        (string Path, int Lines)[] files = [.. Folders
            .Select(folder => TestFiles.InRepository(folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Where(path => !IsBuildOutput(path))
            .Select(path => (Path.GetRelativePath(TestFiles.Root, path), File.ReadLines(path).Count()))];

        Assert.NotEmpty(files);
        Assert.DoesNotContain(files, file => file.Lines > MostLines);
    }

    [Theory, MemberData(nameof(LibraryNames))]
    public void Library_ItsPublicApi_IsWrittenDown(string library)
    {
        string[] lines = [.. new[] { "PublicAPI.Shipped.txt", "PublicAPI.Unshipped.txt" }.SelectMany(name => File.ReadLines(TestFiles.InRepository("src", library, name)))];

        Assert.Contains(lines, line => line.Length > 0 && line[0] != '#');
    }

    private static bool IsBuildOutput(string path) =>
        path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "BenchmarkDotNet.Artifacts");
}
