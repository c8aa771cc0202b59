using CsCheck;
using FerSharp.Imaging;
using FerSharp.Numerics;

namespace FerSharp.Core.Tests.Numerics;

public sealed class NumericsPropertyTests
{
    private static readonly Gen<FaceDetection[]> Candidates =
        (from x in Gen.Float[0, 100]
         from y in Gen.Float[0, 100]
         from size in Gen.Float[1, 60]
         from score in Gen.Int[0, 10]
         select new FaceDetection(new RectF(x, y, size, size), score / 10f)).Array[0, 40];

    [Fact]
    public void Suppression_AnyCandidates_MatchesTheDefinition() => Gen.Select(Candidates, Gen.Float[0, 1]).Sample((candidates, threshold) =>
    {
        var expected = new List<FaceDetection>();
        foreach (FaceDetection candidate in candidates.OrderByDescending(c => c.Score))
        {
            if (expected.All(kept => kept.Box.IntersectionOverUnion(candidate.Box) <= threshold))
            {
                expected.Add(candidate);
            }
        }

        var kept = new FaceDetection[candidates.Length];
        int count = NonMaxSuppression.Select(candidates, new ulong[candidates.Length], threshold, kept);
        Assert.Equal(expected, kept[..count]);
    });

    [Fact]
    public void Suppression_ShortDestination_GivesAPrefix() => Gen.Select(Candidates, Gen.Int[0, 40]).Sample((candidates, capacity) =>
    {
        var all = new FaceDetection[candidates.Length];
        var some = new FaceDetection[capacity];
        int full = NonMaxSuppression.Select(candidates, new ulong[candidates.Length], 0.3f, all);
        int count = NonMaxSuppression.Select(candidates, new ulong[candidates.Length], 0.3f, some);
        Assert.Equal(Math.Min(full, capacity), count);
        Assert.Equal(all[..count], some[..count]);
    });

    [Fact]
    public void Softmax_AnyLogits_SumsToOneAndKeepsTheOrder() => Gen.Select(Gen.Float[-200, 200].Array[1, 12], Gen.Float[0.05f, 20]).Sample((logits, temperature) =>
    {
        float[] p = new float[logits.Length];
        Softmax.Compute(logits, temperature, p);
        Assert.Equal(1, p.Sum(), 1e-5f);
        Assert.All(p, value => Assert.InRange(value, 0, 1));
        Assert.Equal(p[Array.IndexOf(logits, logits.Max())], p.Max());
    });

    [Fact]
    public void Softmax_BadArguments_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("temperature", () => Softmax.Compute([1], 0, new float[1]));
        Assert.Throws<ArgumentException>("destination", () => Softmax.Compute([1, 2], 1, new float[1]));
        Assert.Throws<ArgumentException>(() => Softmax.Compute([], 1, []));
    }

    [Fact]
    public void Similarity_OfTransformedPoints_IsRecovered() =>
        Gen.Select(Gen.Float[-3, 3], Gen.Float[-3, 3], Gen.Float[-50, 50], Gen.Float[-50, 50]).Where(t => MathF.Abs(t.Item1) + MathF.Abs(t.Item2) > 0.1f).Sample((a, b, x, y) =>
        {
            var map = new AffineTransform(a, -b, x, b, a, y);
            PointF[] points = [new(38, 51), new(73, 51), new(56, 71), new(41, 92), new(70, 92)];
            Assert.True(AffineTransform.TryFitSimilarity(points, [.. points.Select(map.Apply)], out AffineTransform fitted));
            Assert.All(points, point =>
            {
                PointF there = fitted.Apply(point), back = fitted.Inverse().Apply(there);
                Assert.Equal(map.Apply(point).X, there.X, 0.01f);
                Assert.Equal(map.Apply(point).Y, there.Y, 0.01f);
                Assert.Equal(point.X, back.X, 0.05f);
                Assert.Equal(point.Y, back.Y, 0.05f);
            });
        });

    [Fact]
    public void Inverse_OfAFlatMap_Throws() => Assert.Throws<InvalidOperationException>(() => new AffineTransform(1, 1, 0, 1, 1, 0).Inverse());
}
