namespace FerSharp.Training;

/// <summary>How well a model does on pictures that it did not learn from.</summary>
/// <param name="Fer2013">Share of pictures whose FER-2013 label the FER-2013 output finds.</param>
/// <param name="Consensus8">Share of pictures with a FER+ majority that the consensus output finds, eight classes.</param>
/// <param name="Consensus7">The same without contempt, as label and as answer.</param>
/// <param name="Loss">Mean cross-entropy with labels and votes, weighted as in training, without label smoothing.</param>
public sealed record ValidationFigures(double Fer2013, double Consensus8, double Consensus7, double Loss)
{
    internal static ValidationFigures Measure(TrainingSet set, Predictions predictions, TrainingRecipe recipe)
    {
        int labelled = 0, found = 0, of8 = 0, right8 = 0, of7 = 0, right7 = 0;
        double loss = 0;
        for (int i = 0; i < set.Count; i++)
        {
            ReadOnlySpan<float> fer2013 = predictions.Fer2013Of(i), consensus = predictions.ConsensusOf(i), votes = set.Votes(i);
            int label = set.Fer2013Label(i), majority = set.MajorityLabel(i);
            if (label >= 0)
            {
                labelled++;
                found += Largest(fer2013) == label ? 1 : 0;
                loss += recipe.Fer2013Weight * (LogSum(fer2013) - fer2013[label]);
            }

            double logSum = LogSum(consensus);
            for (int c = 0; c < votes.Length; c++)
            {
                loss += recipe.ConsensusWeight * votes[c] * (logSum - consensus[c]);
            }

            if (majority >= 0)
            {
                of8++;
                right8 += Largest(consensus) == majority ? 1 : 0;
            }

            if (majority >= 0 && majority != (int)Emotion.Contempt)
            {
                of7++;
                right7 += Largest(consensus[..(int)Emotion.Contempt]) == majority ? 1 : 0;
            }
        }

        return new ValidationFigures(Share(found, labelled), Share(right8, of8), Share(right7, of7), loss / Math.Max(set.Count, 1));
    }

    private static double LogSum(ReadOnlySpan<float> logits)
    {
        double sum = 0, top = logits[Largest(logits)];
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - top);
        }

        return top + Math.Log(sum);
    }

    private static int Largest(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] ? i : best;
        }

        return best;
    }

    private static double Share(int right, int of) => of == 0 ? 0 : (double)right / of;
}
