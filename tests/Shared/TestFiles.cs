using System.Runtime.CompilerServices;

namespace FerSharp;

/// <summary>Where tests find files: the repository, and the data that lie beside some checkouts.</summary>
internal static class TestFiles
{
    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path in the repository.</summary>
    public static string InRepository(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>A path in the data folder beside the checkout (or the one that FERSHARP_SHARED names); skips the test where it is absent.</summary>
    public static string InShared(params string[] parts)
    {
        string shared = Environment.GetEnvironmentVariable("FERSHARP_SHARED") is { Length: > 0 } named ? named : Path.Combine(Root, "..", "shared");
        string path = Path.GetFullPath(Path.Combine([shared, .. parts]));
        Assert.SkipUnless(Path.Exists(path), $"needs {string.Join('/', parts)} of the data folder, which is not part of the repository; set FERSHARP_SHARED to its path");
        return path;
    }

    private static string FindRoot([CallerFilePath] string here = "")
    {
        foreach (string start in new[] { AppContext.BaseDirectory, Path.GetDirectoryName(here) ?? "" })
        {
            for (DirectoryInfo? folder = new(start.Length > 0 ? start : "."); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "FerSharp.sln")))
                {
                    return folder.FullName;
                }
            }
        }

        throw new DirectoryNotFoundException("FerSharp.sln was not found above the test's folder.");
    }
}
