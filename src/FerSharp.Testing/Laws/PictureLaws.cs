namespace FerSharp.Testing;

/// <summary>Laws that detectors and classifiers share: what they may do with a picture, with threads, with tokens and with their own life.</summary>
internal static class PictureLaws
{
    public const string Budget = "steady-state-stays-in-budget";

    private static readonly PixelFormat[] ColorFormats = [PixelFormat.Rgb24, PixelFormat.Bgr24, PixelFormat.Rgba32, PixelFormat.Bgra32];

    public static Law<Action<TSubject>>[] For<TSubject>()
        where TSubject : PictureSubject =>
    [
        new("same-picture-same-answer", "Asked twice about the same picture, it gives the same answer, bit for bit.", SamePicture),
        new("concurrent-calls-agree", "Calls from four threads at once give the answers that calls one after the other give.", Concurrent),
        new("input-is-unchanged", "It changes no byte of the picture, nor of the padding behind its rows.", InputUnchanged),
        new("nothing-is-retained", "After the call it neither reads nor pins the picture's memory.", NothingRetained),
        new("reused-buffer-is-read-anew", "Another picture in the same memory is another question.", ReusedBuffer),
        new("padded-rows-do-not-matter", "Bytes behind a row's pixels are not read: any stride gives the same answer.", PaddedRows),
        new("sub-views-do-not-matter", "A view of a part of a larger picture gives the answer that a copy of that part gives.", SubViews),
        new("pixel-formats-do-not-matter", "The same picture gives the same answer in every pixel format; alpha is ignored.", PixelFormats),
        new("cancelled-token-throws", "A token that is cancelled before the call ends it with OperationCanceledException.", CancelledToken),
        new("disposed-throws", "A call after Dispose throws ObjectDisposedException.", Disposed),
        new("dispose-twice-is-harmless", "Dispose may be repeated.", DisposeTwice),
        new("model-is-readable-after-dispose", "Model can be read after Dispose and is the same as before.", ModelAfterDispose),
        new(Budget, "Once warm, a call allocates no more on the calling thread than the declared budget.", StaysInBudget),
    ];

    /// <summary>What every ModelInfo must tell; what the task adds is checked by its own laws.</summary>
    public static void ExpectComplete(ModelInfo? model, ModelTask task)
    {
        Expect.That(model is not null, "Model is null.");
        Expect.That(!string.IsNullOrWhiteSpace(model.Id), "Model.Id is empty.");
        Expect.That(!string.IsNullOrWhiteSpace(model.Version), "Model.Version is empty.");
        Expect.That(!string.IsNullOrWhiteSpace(model.Backend), "Model.Backend is empty.");
        Expect.That(model.Manifest is not null, "Model.Manifest is null.");
        Expect.That(model.Manifest.Id == model.Id, $"Model.Id is '{model.Id}' but the manifest's is '{model.Manifest.Id}'.");
        Expect.That(model.Manifest.Version == model.Version, $"Model.Version is '{model.Version}' but the manifest's is '{model.Manifest.Version}'.");
        Expect.That(model.Manifest.Task == task, $"The manifest's task is {model.Manifest.Task} instead of {task}.");
        Expect.That(model.Manifest.License is { Name.Length: > 0 }, "The manifest names no license.");
    }

    private static FrameView Copy(PictureSubject subject) => FrameTransforms.Encode(subject.Scene, subject.Scene.Format);

    private static void SamePicture(PictureSubject subject)
    {
        using PictureProbe probe = subject.CreateProbe();
        FrameView scene = Copy(subject);
        float[] first = probe.Ask(scene).ToArray();
        for (int i = 2; i <= 4; i++)
        {
            probe.ExpectSame(first, probe.Ask(scene), 0, $"In call {i} with the same picture");
        }
    }

    private static void Concurrent(PictureSubject subject)
    {
        const int Threads = 4;
        const int Calls = 8;
        using PictureProbe probe = subject.CreateProbe();

        // Threads look at different pictures, so that a buffer they share by mistake shows.
        FrameView[] pictures = [Copy(subject), FrameTransforms.Mirror(subject.Scene), SyntheticFrames.Blank(subject.Scene.Width, subject.Scene.Height), FrameTransforms.Enlarge(subject.Scene, 2)];
        float[][] expected = [.. pictures.Select(picture => probe.Ask(picture).ToArray())];
        var faults = new Exception?[Threads];
        using var start = new Barrier(Threads);
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(t => new Thread(() =>
        {
            try
            {
                PictureProbe own = probe.ForAnotherThread();
                start.SignalAndWait();
                for (int call = 0; call < Calls; call++)
                {
                    int which = (t + call) % pictures.Length;
                    own.ExpectSame(expected[which], own.Ask(pictures[which]), subject.SameAnswerTolerance, $"On thread {t + 1} of {Threads}, in call {call + 1},");
                }
            }
            catch (Exception exception)
            {
                faults[t] = exception;
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        if (faults.FirstOrDefault(fault => fault is not null) is { } fault)
        {
            throw fault is FindingException ? fault : new FindingException($"Called from {Threads} threads it threw {fault.GetType().Name}: {fault.Message}", fault);
        }
    }

    private static void InputUnchanged(PictureSubject subject)
    {
        using PictureProbe probe = subject.CreateProbe();
        FrameView scene = FrameTransforms.Encode(subject.Scene, subject.Scene.Format, padding: 5);
        byte[] before = scene.Pixels.ToArray();
        probe.Ask(scene);
        int changed = scene.Pixels.Span.CommonPrefixLength(before);
        Expect.That(changed == before.Length, $"Byte {changed} of the picture was {(changed < before.Length ? before[changed] : 0)} before the call and is another after it.");
    }

    private static void NothingRetained(PictureSubject subject)
    {
        NothingReadLater(subject, "in the next call", probe => probe.Ask(Copy(subject)));
        NothingReadLater(subject, "in Dispose", probe => probe.Dispose());
    }

    private static void NothingReadLater(PictureSubject subject, string when, Action<PictureProbe> later)
    {
        using var memory = new RevocableMemory(subject.Scene);
        using PictureProbe probe = subject.CreateProbe();
        probe.Ask(memory.View);
        Expect.That(memory.Pins == 0, $"After the call {memory.Pins} pin(s) on the picture's memory are still held.");
        memory.Revoke();
        try
        {
            later(probe);
        }
        catch (InvalidOperationException exception) when (memory.LateTouches > 0)
        {
            throw new FindingException($"The memory of a picture was read after its call, {when}.", exception);
        }

        // Gives a thread that the subject may have left behind the time to be caught.
        for (int i = 0; i < 10 && memory.LateTouches == 0; i++)
        {
            Thread.Sleep(1);
        }

        Expect.That(memory.LateTouches == 0, $"The picture's memory was read {memory.LateTouches} time(s) after the call had returned.");
    }

    private static void ReusedBuffer(PictureSubject subject)
    {
        FrameView other = FrameTransforms.Mirror(subject.Scene);
        float[] expected;
        using (PictureProbe fresh = subject.CreateProbe())
        {
            expected = fresh.Ask(other).ToArray();
        }

        using PictureProbe probe = subject.CreateProbe();
        byte[] pixels = Copy(subject).Pixels.ToArray();
        var view = new FrameView(pixels, other.Width, other.Height, other.Format);
        probe.Ask(view);
        other.Pixels.CopyTo(pixels);
        probe.ExpectSame(expected, probe.Ask(view), subject.SameAnswerTolerance, "After the picture in the same memory had changed");
    }

    private static void PaddedRows(PictureSubject subject) => ExpectSameFor(subject, subject.Scene, (scene, format) =>
        [("with 1 byte of padding", FrameTransforms.Encode(scene, format, padding: 1)), ("with 37 bytes of padding", FrameTransforms.Encode(scene, format, padding: 37))]);

    private static void SubViews(PictureSubject subject) => ExpectSameFor(subject, subject.Scene, (scene, format) =>
        [("as a sub-view with a margin of 3 pixels", FrameTransforms.Encode(scene, format, margin: 3)), ("as a sub-view of padded rows", FrameTransforms.Encode(scene, format, padding: 7, margin: 8))]);

    private static void PixelFormats(PictureSubject subject)
    {
        ExpectSameFor(subject, FrameTransforms.Encode(subject.Scene, PixelFormat.Rgb24), (scene, _) => [.. ColorFormats.Select(format => ($"as {format}", FrameTransforms.Encode(scene, format)))]);
        ExpectSameFor(subject, FrameTransforms.Encode(subject.Scene, PixelFormat.Gray8), (scene, _) => [.. ColorFormats.Select(format => ($"in gray as {format}", FrameTransforms.Encode(scene, format)))]);
    }

    private static void ExpectSameFor(PictureSubject subject, FrameView scene, Func<FrameView, PixelFormat, (string How, FrameView View)[]> encodings)
    {
        using PictureProbe probe = subject.CreateProbe();
        float[] expected = probe.Ask(FrameTransforms.Encode(scene, scene.Format)).ToArray();
        foreach ((string how, FrameView view) in encodings(scene, scene.Format))
        {
            probe.ExpectSame(expected, probe.Ask(view), subject.SameAnswerTolerance, $"For the same picture {how}");
        }
    }

    private static void CancelledToken(PictureSubject subject)
    {
        using PictureProbe probe = subject.CreateProbe();
        Expect.Throws<OperationCanceledException>("With a cancelled token", () => probe.Ask(subject.Scene, new CancellationToken(canceled: true)));
    }

    private static void Disposed(PictureSubject subject)
    {
        PictureProbe probe = subject.CreateProbe();
        probe.Dispose();
        Expect.Throws<ObjectDisposedException>("After Dispose", () => probe.Ask(subject.Scene));
    }

    private static void DisposeTwice(PictureSubject subject)
    {
        PictureProbe probe = subject.CreateProbe();
        probe.Ask(subject.Scene);
        probe.DisposeInstance();
        probe.DisposeInstance();
    }

    private static void ModelAfterDispose(PictureSubject subject)
    {
        PictureProbe probe = subject.CreateProbe();
        ModelInfo before = probe.Model;
        probe.Dispose();
        Expect.That(Equals(before, probe.Model), $"Model was '{before}' before Dispose and is '{probe.Model}' after it.");
    }

    private static void StaysInBudget(PictureSubject subject)
    {
        const int Calls = 25;
        const int Rounds = 12;
        using PictureProbe probe = subject.CreateProbe();
        FrameView scene = Copy(subject);
        long least = long.MaxValue;

        // The first rounds warm up: pools fill and the JIT replaces methods in the background. The least of all rounds is the steady state.
        for (int round = 0; round < Rounds && least > subject.MaxBytesPerCall; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int call = 0; call < Calls; call++)
            {
                probe.Ask(scene);
            }

            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            least = Math.Min(least, (bytes + Calls - 1) / Calls);
            Thread.Sleep(round * 5);
        }

        Expect.That(least <= subject.MaxBytesPerCall, $"A call allocated {least} bytes; the budget is {subject.MaxBytesPerCall}.");
    }
}
