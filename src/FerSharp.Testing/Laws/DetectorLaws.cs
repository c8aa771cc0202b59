namespace FerSharp.Testing;

/// <summary>What every <see cref="IFaceDetector"/> promises, as laws that any test framework can check.</summary>
/// <remarks>
/// In a test: one case for each of <see cref="Names"/>, which calls <see cref="Check"/> and reports a waived law as skipped. The laws need no
/// state of their own and may be checked in parallel.
/// </remarks>
public static class DetectorLaws
{
    private static readonly LawBook<Action<DetectorSubject>> Book = new(
    [
        new("model-info-is-complete", "Model names id, version, backend and a manifest for face detection, and no expressions.", ModelIsComplete),
        new("finds-the-faces-of-the-scene", "It finds at least two faces in the subject's scene, the best with at least the clear score.", FindsFaces),
        new("blank-picture-has-no-face", "A picture of one colour has no face: the answer is 0, not an error.", BlankPicture),
        new("faces-are-well-formed", "Numbers are finite, scores lie from 0 to 1, boxes have a positive size and touch the picture.", WellFormed),
        new("best-face-comes-first", "Faces are sorted by score, best first.", BestFirst),
        new("nothing-is-written-past-the-count", "Entries of the destination past the returned count stay as they were.", PastTheCount),
        new("smaller-capacity-gives-the-prefix", "With room for k faces it writes the k best.", Prefix),
        new("zero-capacity-gives-zero", "With no room the answer is 0.", ZeroCapacity),
        new("empty-frame-is-refused", "An empty picture (default) is an ArgumentException.", EmptyFrame),
        new("extreme-shapes-survive", "Pictures of 1 x 1, 1 x 4000 and 4000 x 1 pixels are no error.", ExtremeShapes),
        new("shift-moves-faces", "Faces that lie elsewhere in the picture are found elsewhere, with the same size.", DetectorGeometry.Shift),
        new("enlargement-enlarges-faces", "In the scene at twice the size, every coordinate doubles.", DetectorGeometry.Enlarge),
        new("mirror-swaps-left-and-right", "In the mirrored scene boxes are mirrored and landmarks change sides; left is left in the picture.", DetectorGeometry.Mirror),
        .. PictureLaws.For<DetectorSubject>(),
    ]);

    /// <summary>The names of all laws.</summary>
    public static IReadOnlyList<string> Names => Book.Names;

    /// <summary>What a law promises, in a sentence.</summary>
    /// <param name="law">The law's name.</param>
    /// <exception cref="ArgumentException">There is no such law.</exception>
    public static string PromiseOf(string law) => Book[law].Promise;

    /// <summary>Checks one law on fresh detectors.</summary>
    /// <param name="law">The law's name.</param>
    /// <param name="subject">The detector.</param>
    /// <returns>Whether the law is kept or waived.</returns>
    /// <exception cref="ArgumentException">There is no such law.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="subject"/> is null.</exception>
    /// <exception cref="LawBrokenException">The law is broken.</exception>
    public static LawOutcome Check(string law, DetectorSubject subject) => Judge.Check(Book[law], subject);

    /// <summary>The faces of a picture, best first; fails the law where there are fewer than two.</summary>
    internal static FaceDetection[] TwoOrMore(IFaceDetector detector, in FrameView scene)
    {
        FaceDetection[] faces = detector.Detect(scene);
        Expect.That(faces.Length >= 2, $"It found {faces.Length} face(s) in the scene, too few to check this law; give a scene in which it finds two.");
        return faces;
    }

    private static void ModelIsComplete(DetectorSubject subject)
    {
        using IFaceDetector detector = subject.Create();
        PictureLaws.ExpectComplete(detector.Model, ModelTask.FaceDetection);
        Expect.That(detector.Model.Emotions.Count == 0, $"A detector knows no expressions; Model.Emotions holds {detector.Model.Emotions}.");
    }

    private static void FindsFaces(DetectorSubject subject)
    {
        using IFaceDetector detector = subject.Create();
        FaceDetection[] faces = detector.Detect(subject.Scene);
        Expect.That(faces.Length >= 2, $"It found {faces.Length} face(s).");
        float best = faces.Max(face => face.Score);
        Expect.That(best >= subject.ClearScore, $"The best score is {best}; the clear score is {subject.ClearScore}.");
    }

    private static void BlankPicture(DetectorSubject subject)
    {
        using IFaceDetector detector = subject.Create();
        foreach (byte luma in (ReadOnlySpan<byte>)[0, 128, 255])
        {
            int count = detector.Detect(SyntheticFrames.Blank(subject.Scene.Width, subject.Scene.Height, luma)).Length;
            Expect.That(count == 0, $"In a picture whose every channel is {luma} it found {count} face(s).");
        }
    }

    private static void WellFormed(DetectorSubject subject)
    {
        using IFaceDetector detector = subject.Create();
        ExpectWellFormed(detector.Detect(subject.Scene), subject.Scene);
        FrameView noise = SyntheticFrames.Noise(subject.Scene.Width, subject.Scene.Height);
        ExpectWellFormed(detector.Detect(noise), noise);
    }

    private static void BestFirst(DetectorSubject subject)
    {
        using IFaceDetector detector = subject.Create();
        FaceDetection[] faces = TwoOrMore(detector, subject.Scene);
        for (int i = 1; i < faces.Length; i++)
        {
            Expect.That(faces[i - 1].Score >= faces[i].Score, $"Face {i + 1} has the score {faces[i].Score}, but the face before it has {faces[i - 1].Score}.");
        }
    }

    private static void PastTheCount(DetectorSubject subject)
    {
        using IFaceDetector detector = subject.Create();
        var sentinel = new FaceDetection(new RectF(-7, -8, -9, -10), -11);
        var destination = new FaceDetection[FaceDetectorExtensions.DefaultMaxFaces];
        Array.Fill(destination, sentinel);
        int count = detector.Detect(subject.Scene, destination);
        Expect.That(count >= 0 && count <= destination.Length, $"It returned {count} for a destination of {destination.Length}.");
        int touched = Array.FindIndex(destination, count, face => face != sentinel);
        Expect.That(touched < 0, $"It returned {count} but wrote entry {touched}.");
    }

    private static void Prefix(DetectorSubject subject)
    {
        using IFaceDetector detector = subject.Create();
        FaceDetection[] all = TwoOrMore(detector, subject.Scene);
        for (int capacity = 1; capacity <= all.Length; capacity++)
        {
            FaceDetection[] some = detector.Detect(subject.Scene, capacity);
            Expect.That(some.Length == capacity, $"With room for {capacity} of {all.Length} faces it wrote {some.Length}.");
            int other = some.AsSpan().CommonPrefixLength(all);
            Expect.That(other == capacity, $"With room for {capacity} of {all.Length} faces, face {other + 1} is not the one that it writes when there is room for all.");
        }
    }

    private static void ZeroCapacity(DetectorSubject subject)
    {
        using IFaceDetector detector = subject.Create();
        int count = detector.Detect(subject.Scene, Span<FaceDetection>.Empty);
        Expect.That(count == 0, $"With an empty destination it returned {count}.");
    }

    private static void EmptyFrame(DetectorSubject subject)
    {
        using IFaceDetector detector = subject.Create();
        var destination = new FaceDetection[4];
        Expect.Throws<ArgumentException>("For an empty picture", () => detector.Detect(default, destination));
    }

    private static void ExtremeShapes(DetectorSubject subject)
    {
        using IFaceDetector detector = subject.Create();
        foreach ((int width, int height) in (ReadOnlySpan<(int, int)>)[(1, 1), (1, 4000), (4000, 1)])
        {
            FrameView noise = SyntheticFrames.Noise(width, height);
            try
            {
                ExpectWellFormed(detector.Detect(noise), noise);
            }
            catch (Exception exception) when (exception is not FindingException)
            {
                throw new FindingException($"For a picture of {width} x {height} it threw {exception.GetType().Name}: {exception.Message}", exception);
            }
        }
    }

    private static void ExpectWellFormed(FaceDetection[] faces, in FrameView frame)
    {
        foreach (FaceDetection face in faces)
        {
            RectF box = face.Box;
            Expect.That(face.Score is >= 0 and <= 1, $"A score is {face.Score}.");
            Expect.That(float.IsFinite(box.X) && float.IsFinite(box.Y) && float.IsFinite(box.Width) && float.IsFinite(box.Height), $"A box is {box}.");
            Expect.That(box.Width > 0 && box.Height > 0, $"A box has no positive size: {box}.");
            Expect.That(box.X < frame.Width && box.Y < frame.Height && box.Right > 0 && box.Bottom > 0, $"The box {box} does not touch the picture of {frame}.");
            for (int i = 0; i < FaceLandmarks.Count; i++)
            {
                Expect.That(float.IsFinite(face.Landmarks[i].X) && float.IsFinite(face.Landmarks[i].Y), $"Landmark {i} is {face.Landmarks[i]}.");
            }
        }
    }
}
