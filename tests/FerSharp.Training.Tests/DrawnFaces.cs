using FerSharp.Evaluation;

namespace FerSharp.Training.Tests;

/// <summary>A small data set whose pictures can be told apart: a bright bar in a place that the label decides, with noise.</summary>
internal sealed class DrawnFaces : FaceDataset
{
    private static readonly Emotion[] Order = [Emotion.Anger, Emotion.Disgust, Emotion.Fear, Emotion.Happiness, Emotion.Sadness, Emotion.Surprise, Emotion.Neutral];

    private readonly int _side;
    private readonly int _seed;

    public DrawnFaces(int count, int side = 48, int seed = 1, bool votes = true)
        : base(new DatasetInfo("drawn", $"seed {seed}", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData([(byte)seed, (byte)count]))), Drawn(count, votes), [])
    {
        _side = side;
        _seed = seed;
    }

    public static TrainingSet Set(int count, int side = 48, int seed = 1) => TrainingSet.From(new DrawnFaces(count, side, seed), side: side);

    public override Frame Load(int index)
    {
        var random = new Random((_seed * 100_000) + index);
        var pixels = new byte[_side * _side];
        random.NextBytes(pixels);
        int label = index % Order.Length, height = Math.Max(_side / Order.Length, 1);
        for (int row = 0; row < _side; row++)
        {
            for (int column = 0; column < _side; column++)
            {
                ref byte pixel = ref pixels[(row * _side) + column];
                pixel = (byte)((pixel / 4) + (row / height == label ? 180 : 20));
            }
        }

        return Frame.CopyOf(new FrameView(pixels, _side, _side, PixelFormat.Gray8));
    }

    private static FaceSample[] Drawn(int count, bool votes) =>
        [.. Enumerable.Range(0, count).Select(i => new FaceSample($"{i}", Order[i % Order.Length]) { Votes = votes ? Votes(Order[i % Order.Length]) : null })];

    private static float[] Votes(Emotion emotion)
    {
        var votes = new float[EmotionScores.Count];
        votes[(int)emotion] += 0.8f;
        votes[(int)Emotion.Neutral] += 0.2f;
        return votes;
    }
}
