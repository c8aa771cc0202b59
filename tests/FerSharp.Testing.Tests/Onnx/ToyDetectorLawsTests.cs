namespace FerSharp.Testing.Tests;

/// <summary>The toy detector in the plainest backend there can be: it keeps the laws, so that a real backend around it can.</summary>
public sealed class ToyDetectorLawsTests
{
    public static TheoryData<string> Names => [.. DetectorLaws.Names.Except(["steady-state-stays-in-budget"])];

    [Theory, MemberData(nameof(Names))]
    public void ToyDetector_InAPlainBackend_KeepsLaw(string law) => Assert.Equal(LawOutcome.Kept, DetectorLaws.Check(law, new DetectorSubject(() => new PlainBackend(ToyModels.Detector()))));

    private sealed class PlainBackend(ModelPackage package) : IFaceDetector
    {
        private const int Side = 64;

        private readonly OnnxSession _session = new(package.Content);
        private volatile bool _disposed;

        public ModelInfo Model { get; } = new(package.Manifest.Id, package.Manifest.Version, "test", default, package.Manifest);

        public int Detect(in FrameView frame, Span<FaceDetection> destination, CancellationToken cancellationToken = default)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            ArgumentOutOfRangeException.ThrowIfZero(frame.Width, nameof(frame));
            cancellationToken.ThrowIfCancellationRequested();
            float scale = (float)Side / Math.Max(frame.Width, frame.Height);
            float[] pred = _session.Run("pred", Tensor(frame, scale), 1, 3, Side, Side);
            var faces = new List<FaceDetection>();
            foreach (FaceDetection face in Decode(pred, scale, frame).OrderByDescending(face => face.Score))
            {
                if (faces.TrueForAll(other => other.Box.IntersectionOverUnion(face.Box) < package.Manifest.Detector!.NmsThreshold))
                {
                    faces.Add(face);
                }
            }

            int count = Math.Min(faces.Count, destination.Length);
            faces[..count].ToArray().CopyTo(destination);
            return count;
        }

        public void Dispose()
        {
            _disposed = true;
            _session.Dispose();
        }

        /// <summary>Means over a grid of nearest pixels, 8 x 8 in each tensor pixel: crude area sampling.</summary>
        private static float[] Tensor(in FrameView frame, float scale)
        {
            const int Grid = 8;
            FrameView rgb = FrameTransforms.Encode(frame, PixelFormat.Rgb24);
            float[] tensor = new float[3 * Side * Side];
            for (int i = 0; i < Side * Grid * Side * Grid; i++)
            {
                (int row, int column) = Math.DivRem(i, Side * Grid);
                (float x, float y) = ((column + 0.5f) / Grid / scale, (row + 0.5f) / Grid / scale);
                if (x < frame.Width && y < frame.Height)
                {
                    ReadOnlySpan<byte> pixel = rgb.GetRow((int)y)[(3 * (int)x)..];
                    for (int c = 0; c < 3; c++)
                    {
                        tensor[(((c * Side) + (row / Grid)) * Side) + (column / Grid)] += pixel[c] / (255f * Grid * Grid);
                    }
                }
            }

            return tensor;
        }

        private List<FaceDetection> Decode(float[] pred, float scale, FrameView frame)
        {
            var faces = new List<FaceDetection>();
            int next = 0;
            foreach (int stride in package.Manifest.Detector!.Strides)
            {
                int side = Side / stride;
                for (int cell = 0; cell < side * side; cell++, next += 15)
                {
                    int start = next;
                    PointF Point(int at) => new((((cell % side) + 0.5f + pred[start + at]) * stride) / scale, (((cell / side) + 0.5f + pred[start + at + 1]) * stride) / scale);
                    (float width, float height) = (MathF.Exp(pred[start + 3]) * stride / scale, MathF.Exp(pred[start + 4]) * stride / scale);
                    PointF center = Point(1);
                    var box = new RectF(center.X - (width / 2), center.Y - (height / 2), width, height);
                    if (pred[start] >= package.Manifest.Detector.ScoreThreshold && box.IntersectionArea(new RectF(0, 0, frame.Width, frame.Height)) > 0)
                    {
                        faces.Add(new FaceDetection(box, pred[start], new FaceLandmarks(Point(5), Point(7), Point(9), Point(11), Point(13))));
                    }
                }
            }

            return faces;
        }
    }
}
