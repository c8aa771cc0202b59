using System.Globalization;

namespace FerSharp.Peers;

/// <summary>What <c>run</c> takes.</summary>
internal sealed record ComparisonOptions
{
    /// <summary>Folder with yunet_n_320.onnx and mini_xception_48.onnx.</summary>
    public string Models { get; private init; } = string.Empty;

    /// <summary>Folder of pictures to use in place of our own.</summary>
    public string? Photos { get; private init; }

    /// <summary>The repository's root.</summary>
    public string Repository { get; private init; } = string.Empty;

    /// <summary>How often each contestant has its turn.</summary>
    public int Rounds { get; private init; } = 9;

    /// <summary>Runs over all frames in one turn.</summary>
    public int Passes { get; private init; } = 5;

    /// <summary>Whether faces are sampled by area, as the manifest has it, or bilinear.</summary>
    public bool Area { get; private init; } = true;

    /// <summary>Megabytes of frames for the cold kernel: several times the last-level cache.</summary>
    public int ColdMegabytes { get; private init; } = 128;

    /// <summary>Whether the threads' own time is taken in place of the wall clock: for a busy machine; Linux only.</summary>
    public bool CpuClock { get; private init; }

    public static ComparisonOptions Parse(string[] arguments)
    {
        var options = new ComparisonOptions();
        for (int i = 0; i < arguments.Length; i += 2)
        {
            string value = i + 1 < arguments.Length ? arguments[i + 1] : throw new ArgumentException($"{arguments[i]} needs a value.");
            options = arguments[i] switch
            {
                "--models" => options with { Models = value },
                "--photos" => options with { Photos = value },
                "--repository" => options with { Repository = value },
                "--rounds" => options with { Rounds = Number(value) },
                "--passes" => options with { Passes = Number(value) },
                "--cold-mb" => options with { ColdMegabytes = Number(value) },
                "--sampling" when value is "area" or "bilinear" => options with { Area = value == "area" },
                "--clock" when value is "wall" || (value is "cpu" && OperatingSystem.IsLinux()) => options with { CpuClock = value == "cpu" },
                _ => throw new ArgumentException($"{arguments[i]} {value} is not known; README.md lists what is."),
            };
        }

        return options;
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0 ? value : throw new ArgumentException($"'{text}' must be a whole number above 0.");
}
