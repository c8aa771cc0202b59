using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FerSharp.Diagnostics;

/// <summary>What FerSharp measures of itself, through System.Diagnostics.Metrics. It costs next to nothing while nobody listens.</summary>
/// <remarks>Numbers only: no picture, score or name ever goes into a measurement.</remarks>
public static class FerSharpDiagnostics
{
    /// <summary>The meter's name: FerSharp.</summary>
    public const string MeterName = "FerSharp";

    /// <summary>A histogram of seconds, with the tag <see cref="StageTag"/>: how long one stage of one call took.</summary>
    public const string StageDurationName = "fersharp.stage.duration";

    /// <summary>The tag that names the stage, such as <see cref="DetectRun"/>.</summary>
    public const string StageTag = "stage";

    /// <summary>A detector's pixels to tensor.</summary>
    public const string DetectPreprocess = "detect.preprocess";

    /// <summary>A detector's network.</summary>
    public const string DetectRun = "detect.run";

    /// <summary>A detector's decoding and non-maximum suppression.</summary>
    public const string DetectDecode = "detect.decode";

    /// <summary>A classifier's pixels to tensor, for one batch.</summary>
    public const string ClassifyPreprocess = "classify.preprocess";

    /// <summary>A classifier's network, for one batch.</summary>
    public const string ClassifyRun = "classify.run";

    /// <summary>A classifier's decoding, for one batch.</summary>
    public const string ClassifyDecode = "classify.decode";

    /// <summary>The analyzer's measurement of face quality, for one picture.</summary>
    public const string Quality = "quality";

    /// <summary>A stream's wait for the source's next frame.</summary>
    public const string StreamRead = "stream.read";

    /// <summary>A frame's wait for a worker of its stream.</summary>
    public const string StreamWait = "stream.wait";

    /// <summary>The whole analysis of one frame of a stream.</summary>
    public const string StreamAnalyze = "stream.analyze";

    /// <summary>A counter: frames that streams got from their sources.</summary>
    public const string FramesReadName = "fersharp.stream.frames.read";

    /// <summary>A counter: frames that streams dropped because the analyzer was behind.</summary>
    public const string FramesDroppedName = "fersharp.stream.frames.dropped";

    /// <summary>A counter: frames that streams analysed.</summary>
    public const string FramesAnalyzedName = "fersharp.stream.frames.analyzed";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Histogram<double> StageDuration = Meter.CreateHistogram<double>(StageDurationName, "s", "Duration of one stage of a call.");

    internal static readonly Counter<long> FramesRead = Meter.CreateCounter<long>(FramesReadName, "{frame}", "Frames that streams got from their sources.");
    internal static readonly Counter<long> FramesDropped = Meter.CreateCounter<long>(FramesDroppedName, "{frame}", "Frames that streams dropped because the analyzer was behind.");
    internal static readonly Counter<long> FramesAnalyzed = Meter.CreateCounter<long>(FramesAnalyzedName, "{frame}", "Frames that streams analysed.");

    /// <summary>Starts timing a call's stages.</summary>
    public static StageTimer StartStages() => new(StageDuration.Enabled ? Stopwatch.GetTimestamp() : 0);

    /// <summary>Records a stage between two timestamps of <see cref="Stopwatch"/>: for stages that begin and end on different threads.</summary>
    internal static void RecordStage(string stage, long start, long end)
    {
        if (StageDuration.Enabled)
        {
            StageDuration.Record(Stopwatch.GetElapsedTime(start, end).TotalSeconds, new KeyValuePair<string, object?>(StageTag, stage));
        }
    }

    /// <summary>Times the stages of one call, one after the other. A value; not for sharing between threads.</summary>
    public struct StageTimer
    {
        private long _start;

        internal StageTimer(long start) => _start = start;

        /// <summary>Ends the stage that is running and starts the next.</summary>
        /// <param name="stage">The name of the stage that ended, a constant.</param>
        public void End(string stage)
        {
            if (_start == 0)
            {
                return;
            }

            long now = Stopwatch.GetTimestamp();
            StageDuration.Record(Stopwatch.GetElapsedTime(_start, now).TotalSeconds, new KeyValuePair<string, object?>(StageTag, stage));
            _start = now;
        }
    }
}
