using System.Text.Json;
using FerSharp.Imaging;
using FerSharp.Numerics;

namespace FerSharp.Core.Tests.Numerics;

/// <summary>Softmax against SciPy, suppression against OpenCV, similarity against scikit-image (tests/golden/README.md).</summary>
public sealed class GoldenNumericsTests
{
    [Fact]
    public void Softmax_GoldenCases_MatchSciPy()
    {
        foreach (JsonElement golden in Read("numerics.json").GetProperty("softmax").EnumerateArray())
        {
            float[] logits = Floats(golden.GetProperty("logits"));
            float[] actual = new float[logits.Length];
            Softmax.Compute(logits, golden.GetProperty("temperature").GetSingle(), actual);
            Assert.All(actual.Zip(Floats(golden.GetProperty("expected"))), pair => Assert.Equal(pair.Second, pair.First, golden.GetProperty("tolerance").GetSingle()));
        }
    }

    [Fact]
    public void NonMaxSuppression_GoldenCases_KeepWhatOpenCvKeeps()
    {
        int cases = 0;
        foreach (JsonElement golden in Read("numerics.json").GetProperty("nonMaximumSuppression").EnumerateArray())
        {
            FaceDetection[] faces = [.. golden.GetProperty("boxes").EnumerateArray().Zip(golden.GetProperty("scores").EnumerateArray(), (box, score) =>
            {
                float[] b = Floats(box);
                return new FaceDetection(new RectF(b[0], b[1], b[2], b[3]), score.GetSingle());
            })];
            float scoreThreshold = golden.TryGetProperty("scoreThreshold", out JsonElement threshold) ? threshold.GetSingle() : 0;
            FaceDetection[] candidates = [.. faces.Where(face => face.Score > scoreThreshold)];
            int[] keep = [.. golden.GetProperty("keep").EnumerateArray().Select(index => index.GetInt32())];
            var kept = new FaceDetection[faces.Length];

            int count = NonMaxSuppression.Select(candidates, new ulong[candidates.Length], golden.GetProperty("iouThreshold").GetSingle(), kept);

            Assert.Equal(keep.Select(index => faces[index]), kept[..count]);
            cases++;
        }

        Assert.True(cases >= 3);
    }

    [Fact]
    public void Similarity_GoldenCases_MatchScikitImage()
    {
        foreach (JsonElement golden in Read("similarity.json").GetProperty("cases").EnumerateArray())
        {
            PointF[] landmarks = Points(golden.GetProperty("landmarks")), template = Points(golden.GetProperty("template"));
            bool fitted = AffineTransform.TryFitSimilarity(landmarks, template, out AffineTransform toTemplate);
            Assert.Equal(golden.GetProperty("toTemplate").ValueKind != JsonValueKind.Null, fitted);
            if (!fitted)
            {
                continue;
            }

            JsonElement tolerance = golden.GetProperty("tolerance");
            AssertSameMap(golden.GetProperty("toTemplate"), toTemplate, landmarks, tolerance.GetProperty("template").GetSingle());
            AssertSameMap(golden.GetProperty("toSource"), toTemplate.Inverse(), template, tolerance.GetProperty("source").GetSingle());
        }
    }

    private static void AssertSameMap(JsonElement expected, AffineTransform actual, PointF[] points, float tolerance)
    {
        float[] m = Floats(expected);
        var map = new AffineTransform(m[0], m[1], m[2], m[3], m[4], m[5]);
        Assert.All(points, point =>
        {
            PointF wanted = map.Apply(point), got = actual.Apply(point);
            Assert.Equal(wanted.X, got.X, tolerance);
            Assert.Equal(wanted.Y, got.Y, tolerance);
        });
    }

    private static JsonElement Read(string name) =>
        JsonDocument.Parse(File.ReadAllBytes(TestFiles.InRepository("tests", "golden", name))).RootElement;

    private static float[] Floats(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetSingle())];

    private static PointF[] Points(JsonElement array) => [.. array.EnumerateArray().Select(point => new PointF(point[0].GetSingle(), point[1].GetSingle()))];
}
