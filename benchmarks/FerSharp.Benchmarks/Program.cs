using BenchmarkDotNet.Running;
using FerSharp.Benchmarks;

// dotnet run -c Release --project benchmarks/FerSharp.Benchmarks -- stages        where the time of a frame goes
// dotnet run -c Release --project benchmarks/FerSharp.Benchmarks -- --filter '*'  all benchmarks (BenchmarkDotNet's own options)
if (args is ["stages", ..])
{
    StageReport.Print(Console.Out);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(StageReport).Assembly).Run(args);
