using System.Reflection;
using BenchmarkDotNet.Attributes;
using FerSharp.Benchmarks.Classification;

namespace FerSharp.Benchmarks.Tests;

/// <summary>Benchmarks that nobody runs rot: each runs once here.</summary>
public sealed class SuiteTests
{
    private static readonly Assembly Benchmarks = typeof(Config).Assembly;

    public static TheoryData<string> Suites => [.. Benchmarks.GetExportedTypes()
        .Where(type => type != typeof(Int8Benchmarks) && type.GetMethods().Any(method => method.IsDefined(typeof(BenchmarkAttribute))))
        .Select(type => type.FullName!)];

    [Theory, MemberData(nameof(Suites))]
    public async Task Suite_EachBenchmarkOnce_Runs(string suite) => Assert.NotEqual(0, await DryRun.RunAsync(Benchmarks.GetType(suite)!));

    [Theory, MemberData(nameof(Suites))]
    public void Suite_ItsBaseline_IsOne(string suite)
    {
        var cases = DryRun.CasesOf(Benchmarks.GetType(suite)!);
        string[] methods = [.. cases.Where(benchmark => benchmark.Descriptor.Baseline).Select(benchmark => benchmark.Descriptor.WorkloadMethod.Name).Distinct()];
        string[] jobs = [.. cases.Where(benchmark => benchmark.Job.Meta.Baseline).Select(benchmark => benchmark.Job.ResolvedId).Distinct()];

        Assert.Single(methods.Concat(jobs));
    }

    [Fact]
    public async Task Int8Suite_WithAModel_RunsAndIsLeftOutWithout()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("fersharp-int8");
        string? before = Environment.GetEnvironmentVariable(Int8Benchmarks.PathVariable);
        try
        {
            // Any classifier shows that the suite runs.
            ModelPackage model = EmbeddedModels.EmotionClassifier;
            File.WriteAllBytes(Path.Combine(folder.FullName, ModelPackage.ManifestFileName), ModelManifestWriter.Write(model.Manifest));
            File.WriteAllBytes(Path.Combine(folder.FullName, model.Manifest.File), model.Content.Span);
            Environment.SetEnvironmentVariable(Int8Benchmarks.PathVariable, folder.FullName);
            Assert.NotEqual(0, await DryRun.RunAsync(typeof(Int8Benchmarks)));

            Environment.SetEnvironmentVariable(Int8Benchmarks.PathVariable, null);
            Assert.Empty(DryRun.CasesOf(typeof(Int8Benchmarks)));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Int8Benchmarks.PathVariable, before);
            folder.Delete(recursive: true);
        }
    }
}
