namespace FerSharp.Evaluation;

/// <summary>Chooses the pictures that a report shows. Errors come first, the worst of them before the others; where there is no error, no hit is shown either.</summary>
internal static class PredictionGrids
{
    private const int PerGrid = 24;

    public static void Write(ReportDocument document, EvaluationReport report, FaceDataset pictures)
    {
        if (!string.Equals(pictures.Info.Sha256, report.Predictions.Dataset.Sha256, StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException(
                $"The data set '{pictures.Info.Name}' is not the one that was read: its hash is {pictures.Info.Sha256}, the report is on {report.Predictions.Dataset.Sha256}. Open it as for the evaluation.",
                nameof(pictures));
        }

        Prediction[] read = [.. report.Predictions.Read];
        Prediction[] missed = [.. report.Predictions.Predictions.Where(prediction => prediction.Status == PredictionStatus.FaceMissed)];
        Dictionary<string, int> positions = Positions(pictures);
        ScoredSamples samples = report.Samples;
        int[] all = [.. Enumerable.Range(0, read.Length)];
        int[] wrong = [.. all.Where(i => !samples.IsRight(i))];
        int[] shuffled = [.. all];
        new Random(unchecked((int)report.Options.Seed)).Shuffle(shuffled);
        void Grid(string caption, IEnumerable<Prediction> chosen)
        {
            ReportPicture[] shown = [.. chosen.Take(PerGrid).Select(prediction => Picture(pictures, positions, prediction))];
            if (shown.Length > 0)
            {
                document.Pictures(caption, shown);
            }
        }

        document.Chapter("Pictures");
        if (wrong.Length + missed.Length == 0)
        {
            document.Text($"None of the {read.Length} readings is wrong, so no picture is shown: hits alone say nothing.");
            return;
        }

        document.Text(
            $"Of {read.Length} readings {wrong.Length} are wrong{(missed.Length > 0 ? $", and in {missed.Length} more pictures no face was found" : "")}. "
            + "Beneath each picture: its true label, the answer, its score, the sample's id.");
        Grid("Most confident errors", wrong.OrderByDescending(i => samples.Confidence[i]).ThenBy(i => i).Select(i => read[i]));
        Grid("Worst errors: the true label got the least", wrong.OrderByDescending(i => samples.LogLoss[i]).ThenBy(i => i).Select(i => read[i]));
        Grid("Faces that the detector missed", missed);
        Grid("Drawn at random from all readings", shuffled.Select(i => read[i]));
        Grid("Least margin between the two best answers", all.OrderBy(i => Margin(samples.Probabilities(i))).ThenBy(i => i).Select(i => read[i]));
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
        string truth = $"true: {EmotionName.Of(prediction.Truth)}";
        return prediction.Status == PredictionStatus.Read
            ? ReportPictures.Of(
                frame.View,
                truth,
                $"read: {EmotionName.Of(prediction.Scores.Top)}",
                $"{(prediction.Scores.Top == prediction.Truth ? "right" : "wrong")}, {Charts.Text(prediction.Scores.TopScore, "0.00")}",
                prediction.Id)
            : ReportPictures.Of(frame.View, truth, "no face found", prediction.Id);
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
