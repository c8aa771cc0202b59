namespace FerSharp.Training;

/// <summary>Makes a picture's targets: label and votes, softened, mixed with a teacher's, and weighted by class.</summary>
internal sealed class TargetWriter
{
    private readonly TrainingSet _set;
    private readonly TrainingRecipe _recipe;

    public TargetWriter(TrainingSet set, TrainingRecipe recipe)
    {
        _set = set;
        _recipe = recipe;
        var labels = new double[ExpressionNetwork.Fer2013Classes];
        var votes = new double[ExpressionNetwork.ConsensusClasses];
        for (int i = 0; i < set.Count; i++)
        {
            if (set.Fer2013Label(i) is var label and >= 0)
            {
                labels[label]++;
            }

            for (int c = 0; c < votes.Length; c++)
            {
                votes[c] += set.Votes(i)[c];
            }
        }

        Fer2013Weights = Weights(labels, recipe.ClassBalance);
        ConsensusWeights = Weights(votes, recipe.ClassBalance);
    }

    /// <summary>The weight of each FER-2013 label.</summary>
    public float[] Fer2013Weights { get; }

    /// <summary>The weight of each expression of FER+.</summary>
    public float[] ConsensusWeights { get; }

    /// <summary>Writes the targets of a picture; where nothing is known about it they are 0, and say nothing.</summary>
    public void Write(int picture, Span<float> consensus, Span<float> fer2013)
    {
        (ReadOnlyMemory<float> teacherConsensus, ReadOnlyMemory<float> teacherFer2013) = _recipe.TeacherShare > 0 ? _set.Teacher(picture) : default;
        _set.Votes(picture).CopyTo(consensus);
        int label = _set.Fer2013Label(picture);
        fer2013.Fill(label < 0 ? 0 : _recipe.LabelSmoothing / fer2013.Length);
        if (label >= 0)
        {
            fer2013[label] += 1 - _recipe.LabelSmoothing;
        }

        Finish(consensus, teacherConsensus.Span, ConsensusWeights);
        Finish(fer2013, teacherFer2013.Span, Fer2013Weights);
    }

    /// <summary>The mean weight over the set's targets is 1, so that balance does not change the learning rate.</summary>
    internal static float[] Weights(ReadOnlySpan<double> amounts, double balance)
    {
        var weights = new float[amounts.Length];
        double sum = 0, weighted = 0;
        foreach (double amount in amounts)
        {
            sum += amount;
            weighted += amount > 0 ? amount * Math.Pow(amount, -balance) : 0;
        }

        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = amounts[i] > 0 ? (float)(Math.Pow(amounts[i], -balance) * sum / weighted) : 1;
        }

        return weights;
    }

    private void Finish(Span<float> target, ReadOnlySpan<float> teacher, ReadOnlySpan<float> weights)
    {
        float own = teacher.IsEmpty ? 1 : target.ContainsAnyExcept(0f) ? 1 - _recipe.TeacherShare : 0;
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = weights[i] * ((own * target[i]) + (teacher.IsEmpty ? 0 : (1 - own) * teacher[i]));
        }
    }
}
