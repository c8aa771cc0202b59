using System.Globalization;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace FerSharp.Benchmarks.History;

/// <summary>Writes what <c>compare</c> reads beside BenchmarkDotNet's own reports, which do not say what a benchmark's baseline is.</summary>
internal sealed class FigureExporter : ExporterBase
{
    protected override string FileExtension => "json";

    protected override string FileCaption => "figures";

    public override void ExportToLog(Summary summary, ILogger logger) => logger.Write(BenchmarkFigures.OfThisMachine([.. summary.Reports.Where(report => report.Success).Select(report => Of(summary, report))]).ToJson());

    /// <summary>Folder, class and method of a benchmark.</summary>
    public static string NameOf(Descriptor method) => $"{method.Type.FullName!.Replace(typeof(FigureExporter).Assembly.GetName().Name + ".", "", StringComparison.Ordinal)}.{method.WorkloadMethod.Name}";

    private static BenchmarkFigure Of(Summary summary, BenchmarkReport report)
    {
        BenchmarkCase benchmark = report.BenchmarkCase;
        IEnumerable<string> parameters = benchmark.Parameters.Items.Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Name}={item.Value}"));
        bool hasJobs = summary.BenchmarksCases.Select(other => other.Job.ResolvedId).Distinct().Count() > 1;
        BenchmarkCase? baseline = summary.GetBaseline(summary.GetLogicalGroupKey(benchmark));
        double? ratio = baseline is null ? null : report.ResultStatistics?.Median / summary[baseline]?.ResultStatistics?.Median;
        return new BenchmarkFigure(
            NameOf(benchmark.Descriptor),
            string.Join(", ", hasJobs ? parameters.Append($"Job={benchmark.Job.ResolvedId}") : parameters),
            ratio is > 0 and < double.PositiveInfinity ? Math.Round(ratio.Value, 4, MidpointRounding.ToPositiveInfinity) : null,
            report.GcStats.GetBytesAllocatedPerOperation(benchmark));
    }
}
