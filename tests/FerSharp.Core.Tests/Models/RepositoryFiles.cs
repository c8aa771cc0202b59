namespace FerSharp.Core.Tests.Models;

/// <summary>Files of the repository and of the folder of other people's models beside it.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = FindRoot();

    public static string SampleManifests { get; } = Path.Combine(Root, "samples", "manifests");

    public static string PeerModels { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("FERSHARP_TEST_MODELS") ?? Path.Combine(Root, "..", "shared", "models"), "peers");

    public static IEnumerable<string> SampleIds { get; } =
        [.. Directory.GetDirectories(SampleManifests).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "FerSharp.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests do not run from inside the repository.");
    }
}
