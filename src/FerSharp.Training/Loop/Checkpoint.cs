using System.Globalization;
using System.Text.Json;
using static TorchSharp.torch;

namespace FerSharp.Training;

/// <summary>The state of a run between two epochs, in one file.</summary>
/// <typeparam name="TEpoch">What is kept of each epoch.</typeparam>
/// <param name="folder">The run's folder.</param>
/// <param name="recipe">The recipe with all defaults.</param>
/// <param name="complete">Reads a recipe and writes it with all defaults of this version.</param>
/// <param name="data">What is trained on: hashes.</param>
internal sealed class Checkpoint<TEpoch>(string folder, string recipe, Func<string, string> complete, string data)
{
    private const string FileName = "last.safetensors";

    private readonly string _path = Path.Combine(folder, FileName);

    public bool Exists => File.Exists(_path);

    public void Save(nn.Module network, nn.Module average, WeightOptimizer optimizer, IReadOnlyList<TEpoch> epochs) =>
        SafeTensors.Write(_path, Tensors(network, average, optimizer), new Dictionary<string, string>
        {
            ["recipe"] = recipe,
            ["data"] = data,
            ["epoch"] = epochs.Count.ToString(CultureInfo.InvariantCulture),
            ["history"] = JsonSerializer.Serialize(epochs),
        });

    /// <summary>Restores the state; returns the epochs that are done.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or of another run.</exception>
    public List<TEpoch> Load(nn.Module network, nn.Module average, WeightOptimizer optimizer)
    {
        SafeTensorFile file = SafeTensorFile.Open(_path);
        bool sameRecipe = IsSameRecipe(file.Texts.GetValueOrDefault("recipe"));
        if (!sameRecipe || file.Texts.GetValueOrDefault("data") != data)
        {
            throw new InvalidDataException($"The checkpoint in this folder was made with {(sameRecipe ? "other pictures" : "another recipe")}; use the same, or another folder.");
        }

        SafeTensors.CopyTo(file, Tensors(network, average, optimizer));
        try
        {
            return JsonSerializer.Deserialize<List<TEpoch>>(file.Texts.GetValueOrDefault("history") ?? "") ?? [];
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("The checkpoint's history cannot be read; it was made by another version.", e);
        }
    }

    /// <summary>Compares what recipes say, not their texts: what is new in this version had its default in an earlier one.</summary>
    private bool IsSameRecipe(string? other)
    {
        try
        {
            return other is not null && complete(other) == recipe;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static IEnumerable<(string Name, Tensor Value)> Tensors(nn.Module network, nn.Module average, WeightOptimizer optimizer) =>
        network.state_dict().Select(entry => ("network." + entry.Key, entry.Value))
            .Concat(average.state_dict().Select(entry => ("average." + entry.Key, entry.Value)))
            .Concat(optimizer.State.Select(entry => (entry.Name, entry.Value)));
}
