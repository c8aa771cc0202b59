using FerSharp.Media;

namespace FerSharp.Cli.Analysis;

/// <summary>A picture to analyse, or a path that cannot be read.</summary>
/// <param name="Path">The path as the user would write it.</param>
/// <param name="RelativePath">The path below the folder that was given; the file's name where the file itself was given.</param>
/// <param name="Fault">Why the path leads to nothing; null for a picture.</param>
internal sealed record PictureInput(string Path, string RelativePath, Exception? Fault = null);

/// <summary>Turns paths into pictures: files as they are, folders by the extensions of their files, in ordinal order.</summary>
/// <remarks>Folders that are links are not entered, except where the user names one: so there are no loops, and nothing is found twice.</remarks>
internal static class PictureFinder
{
    public static IReadOnlyList<PictureInput> Find(IEnumerable<string> paths, bool recursive, string? excludedFolder, Action<string> note)
    {
        var found = new List<PictureInput>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            if (Directory.Exists(path))
            {
                int before = found.Count;
                Walk(path, "", recursive, excludedFolder is null ? null : Path.GetFullPath(excludedFolder), found);
                if (found.Count == before)
                {
                    note($"note: no pictures in '{path}'{(recursive ? "" : "; --recursive looks into the folders below")}");
                }
            }
            else
            {
                found.Add(new PictureInput(path, Path.GetFileName(path)));
            }
        }

        return [.. found.Where(input => seen.Add(Path.GetFullPath(input.Path)))];
    }

    private static void Walk(string folder, string relative, bool recursive, string? excluded, List<PictureInput> found)
    {
        string[] files, folders;
        try
        {
            files = Directory.GetFiles(folder);
            folders = recursive ? Directory.GetDirectories(folder) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            found.Add(new PictureInput(folder, relative, e));
            return;
        }

        Array.Sort(files, StringComparer.Ordinal);
        Array.Sort(folders, StringComparer.Ordinal);
        found.AddRange(files.Where(ImageFile.IsSupported).Select(file => new PictureInput(file, Path.Combine(relative, Path.GetFileName(file)))));
        foreach (string below in folders)
        {
            if (new DirectoryInfo(below).LinkTarget is null && Path.GetFullPath(below) != excluded)
            {
                Walk(below, Path.Combine(relative, Path.GetFileName(below)), recursive, excluded, found);
            }
        }
    }
}
