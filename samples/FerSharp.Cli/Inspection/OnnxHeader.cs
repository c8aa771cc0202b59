using System.Text;

namespace FerSharp.Cli.Inspection;

/// <summary>The fields of an ONNX file that ONNX Runtime does not tell: read from its protobuf (onnx.proto, message ModelProto), the graph skipped.</summary>
internal sealed record OnnxHeader(long IrVersion, string ProducerVersion, IReadOnlyDictionary<string, long> Opsets)
{
    private const int IrVersionField = 1, ProducerVersionField = 3, OpsetField = 8;
    private const int OpsetDomainField = 1, OpsetVersionField = 2;

    /// <summary>Reads the header; null where the bytes are no protobuf message.</summary>
    public static OnnxHeader? Read(ReadOnlySpan<byte> model)
    {
        long irVersion = 0;
        string producerVersion = "";
        var opsets = new SortedDictionary<string, long>(StringComparer.Ordinal);
        while (!model.IsEmpty)
        {
            if (!TryReadField(ref model, out int field, out long number, out ReadOnlySpan<byte> bytes))
            {
                return null;
            }

            switch (field)
            {
                case IrVersionField: irVersion = number; break;
                case ProducerVersionField: producerVersion = Encoding.UTF8.GetString(bytes); break;
                case OpsetField:
                    string domain = "";
                    long version = 0;
                    while (!bytes.IsEmpty)
                    {
                        if (!TryReadField(ref bytes, out int part, out number, out ReadOnlySpan<byte> text))
                        {
                            return null;
                        }

                        domain = part == OpsetDomainField ? Encoding.UTF8.GetString(text) : domain;
                        version = part == OpsetVersionField ? number : version;
                    }

                    // The empty name is the standard's own domain.
                    opsets[domain.Length == 0 ? "ai.onnx" : domain] = version;
                    break;
            }
        }

        return new OnnxHeader(irVersion, producerVersion, opsets);
    }

    private static bool TryReadField(ref ReadOnlySpan<byte> message, out int field, out long number, out ReadOnlySpan<byte> bytes)
    {
        const int varint = 0, fixed64 = 1, lengthDelimited = 2, fixed32 = 5;
        field = 0;
        number = 0;
        bytes = default;
        if (!TryReadVarint(ref message, out ulong key))
        {
            return false;
        }

        field = (int)(key >> 3);
        switch ((int)key & 7)
        {
            case varint:
                bool isGood = TryReadVarint(ref message, out ulong value);
                number = (long)value;
                return isGood;
            case fixed64: return TryTake(ref message, 8, out bytes);
            case fixed32: return TryTake(ref message, 4, out bytes);
            case lengthDelimited: return TryReadVarint(ref message, out ulong length) && TryTake(ref message, length, out bytes);
            default: return false;
        }
    }

    private static bool TryReadVarint(ref ReadOnlySpan<byte> message, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64 && !message.IsEmpty; shift += 7)
        {
            byte part = message[0];
            message = message[1..];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> message, ulong length, out ReadOnlySpan<byte> bytes)
    {
        if (length > (ulong)message.Length)
        {
            bytes = default;
            return false;
        }

        bytes = message[..(int)length];
        message = message[(int)length..];
        return true;
    }
}
