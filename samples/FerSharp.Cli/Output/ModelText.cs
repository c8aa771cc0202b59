using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace FerSharp.Cli.Output;

/// <summary>Models for people.</summary>
internal sealed class ModelText(Terminal terminal)
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IAnsiConsole _console = terminal.CreateConsole(terminal.Output);

    public void WriteList(IReadOnlyList<ModelSummary> models)
    {
        foreach (ModelSummary model in models)
        {
            string facts = model.Task is null ? "cannot be used" : string.Join(
                ", ", Words.Spaced(model.Task), Size(model.Bytes), model.License, $"commercial use {model.CommercialUse}");
            _console.Write(new Paragraph()
                .Append(Terminal.Printable($"{model.Id} {model.Version}".Trim() is { Length: > 0 } name ? name : model.Location), new Style(decoration: Decoration.Bold))
                .Append(Terminal.Printable($"\n  {facts}\n  {model.Location}\n"), model.Faults.Count > 0 ? new Style(Color.Red) : Style.Plain));
        }
    }

    public void WriteModel(ModelReport model)
    {
        var facts = new Facts();
        facts.Add("id", $"{model.Id} {model.Version}");
        facts.Add("task", Words.Spaced(model.Task));
        facts.Add("location", model.Location);
        facts.Add("licence", $"{model.License}; commercial use {model.CommercialUse}");
        facts.Add("bytes", model.Bytes?.ToString("N0", CultureInfo.InvariantCulture) ?? "file missing");
        facts.Add("sha256", model.Sha256);
        facts.Add("", model.Sha256 is null ? null : model.Sha256Matches switch
        {
            true => "the same as in the manifest",
            false => "NOT the same as in the manifest",
            null => "the manifest gives none",
        }, model.Sha256Matches == false ? Color.Red : null);
        if (model.Graph is { } graph)
        {
            facts.Add("producer", $"{graph.Producer} {graph.ProducerVersion}".Trim());
            facts.Add("opset", string.Join(", ", graph.Opsets.Select(set => FormattableString.Invariant($"{set.Key} {set.Value}"))));
        }

        AddTensors(facts, "input", model.Inputs);
        AddTensors(facts, "output", model.Outputs);
        facts.Add("provider", model.Provider);
        facts.Write(_console);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            model.Manifest.WriteTo(writer);
        }

        terminal.Output.Write("manifest\n" + System.Text.Encoding.UTF8.GetString(buffer.ToArray()) + "\n");
    }

    private static void AddTensors(Facts facts, string name, IEnumerable<TensorReport> tensors)
    {
        foreach (TensorReport tensor in tensors)
        {
            string shape = string.Join(" x ", tensor.Shape.Select(size => size > 0 ? size.ToString(CultureInfo.InvariantCulture) : "N"));
            facts.Add(name, $"{tensor.Name}: {tensor.Type}, {shape}");
        }
    }

    private static string Size(long? bytes) => bytes is { } count ? string.Create(CultureInfo.InvariantCulture, $"{count / 1000:N0} kB") : "file missing";
}
