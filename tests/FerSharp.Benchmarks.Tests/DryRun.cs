using System.Reflection;
using BenchmarkDotNet.Parameters;
using BenchmarkDotNet.Running;

namespace FerSharp.Benchmarks.Tests;

/// <summary>Runs a class's benchmarks once in this process, as BenchmarkDotNet lists them, without its measuring.</summary>
internal static class DryRun
{
    /// <summary>The class's cases under the project's configuration.</summary>
    public static BenchmarkCase[] CasesOf(Type suite) => BenchmarkConverter.TypeToBenchmarks(suite, Config.Create()).BenchmarksCases;

    /// <summary>For each set of parameters: set-up, each method once, clean-up.</summary>
    /// <returns>How many methods ran.</returns>
    public static async Task<int> RunAsync(Type suite)
    {
        int count = 0;
        foreach (IGrouping<string, BenchmarkCase> cases in CasesOf(suite).GroupBy(benchmark => benchmark.Parameters.DisplayInfo))
        {
            object instance = Activator.CreateInstance(suite)!;
            foreach (ParameterInstance parameter in cases.First().Parameters.Items)
            {
                suite.GetProperty(parameter.Name)!.SetValue(instance, parameter.Value);
            }

            Descriptor any = cases.First().Descriptor;
            await InvokeAsync(any.GlobalSetupMethod, instance);
            try
            {
                foreach (MethodInfo method in cases.Select(benchmark => benchmark.Descriptor.WorkloadMethod).Distinct())
                {
                    await InvokeAsync(method, instance);
                    count++;
                }
            }
            finally
            {
                await InvokeAsync(any.GlobalCleanupMethod, instance);
            }
        }

        return count;
    }

    private static async Task InvokeAsync(MethodInfo? method, object instance)
    {
        if (method?.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, null, null) is Task task)
        {
            await task;
        }
    }
}
