namespace FerSharp.Evaluation;

/// <summary>Counts what a whole pipeline answered. A face that was not found is a wrong answer that is no expression: it costs its class recall and no class precision.</summary>
internal sealed class AnswerTally
{
    private readonly int[] _support = new int[EmotionScores.Count];
    private readonly int[] _answers = new int[EmotionScores.Count];
    private readonly int[] _hits = new int[EmotionScores.Count];

    public int Count { get; private set; }

    public int Found { get; private set; }

    public int Right { get; private set; }

    public double Accuracy => (double)Right / Count;

    public double Coverage => (double)Found / Count;

    /// <summary>The expressions that occur as a truth.</summary>
    public EmotionSet Truths => new([.. Enumerable.Range(0, EmotionScores.Count).Where(c => _support[c] > 0).Select(c => (Emotion)c)]);

    public static AnswerTally Of(ReadOnlySpan<Prediction> predictions, ReadOnlySpan<int> indices)
    {
        var tally = new AnswerTally();
        foreach (int i in indices)
        {
            tally.Add(predictions[i].Truth, AnswerTo(predictions[i]));
        }

        return tally;
    }

    /// <summary>The answer to a sample; null where no face was found.</summary>
    public static Emotion? AnswerTo(in Prediction prediction) => prediction.Status == PredictionStatus.Read ? prediction.Scores.Top : null;

    public void Add(Emotion truth, Emotion? answer)
    {
        Count++;
        _support[(int)truth]++;
        if (answer is { } given)
        {
            Found++;
            _answers[(int)given]++;
            if (given == truth)
            {
                Right++;
                _hits[(int)truth]++;
            }
        }
    }

    public int Support(Emotion emotion) => _support[(int)emotion];

    public int Hits(Emotion emotion) => _hits[(int)emotion];

    /// <summary>Mean recall over the given classes that occur as a truth; NaN where none does.</summary>
    public double MacroRecall(EmotionSet classes) => Mean(classes, c => _support[c], c => (double)_hits[c] / _support[c]);

    /// <summary>Mean F1 over the given classes that occur as truth or answer; NaN where none does. The rule of <see cref="ClassificationMetrics.MacroF1"/>.</summary>
    public double MacroF1(EmotionSet classes) => Mean(classes, c => _support[c] + _answers[c], c => 2.0 * _hits[c] / (_support[c] + _answers[c]));

    private static double Mean(EmotionSet classes, Func<int, int> occurring, Func<int, double> value)
    {
        double sum = 0;
        int count = 0;
        for (int c = 0; c < EmotionScores.Count; c++)
        {
            if (classes.Contains((Emotion)c) && occurring(c) > 0)
            {
                sum += value(c);
                count++;
            }
        }

        return sum / count;
    }
}
