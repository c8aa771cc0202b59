using System.Globalization;
using static TorchSharp.torch;

namespace FerSharp.Training;

/// <summary>A network's weights and running statistics in a file, with the recipe that made them.</summary>
internal static class WeightFile
{
    public static void Save(string path, nn.Module network, string recipe, string data, int epoch) =>
        SafeTensors.Write(path, network.state_dict().Select(entry => (entry.Key, entry.Value)), new Dictionary<string, string>
        {
            ["recipe"] = recipe,
            ["data"] = data,
            ["epoch"] = epoch.ToString(CultureInfo.InvariantCulture),
        });

    /// <exception cref="InvalidDataException">The file is damaged, or holds no recipe.</exception>
    public static string ReadRecipe(string path) =>
        SafeTensorFile.Open(path).Texts.TryGetValue("recipe", out string? recipe)
            ? recipe
            : throw new InvalidDataException($"{Path.GetFileName(path)} holds no recipe; weights that a trainer saved do.");

    /// <exception cref="InvalidDataException">The file is damaged, or of another network.</exception>
    public static void Load(string path, nn.Module network) =>
        SafeTensors.CopyTo(SafeTensorFile.Open(path), network.state_dict().Select(entry => (entry.Key, entry.Value)));
}
