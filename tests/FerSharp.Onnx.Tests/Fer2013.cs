using System.Globalization;
using System.IO.Compression;

namespace FerSharp;

/// <summary>The PublicTest part of FER-2013 with both label sets, from the data folder; tests that ask for it are skipped where it is absent.</summary>
internal static class Fer2013
{
    private const int Side = 48;
    private const int PictureBytes = Side * Side;

    private static readonly Emotion[] Classes =
        [Emotion.Anger, Emotion.Disgust, Emotion.Fear, Emotion.Happiness, Emotion.Sadness, Emotion.Surprise, Emotion.Neutral];

    private static readonly Lazy<Sample[]> Samples = new(() => Read(TestFiles.InShared("data", "fer2013_train_val.bin.gz"), TestFiles.InShared("data", "fer2013_train_val_labels.csv.gz")));

    /// <summary>3,589 pictures.</summary>
    public static IReadOnlyList<Sample> PublicTest => Samples.Value;

    /// <summary>Reads each picture, already a face crop, and returns the share whose top expression is the label; pictures without a label do not count.</summary>
    public static (double Accuracy, int Count) Evaluate(IEmotionClassifier classifier, Func<Sample, Emotion?> label)
    {
        Sample[] labelled = [.. PublicTest.Where(sample => label(sample).HasValue)];
        int right = 0;
        Parallel.ForEach(labelled.Chunk(64), chunk =>
        {
            FaceRegion[] faces = [.. chunk.Select(sample => FaceRegion.Whole(sample.Picture))];
            var scores = new EmotionScores[faces.Length];
            classifier.Classify(faces, scores);
            Interlocked.Add(ref right, chunk.Where((sample, i) => scores[i].Top == label(sample)).Count());
        });
        return ((double)right / labelled.Length, labelled.Length);
    }

    private static Sample[] Read(string picturesPath, string labelsPath)
    {
        using var labels = new StreamReader(new GZipStream(File.OpenRead(labelsPath), CompressionMode.Decompress));
        using var pictures = new GZipStream(File.OpenRead(picturesPath), CompressionMode.Decompress);
        string[] columns = labels.ReadLine()!.Split(',');
        int usage = Array.IndexOf(columns, "usage"), emotion = Array.IndexOf(columns, "emotion"), votes = Array.IndexOf(columns, "fp_neutral");
        var samples = new List<Sample>();
        byte[] picture = new byte[PictureBytes];
        while (labels.ReadLine() is { } line)
        {
            pictures.ReadExactly(picture);
            string[] cells = line.Split(',');
            if (cells[usage] == "PublicTest")
            {
                int[] counts = [.. cells.AsSpan(votes, 10).ToArray().Select(cell => int.Parse(cell, CultureInfo.InvariantCulture))];
                samples.Add(new Sample(
                    new FrameView(picture.ToArray(), Side, Side, PixelFormat.Gray8), Classes[int.Parse(cells[emotion], CultureInfo.InvariantCulture)], Majority(counts)));
            }
        }

        return [.. samples];
    }

    /// <summary>Majority of the votes for the eight expressions (Barsoum et al., 2016): single votes are dropped; a class counts that has more than half of what is left.</summary>
    private static Emotion? Majority(int[] votes)
    {
        int[] kept = [.. votes.Take(EmotionScores.Count).Select(count => count > 1 ? count : 0)];
        int top = Array.IndexOf(kept, kept.Max());
        return 2 * kept[top] > kept.Sum() ? (Emotion)top : null;
    }

    /// <summary>One picture: FER-2013's label and the majority of FER+ votes, where there is one.</summary>
    public sealed record Sample(FrameView Picture, Emotion Label, Emotion? Majority);
}
