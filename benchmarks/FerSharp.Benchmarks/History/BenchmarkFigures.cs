using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FerSharp.Benchmarks.History;

/// <summary>What is kept of a benchmark: figures that travel between machines, no times.</summary>
/// <param name="Method">Folder, class and method, such as <c>EndToEnd.AnalyzeBenchmarks.Analyze</c>.</param>
/// <param name="Parameters">Such as <c>Size=640x480, Faces=1</c>; empty where there are none.</param>
/// <param name="Ratio">Median time divided by that of its class's baseline with the same parameters; null where there is none.</param>
/// <param name="Bytes">Managed bytes allocated per operation; null where that was not measured.</param>
internal sealed record BenchmarkFigure(string Method, string Parameters, double? Ratio, long? Bytes)
{
    /// <summary>Method and parameters, as people read them.</summary>
    public override string ToString() => Parameters.Length > 0 ? $"{Method}({Parameters})" : Method;
}

/// <summary>Figures of one run, or of a baseline. Immutable.</summary>
/// <param name="Schema">Version of the file's form.</param>
/// <param name="Machine">Runtime and processor, for people.</param>
/// <param name="Benchmarks">The figures; no method twice with the same parameters.</param>
internal sealed record BenchmarkFigures(int Schema, string Machine, IReadOnlyList<BenchmarkFigure> Benchmarks)
{
    /// <summary>The version that is written and read.</summary>
    public const int CurrentSchema = 1;

    /// <summary>How files of results end.</summary>
    public const string FileEnd = "-figures.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Figures that were measured here.</summary>
    public static BenchmarkFigures OfThisMachine(IReadOnlyList<BenchmarkFigure> benchmarks) =>
        new(CurrentSchema, $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}, {Environment.ProcessorCount} processors", benchmarks);

    /// <summary>Reads a file, or all files of results in a folder together.</summary>
    /// <param name="path">The file or folder.</param>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is truncated, is something else, or holds figures that cannot be; or the folder holds none.</exception>
    public static BenchmarkFigures Load(string path)
    {
        if (!Directory.Exists(path))
        {
            return Parse(File.ReadAllBytes(path), path);
        }

        BenchmarkFigures[] parts = [.. Directory.EnumerateFiles(path, "*" + FileEnd).Order(StringComparer.Ordinal).Select(file => Parse(File.ReadAllBytes(file), file))];
        return parts.Length > 0
            ? Checked(parts[0] with { Benchmarks = [.. parts.SelectMany(part => part.Benchmarks)] }, path)
            : throw new InvalidDataException($"The folder '{path}' holds no *{FileEnd}; run the benchmarks first, or name their folder of results.");
    }

    /// <summary>The file's text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    /// <summary>Writes the figures as a baseline of the repository, over one of the same name.</summary>
    /// <param name="name">Letters, digits, <c>.</c>, <c>-</c> and <c>_</c>: the machine's name, for people.</param>
    /// <returns>The file's path in the repository.</returns>
    /// <exception cref="ArgumentException">The name has other characters.</exception>
    /// <exception cref="InvalidDataException">There are no figures.</exception>
    /// <exception cref="IOException">The repository is not there, or cannot be written.</exception>
    public string Keep(string name)
    {
        if (name.Length == 0 || name[0] == '.' || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
        {
            throw new ArgumentException($"'{name}' is no name for a baseline; use letters, digits, '.', '-' and '_', such as linux-x64-epyc.", nameof(name));
        }

        if (Benchmarks.Count == 0)
        {
            throw new InvalidDataException("The results hold no benchmark, since none succeeded: there is nothing to keep.");
        }

        string path = Path.Combine("benchmarks", "baselines", name + ".json"), full = Path.Combine(FindRepository(), path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        BenchmarkFigure[] sorted = [.. Benchmarks.OrderBy(figure => figure.Method, StringComparer.Ordinal)];
        File.WriteAllText(full, (this with { Benchmarks = sorted }).ToJson());
        return path;
    }

    internal static BenchmarkFigures Parse(ReadOnlySpan<byte> json, string path)
    {
        try
        {
            return Checked(JsonSerializer.Deserialize<BenchmarkFigures>(json, Json) ?? throw new JsonException("It is null."), path);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' holds no figures of benchmarks: {e.Message} Name a baseline, or a file that ends in {FileEnd}.", e);
        }
    }

    private static BenchmarkFigures Checked(BenchmarkFigures figures, string path)
    {
        var faults = new List<string>();
        if (figures.Schema != CurrentSchema)
        {
            faults.Add($"its schema is {figures.Schema}, {CurrentSchema} can be read");
        }

        var seen = new HashSet<(string, string)>();
        foreach (BenchmarkFigure figure in figures.Benchmarks)
        {
            if (figure is null or { Method.Length: 0 } or { Bytes: < 0 } || figure.Ratio is { } ratio && !(ratio > 0 && double.IsFinite(ratio)))
            {
                faults.Add($"'{figure}' has no method, or figures that cannot be");
            }
            else if (!seen.Add((figure.Method, figure.Parameters)))
            {
                faults.Add($"{figure} comes twice; keep one run's results in a folder");
            }
        }

        return faults.Count > 0 ? throw new InvalidDataException($"'{path}' cannot be used: {string.Join("; ", faults)}.") : figures;
    }

    private static string FindRepository([CallerFilePath] string here = "")
    {
        foreach (string start in new[] { Environment.CurrentDirectory, AppContext.BaseDirectory, Path.GetDirectoryName(here) ?? "." })
        {
            for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "FerSharp.sln")))
                {
                    return folder.FullName;
                }
            }
        }

        throw new DirectoryNotFoundException("FerSharp.sln was not found above the current folder; run this in the repository.");
    }
}
