namespace FerSharp.Evaluation;

/// <summary>How a classifier, or a detector with it, does on pictures that get worse. Immutable.</summary>
/// <param name="Model">The classifier.</param>
/// <param name="Detector">The detector; null where whole pictures were read.</param>
/// <param name="Dataset">The unchanged data set.</param>
/// <param name="Seed">Seed of the perturbations.</param>
/// <param name="Clean">The unchanged pictures; its drops are 0.</param>
/// <param name="Rows">A row for each kind and strength, in the order of <see cref="RobustnessOptions.Perturbations"/>.</param>
/// <param name="Notes">How the figures came about, a sentence each.</param>
public sealed record RobustnessReport(
    ModelInfo Model, ModelInfo? Detector, DatasetInfo Dataset, ulong Seed, RobustnessRow Clean, IReadOnlyList<RobustnessRow> Rows, IReadOnlyList<string> Notes)
{
    /// <summary>The report as a document for people: the table, and a chart for each kind.</summary>
    public ReportDocument ToDocument() => RobustnessDocument.Of(this);

    /// <summary>The report as JSON for machines, kind <c>fersharp.robustness</c>, schema 1: every property by its name in camel case.</summary>
    /// <returns>UTF-8 in a new array.</returns>
    public byte[] ToJson() => ResultJson.Write("fersharp.robustness", 1, this);
}

/// <summary>The figures for one perturbation. A missed face counts as a wrong answer. Immutable.</summary>
public sealed record RobustnessRow
{
    internal RobustnessRow()
    {
    }

    /// <summary>For people: <c>Blur 0.5</c>, or <c>unchanged</c>.</summary>
    public string Name => Perturbation?.ToString() ?? "unchanged";

    /// <summary>What was done; null for the unchanged pictures.</summary>
    public required Perturbation? Perturbation { get; init; }

    /// <summary>n: pictures that could be loaded in this run and in the unchanged one.</summary>
    public required int Count { get; init; }

    /// <summary>Pictures that could not be loaded: part of no figure.</summary>
    public required int Unreadable { get; init; }

    /// <summary>Share of right answers among all n, with Wilson's interval.</summary>
    public required Interval Accuracy { get; init; }

    /// <summary>Macro F1 of all n, by bootstrap. A missed face is a sample of its class that got no answer.</summary>
    public required Interval MacroF1 { get; init; }

    /// <summary>Accuracy of the same pictures unchanged minus accuracy here: above 0 is worse. By bootstrap, paired.</summary>
    public required Interval AccuracyDrop { get; init; }

    /// <summary>Macro F1 of the same pictures unchanged minus macro F1 here: above 0 is worse. By bootstrap, paired.</summary>
    public required Interval MacroF1Drop { get; init; }

    /// <summary>For how many the library gives no answer, and how good its answers are.</summary>
    public required AbstentionMetrics Abstention { get; init; }
}

/// <summary>What the library does not answer, by the rule of <see cref="EmotionAnalyzer"/>. Immutable.</summary>
public sealed record AbstentionMetrics
{
    internal AbstentionMetrics(IReadOnlyList<(Prediction Prediction, OutcomeReasons Reasons)> faces, double level)
    {
        int Count(OutcomeReasons reason) => faces.Count(face => (face.Reasons & reason) != 0);
        Prediction[] answered = [.. faces.Where(face => face.Prediction.Status == PredictionStatus.Read && face.Reasons == OutcomeReasons.None).Select(face => face.Prediction)];
        Found = faces.Count(face => face.Prediction.Status == PredictionStatus.Read);
        Missed = faces.Count - Found;
        Answered = answered.Length;
        LowQuality = Count(OutcomeReasons.TooSmall | OutcomeReasons.TooDark | OutcomeReasons.TooBlurred);
        LowTopScore = Count(OutcomeReasons.LowTopScore);
        TooSmall = Count(OutcomeReasons.TooSmall);
        TooDark = Count(OutcomeReasons.TooDark);
        TooBlurred = Count(OutcomeReasons.TooBlurred);
        Abstained = Found > 0 ? Interval.Wilson(Found - Answered, Found, level) : null;
        AnsweredShare = Interval.Wilson(Answered, faces.Count, level);
        AccuracyOnAnswered = Answered > 0 ? Interval.Wilson(answered.Count(prediction => prediction.Scores.Top == prediction.Truth), Answered, level) : null;
    }

    /// <summary>Faces that were found and read.</summary>
    public int Found { get; }

    /// <summary>Pictures in which no face was found; not among <see cref="Found"/>, and not answered either.</summary>
    public int Missed { get; }

    /// <summary>Faces whose outcome is <see cref="FaceOutcome.Ok"/>.</summary>
    public int Answered { get; }

    /// <summary>Faces that are too small, too dark or too blurred; a face can be among <see cref="LowTopScore"/>, too.</summary>
    public int LowQuality { get; }

    /// <summary>Faces whose top score is too low, whatever their quality.</summary>
    public int LowTopScore { get; }

    /// <summary>Faces that are too small.</summary>
    public int TooSmall { get; }

    /// <summary>Faces that are too dark.</summary>
    public int TooDark { get; }

    /// <summary>Faces that are too blurred.</summary>
    public int TooBlurred { get; }

    /// <summary>Share of the found faces that get no answer, with Wilson's interval; null where none was found.</summary>
    public Interval? Abstained { get; }

    /// <summary>Share of all pictures that get an answer, missed faces among those that do not; with Wilson's interval.</summary>
    public Interval AnsweredShare { get; }

    /// <summary>Share of the answers that are right, with Wilson's interval; null where there is none.</summary>
    public Interval? AccuracyOnAnswered { get; }
}
