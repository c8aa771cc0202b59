namespace FerSharp.Testing;

/// <summary>What every <see cref="IEmotionClassifier"/> promises, as laws that any test framework can check.</summary>
/// <remarks>
/// In a test: one case for each of <see cref="Names"/>, which calls <see cref="Check"/> and reports a waived law as skipped. The laws need no
/// state of their own and may be checked in parallel.
/// </remarks>
public static class ClassifierLaws
{
    /// <summary>More than the largest batch that a backend is likely to run at once.</summary>
    private const int LargeBatch = 37;

    private static readonly LawBook<Action<ClassifierSubject>> Book = new(
    [
        new("model-info-is-complete", "Model names id, version, backend, a manifest for emotion classification, and the expressions that it knows.", ModelIsComplete),
        new("scores-are-probabilities", "Every score lies from 0 to 1 and the scores of a face add up to 1 (to 1e-4).", Probabilities),
        new("affect-is-in-range-or-absent", "Valence and arousal lie from -1 to 1, or are NaN where the model gives none.", Affect),
        new("unknown-expressions-are-zero", "Expressions that the model does not know have a score of exactly 0.", UnknownAreZero),
        new("different-faces-differ", "Faces that look different get different scores.", FacesDiffer),
        new("batch-equals-singles", "A face's scores do not depend on the other faces of the call, nor on their number.", BatchEqualsSingles),
        new("order-follows-the-faces", "destination[i] belongs to faces[i]: faces in another order give results in that order.", OrderFollows),
        new("batch-may-mix-pictures", "The faces of one call may come from pictures of different sizes and formats.", MixedPictures),
        new("empty-batch-is-no-work", "No faces are no error, and nothing is written.", EmptyBatch),
        new("nothing-is-written-past-the-faces", "Entries of a longer destination past the number of faces stay as they were.", PastTheFaces),
        new("short-destination-is-refused", "A destination shorter than the faces is an ArgumentException, and nothing is written.", ShortDestination),
        new("default-region-is-refused", "An empty region (default) among the faces is an ArgumentException, and nothing is written.", DefaultRegion),
        new("faces-may-reach-outside", "Faces that lie partly outside their picture are read like any other.", PartlyOutside),
        new("whole-pictures-are-faces", "A picture that is a face crop, of any size down to 1 x 1, is read like any other face.", WholePictures),
        .. PictureLaws.For<ClassifierSubject>(),
    ]);

    private static EmotionScores Sentinel { get; } = new([0.5f, 0, 0, 0, 0, 0, 0, 0.5f], -0.25f, 0.75f);

    /// <summary>The names of all laws.</summary>
    public static IReadOnlyList<string> Names => Book.Names;

    /// <summary>What a law promises, in a sentence.</summary>
    /// <param name="law">The law's name.</param>
    /// <exception cref="ArgumentException">There is no such law.</exception>
    public static string PromiseOf(string law) => Book[law].Promise;

    /// <summary>Checks one law on fresh classifiers.</summary>
    /// <param name="law">The law's name.</param>
    /// <param name="subject">The classifier.</param>
    /// <returns>Whether the law is kept or waived.</returns>
    /// <exception cref="ArgumentException">There is no such law.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="subject"/> is null.</exception>
    /// <exception cref="LawBrokenException">The law is broken.</exception>
    public static LawOutcome Check(string law, ClassifierSubject subject) => Judge.Check(Book[law], subject);

    private static void ModelIsComplete(ClassifierSubject subject)
    {
        using IEmotionClassifier classifier = subject.Create();
        ModelInfo model = classifier.Model;
        PictureLaws.ExpectComplete(model, ModelTask.EmotionClassification);
        Expect.That(model.Emotions.Count > 0, "Model.Emotions is empty: a classifier knows at least one expression.");
        Expect.That(model.Manifest.Classifier is null || model.Manifest.Classifier.Emotions == model.Emotions, $"Model.Emotions is {model.Emotions} but the manifest's labels are {model.Manifest.Classifier?.Emotions}.");
    }

    private static void Probabilities(ClassifierSubject subject)
    {
        using IEmotionClassifier classifier = subject.Create();
        Span<float> values = stackalloc float[EmotionScores.Count];
        foreach (EmotionScores scores in Read(classifier, subject.Regions(subject.Scene)))
        {
            scores.CopyTo(values);
            float sum = 0;
            foreach (float value in values)
            {
                Expect.That(value is >= 0 and <= 1, $"A score is {value:R}.");
                sum += value;
            }

            Expect.That(MathF.Abs(sum - 1) <= 1e-4f, $"The scores of a face add up to {sum:R}.");
        }
    }

    private static void Affect(ClassifierSubject subject)
    {
        using IEmotionClassifier classifier = subject.Create();
        foreach (EmotionScores scores in Read(classifier, subject.Regions(subject.Scene)))
        {
            Expect.That(float.IsNaN(scores.Valence) || scores.Valence is >= -1 and <= 1, $"Valence is {scores.Valence:R}.");
            Expect.That(float.IsNaN(scores.Arousal) || scores.Arousal is >= -1 and <= 1, $"Arousal is {scores.Arousal:R}.");
        }
    }

    private static void UnknownAreZero(ClassifierSubject subject)
    {
        using IEmotionClassifier classifier = subject.Create();
        foreach (EmotionScores scores in Read(classifier, subject.Regions(subject.Scene)))
        {
            foreach (Emotion emotion in Enum.GetValues<Emotion>())
            {
                Expect.That(classifier.Model.Emotions.Contains(emotion) || scores[emotion] == 0, $"{emotion} is not among {classifier.Model.Emotions}, but its score is {scores[emotion]:R}.");
            }
        }
    }

    private static void FacesDiffer(ClassifierSubject subject)
    {
        using IEmotionClassifier classifier = subject.Create();
        EmotionScores[] scores = Read(classifier, subject.Regions(subject.Scene));
        float apart = scores.Max(one => Distance(one, scores[0]));
        Expect.That(apart > 10 * subject.BatchTolerance, $"All {scores.Length} faces of the scene get the same scores (to {apart:R}).");
    }

    private static void BatchEqualsSingles(ClassifierSubject subject)
    {
        using IEmotionClassifier classifier = subject.Create();
        FaceRegion[] regions = subject.Regions(subject.Scene);
        EmotionScores[] singles = [.. regions.Select(region => classifier.Classify(region))];
        foreach (int size in (ReadOnlySpan<int>)[2, 3, 4, 5, 8, 16, 17, LargeBatch])
        {
            FaceRegion[] batch = [.. Enumerable.Range(0, size).Select(i => regions[i % regions.Length])];
            EmotionScores[] scores = Read(classifier, batch);
            for (int i = 0; i < size; i++)
            {
                ExpectSame(singles[i % regions.Length], scores[i], subject.BatchTolerance, $"In a batch of {size}, face {i + 1}");
            }
        }
    }

    private static void OrderFollows(ClassifierSubject subject)
    {
        using IEmotionClassifier classifier = subject.Create();
        FaceRegion[] regions = subject.Regions(subject.Scene);
        EmotionScores[] inOrder = Read(classifier, regions);
        EmotionScores[] reversed = Read(classifier, [.. regions.Reverse()]);
        for (int i = 0; i < regions.Length; i++)
        {
            ExpectSame(inOrder[i], reversed[regions.Length - 1 - i], subject.BatchTolerance, $"With the faces in reverse order, face {i + 1}");
        }
    }

    private static void MixedPictures(ClassifierSubject subject)
    {
        using IEmotionClassifier classifier = subject.Create();
        FaceRegion[] regions =
        [
            subject.Regions(subject.Scene)[0],
            FaceRegion.Whole(SyntheticFrames.Gradient(48, 48, PixelFormat.Bgr24)),
            subject.Regions(FrameTransforms.Encode(subject.Scene, PixelFormat.Bgra32, padding: 3))[1],
            FaceRegion.Whole(SyntheticFrames.Noise(31, 77, format: PixelFormat.Gray8)),
        ];
        EmotionScores[] together = Read(classifier, regions);
        for (int i = 0; i < regions.Length; i++)
        {
            ExpectSame(classifier.Classify(regions[i]), together[i], subject.BatchTolerance, $"In a call with faces of several pictures, face {i + 1}");
        }
    }

    private static void EmptyBatch(ClassifierSubject subject)
    {
        using IEmotionClassifier classifier = subject.Create();
        classifier.Classify([], []);
        EmotionScores[] destination = Untouched(2);
        classifier.Classify([], destination);
        ExpectUntouched(destination, 0);
    }

    private static void PastTheFaces(ClassifierSubject subject)
    {
        using IEmotionClassifier classifier = subject.Create();
        FaceRegion[] regions = subject.Regions(subject.Scene);
        EmotionScores[] destination = Untouched(regions.Length + 9);
        classifier.Classify(regions, destination);
        ExpectUntouched(destination, regions.Length);
    }

    private static void ShortDestination(ClassifierSubject subject)
    {
        using IEmotionClassifier classifier = subject.Create();
        FaceRegion[] regions = subject.Regions(subject.Scene);
        EmotionScores[] destination = Untouched(regions.Length - 1);
        Expect.Throws<ArgumentException>("With a destination that is one short", () => classifier.Classify(regions, destination));
        ExpectUntouched(destination, 0);
    }

    private static void DefaultRegion(ClassifierSubject subject)
    {
        using IEmotionClassifier classifier = subject.Create();
        FaceRegion[] regions = [.. subject.Regions(subject.Scene), default];
        EmotionScores[] destination = Untouched(regions.Length);
        Expect.Throws<ArgumentException>("With an empty region behind others", () => classifier.Classify(regions, destination));
        ExpectUntouched(destination, 0);
    }

    private static void PartlyOutside(ClassifierSubject subject)
    {
        using IEmotionClassifier classifier = subject.Create();
        FrameView scene = subject.Scene;
        RectF[] boxes =
        [
            new(-20, -20, 40, 40), new(scene.Width - 10, scene.Height - 10, 40, 40), new(-scene.Width, -scene.Height, 3 * scene.Width, 3 * scene.Height),
            new(scene.Width - 0.5f, 0, 1000, 10), new(3, 3, 0.25f, 0.25f),
        ];
        ExpectReadings(classifier, [.. boxes.Select(box => new FaceRegion(scene, new FaceDetection(box, 1)))], i => $"For the box {boxes[i]}");
    }

    private static void WholePictures(ClassifierSubject subject)
    {
        using IEmotionClassifier classifier = subject.Create();
        FrameView[] crops = [SyntheticFrames.Gradient(48, 48, PixelFormat.Gray8), SyntheticFrames.Noise(1, 1), SyntheticFrames.Gradient(1, 300), SyntheticFrames.Gradient(300, 200), subject.Scene];
        ExpectReadings(classifier, [.. crops.Select(crop => FaceRegion.Whole(crop))], i => $"For the whole picture of {crops[i]}");
    }

    private static void ExpectReadings(IEmotionClassifier classifier, FaceRegion[] regions, Func<int, string> when)
    {
        for (int i = 0; i < regions.Length; i++)
        {
            try
            {
                Expect.That(!classifier.Classify(regions[i]).IsEmpty, $"{when(i)} there was no reading.");
            }
            catch (Exception exception) when (exception is not FindingException)
            {
                throw new FindingException($"{when(i)} it threw {exception.GetType().Name}: {exception.Message}", exception);
            }
        }
    }

    private static EmotionScores[] Read(IEmotionClassifier classifier, FaceRegion[] regions)
    {
        var scores = new EmotionScores[regions.Length];
        classifier.Classify(regions, scores);
        return scores;
    }

    private static EmotionScores[] Untouched(int length)
    {
        var destination = new EmotionScores[length];
        Array.Fill(destination, Sentinel);
        return destination;
    }

    private static void ExpectUntouched(EmotionScores[] destination, int from)
    {
        int touched = Array.FindIndex(destination, from, scores => scores != Sentinel);
        Expect.That(touched < 0, $"Entry {touched} of the destination was written.");
    }

    private static void ExpectSame(in EmotionScores expected, in EmotionScores actual, float tolerance, string subject)
    {
        float distance = Distance(expected, actual);
        Expect.That(distance <= tolerance, $"{subject} is read as {actual}; it should be {expected}. A score is off by {distance:R}.");
    }

    /// <summary>The largest difference between two readings; infinite where only one has affect.</summary>
    private static float Distance(in EmotionScores a, in EmotionScores b)
    {
        float worst = MathF.Max(Apart(a.Valence, b.Valence), Apart(a.Arousal, b.Arousal));
        for (Emotion emotion = Emotion.Neutral; emotion <= Emotion.Contempt; emotion++)
        {
            worst = MathF.Max(worst, Apart(a[emotion], b[emotion]));
        }

        return worst;

        static float Apart(float x, float y) => x.Equals(y) ? 0 : float.IsNaN(x - y) ? float.PositiveInfinity : MathF.Abs(x - y);
    }
}
