using FerSharp.Core.Tests.Tracking;
using FerSharp.Testing;

namespace FerSharp.Core.Tests.Streaming;

/// <summary>A source and an analyzer of fakes: faces that move and change as a script says, by the time that is written into each frame.</summary>
internal sealed class MovingFaces : IDisposable
{
    private readonly double _rate;

    /// <param name="rate">Frames per second.</param>
    /// <param name="places">The faces at a time in seconds, each with a score of its own.</param>
    /// <param name="read">The reading of a face at a time; null reads all as neutral.</param>
    public MovingFaces(double rate, Func<double, FaceDetection[]> places, Func<double, RectF, EmotionScores>? read = null)
    {
        _rate = rate;
        Detector = new FakeFaceDetector((in FrameView frame, Span<FaceDetection> destination) =>
        {
            FaceDetection[] faces = places(Time(frame));
            faces.CopyTo(destination);
            return faces.Length;
        });
        var classifier = new FakeEmotionClassifier((in FaceRegion face) => read is null ? Readings.Of(Emotion.Neutral, 1) : read(Time(face.Frame), face.Face.Box));

        // Blank pixels have no quality; these tests are about something else.
        Analyzer = new EmotionAnalyzer(Detector, classifier, new EmotionAnalyzerOptions { MinBrightness = 0, MinSharpness = 0, MinFaceSize = 0 }, ownsModels: true);
    }

    public FakeFaceDetector Detector { get; }

    public EmotionAnalyzer Analyzer { get; }

    public FakeFrameSource Source(double seconds, bool live = false) =>
        new((int)(seconds * _rate), Picture) { Info = new FrameSourceInfo("script", live, FramesPerSecond: _rate) };

    public double Time(in FrameView frame) => BitConverter.ToInt32(frame.Pixels.Span) / _rate;

    public void Dispose() => Analyzer.Dispose();

    private static FrameView Picture(int number)
    {
        byte[] pixels = new byte[320 * 240];
        BitConverter.TryWriteBytes(pixels, number);
        return new FrameView(pixels, 320, 240, PixelFormat.Gray8);
    }
}
