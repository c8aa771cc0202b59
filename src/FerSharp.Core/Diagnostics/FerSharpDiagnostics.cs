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

    private static readonly Meter Meter = new(MeterName);
    private static readonly Histogram<double> StageDuration = Meter.CreateHistogram<double>(StageDurationName, "s", "Duration of one stage of a call.");

    /// <summary>Starts timing a call's stages.</summary>
    public static StageTimer StartStages() => new(StageDuration.Enabled ? Stopwatch.GetTimestamp() : 0);

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
