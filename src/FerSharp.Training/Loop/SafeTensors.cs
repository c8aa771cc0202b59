using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace FerSharp.Training;

/// <summary>Named tensors in a file: the safetensors format, 32-bit floats and 64-bit integers.</summary>
/// <remarks>Eight bytes length, a JSON header (type, shape and place of each tensor, and texts under __metadata__), then the tensors' bytes.</remarks>
internal static class SafeTensors
{
    private const string Texts = "__metadata__";

    /// <summary>Writes the file; a reader never sees half of it.</summary>
    public static void Write(string path, IEnumerable<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        (string Name, Tensor Value)[] all = [.. tensors];
        var header = new JsonObject { [Texts] = new JsonObject(metadata.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))) };
        long offset = 0;
        foreach ((string name, Tensor value) in all)
        {
            long bytes = value.numel() * value.element_size();
            header[name] = new JsonObject
            {
                ["dtype"] = value.dtype == ScalarType.Int64 ? "I64" : "F32",
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

    /// <summary>Copies the file's tensors into others of the same names and shapes, and returns its texts.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or lacks a tensor.</exception>
    public static IReadOnlyDictionary<string, string> Read(string path, IEnumerable<(string Name, Tensor Value)> tensors)
    {
        byte[] file = File.ReadAllBytes(path);
        try
        {
            long length = BinaryPrimitives.ReadInt64LittleEndian(file);
            int start = checked((int)length + 8);
            JsonObject header = JsonNode.Parse(file.AsSpan(8, start - 8))!.AsObject();
            using IDisposable scope = no_grad();
            foreach ((string name, Tensor value) in tensors)
            {
                JsonObject entry = header[name]?.AsObject() ?? throw new InvalidDataException($"It has no tensor '{name}'.");
                if (!entry["shape"]!.AsArray().Select(size => size!.GetValue<long>()).SequenceEqual(value.shape))
                {
                    throw new InvalidDataException($"Its tensor '{name}' has another shape than the network's.");
                }

                int from = start + entry["data_offsets"]![0]!.GetValue<int>(), to = start + entry["data_offsets"]![1]!.GetValue<int>();
                using Tensor loaded = value.dtype == ScalarType.Int64
                    ? tensor(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(file.AsSpan(from..to)).ToArray(), value.shape)
                    : tensor(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(file.AsSpan(from..to)).ToArray(), value.shape);
                value.copy_(loaded);
            }

            return header[Texts]?.AsObject().ToDictionary(entry => entry.Key, entry => entry.Value!.GetValue<string>()) ?? [];
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or NullReferenceException or OverflowException)
        {
            throw new InvalidDataException("The file is not a safetensors file, or is damaged.", e);
        }
    }
}
