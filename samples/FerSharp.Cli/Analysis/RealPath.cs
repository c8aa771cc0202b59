namespace FerSharp.Cli.Analysis;

/// <summary>Paths without links, to tell whether two of them mean the same file.</summary>
internal static class RealPath
{
    private const int MostLinks = 64;

    /// <summary>The full path with every link on the way followed, as far as it exists.</summary>
    public static string Of(string path)
    {
        string full = Path.GetFullPath(path);
        for (int followed = 0; followed < MostLinks && FollowFirstLink(full) is { } target; followed++)
        {
            full = target;
        }

        return full;
    }

    private static string? FollowFirstLink(string full)
    {
        string root = Path.GetPathRoot(full) ?? "";
        string[] names = full[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        string walked = root;
        for (int i = 0; i < names.Length; i++)
        {
            string folder = walked;
            walked = Path.Combine(walked, names[i]);
            if (new FileInfo(walked).LinkTarget is { } target)
            {
                return Path.GetFullPath(Path.Combine([target, .. names[(i + 1)..]]), folder);
            }
        }

        return null;
    }
}
