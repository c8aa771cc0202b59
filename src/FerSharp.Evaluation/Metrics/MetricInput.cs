namespace FerSharp.Evaluation;

/// <summary>Checks that several metrics share.</summary>
internal static class MetricInput
{
    /// <summary>Refuses an empty input.</summary>
    public static void NotEmpty(int count, string name)
    {
        if (count == 0)
        {
            throw new ArgumentException("There are no samples: a metric needs at least one.", name);
        }
    }

    /// <summary>Refuses inputs of different lengths.</summary>
    public static void SameLength(int expected, int actual, string name)
    {
        if (expected != actual)
        {
            throw new ArgumentException($"There are {expected} truths and {actual} answers; give one answer for each truth.", name);
        }
    }

    /// <summary>Refuses what is no expression.</summary>
    public static void Defined(ReadOnlySpan<Emotion> emotions, string name)
    {
        for (int i = 0; i < emotions.Length; i++)
        {
            if (emotions[i] > Emotion.Contempt)
            {
                throw new ArgumentException($"Value {(int)emotions[i]} at position {i} is no defined expression.", name);
            }
        }
    }

    /// <summary>Refuses a share outside 0 to 1.</summary>
    public static void Share(double value, string name)
    {
        if (!(value >= 0 && value <= 1))
        {
            throw new ArgumentOutOfRangeException(name, value, "A number from 0 to 1 is needed.");
        }
    }

    /// <summary>Refuses a number of false detections for each picture that is no finite number from 0 up.</summary>
    public static void FalseBoxes(double value, string name)
    {
        if (!(value >= 0 && double.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(name, value, "A finite number from 0 up is needed, such as 1 false box for each picture.");
        }
    }

    /// <summary>Refuses a level that is not strictly between 0 and 1.</summary>
    public static void Level(double value, string name)
    {
        if (!(value > 0 && value < 1))
        {
            throw new ArgumentOutOfRangeException(name, value, "A confidence level lies between 0 and 1, such as 0.95.");
        }
    }

    /// <summary>A quotient; 0 where the denominator is 0 (scikit-learn's <c>zero_division=0</c>).</summary>
    public static double Ratio(double numerator, double denominator) => denominator == 0 ? 0 : numerator / denominator;
}
