using System.Buffers.Binary;
using System.Text.Json;

namespace FerSharp.Training;

/// <summary>A file in the safetensors format, read: named tensors and texts.</summary>
/// <remarks>Eight bytes length, a JSON header (type, shape and place of each tensor, and texts under __metadata__), then the tensors' bytes.</remarks>
internal sealed class SafeTensorFile
{
    public const string TextsName = "__metadata__";

    private readonly byte[] _content;

    private SafeTensorFile(byte[] content, IReadOnlyDictionary<string, SafeTensorEntry> entries, IReadOnlyDictionary<string, string> texts)
    {
        _content = content;
        Entries = entries;
        Texts = texts;
    }

    public IReadOnlyDictionary<string, SafeTensorEntry> Entries { get; }

    public IReadOnlyDictionary<string, string> Texts { get; }

    /// <exception cref="InvalidDataException">It is not such a file, or is damaged.</exception>
    public static SafeTensorFile Open(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            throw new InvalidDataException($"{Path.GetFileName(path)} is not a safetensors file, or is damaged: {e.Message}", e);
        }
    }

    public static SafeTensorFile Parse(byte[] content)
    {
        long length = content.Length >= 8 ? BinaryPrimitives.ReadInt64LittleEndian(content) : -1;
        if (length < 2 || length > content.Length - 8)
        {
            throw new InvalidDataException("its header does not fit into it.");
        }

        int start = (int)length + 8;
        using JsonDocument header = JsonDocument.Parse(content.AsMemory(8, (int)length));
        if (header.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException("its header is no object.");
        }

        var entries = new Dictionary<string, SafeTensorEntry>();
        var texts = new Dictionary<string, string>();
        foreach (JsonProperty property in header.RootElement.EnumerateObject())
        {
            if (property.Name == TextsName)
            {
                foreach (JsonProperty text in property.Value.EnumerateObject())
                {
                    texts[text.Name] = text.Value.ToString();
                }
            }
            else
            {
                entries[property.Name] = ReadEntry(property, start, content.Length);
            }
        }

        return new SafeTensorFile(content, entries, texts);
    }

    public ReadOnlySpan<byte> BytesOf(SafeTensorEntry entry) => _content.AsSpan(entry.Start, entry.Length);

    private static SafeTensorEntry ReadEntry(JsonProperty property, int start, int fileLength)
    {
        JsonElement entry = property.Value;
        if (entry.ValueKind == JsonValueKind.Object
            && entry.TryGetProperty("dtype", out JsonElement type) && type.ValueKind == JsonValueKind.String
            && entry.TryGetProperty("shape", out JsonElement shape) && Numbers(shape) is { } dimensions
            && entry.TryGetProperty("data_offsets", out JsonElement place) && Numbers(place) is [var from, var to]
            && from >= 0 && to >= from && to <= fileLength - start)
        {
            return new SafeTensorEntry(type.GetString()!, dimensions, start + (int)from, (int)(to - from));
        }

        throw new InvalidDataException($"its entry '{property.Name}' is not that of a tensor within the file.");
    }

    private static long[]? Numbers(JsonElement array)
    {
        if (array.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var numbers = new List<long>();
        foreach (JsonElement element in array.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt64(out long number))
            {
                return null;
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }
}

/// <summary>Where a tensor lies in a file.</summary>
/// <param name="Type">Its element type: F32, I64 and others.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Start">Its first byte.</param>
/// <param name="Length">How many bytes.</param>
internal sealed record SafeTensorEntry(string Type, long[] Shape, int Start, int Length);
