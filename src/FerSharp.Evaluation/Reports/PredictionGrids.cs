namespace FerSharp.Evaluation;

/// <summary>Chooses the pictures that a report shows. Hits never stand alone: beside them are the errors, the worst ones first.</summary>
internal static class PredictionGrids
{
    private const int PerGrid = 24;

    public static void Write(ReportDocument document, EvaluationReport report, FaceDataset pictures)
    {
        Prediction[] read = [.. report.Predictions.Read];
        Dictionary<string, int> positions = Positions(pictures);
        ScoredSamples samples = report.Samples;
        int[] all = [.. Enumerable.Range(0, read.Length)];
        int[] wrong = [.. all.Where(i => !samples.IsRight(i))];
        int[] shuffled = [.. all];
        new Random(unchecked((int)report.Options.Seed)).Shuffle(shuffled);
        void Grid(string caption, IEnumerable<int> chosen)
        {
            int[] shown = [.. chosen.Take(PerGrid)];
            if (shown.Length > 0)
            {
                document.Pictures(caption, [.. shown.Select(i => Picture(pictures, positions, read[i]))]);
            }
        }

        document.Chapter("Pictures");
        document.Text($"Of {read.Length} readings {wrong.Length} are wrong. Each picture has its true label, the answer and its score.");
        Grid("Drawn at random", shuffled);
        Grid("Most confident errors", wrong.OrderByDescending(i => samples.Confidence[i]).ThenBy(i => i));
        Grid("Worst errors: the true label got the least", wrong.OrderByDescending(i => samples.LogLoss[i]).ThenBy(i => i));
        Grid("Least margin between the two best answers", all.OrderBy(i => Margin(samples.Probabilities(i))).ThenBy(i => i));
        Prediction[] missed = [.. report.Predictions.Predictions.Where(prediction => prediction.Status == PredictionStatus.FaceMissed).Take(PerGrid)];
        if (missed.Length > 0)
        {
            document.Pictures("Faces that the detector missed", [.. missed.Select(prediction => Picture(pictures, positions, prediction))]);
        }
    }

    private static Dictionary<string, int> Positions(FaceDataset pictures)
    {
        var positions = new Dictionary<string, int>(pictures.Samples.Count, StringComparer.Ordinal);
        for (int i = 0; i < pictures.Samples.Count; i++)
        {
            positions[pictures.Samples[i].Id] = i;
        }

        return positions;
    }

    private static ReportPicture Picture(FaceDataset pictures, Dictionary<string, int> positions, in Prediction prediction)
    {
        if (!positions.TryGetValue(prediction.Id, out int index))
        {
            throw new ArgumentException($"The data set '{pictures.Info.Name}' has no sample '{prediction.Id}': it is not the one that was read.", nameof(pictures));
        }

        using Frame frame = pictures.Load(index);
        string answer = prediction.Status == PredictionStatus.Read
            ? $"{EmotionName.Of(prediction.Scores.Top)} {Charts.Text(prediction.Scores.TopScore, "0.00")}"
            : "no face found";
        string verdict = prediction.Status == PredictionStatus.Read && prediction.Scores.Top == prediction.Truth ? "right" : "wrong";
        return ReportPictures.Of(frame.View, $"true: {EmotionName.Of(prediction.Truth)}", $"read: {answer}", verdict, prediction.Id);
    }

    private static double Margin(ReadOnlySpan<double> row)
    {
        double first = 0, second = 0;
        foreach (double p in row)
        {
            (first, second) = p > first ? (p, first) : (first, Math.Max(second, p));
        }

        return first - second;
    }
}
