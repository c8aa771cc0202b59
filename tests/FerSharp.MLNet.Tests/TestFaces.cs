using FerSharp.Testing;

namespace FerSharp.MLNet.Tests;

/// <summary>Generated faces that a head can learn: each expression has a picture of its own, with noise over it. They are no faces to people.</summary>
internal static class TestFaces
{
    private const int Side = 16;

    public static readonly Emotion[] Three = [Emotion.Sadness, Emotion.Happiness, Emotion.Anger];

    /// <summary>Faces in turn of the given expressions.</summary>
    public static LabelledFace[] Make(int count, ReadOnlySpan<Emotion> emotions, int seed = 0, int noise = 75)
    {
        var faces = new LabelledFace[count];
        for (int i = 0; i < count; i++)
        {
            Emotion emotion = emotions[i % emotions.Length];
            faces[i] = new LabelledFace(FaceRegion.Whole(Picture(emotion, (seed * 100_000) + i, noise)), emotion);
        }

        return faces;
    }

    /// <summary>One picture of an expression.</summary>
    public static FrameView Picture(Emotion emotion, int seed, int noise = 75)
    {
        ReadOnlySpan<byte> pattern = SyntheticFrames.Noise(Side, Side, 7000 + (int)emotion, PixelFormat.Gray8).Pixels.Span;
        byte[] pixels = SyntheticFrames.Noise(Side, Side, seed, PixelFormat.Gray8).Pixels.ToArray();
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)(((pixels[i] * noise) + (pattern[i] * (100 - noise))) / 100);
        }

        return new FrameView(pixels, Side, Side, PixelFormat.Gray8);
    }

    /// <summary>Training that takes a second or less.</summary>
    public static HeadTrainingOptions Quick(params HeadAlgorithm[] algorithms) => new()
    {
        Id = "test-head",
        Algorithms = algorithms.Length > 0 ? algorithms : [HeadAlgorithm.MaximumEntropyLbfgs],
        Folds = 3,
    };

    /// <summary>A head over the toy network's embedding.</summary>
    public static EmotionHead TrainToy(HeadTrainingOptions? options = null, int count = 90, int seed = 0, int noise = 75)
    {
        using MLNetFaceEmbedder features = MLNetFaceEmbedder.Load(ToyModels.Classifier());
        return EmotionHeadTrainer.Train(Make(count, Three, seed, noise), features, options ?? Quick());
    }
}

/// <summary>A folder that is deleted after the test.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fersharp");

    public string Path => _folder.FullName;

    public string File(string pattern) => Directory.GetFiles(Path, pattern).Single();

    /// <summary>Changes the text of the head's manifest.</summary>
    public void EditHead(Func<string, string> change)
    {
        string path = System.IO.Path.Combine(Path, "head.json"), before = System.IO.File.ReadAllText(path), after = change(before);
        Assert.NotEqual(before, after);
        System.IO.File.WriteAllText(path, after);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
