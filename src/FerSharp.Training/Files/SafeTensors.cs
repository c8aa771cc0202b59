using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace FerSharp.Training;

/// <summary>torch's tensors to and from files in the safetensors format: 32-bit floats and 64-bit integers.</summary>
internal static class SafeTensors
{
    /// <summary>Writes the file; a reader, or a run that is killed meanwhile, never leaves half of it.</summary>
    public static void Write(string path, IEnumerable<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string> texts)
    {
        (string Name, Tensor Value)[] all = [.. tensors];
        var header = new JsonObject { [SafeTensorFile.TextsName] = new JsonObject(texts.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))) };
        long offset = 0;
        foreach ((string name, Tensor value) in all)
        {
            long bytes = value.numel() * value.element_size();
            header[name] = new JsonObject
            {
                ["dtype"] = TypeOf(value),
                ["shape"] = new JsonArray([.. value.shape.Select(size => (JsonNode)size)]),
                ["data_offsets"] = new JsonArray(offset, offset + bytes),
            };
            offset += bytes;
        }

        byte[] text = JsonSerializer.SerializeToUtf8Bytes(header);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        string unfinished = path + ".part";
        using (FileStream file = File.Create(unfinished))
        {
            file.Write(length);
            file.Write(text);
            foreach ((_, Tensor value) in all)
            {
                using Tensor flat = value.detach().contiguous();
                file.Write(flat.bytes);
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>Copies a file's tensors into others of the same names, types and shapes.</summary>
    /// <exception cref="InvalidDataException">The file lacks a tensor, or has it in another type or shape.</exception>
    public static void CopyTo(SafeTensorFile file, IEnumerable<(string Name, Tensor Value)> tensors)
    {
        using IDisposable scope = no_grad();
        foreach ((string name, Tensor value) in tensors)
        {
            if (!file.Entries.TryGetValue(name, out SafeTensorEntry? entry))
            {
                throw new InvalidDataException($"The file has no tensor '{name}': it is of another network.");
            }

            if (!entry.Shape.SequenceEqual(value.shape) || entry.Type != TypeOf(value))
            {
                throw new InvalidDataException(
                    $"Tensor '{name}' is {entry.Type} [{string.Join(", ", entry.Shape)}] in the file; the network's is {TypeOf(value)} [{string.Join(", ", value.shape)}].");
            }

            ReadOnlySpan<byte> bytes = file.BytesOf(entry);
            using Tensor loaded = value.dtype == ScalarType.Int64
                ? tensor(MemoryMarshal.Cast<byte, long>(bytes).ToArray(), value.shape)
                : tensor(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), value.shape);
            value.copy_(loaded);
        }
    }

    private static string TypeOf(Tensor value) => value.dtype switch
    {
        ScalarType.Float32 => "F32",
        ScalarType.Int64 => "I64",
        _ => throw new NotSupportedException($"Tensors of {value.dtype} are not written."),
    };
}
