using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FerSharp.Features;

/// <summary>
/// The file of a <see cref="NearestNeighborClassifier"/>. Eight bytes of magic, six 32-bit numbers (classes, length, count, neighbours, distance, votes), then the
/// class weights, the labels (a byte each) and the rows. Floats are 32 bits; everything is little-endian; nothing follows.
/// </summary>
internal static class NearestNeighborFile
{
    private const int HeaderNumbers = 6;
    private const int HeaderLength = 8 + (HeaderNumbers * sizeof(int));

    // The line ends show whether a transfer as text has spoiled the file.
    private static ReadOnlySpan<byte> Magic => "FSKNN1\r\n"u8;

    public static void Write(NearestNeighborClassifier classifier, Stream stream)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        Magic.CopyTo(header);
        NearestNeighborOptions options = classifier.Options;
        int[] numbers = [classifier.Classes, classifier.Length, classifier.Count, options.Neighbors, (int)options.Distance, (int)options.Votes];
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(header[(8 + (i * sizeof(int)))..], numbers[i]);
        }

        stream.Write(header);
        WriteFloats(classifier.ClassWeights, stream);
        stream.Write(classifier.Labels);
        WriteFloats(classifier.Rows, stream);
    }

    public static NearestNeighborClassifier Read(ReadOnlySpan<byte> content, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (content.Length < HeaderLength || !content.StartsWith(Magic))
        {
            throw new FerModelException(name, "The file is no k-NN head of this version (it does not begin with FSKNN1), or it is cut short.");
        }

        Span<int> numbers = stackalloc int[HeaderNumbers];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadInt32LittleEndian(content[(8 + (i * sizeof(int)))..]);
        }

        int classes = numbers[0], length = numbers[1], count = numbers[2];
        var options = new NearestNeighborOptions { Neighbors = numbers[3], Distance = (NeighborDistance)numbers[4], Votes = (NeighborVotes)numbers[5] };
        List<string> faults = HeaderFaults(classes, length, count, options, content.Length);
        if (faults.Count > 0)
        {
            throw new FerModelException(name, faults);
        }

        content = content[HeaderLength..];
        float[] weights = ReadFloats(content[..(classes * sizeof(float))]);
        byte[] labels = content.Slice(classes * sizeof(float), count).ToArray();
        float[] rows = ReadFloats(content[((classes * sizeof(float)) + count)..]);
        Require(!weights.AsSpan().ContainsAnyExceptInRange(float.Epsilon, float.MaxValue), "A class weight is not a positive finite number.");
        Require(!labels.AsSpan().ContainsAnyExceptInRange((byte)0, (byte)(classes - 1)), $"A label is beyond the {classes} classes.");
        Require(!rows.AsSpan().ContainsAnyExceptInRange(float.MinValue, float.MaxValue), "A row holds a value that is not finite.");
        return faults.Count > 0 ? throw new FerModelException(name, faults) : new NearestNeighborClassifier(options, length, rows, labels, weights);

        void Require(bool holds, string fault)
        {
            if (!holds)
            {
                faults.Add($"{fault} The file is damaged; train the head anew or fetch it again.");
            }
        }
    }

    private static List<string> HeaderFaults(int classes, int length, int count, NearestNeighborOptions options, long bytes)
    {
        var faults = new List<string>();
        Require(classes is >= 1 and <= NearestNeighborClassifier.MaxClasses, $"{classes} classes; there can be 1 to {NearestNeighborClassifier.MaxClasses}.");
        Require(length >= 1, $"{length} values in a row; there must be at least 1.");
        Require(count >= 1, $"{count} rows; there must be at least 1.");
        Require(options.Neighbors is >= 1 and <= NearestNeighborOptions.MaxNeighbors, $"{options.Neighbors} neighbours; there can be 1 to {NearestNeighborOptions.MaxNeighbors}.");
        Require(Enum.IsDefined(options.Distance), $"distance {(int)options.Distance}; this version does not know it.");
        Require(Enum.IsDefined(options.Votes), $"votes {(int)options.Votes}; this version does not know them.");
        if (faults.Count == 0)
        {
            // Values of any header stay within 128 bits.
            Int128 needed = HeaderLength + ((Int128)classes * sizeof(float)) + count + ((Int128)count * length * sizeof(float));
            Require(needed == bytes, $"{bytes} bytes, where {count} rows of {length} values and {classes} classes take {needed}; the file is cut short or has something behind it.");
        }

        return faults;

        void Require(bool holds, string fault)
        {
            if (!holds)
            {
                faults.Add($"The file's header tells of {fault}");
            }
        }
    }

    private static void WriteFloats(ReadOnlySpan<float> values, Stream stream)
    {
        if (BitConverter.IsLittleEndian)
        {
            // A span of bytes cannot be longer than 2 GiB.
            const int Piece = 1 << 24;
            for (; values.Length > 0; values = values[Math.Min(values.Length, Piece)..])
            {
                stream.Write(MemoryMarshal.AsBytes(values[..Math.Min(values.Length, Piece)]));
            }

            return;
        }

        Span<byte> one = stackalloc byte[sizeof(float)];
        foreach (float value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(one, value);
            stream.Write(one);
        }
    }

    private static float[] ReadFloats(ReadOnlySpan<byte> bytes)
    {
        float[] values = new float[bytes.Length / sizeof(float)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }

        return values;
    }
}
