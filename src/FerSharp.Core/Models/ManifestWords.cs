using System.Text.Json;

namespace FerSharp;

// The words of an enum as a manifest spells them: the members' names in camel case.
internal static class ManifestWords<TEnum>
    where TEnum : struct, Enum
{
    private static readonly Dictionary<string, TEnum> ByWord =
        Enum.GetValues<TEnum>().ToDictionary(value => Of(value), StringComparer.Ordinal);

    public static string All { get; } = string.Join(", ", ByWord.Keys);

    // A value without a name becomes a number, which no reader accepts.
    public static string Of(TEnum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    public static bool TryParse(string word, out TEnum value) => ByWord.TryGetValue(word, out value);
}
