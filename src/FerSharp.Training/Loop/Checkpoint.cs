using System.Globalization;
using System.Text.Json;
using static TorchSharp.torch;

namespace FerSharp.Training;

/// <summary>The state of a run between two epochs, in one file.</summary>
internal sealed class Checkpoint(string folder, string recipe, string data)
{
    private const string FileName = "last.safetensors";

    private readonly string _path = Path.Combine(folder, FileName);

    public bool Exists => File.Exists(_path);

    public void Save(ExpressionNetwork network, ExpressionNetwork average, NesterovOptimizer optimizer, IReadOnlyList<EpochRecord> epochs) =>
        SafeTensors.Write(_path, Tensors(network, average, optimizer), new Dictionary<string, string>
        {
            ["recipe"] = recipe,
            ["data"] = data,
            ["epoch"] = epochs.Count.ToString(CultureInfo.InvariantCulture),
            ["history"] = JsonSerializer.Serialize(epochs),
        });

    /// <summary>Restores the state; returns the epochs that are done.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or of another run.</exception>
    public List<EpochRecord> Load(ExpressionNetwork network, ExpressionNetwork average, NesterovOptimizer optimizer)
    {
        IReadOnlyDictionary<string, string> texts = SafeTensors.Read(_path, Tensors(network, average, optimizer));
        if (texts.GetValueOrDefault("recipe") != recipe || texts.GetValueOrDefault("data") != data)
        {
            string what = texts.GetValueOrDefault("recipe") != recipe ? "recipe" : "pictures";
            throw new InvalidDataException($"The checkpoint in this folder was made with other {what}; use the same, or another folder.");
        }

        return JsonSerializer.Deserialize<List<EpochRecord>>(texts["history"]) ?? [];
    }

    /// <summary>The weights and running statistics of a network alone.</summary>
    public static void SaveWeights(string path, ExpressionNetwork network, IReadOnlyDictionary<string, string> texts) =>
        SafeTensors.Write(path, network.state_dict().Select(entry => (entry.Key, entry.Value)), texts);

    private static IEnumerable<(string Name, Tensor Value)> Tensors(ExpressionNetwork network, ExpressionNetwork average, NesterovOptimizer optimizer) =>
        network.state_dict().Select(entry => ("network." + entry.Key, entry.Value))
            .Concat(average.state_dict().Select(entry => ("average." + entry.Key, entry.Value)))
            .Concat(optimizer.State.Select(entry => ("velocity." + entry.Name, entry.Value)));
}
