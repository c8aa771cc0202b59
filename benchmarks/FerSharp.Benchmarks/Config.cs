using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Filters;
using FerSharp.Benchmarks.Classification;
using FerSharp.Benchmarks.History;

namespace FerSharp.Benchmarks;

/// <summary>How every benchmark of this project runs: allocations are measured, results are kept as JSON.</summary>
internal static class Config
{
    // BenchmarkDotNet builds the whole dependency tree for its child processes; its own two minutes do not suffice on a small machine.
    private static readonly TimeSpan BuildTimeout = TimeSpan.FromMinutes(15);

    /// <summary>BenchmarkDotNet's own defaults and what <c>compare</c> needs; int8 only where there is an int8 model.</summary>
    public static IConfig Create() => DefaultConfig.Instance
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddExporter(JsonExporter.Brief, new FigureExporter())
        .AddFilter(new SimpleFilter(benchmark => benchmark.Descriptor.Type != typeof(Int8Benchmarks) || Int8Benchmarks.ModelPath is not null))
        .WithBuildTimeout(BuildTimeout);
}
