namespace FerSharp.Media.Tests;

/// <summary>Finds reference data that lie beside the repository and not in it.</summary>
internal static class SharedData
{
    /// <summary>The folder <c>../shared/data/name</c> beside the repository, or null.</summary>
    public static string? Find(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", "data", name);
            if (Directory.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
