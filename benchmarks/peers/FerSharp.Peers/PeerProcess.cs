using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace FerSharp.Peers;

/// <summary>A contestant's process, seen from outside. What it cannot do is a reason in the table, not the end of the comparison.</summary>
internal sealed class PeerProcess : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly Process? _process;

    /// <param name="name">Name in the table.</param>
    /// <param name="sameModels">Whether it runs the same two model files; others are shown, not counted.</param>
    /// <param name="program">The program and its arguments.</param>
    /// <param name="arguments">The program's arguments.</param>
    public PeerProcess(string name, bool sameModels, string program, params string[] arguments)
    {
        Name = name;
        SameModels = sameModels;
        try
        {
            _process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
            _process.ErrorDataReceived += (_, line) => LastError = string.IsNullOrWhiteSpace(line.Data) ? LastError : line.Data;
            _process.BeginErrorReadLine();
            using JsonDocument? hello = Read();
            Detail = Text(hello, "detail");
            Skipped = hello is null ? "ended: " + LastError : Text(hello, "skip");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Skipped = $"'{program}' does not start: {e.Message}";
        }
    }

    public string Name { get; }

    public bool SameModels { get; }

    public string? Detail { get; }

    /// <summary>Why it takes no part; null where it does.</summary>
    public string? Skipped { get; private set; }

    private string? LastError { get; set; }

    public IReadOnlyList<FoundFace[]>? Results(string from) => Ask<List<FoundFace[]>>($"results {from}");

    /// <summary>Microseconds a frame.</summary>
    public double Time(string from, int passes) => Microseconds($"time {from} {passes}");

    /// <summary>Microseconds of each stage.</summary>
    public Dictionary<string, double> Stages(string from, int passes) => Ask<Dictionary<string, double>>($"stages {from} {passes}") ?? [];

    /// <summary>Microseconds a tensor; NaN where it takes no part.</summary>
    public double Kernel(KernelCase kernel, bool cold, int calls) => Microseconds($"kernel {kernel} {(cold ? "cold" : "warm")} {calls}");

    /// <summary>The tensor of the first face of the first frame; empty where it takes no part.</summary>
    public float[] Tensor(KernelCase kernel)
    {
        using JsonDocument? answer = Ask($"tensor {kernel}");
        return Text(answer, "tensor") is { } base64 ? MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(base64)).ToArray() : [];
    }

    public void Dispose()
    {
        if (_process is null)
        {
            return;
        }

        try
        {
            _process.StandardInput.Close();
            if (!_process.WaitForExit(5000))
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // It has ended already.
        }

        _process.Dispose();
    }

    private double Microseconds(string command)
    {
        using JsonDocument? answer = Ask(command);
        return answer is not null && answer.RootElement.TryGetProperty("microseconds", out JsonElement value) ? value.GetDouble() : double.NaN;
    }

    private T? Ask<T>(string command)
        where T : class
    {
        using JsonDocument? answer = Ask(command);
        return answer?.Deserialize<T>(Json);
    }

    private JsonDocument? Ask(string command)
    {
        if (Skipped is not null)
        {
            return null;
        }

        try
        {
            _process!.StandardInput.WriteLine(command);
            _process.StandardInput.Flush();
            if (Read() is { } answer)
            {
                return answer;
            }
        }
        catch (IOException)
        {
            // Told below.
        }

        Skipped = $"ended at '{command}': {LastError}";
        return null;
    }

    private JsonDocument? Read()
    {
        string? line = _process!.StandardOutput.ReadLine();
        if (line is null)
        {
            _process.WaitForExit(5000);
            return null;
        }

        return JsonDocument.Parse(line);
    }

    private static string? Text(JsonDocument? document, string member) =>
        document is not null && document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(member, out JsonElement value) ? value.GetString() : null;
}
