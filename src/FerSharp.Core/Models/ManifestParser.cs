using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace FerSharp;

// JSON text to ManifestJson or another of the serializer context's types. One pass over the tokens, led by the serializer's own metadata, so that every member of a wrong type, unknown or given
// twice is found; only what fits goes on to the serializer, which by itself would stop at the first fault.
internal static class ManifestParser
{
    public const string Root = "$";

    private const int MaxDepth = 16;

    public static T? Parse<T>(ReadOnlySpan<byte> utf8Json, JsonTypeInfo<T> type, ManifestFaults faults, out Exception? cause)
        where T : class
    {
        cause = null;
        if (utf8Json.StartsWith("\uFEFF"u8))
        {
            utf8Json = utf8Json[3..];
        }

        if (!Utf8.IsValid(utf8Json) || utf8Json.Contains((byte)0))
        {
            faults.Add(Root, "is not UTF-8 text; save the manifest as UTF-8.");
            return null;
        }

        if (utf8Json.Trim(" \t\r\n"u8).IsEmpty)
        {
            faults.Add(Root, "is empty; give " + Expected(type) + ".");
            return null;
        }

        var reader = new Utf8JsonReader(utf8Json, new JsonReaderOptions
        {
            AllowTrailingCommas = true,
            CommentHandling = JsonCommentHandling.Skip,
            MaxDepth = MaxDepth,
        });
        try
        {
            reader.Read();
            JsonNode? tree = ReadValue(ref reader, type, Root, faults);
            while (reader.Read())
            {
            }

            if (tree is null)
            {
                faults.Add(Root, $"must be {Expected(type)}.");
            }

            return tree?.Deserialize(type);
        }
        catch (JsonException e)
        {
            cause = e;
            string what = e.Message.Split(" LineNumber:", 2)[0];
            faults.Add($"{Root} (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})", $"is not valid JSON: {what}");
            return null;
        }
    }

    private static JsonNode? ReadValue(ref Utf8JsonReader reader, JsonTypeInfo type, string path, ManifestFaults faults)
    {
        switch (type.Kind, reader.TokenType)
        {
            case (_, JsonTokenType.Null):
                return null;
            case (JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary, JsonTokenType.StartObject):
                return ReadObject(ref reader, type, path, faults);
            case (JsonTypeInfoKind.Enumerable, JsonTokenType.StartArray):
                return ReadArray(ref reader, type, path, faults);
            case (JsonTypeInfoKind.None, _) when TryReadScalar(ref reader, type.Type, out JsonNode? scalar):
                return scalar;
            default:
                faults.Add(path, $"must be {Expected(type)}.");
                reader.Skip();
                return null;
        }
    }

    private static JsonObject ReadObject(ref Utf8JsonReader reader, JsonTypeInfo type, string path, ManifestFaults faults)
    {
        var members = new JsonObject();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string? name = ReadText(ref reader);
            string memberPath = ManifestFaults.Member(path, name ?? "?");
            reader.Read();
            JsonTypeInfo? memberType = name is null ? null : MemberType(type, name);
            if (name is null)
            {
                faults.Add(memberPath, "has a name that is no valid text; mend its escapes.");
                reader.Skip();
            }
            else if (memberType is null)
            {
                faults.Add(memberPath, $"is not known; remove it or use one of {string.Join(", ", type.Properties.Select(p => p.Name))}.");
                reader.Skip();
            }
            else if (members.ContainsKey(name))
            {
                faults.Add(memberPath, "is given more than once; keep one.");
                reader.Skip();
            }
            else
            {
                members.Add(name, ReadValue(ref reader, memberType, memberPath, faults));
            }
        }

        return members;
    }

    private static JsonArray ReadArray(ref Utf8JsonReader reader, JsonTypeInfo type, string path, ManifestFaults faults)
    {
        var items = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(ReadValue(ref reader, TypeInfo(type.ElementType!), $"{path}[{items.Count}]", faults));
        }

        return items;
    }

    private static bool TryReadScalar(ref Utf8JsonReader reader, Type type, out JsonNode? scalar)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        scalar = reader.TokenType switch
        {
            JsonTokenType.String when type == typeof(string) => JsonValue.Create(ReadText(ref reader)),
            JsonTokenType.True or JsonTokenType.False when type == typeof(bool) => JsonValue.Create(reader.GetBoolean()),
            JsonTokenType.Number when type == typeof(int) && reader.TryGetInt32(out int whole) => JsonValue.Create(whole),
            JsonTokenType.Number when type == typeof(float) && reader.TryGetSingle(out float number) && float.IsFinite(number) => JsonValue.Create(number),
            JsonTokenType.Number when type == typeof(double) && reader.TryGetDouble(out double number) && double.IsFinite(number) => JsonValue.Create(number),
            _ => null,
        };
        return scalar is not null;
    }

    // Null for an escape that stands for no character, such as a lone surrogate.
    private static string? ReadText(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonTypeInfo? MemberType(JsonTypeInfo type, string name)
    {
        if (type.Kind == JsonTypeInfoKind.Dictionary)
        {
            return TypeInfo(type.ElementType!);
        }

        JsonPropertyInfo? property = type.Properties.FirstOrDefault(p => p.Name == name);
        return property is null ? null : TypeInfo(property.PropertyType);
    }

    private static JsonTypeInfo TypeInfo(Type type) =>
        ManifestJsonContext.Default.GetTypeInfo(type) ?? throw new InvalidOperationException($"{type} is not in the serializer context.");

    private static string Expected(JsonTypeInfo type) => (type.Kind, Nullable.GetUnderlyingType(type.Type) ?? type.Type) switch
    {
        (JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary, _) => "an object { }",
        (JsonTypeInfoKind.Enumerable, _) => "an array [ ]",
        (_, var scalar) when scalar == typeof(string) => "a text in quotes",
        (_, var scalar) when scalar == typeof(bool) => "true or false",
        (_, var scalar) when scalar == typeof(int) => "a whole number without a point",
        _ => "a finite number",
    };
}
