namespace FerSharp.MLNet.Tests;

public sealed class HeadMetricsTests
{
    [Fact]
    public void Measure_KnownAnswers_GivesTheTextbookFigures()
    {
        // Truth 0 0 0 1 1 2; told 0 0 1 1 1 1: F1 = 4/5, 4/6, 0.
        float[][] scores = [[0.8f, 0.1f, 0.1f], [0.8f, 0.1f, 0.1f], [0.1f, 0.8f, 0.1f], [0.1f, 0.8f, 0.1f], [0.1f, 0.8f, 0.1f], [0.1f, 0.8f, 0.1f]];
        HeadCandidate measured = HeadMetrics.Measure(HeadAlgorithm.LightGbm, "x", scores, [0, 0, 0, 1, 1, 2], 3);
        Assert.Equal(4.0 / 6, measured.Accuracy, 1e-9);
        Assert.Equal(((4.0 / 5) + (4.0 / 6) + 0) / 3, measured.MacroF1, 1e-9);
        Assert.Equal(-((4 * Math.Log(0.8)) + (2 * Math.Log(0.1))) / 6, measured.LogLoss, 1e-6);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(3)]
    public void FitTemperature_ScoresThatWereSharpened_FindsByHowMuch(double temperature)
    {
        // Truth drawn from p; what is told is p sharpened by the temperature.
        var random = new Random(1);
        float[][] told = new float[4000][];
        int[] truth = new int[told.Length];
        for (int i = 0; i < told.Length; i++)
        {
            double[] p = [random.NextDouble() + 0.05, random.NextDouble() + 0.05, random.NextDouble() + 0.05];
            double sum = p.Sum(), draw = random.NextDouble() * sum;
            truth[i] = draw < p[0] ? 0 : draw < p[0] + p[1] ? 1 : 2;
            double[] sharp = [.. p.Select(value => Math.Pow(value / sum, temperature))];
            told[i] = [.. sharp.Select(value => (float)(value / sharp.Sum()))];
        }

        Assert.Equal(temperature, HeadMetrics.FitTemperature(told, truth), temperature * 0.15);
    }

    [Fact]
    public void FitTemperature_CertainAndRight_StaysInItsRange() =>
        Assert.InRange(HeadMetrics.FitTemperature([[1, 0], [0, 1]], [0, 1]), 0.05f, 20f);
}
