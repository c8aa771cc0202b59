using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FerSharp.Training;

/// <summary>Weights to start from: the convolutions of a network that was trained elsewhere (VGG16 on ImageNet, say), or all of an earlier run's.</summary>
/// <remarks>Immutable, thread-safe.</remarks>
public sealed partial class PretrainedWeights
{
    private readonly IReadOnlyList<(NamedWeights Kernel, NamedWeights? Bias)> _convolutions;
    private readonly SafeTensorFile? _whole;

    private PretrainedWeights(IReadOnlyList<(NamedWeights Kernel, NamedWeights? Bias)> convolutions, SafeTensorFile? whole = null)
    {
        _convolutions = convolutions;
        _whole = whole;
    }

    /// <summary>How many convolutions the file has.</summary>
    public int Count => _convolutions.Count;

    /// <summary>
    /// Reads the convolutions of a file, 32-bit floats: .safetensors (by the numbers in the names), .onnx (in the file's order), or a state
    /// dictionary in .pth or .pt (in its order; its pickle is read as data, nothing of it is executed).
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is none of these, is damaged, or has no convolution.</exception>
    public static PretrainedWeights Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new PretrainedWeights(Convolutions(path));
    }

    /// <summary>
    /// Reads all weights and running statistics that a <see cref="Trainer"/> saved, to go on from with another recipe: new targets, or another
    /// learning rate (warm restarts; Loshchilov, Hutter, 2017). The network must be the same.
    /// </summary>
    /// <param name="path">The .safetensors file of a run.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no safetensors file, is damaged, or has no convolution.</exception>
    public static PretrainedWeights LoadWhole(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        SafeTensorFile file = SafeTensorFile.Open(path);
        return new PretrainedWeights(Convolutions(path), file);
    }

    private static List<(NamedWeights Kernel, NamedWeights? Bias)> Convolutions(string path)
    {
        string file = Path.GetFileName(path);
        List<NamedWeights> tensors = Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".SAFETENSORS" => FromSafeTensors(SafeTensorFile.Open(path)),
            ".ONNX" => From(path, "an ONNX file", bytes => OnnxTensors.Read(bytes)),
            ".PTH" or ".PT" => From(path, "a file of torch.save", TorchTensors.Read),
            string other => throw new InvalidDataException($"{file} has the extension '{other}'; .safetensors, .onnx, .pth and .pt are read."),
        };
        var convolutions = new List<(NamedWeights, NamedWeights?)>();
        foreach (NamedWeights tensor in tensors.Where(tensor => tensor.Shape.Length == 4))
        {
            string biasName = tensor.Name.EndsWith("weight", StringComparison.Ordinal) ? tensor.Name[..^"weight".Length] + "bias" : "";
            NamedWeights? bias = tensors.Find(other => other.Name == biasName)
                ?? tensors.SkipWhile(other => other != tensor).Skip(1).FirstOrDefault(other => other.Shape.Length == 1 && other.Shape[0] == tensor.Shape[0]);
            convolutions.Add((tensor, bias));
        }

        return convolutions.Count > 0 ? convolutions : throw new InvalidDataException($"{file} has no convolution in 32-bit floats.");
    }

    /// <summary>Copies the convolutions into the network's, one by one from the input on; or all there is.</summary>
    /// <exception cref="InvalidDataException">The file has fewer, or one has another shape; or it is not of the same network.</exception>
    internal void CopyTo(ExpressionNetwork network)
    {
        if (_whole is not null)
        {
            CopyTo((nn.Module)network);
            return;
        }

        Conv2d[] own = [.. network.Convolutions];
        if (_convolutions.Count < own.Length)
        {
            throw new InvalidDataException($"The network has {own.Length} convolutions, the file {_convolutions.Count}.");
        }

        using IDisposable scope = no_grad();
        for (int i = 0; i < own.Length; i++)
        {
            (NamedWeights kernel, NamedWeights? bias) = _convolutions[i];
            if (!kernel.Shape.SequenceEqual(own[i].weight!.shape))
            {
                throw new InvalidDataException(
                    $"Convolution {i} ('{kernel.Name}') is [{string.Join(", ", kernel.Shape)}] in the file; the network's is [{string.Join(", ", own[i].weight!.shape)}].");
            }

            using Tensor weights = tensor(kernel.Values, kernel.Shape);
            own[i].weight!.copy_(weights);
            if (own[i].bias is { } ownBias && bias is not null)
            {
                using Tensor values = tensor(bias.Values, bias.Shape);
                ownBias.copy_(values);
            }
        }
    }

    /// <summary>Copies all there is into a network of the same kind.</summary>
    /// <exception cref="InvalidDataException">The file has convolutions only, or is not of the same network.</exception>
    internal void CopyTo(nn.Module network) => SafeTensors.CopyTo(
        _whole ?? throw new InvalidDataException("Only all weights of an earlier run can be gone on from here; read them with LoadWhole."),
        network.state_dict().Select(entry => (entry.Key, entry.Value)));

    private static List<NamedWeights> FromSafeTensors(SafeTensorFile file) =>
        [.. file.Entries.Where(entry => entry.Value.Type == "F32")
            .OrderBy(entry => Digits().Replace(entry.Key, digits => digits.Value.PadLeft(8, '0')), StringComparer.Ordinal)
            .Select(entry => new NamedWeights(entry.Key, entry.Value.Shape, MemoryMarshal.Cast<byte, float>(file.BytesOf(entry.Value)).ToArray()))];

    private static List<NamedWeights> From(string path, string what, Func<byte[], List<NamedWeights>> read)
    {
        try
        {
            return read(File.ReadAllBytes(path));
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{Path.GetFileName(path)} is not {what}, or is damaged: {e.Message}", e);
        }
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
