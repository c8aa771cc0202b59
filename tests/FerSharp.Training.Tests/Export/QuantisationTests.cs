using CsCheck;

namespace FerSharp.Training.Tests;

public sealed class QuantisationTests
{
    [Fact]
    public void Scale_OfAnyRange_CoversItAndHasZero() => Gen.Select(Gen.Float[-1000, 1000], Gen.Float[-1000, 1000]).Sample((a, b) =>
    {
        (float scale, byte zero) = ExportGraph.ScaleOf(new ValueRange(Math.Min(a, b), Math.Max(a, b)));
        float low = (0 - zero) * scale, high = (255 - zero) * scale;
        return scale > 0 && low <= Math.Min(Math.Min(a, b), 0) + (scale * 0.52f) && high >= Math.Max(Math.Max(a, b), 0) - (scale * 0.52f);
    });

    [Fact]
    public void Weights_OfAnyChannels_AreWithinHalfAStep() => Gen.Float[-3, 3].Array[12].Sample(weights =>
    {
        float[] scales = ExportGraph.QuantiseWeights(weights, 3, out sbyte[] quantised);
        return weights.Select((weight, i) => Math.Abs(weight - (quantised[i] * scales[i / 4])) <= (scales[i / 4] * 0.51f)).All(near => near)
            && quantised.All(value => value is >= -63 and <= 63);
    });
}
