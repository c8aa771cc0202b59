namespace FerSharp.Evaluation;

/// <summary>How well a classifier does on one class, against all others. Immutable.</summary>
public sealed record ClassMetrics
{
    internal ClassMetrics(ConfusionMatrix confusion, Emotion emotion)
    {
        Emotion = emotion;
        int hits = confusion[emotion, emotion];
        Support = confusion.TruthCount(emotion);
        Precision = MetricInput.Ratio(hits, confusion.AnswerCount(emotion));
        Recall = MetricInput.Ratio(hits, Support);
        F1 = MetricInput.Ratio(2.0 * hits, Support + confusion.AnswerCount(emotion));
    }

    /// <summary>The class.</summary>
    public Emotion Emotion { get; }

    /// <summary>Share of its answers that are right, 0 to 1; 0 where it is never the answer.</summary>
    public double Precision { get; }

    /// <summary>Share of its samples that are found, 0 to 1; 0 where it has none.</summary>
    public double Recall { get; }

    /// <summary>Harmonic mean of precision and recall, 0 to 1 (van Rijsbergen 1979); 0 where it is neither truth nor answer.</summary>
    public double F1 { get; }

    /// <summary>Number of samples of this truth.</summary>
    public int Support { get; }
}

/// <summary>What answers without a look at the picture reach. A model must beat them to be worth anything. Immutable.</summary>
public sealed record Baselines
{
    internal Baselines(ConfusionMatrix confusion)
    {
        Emotion[] classes = confusion.Classes.ToArray();
        UniformAccuracy = 1.0 / classes.Length;
        int occurring = 0;
        foreach (Emotion emotion in classes)
        {
            double share = (double)confusion.TruthCount(emotion) / confusion.Total;
            PriorAccuracy += share * share;
            PriorLogLoss -= share > 0 ? share * Math.Log(share) : 0;
            occurring += share > 0 ? 1 : 0;
            if (confusion.TruthCount(emotion) > confusion.TruthCount(MajorityClass))
            {
                MajorityClass = emotion;
            }
        }

        MajorityAccuracy = (double)confusion.TruthCount(MajorityClass) / confusion.Total;
        MajorityMacroF1 = 2 * MajorityAccuracy / (1 + MajorityAccuracy) / occurring;
    }

    /// <summary>Expected accuracy of answers drawn evenly from the classes: 1 / number of classes.</summary>
    public double UniformAccuracy { get; }

    /// <summary>Expected accuracy of answers drawn with the classes' own shares.</summary>
    public double PriorAccuracy { get; }

    /// <summary>Log-loss of always giving the classes' shares as probabilities, in nats: their entropy.</summary>
    public double PriorLogLoss { get; }

    /// <summary>The most frequent truth; the first in enum order of equally frequent ones.</summary>
    public Emotion MajorityClass { get; }

    /// <summary>Accuracy of always answering <see cref="MajorityClass"/>.</summary>
    public double MajorityAccuracy { get; }

    /// <summary>Macro F1 of always answering <see cref="MajorityClass"/>.</summary>
    public double MajorityMacroF1 { get; }
}
