namespace FerSharp.Evaluation;

/// <summary>Measures of agreement beyond chance, from a confusion matrix.</summary>
internal readonly record struct Agreement(double Matthews, double Kappa, double Informedness, double Markedness)
{
    /// <summary>Computes all four; formulas and rules stand at the properties of <see cref="ClassificationMetrics"/>.</summary>
    public static Agreement Of(ConfusionMatrix confusion)
    {
        double total = confusion.Total;
        double expected = 0, truthSquares = 0, answerSquares = 0, informedness = 0, markedness = 0;
        for (Emotion emotion = Emotion.Neutral; emotion <= Emotion.Contempt; emotion++)
        {
            double truths = confusion.TruthCount(emotion);
            double answers = confusion.AnswerCount(emotion);
            double hits = confusion[emotion, emotion];
            double rejected = total - truths - answers + hits;
            expected += truths * answers;
            truthSquares += truths * truths;
            answerSquares += answers * answers;
            if (truths > 0 && truths < total)
            {
                informedness += answers / total * ((hits / truths) + (rejected / (total - truths)) - 1);
            }

            if (answers > 0 && answers < total)
            {
                markedness += truths / total * ((hits / answers) + (rejected / (total - answers)) - 1);
            }
        }

        double covariance = (confusion.Correct * total) - expected;
        double square = total * total;
        return new Agreement(
            MetricInput.Ratio(covariance, Math.Sqrt((square - truthSquares) * (square - answerSquares))),
            MetricInput.Ratio(covariance, square - expected),
            informedness,
            markedness);
    }
}
