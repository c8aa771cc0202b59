using System.Runtime.InteropServices;
using System.Text.Json;

namespace FerSharp.Peers;

/// <summary>
/// A contestant's process: reads a command a line, writes an answer a line (JSON). The scripts in Python and JavaScript beside this project
/// speak the same: <c>results pixels|jpeg</c>, <c>time pixels|jpeg PASSES</c>, <c>stages pixels|jpeg PASSES</c>, <c>kernel CASE warm|cold CALLS</c>,
/// <c>tensor CASE</c>, <c>quit</c>.
/// </summary>
internal sealed class PeerServer(Pipeline pipeline, PeerSetup setup)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly StageClock _stages = new();
    private readonly List<byte[]> _coldFrames = [];
    private KernelCase? _kernel;

    public static int Run(string name, PeerSetup setup, TextReader input, TextWriter output)
    {
        PeerClock.UsesThreadTime = setup.CpuClock;
        Pipeline pipeline;
        try
        {
            pipeline = name switch
            {
                "fersharp-bgr" => new FerSharpPipeline(setup, PixelFormat.Bgr24),
                "fersharp-bgra" => new FerSharpPipeline(setup, PixelFormat.Bgra32),
                "plain-bytes" => new PlainPipeline(setup, byPixel: false),
                "plain-getpixel" => new PlainPipeline(setup, byPixel: true),
                "opencvsharp" => new OpenCvSharpPipeline(setup),
                _ => throw new ArgumentException($"There is no pipeline '{name}'."),
            };
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or BadImageFormatException or EntryPointNotFoundException)
        {
            Exception cause = e.GetBaseException();
            Write(output, new { skip = $"{cause.GetType().Name}: {cause.Message.Split('\n')[0]}" });
            return 0;
        }

        using (pipeline)
        {
            Write(output, new { detail = pipeline.Detail });
            var server = new PeerServer(pipeline, setup);
            while (input.ReadLine() is { } line && line != "quit")
            {
                Write(output, server.Answer(line.Split(' ')));
            }
        }

        return 0;
    }

    private static void Write(TextWriter output, object answer)
    {
        output.WriteLine(JsonSerializer.Serialize(answer, Json));
        output.Flush();
    }

    private object Answer(string[] command) => command switch
    {
        ["results", string from] => Results(from == "jpeg"),
        ["time", string from, string passes] => new { microseconds = Time(from == "jpeg", int.Parse(passes)) },
        ["stages", string from, string passes] => Stages(from == "jpeg", int.Parse(passes)),
        ["kernel", string name, string heat, string calls] => Kernel(Enum.Parse<KernelCase>(name), heat == "cold", int.Parse(calls)),
        ["tensor", string name] => Tensor(Enum.Parse<KernelCase>(name)),
        _ => new { error = $"There is no command '{string.Join(' ', command)}'." },
    };

    private List<IReadOnlyList<FoundFace>> Results(bool fromJpeg)
    {
        var results = new List<IReadOnlyList<FoundFace>>();
        for (int frame = 0; frame < setup.Frames.Count; frame++)
        {
            pipeline.Analyze(frame, fromJpeg, _stages);
            results.Add(pipeline.Results());
        }

        return results;
    }

    /// <summary>Mean over the frames of each frame's median: a pause of the machine in one pass does not count.</summary>
    private double Time(bool fromJpeg, int passes)
    {
        var times = new double[setup.Frames.Count][];
        for (int frame = 0; frame < times.Length; frame++)
        {
            times[frame] = new double[passes];
        }

        for (int pass = 0; pass < passes; pass++)
        {
            for (int frame = 0; frame < times.Length; frame++)
            {
                double start = PeerClock.Microseconds();
                pipeline.Analyze(frame, fromJpeg, _stages);
                times[frame][pass] = PeerClock.Microseconds() - start;
            }
        }

        return times.Average(Statistics.Median);
    }

    private Dictionary<string, double> Stages(bool fromJpeg, int passes)
    {
        _stages.Enabled = true;
        Time(fromJpeg, passes);
        _stages.Enabled = false;
        return _stages.Take();
    }

    private object Kernel(KernelCase kernel, bool cold, int calls)
    {
        if (!Prepare(kernel))
        {
            return new { };
        }

        int frames = cold ? _coldFrames.Count : 1;
        var times = new double[calls];
        for (int call = 0; call < calls; call++)
        {
            double start = PeerClock.Microseconds();
            pipeline.RunKernel(call % frames, cold ? call / frames : 0);
            times[call] = PeerClock.Microseconds() - start;
        }

        return new { microseconds = Statistics.Median(times) };
    }

    private object Tensor(KernelCase kernel)
    {
        if (!Prepare(kernel))
        {
            return new { };
        }

        pipeline.RunKernel(0, 0);
        return new { tensor = Convert.ToBase64String(MemoryMarshal.AsBytes(pipeline.Tensor())) };
    }

    private bool Prepare(KernelCase kernel)
    {
        if (_coldFrames.Count == 0)
        {
            byte[][] sources = [.. setup.Frames.Select(frame => File.ReadAllBytes(frame.Bgr))];
            for (int i = 0; i < setup.ColdFrames; i++)
            {
                _coldFrames.Add([.. sources[i % sources.Length]]);
            }
        }

        if (_kernel != kernel)
        {
            if (!pipeline.PrepareKernel(kernel, _coldFrames))
            {
                return false;
            }

            _kernel = kernel;
        }

        return true;
    }
}
