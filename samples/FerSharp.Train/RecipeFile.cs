namespace FerSharp.Train;

/// <summary>Finds recipes: a file, or the name of one of those that lie beside the program.</summary>
internal static class RecipeFile
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "recipes");

    /// <summary>The names of the recipes beside the program.</summary>
    public static string Names => Directory.Exists(Folder) ? string.Join(", ", Directory.GetFiles(Folder, "*.json").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)) : "none";

    /// <summary>The text of a recipe.</summary>
    /// <exception cref="FileNotFoundException">It is neither a file nor one of the names.</exception>
    public static string Read(string fileOrName)
    {
        string named = Path.Combine(Folder, fileOrName + ".json");
        return File.Exists(fileOrName) ? File.ReadAllText(fileOrName)
            : Path.GetFileName(fileOrName) == fileOrName && File.Exists(named) ? File.ReadAllText(named)
            : throw new FileNotFoundException($"'{fileOrName}' is neither a file nor the name of a recipe. Recipes: {Names}.");
    }
}
