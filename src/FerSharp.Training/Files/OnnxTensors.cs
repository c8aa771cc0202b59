using System.Runtime.InteropServices;
using System.Text;

namespace FerSharp.Training;

/// <summary>Reads the 32-bit float tensors that an ONNX file holds as initialisers, in the file's order.</summary>
internal static class OnnxTensors
{
    private const int FloatType = 1;

    /// <exception cref="InvalidDataException">It is not an ONNX file, or is damaged.</exception>
    public static List<NamedWeights> Read(ReadOnlySpan<byte> file)
    {
        var tensors = new List<NamedWeights>();
        var model = new ProtobufReader(file);
        while (model.Read())
        {
            if (model.Field == 7)
            {
                ReadGraph(model.Bytes, tensors);
            }
        }

        return tensors;
    }

    private static void ReadGraph(ReadOnlySpan<byte> bytes, List<NamedWeights> tensors)
    {
        var graph = new ProtobufReader(bytes);
        while (graph.Read())
        {
            if (graph.Field == 5 && ReadTensor(graph.Bytes) is { } tensor)
            {
                tensors.Add(tensor);
            }
        }
    }

    private static NamedWeights? ReadTensor(ReadOnlySpan<byte> bytes)
    {
        var tensor = new ProtobufReader(bytes);
        var shape = new List<long>();
        float[] values = [];
        var single = new List<float>();
        string name = "";
        ulong type = 0;
        while (tensor.Read())
        {
            switch (tensor.Field)
            {
                case 1 when tensor.Bytes.IsEmpty:
                    shape.Add((long)tensor.Number);
                    break;
                case 1:
                    shape.AddRange(ProtobufReader.Packed(tensor.Bytes));
                    break;
                case 2:
                    type = tensor.Number;
                    break;
                case 4 when tensor.Bytes.IsEmpty:
                    single.Add(BitConverter.UInt32BitsToSingle((uint)tensor.Number));
                    break;
                case 4 or 9:
                    values = MemoryMarshal.Cast<byte, float>(tensor.Bytes).ToArray();
                    break;
                case 8:
                    name = Encoding.UTF8.GetString(tensor.Bytes);
                    break;
                default:
                    break;
            }
        }

        return type == FloatType ? new NamedWeights(name, [.. shape], values.Length > 0 ? values : [.. single]) : null;
    }
}

/// <summary>A tensor read from a file.</summary>
internal sealed record NamedWeights(string Name, long[] Shape, float[] Values);
