using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace FerSharp.Training;

/// <summary>Reads the 32-bit float tensors of a state dictionary that Python's torch.save wrote: as an archive (since 1.6), or in the form before.</summary>
/// <remarks>The file's pickle is read as data; nothing of it is executed.</remarks>
internal static class TorchTensors
{
    // Old files begin with a pickle of the number 0x1950a86a20f9469cfc6c; this is what fits into 64 bits.
    private const long OldMagic = unchecked((long)0xa86a20f9469cfc6c);

    /// <exception cref="InvalidDataException">It is not such a file, or is damaged.</exception>
    public static List<NamedWeights> Read(byte[] file) => file.AsSpan().StartsWith("PK"u8) ? ReadArchive(file) : ReadOld(file);

    private static List<NamedWeights> ReadArchive(byte[] file)
    {
        using var archive = new ZipArchive(new MemoryStream(file), ZipArchiveMode.Read);
        ZipArchiveEntry pickle = archive.Entries.FirstOrDefault(entry => entry.FullName.EndsWith("/data.pkl", StringComparison.Ordinal))
            ?? throw new InvalidDataException("the archive holds no data.pkl.");
        string folder = pickle.FullName[..^"data.pkl".Length];
        return Collect(new PickleReader(Bytes(pickle)).Read(), key => archive.GetEntry($"{folder}data/{key}") is { } entry ? Bytes(entry) : null);
    }

    private static List<NamedWeights> ReadOld(byte[] file)
    {
        var reader = new PickleReader(file);
        if (reader.Read() is not OldMagic)
        {
            throw new InvalidDataException("it does not begin as a file of torch.save does.");
        }

        reader.Read();                                                       // the form's version
        reader.Read();                                                       // the machine it was made on
        object? root = reader.Read();
        var keys = reader.Read() as List<object?> ?? [];
        List<TensorPlace> places = Places(root);
        var storages = new Dictionary<string, byte[]>();
        int position = reader.Position;
        foreach (string key in keys.Select(key => Text(key)))
        {
            int size = places.Where(place => place.Storage == key).Select(place => place.ElementBytes).FirstOrDefault(sizeof(float));
            long length = position <= file.Length - 8 ? BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(position)) * size : -1;
            if (length < 0 || length > file.Length - position - 8)
            {
                throw new InvalidDataException("its values end too early.");
            }

            storages[key] = file[(position + 8)..(position + 8 + (int)length)];
            position += 8 + (int)length;
        }

        return Collect(root, storages.GetValueOrDefault);
    }

    private static List<NamedWeights> Collect(object? root, Func<string, byte[]?> storageOf)
    {
        var tensors = new List<NamedWeights>();
        foreach (TensorPlace place in Places(root).Where(place => place.IsFloat))
        {
            long count = place.Shape.Aggregate(1L, (a, b) => a * b);
            byte[] storage = storageOf(place.Storage) ?? throw new InvalidDataException($"the values of '{place.Name}' are missing.");
            if (place.Shape.Any(size => size < 0) || count < 0 || place.Offset < 0 || (place.Offset + count) * sizeof(float) > storage.Length)
            {
                throw new InvalidDataException($"the values of '{place.Name}' end too early.");
            }

            tensors.Add(new NamedWeights(place.Name, place.Shape, MemoryMarshal.Cast<byte, float>(storage).Slice((int)place.Offset, (int)count).ToArray()));
        }

        return tensors;
    }

    /// <summary>The tensors of a state dictionary, also where it lies one level down, under whatever name.</summary>
    private static List<TensorPlace> Places(object? root)
    {
        var places = new List<TensorPlace>();
        foreach ((object key, object? value) in root as Dictionary<object, object?> ?? [])
        {
            if (PlaceOf(Text(key), value) is { } place)
            {
                places.Add(place);
            }
        }

        return places.Count > 0 ? places
            : (root as Dictionary<object, object?>)?.Values.OfType<Dictionary<object, object?>>().Select(inner => Places(inner)).FirstOrDefault(inner => inner.Count > 0) ?? places;
    }

    /// <summary>Understands <c>_rebuild_tensor_v2(storage, offset, size, stride, ...)</c>, and a parameter around it. Strides must be those of rows.</summary>
    private static TensorPlace? PlaceOf(string name, object? value)
    {
        while (value is PickleCall { Function.Name: "_rebuild_parameter", Arguments: [var inner, ..] })
        {
            value = inner;
        }

        if (value is not PickleCall { Function.Name: "_rebuild_tensor_v2", Arguments: [PickleOutside { Key: object?[] outside }, long offset, object?[] size, object?[] stride, ..] }
            || outside is not [_, PickleName type, var key, ..])
        {
            return null;
        }

        long[] shape = [.. size.Select(number => number as long? ?? -1)];
        long expected = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            if (shape[i] != 1 && !(i < stride.Length && stride[i] is long step && step == expected))
            {
                return null;
            }

            expected *= shape[i];
        }

        return new TensorPlace(name, Text(key), offset, shape, type.Name);
    }

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private sealed record TensorPlace(string Name, string Storage, long Offset, long[] Shape, string Type)
    {
        public bool IsFloat => Type == "FloatStorage";

        public int ElementBytes => Type switch
        {
            "DoubleStorage" or "LongStorage" => 8,
            "HalfStorage" or "BFloat16Storage" or "ShortStorage" => 2,
            "ByteStorage" or "CharStorage" or "BoolStorage" => 1,
            _ => 4,
        };
    }
}
