using System.Globalization;
using Spectre.Console;

namespace FerSharp.Cli.Output;

/// <summary>A diagnosis for people.</summary>
internal static class DiagnosisText
{
    public static void Write(DiagnosisReport report, Terminal terminal)
    {
        MachineReport machine = report.Machine;
        RuntimeReport runtime = report.OnnxRuntime;
        var facts = new Facts();
        facts.Add("FerSharp", machine.Version);
        facts.Add("system", $"{machine.OperatingSystem} ({machine.RuntimeIdentifier})");
        facts.Add(".NET", machine.Framework);
        facts.Add("processor", string.Create(CultureInfo.InvariantCulture, $"{Words.Count(machine.Processors, "thread")}, {string.Join(", ", machine.ProcessorFeatures)}; vectors of {machine.VectorBits} bits"));
        AddCheck(facts, "ONNX Runtime", runtime.Works, $"managed {runtime.ManagedVersion}, native {runtime.NativeVersion ?? "none"}; {string.Join(", ", runtime.Providers)}", runtime.Fault);
        AddCheck(facts, "Skia", report.Skia.Works, "reads and writes pictures", report.Skia.Fault);
        foreach (ModelCheckReport model in report.Models)
        {
            AddCheck(facts, model.Id, model.Works, string.Create(CultureInfo.InvariantCulture, $"runs on {model.Provider}, {model.RunMs:0.0} ms"), model.Fault);
        }

        AddCheck(facts, "all", report.Healthy, "FerSharp can be used on this machine", "FerSharp cannot be used until the faults above are gone");
        facts.Write(terminal.CreateConsole(terminal.Output));
    }

    private static void AddCheck(Facts facts, string name, bool works, string detail, string? fault) =>
        facts.Add(name, works ? $"ok: {detail}" : $"FAULT: {fault}", works ? Color.Green : Color.Red);
}
