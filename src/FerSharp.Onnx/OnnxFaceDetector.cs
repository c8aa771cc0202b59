using FerSharp.Decoding;
using FerSharp.Diagnostics;
using FerSharp.Imaging;
using FerSharp.Numerics;

namespace FerSharp.Onnx;

/// <summary>A face detector on ONNX Runtime. Which network, and how its outputs are read, is in its manifest.</summary>
/// <remarks>
/// Thread-safe: one session, a bounded pool of tensors, bound for the input shapes that were used last. A call allocates nothing in the steady
/// state: once its frame's shape was seen by as many calls at once.
/// </remarks>
public sealed class OnnxFaceDetector : IFaceDetector
{
    /// <summary>Most that <see cref="OnnxFaceDetectorOptions.MaxBatchSize"/> can be.</summary>
    internal const int MostBatch = 64;

    // 64 MiB of input; larger batches of large pictures are no faster.
    private const int MostBatchValues = 1 << 24;

    private readonly ContextPool _pool;
    private readonly DetectorPasses _passes;
    private readonly InputSizing _sizing;
    private readonly float _nmsThreshold;
    private readonly int _maxBatchSize;

    private readonly InputShape _crop;

    // Whether the network can run several pictures at once: 0 until it was tried, then 1 or -1.
    private volatile int _canBatch;
    private bool _disposed;

    private OnnxFaceDetector(ModelPackage package, OnnxFaceDetectorOptions options)
    {
        ModelManifest manifest = package.Manifest;
        if (manifest.Detector is { } output)
        {
            manifest = manifest with
            {
                Detector = output with
                {
                    ScoreThreshold = options.ScoreThreshold ?? output.ScoreThreshold,
                    NmsThreshold = options.NmsThreshold ?? output.NmsThreshold,
                },
            };
        }

        DetectionDecoder decoder = DetectionDecoder.Create(manifest);
        _nmsThreshold = manifest.Detector!.NmsThreshold;
        _maxBatchSize = options.MaxBatchSize;
        _sizing = new InputSizing(manifest, options);
        OnnxModel model = OnnxModel.Load(
            package with { Manifest = manifest }, options, manifest.Detector.Names, lengths => DetectorPass.CheckOutputs(manifest, decoder, lengths), _sizing.FaultsFor);
        ExecutionProvider = model.ExecutionProvider;
        Model = new ModelInfo(manifest.Id, manifest.Version, OnnxModel.Backend, default, _sizing.Only is not { } only
            ? manifest
            : manifest with { Input = manifest.Input with { Width = only.Width, Height = only.Height } });
        _crop = _sizing.Crop(model.HasFreeSize);
        _passes = new DetectorPasses(model);
        _pool = new ContextPool(model, options.MaxConcurrency);
        try
        {
            WarmUp();
        }
        catch
        {
            _pool.Dispose();
            throw;
        }
    }

    /// <summary>What runs. The manifest has the options' thresholds, and their input size where it is the same for all frames.</summary>
    public ModelInfo Model { get; }

    /// <summary>The execution provider that runs the network, such as <c>CPUExecutionProvider</c>.</summary>
    public string ExecutionProvider { get; }

    /// <summary>Loads a detector from a folder with <c>model.json</c>, or from a manifest's path.</summary>
    /// <param name="modelPath">The folder or the manifest.</param>
    /// <exception cref="ArgumentException"><paramref name="modelPath"/> is empty.</exception>
    /// <exception cref="FileNotFoundException">There is no manifest.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FerModelException">Manifest, model file or runtime is at fault; all faults are listed.</exception>
    public static OnnxFaceDetector Load(string modelPath) => Load(new OnnxFaceDetectorOptions { ModelPath = modelPath });

    /// <summary>Loads a detector from memory, such as an embedded one.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="FerModelException">Manifest, model or runtime is at fault; all faults are listed.</exception>
    public static OnnxFaceDetector Load(ModelPackage model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Load(new OnnxFaceDetectorOptions { Model = model });
    }

    /// <summary>Loads a detector.</summary>
    /// <param name="options">Which model, and how to run it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">Options out of range; all of them are listed.</exception>
    /// <exception cref="FileNotFoundException">There is no manifest.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FerModelException">Manifest, model or runtime is at fault; all faults are listed.</exception>
    public static OnnxFaceDetector Load(OnnxFaceDetectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new OnnxFaceDetector(options.Resolve(), options);
    }

    /// <inheritdoc/>
    public int Detect(in FrameView frame, Span<FaceDetection> destination, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ThrowIfEmpty(frame, nameof(frame));
        cancellationToken.ThrowIfCancellationRequested();
        if (destination.IsEmpty)
        {
            return 0;
        }

        using ContextPool.Lease lease = _pool.Rent(cancellationToken);
        int count = 0;
        Search(lease.Context, new ReadOnlySpan<FrameView>(in frame), destination.Length, destination, new Span<int>(ref count), cancellationToken);
        return count;
    }

    /// <summary>
    /// Finds faces in several frames: neighbours that are searched at the same input shape run through the network together where its graph
    /// allows it, at most <see cref="OnnxFaceDetectorOptions.MaxBatchSize"/> at once. The answers are those of <see cref="Detect"/> for each
    /// frame, but for rounding in the network. Allocates nothing in the steady state.
    /// </summary>
    /// <param name="frames">The frames, borrowed for the call; their sizes and formats may differ.</param>
    /// <param name="maxFaces">Most faces of one frame, at least 0.</param>
    /// <param name="destination">
    /// Receives the faces, best first: those of frame i from entry <c>i * maxFaces</c> on. Entries past a frame's count, and past all frames,
    /// stay as they were.
    /// </param>
    /// <param name="counts">Receives for each frame how many faces were written.</param>
    /// <param name="cancellationToken">Checked before each run of the network.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxFaces"/> is negative.</exception>
    /// <exception cref="ArgumentException">A frame is empty, or <paramref name="destination"/> or <paramref name="counts"/> is too short.</exception>
    /// <exception cref="ObjectDisposedException">The detector is disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; what was written is then unspecified.</exception>
    /// <exception cref="FerInferenceException">The run failed.</exception>
    public void DetectBatch(ReadOnlySpan<FrameView> frames, int maxFaces, Span<FaceDetection> destination, Span<int> counts, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(maxFaces);
        foreach (ref readonly FrameView frame in frames)
        {
            ThrowIfEmpty(frame, nameof(frames));
        }

        if (counts.Length < frames.Length)
        {
            throw new ArgumentException($"There are {frames.Length} frames and room for {counts.Length} counts.", nameof(counts));
        }

        if (destination.Length < (long)frames.Length * maxFaces)
        {
            throw new ArgumentException($"There are {frames.Length} frames of at most {maxFaces} faces each and room for {destination.Length} faces.", nameof(destination));
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (frames.IsEmpty || maxFaces == 0)
        {
            counts[..frames.Length].Clear();
            return;
        }

        using ContextPool.Lease lease = _pool.Rent(cancellationToken);
        while (!frames.IsEmpty)
        {
            int batch = BatchOf(frames);
            Search(lease.Context, frames[..batch], maxFaces, destination, counts[..batch], cancellationToken);
            frames = frames[batch..];
            destination = destination[(batch * maxFaces)..];
            counts = counts[batch..];
        }
    }

    /// <summary>
    /// Finds known faces again, for video between full searches: looks at a crop of about twice each box, at a small input, several crops in one
    /// run of the network. It finds again and does not find new ones: at most one face for each box, whose centre lies in the box and whose size
    /// is between half and twice the box's. Where the graph's height and width are not free, a crop costs as much as a whole frame.
    /// Allocates nothing in the steady state.
    /// </summary>
    /// <param name="frame">The picture, borrowed for the call.</param>
    /// <param name="boxes">Where faces were, or are expected, in pixels of the picture. Those outside of the picture are passed over.</param>
    /// <param name="destination">Receives the faces, best score first; two boxes that lead to one face give it once. Entries past the returned count stay as they were.</param>
    /// <param name="cancellationToken">Checked before each run of the network.</param>
    /// <returns>How many faces were written.</returns>
    /// <exception cref="ArgumentException"><paramref name="frame"/> is empty, or a box has no positive, finite size.</exception>
    /// <exception cref="ObjectDisposedException">The detector is disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; what <paramref name="destination"/> holds is then unspecified.</exception>
    /// <exception cref="FerInferenceException">The run failed.</exception>
    public int DetectAround(in FrameView frame, ReadOnlySpan<RectF> boxes, Span<FaceDetection> destination, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ThrowIfEmpty(frame, nameof(frame));
        foreach (ref readonly RectF box in boxes)
        {
            if (!(box.Width > 0 && box.Height > 0) || !float.IsFinite(box.Width + box.Height) || !float.IsFinite(box.X + box.Y))
            {
                throw new ArgumentException($"The box {box} has no positive, finite size.", nameof(boxes));
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (boxes.IsEmpty || destination.IsEmpty)
        {
            return 0;
        }

        using ContextPool.Lease lease = _pool.Rent(cancellationToken);
        InferenceContext context = lease.Context;
        DetectorPass pass = _passes.For(_crop);
        int most = boxes.Length == 1 ? 1 : MaxBatchOf(pass), found = 0;
        context.ReserveCandidates(boxes.Length + pass.MaxCandidates);
        Span<RectF> chunk = stackalloc RectF[MostBatch];
        while (!boxes.IsEmpty)
        {
            int count = 0;
            for (; count < most && !boxes.IsEmpty; boxes = boxes[1..])
            {
                bool isInside = boxes[0].Right > 0 && boxes[0].Bottom > 0 && boxes[0].X < frame.Width && boxes[0].Y < frame.Height;
                chunk[count] = boxes[0];
                count += isInside ? 1 : 0;
            }

            for (Span<RectF> rest = chunk[..count]; !rest.IsEmpty;)
            {
                int batch = InferenceContext.LargestBatch(rest.Length, most);
                cancellationToken.ThrowIfCancellationRequested();
                found = FindAgain(context, pass, frame, rest[..batch], found);
                rest = rest[batch..];
            }
        }

        return NonMaxSuppression.Select(context.Candidates.AsSpan(0, found), context.Keys, _nmsThreshold, destination);
    }

    /// <summary>Frees the session and its tensors. Harmless when repeated; not while a call is under way.</summary>
    public void Dispose()
    {
        _disposed = true;
        _pool.Dispose();
    }

    private static void ThrowIfEmpty(in FrameView frame, string name)
    {
        if (frame.IsEmpty)
        {
            throw new ArgumentException("The view is empty (default): there is no picture to search.", name);
        }
    }

    /// <summary>Makes and runs the passes of all sizes; those that follow the frame, for a frame of 640 x 480.</summary>
    private void WarmUp()
    {
        using ContextPool.Lease lease = _pool.Rent(default);
        for (int i = 0; i < _sizing.Count; i++)
        {
            DetectorPass pass = _passes.Load(_sizing.For(i, 640, 480));
            lease.Context.Use(pass.Shape, 1);
            lease.Context.Run(1);
            lease.Context.ReserveCandidates(pass.MaxCandidates);
        }
    }

    /// <summary>How many of the first frames run together: a power of two.</summary>
    private int BatchOf(ReadOnlySpan<FrameView> frames)
    {
        int alike = 1;
        while (alike < Math.Min(frames.Length, _maxBatchSize) && _sizing.AreAlike(frames[0], frames[alike]))
        {
            alike++;
        }

        for (int i = 0; i < _sizing.Count && alike > 1; i++)
        {
            alike = Math.Min(alike, MaxBatchOf(_passes.For(_sizing.For(i, frames[0].Width, frames[0].Height))));
        }

        return InferenceContext.LargestBatch(alike, _maxBatchSize);
    }

    private int MaxBatchOf(DetectorPass pass)
    {
        if (_maxBatchSize == 1)
        {
            return 1;
        }

        if (_canBatch == 0)
        {
            // Threads that try at the same time get the same answer.
            _canBatch = pass.Shape.CanBatch(_pool.Model) ? 1 : -1;
        }

        return _canBatch > 0 ? Math.Clamp(MostBatchValues / pass.Shape.InputLength, 1, _maxBatchSize) : 1;
    }

    /// <summary>Searches frames of one shape at all input sizes. The faces of frame i go to <c>destination[i * maxFaces]</c> and on.</summary>
    private void Search(InferenceContext context, ReadOnlySpan<FrameView> frames, int maxFaces, Span<FaceDetection> destination, Span<int> counts, CancellationToken cancellationToken)
    {
        int room = 0;
        for (int i = 0; i < _sizing.Count; i++)
        {
            room += _passes.For(_sizing.For(i, frames[0].Width, frames[0].Height)).MaxCandidates;
        }

        context.ReserveCandidates(room * frames.Length);
        counts.Clear();
        FerSharpDiagnostics.StageTimer stages = FerSharpDiagnostics.StartStages();
        for (int i = 0; i < _sizing.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            DetectorPass pass = _passes.For(_sizing.For(i, frames[0].Width, frames[0].Height));
            context.Use(pass.Shape, frames.Length);
            for (int f = 0; f < frames.Length; f++)
            {
                pass.Write(frames[f], TensorMap.ForFrame(frames[f].Width, frames[f].Height, pass.Input), context.Input(f));
            }

            stages.End(FerSharpDiagnostics.DetectPreprocess);
            context.Run(frames.Length);
            stages.End(FerSharpDiagnostics.DetectRun);
            for (int f = 0; f < frames.Length; f++)
            {
                AffineTransform map = TensorMap.ForFrame(frames[f].Width, frames[f].Height, pass.Input);
                counts[f] += pass.Read(context.OutputsOf(f), map, frames[f], _sizing.MinFaceSize, context.Candidates.AsSpan((f * room) + counts[f], room - counts[f]));
            }

            if (i < _sizing.Count - 1)
            {
                stages.End(FerSharpDiagnostics.DetectDecode);
            }
        }

        for (int f = 0; f < frames.Length; f++)
        {
            Span<FaceDetection> faces = destination.Slice(f * maxFaces, maxFaces);
            counts[f] = NonMaxSuppression.Select(context.Candidates.AsSpan(f * room, counts[f]), context.Keys, _nmsThreshold, faces);
        }

        stages.End(FerSharpDiagnostics.DetectDecode);
    }

    /// <summary>Searches crops around boxes in one run, and puts what was found again behind the candidates found so far.</summary>
    private int FindAgain(InferenceContext context, DetectorPass pass, in FrameView frame, ReadOnlySpan<RectF> boxes, int found)
    {
        FerSharpDiagnostics.StageTimer stages = FerSharpDiagnostics.StartStages();
        context.Use(pass.Shape, boxes.Length);
        for (int i = 0; i < boxes.Length; i++)
        {
            pass.Write(frame, TensorMap.ForBox(KnownFace.Around(boxes[i]), pass.Input), context.Input(i));
        }

        stages.End(FerSharpDiagnostics.DetectPreprocess);
        context.Run(boxes.Length);
        stages.End(FerSharpDiagnostics.DetectRun);
        for (int i = 0; i < boxes.Length; i++)
        {
            AffineTransform map = TensorMap.ForBox(KnownFace.Around(boxes[i]), pass.Input);
            Span<FaceDetection> candidates = context.Candidates.AsSpan(found);
            int count = pass.Read(context.OutputsOf(i), map, frame, _sizing.MinFaceSize, candidates);
            if (KnownFace.BestOf(candidates[..count], boxes[i]) is { } best)
            {
                context.Candidates[found++] = best;
            }
        }

        stages.End(FerSharpDiagnostics.DetectDecode);
        return found;
    }
}
