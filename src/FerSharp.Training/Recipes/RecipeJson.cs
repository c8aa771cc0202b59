using System.Text.Json;
using System.Text.Json.Serialization;

namespace FerSharp.Training;

/// <summary>Recipes as JSON: what is left out has its default, a name that is not known is an error, comments are allowed.</summary>
internal static class RecipeJson
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    /// <exception cref="InvalidDataException">It is not such a recipe.</exception>
    public static T Read<T>(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            return JsonSerializer.Deserialize<T>(json, Format) ?? throw new InvalidDataException("The recipe is null.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"This is not a recipe: {e.Message}", e);
        }
    }

    /// <summary>The whole recipe, defaults too.</summary>
    public static string Write<T>(T recipe) => JsonSerializer.Serialize(recipe, Format);
}
