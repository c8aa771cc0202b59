using System.Text.Json;
using System.Text.Json.Nodes;

namespace FerSharp.Train;

/// <summary>Finds recipes: a file, or the name of one of those that lie beside the program.</summary>
internal static class RecipeFile
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "recipes");

    /// <summary>The names of the recipes beside the program.</summary>
    public static string Names => Directory.Exists(Folder) ? string.Join(", ", Directory.GetFiles(Folder, "*.json").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)) : "none";

    /// <summary>The text of a recipe.</summary>
    /// <param name="fileOrName">A file, or a name.</param>
    /// <param name="changes">Values to be changed, as <c>optimizer.learningRate=0.01</c>; what is not JSON is a text.</param>
    /// <exception cref="FileNotFoundException">It is neither a file nor one of the names.</exception>
    /// <exception cref="ArgumentException">A change is not of this form.</exception>
    /// <exception cref="InvalidDataException">The recipe is no JSON object.</exception>
    public static string Read(string fileOrName, params IEnumerable<string> changes)
    {
        string text = Text(fileOrName);
        foreach (string change in changes)
        {
            int equals = change.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw new ArgumentException($"'{change}' is no change of a recipe; write NAME=VALUE, as in optimizer.learningRate=0.01.");
            }

            text = Changed(text, change[..equals].Split('.'), change[(equals + 1)..]);
        }

        return text;
    }

    private static string Changed(string recipe, string[] path, string value)
    {
        try
        {
            JsonNode root = JsonNode.Parse(recipe, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }) ?? throw new InvalidDataException("The recipe is null.");
            JsonObject part = root.AsObject();
            foreach (string name in path[..^1])
            {
                part = (JsonObject)(part[name] ??= new JsonObject());
            }

            part[path[^1]] = ValueOf(value);
            return root.ToJsonString();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or InvalidCastException)
        {
            throw new InvalidDataException($"The recipe has no place for {string.Join('.', path)}: {e.Message}", e);
        }
    }

    private static JsonNode? ValueOf(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static string Text(string fileOrName)
    {
        string named = Path.Combine(Folder, fileOrName + ".json");
        return File.Exists(fileOrName) ? File.ReadAllText(fileOrName)
            : Path.GetFileName(fileOrName) == fileOrName && File.Exists(named) ? File.ReadAllText(named)
            : throw new FileNotFoundException($"'{fileOrName}' is neither a file nor the name of a recipe. Recipes: {Names}.");
    }
}
