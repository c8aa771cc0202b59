using FerSharp.Onnx.Tests;
using FerSharp.Testing;

namespace FerSharp.MLNet.Tests;

public sealed class ReloadTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly Lazy<EmotionHead> First = new(() => TestFaces.TrainToy()), Second = new(() => TestFaces.TrainToy(seed: 3));

    private readonly ManualClock _clock = new();

    [Fact]
    public void Reload_HeadSavedAnew_IsServedOnceTheFilesAreAtRest()
    {
        using var folder = new TestFolder();
        using MLNetEmotionClassifier classifier = Load(folder, out List<ModelReloadedEventArgs> heard);
        string? old = classifier.Model.Manifest.Sha256;
        Second.Value.Save(folder.Path);
        _clock.Advance(Interval);
        Assert.Equal(old, classifier.Model.Manifest.Sha256);
        _clock.Advance(Interval);
        Assert.Equal(Second.Value.Model.Manifest.Sha256, classifier.Model.Manifest.Sha256);
        Assert.Null(Assert.Single(heard).Error);
        _clock.Advance(Interval);
        _clock.Advance(Interval);
        Assert.Single(heard);
        Assert.Equal(Expected(Second.Value), classifier.Classify(Face));
    }

    [Fact]
    public void Reload_BrokenFile_KeepsTheOldModelAndSaysWhyOnce()
    {
        using var folder = new TestFolder();
        using MLNetEmotionClassifier classifier = Load(folder, out List<ModelReloadedEventArgs> heard);
        EmotionScores before = classifier.Classify(Face);
        File.WriteAllText(folder.File("*.zip"), "no zip");
        for (int i = 0; i < 5; i++)
        {
            _clock.Advance(Interval);
        }

        Assert.IsType<FerModelException>(Assert.Single(heard).Error);
        Assert.Equal(before, classifier.Classify(Face));
        Second.Value.Save(folder.Path);
        _clock.Advance(Interval);
        _clock.Advance(Interval);
        Assert.Null(heard[^1].Error);
        Assert.Equal(Expected(Second.Value), classifier.Classify(Face));
    }

    [Fact]
    public void Reload_FolderGone_KeepsTheOldModel()
    {
        using var folder = new TestFolder();
        using MLNetEmotionClassifier classifier = Load(folder, out _);
        EmotionScores before = classifier.Classify(Face);
        foreach (string file in Directory.GetFiles(folder.Path))
        {
            File.Delete(file);
        }

        _clock.Advance(Interval);
        _clock.Advance(Interval);
        Assert.Equal(before, classifier.Classify(Face));
    }

    [Fact]
    public void Reload_WhileACallRuns_TheCallEndsWithTheOldModel()
    {
        using var folder = new TestFolder();
        using MLNetEmotionClassifier classifier = Load(folder, out List<ModelReloadedEventArgs> heard);
        EmotionScores before = classifier.Classify(Face);
        (GatedMemory gate, FrameView gated) = GatedMemory.Around(Face.Frame);
        using IDisposable _ = gate;
        EmotionScores during = default;
        var thread = new Thread(() => during = classifier.Classify(FaceRegion.Whole(gated)));
        thread.Start();
        gate.WaitUntilReached();
        Second.Value.Save(folder.Path);
        _clock.Advance(Interval);
        _clock.Advance(Interval);
        Assert.Single(heard);
        Assert.Equal(Expected(Second.Value), classifier.Classify(Face));
        gate.Open();
        thread.Join();
        Assert.Equal(before, during);
    }

    [Fact]
    public void Reload_AfterDispose_DoesNothing()
    {
        using var folder = new TestFolder();
        MLNetEmotionClassifier classifier = Load(folder, out List<ModelReloadedEventArgs> heard);
        classifier.Dispose();
        Second.Value.Save(folder.Path);
        _clock.Advance(Interval);
        _clock.Advance(Interval);
        Assert.Empty(heard);
        Assert.Throws<ObjectDisposedException>(() => classifier.Classify(Face));
    }

    [Fact]
    public void Reload_OptionsChangedSince_AreNotLookedAt()
    {
        using var folder = new TestFolder();
        First.Value.Save(folder.Path);
        var options = new MLNetEmotionClassifierOptions { ModelPath = folder.Path, ReloadOnChange = true, ReloadInterval = Interval, TimeProvider = _clock };
        using MLNetEmotionClassifier classifier = MLNetEmotionClassifier.Load(options);
        (options.ModelPath, options.MaxConcurrency) = ("elsewhere", 0);
        Second.Value.Save(folder.Path);
        _clock.Advance(Interval);
        _clock.Advance(Interval);
        Assert.Equal(Second.Value.Model.Manifest.Sha256, classifier.Model.Manifest.Sha256);
    }

    [Fact]
    public void Reload_HandlerThatThrows_EndsNeitherTheWatchNorTheCall()
    {
        using var folder = new TestFolder();
        using MLNetEmotionClassifier classifier = Load(folder, out List<ModelReloadedEventArgs> heard);
        classifier.Reloaded += (_, _) => throw new InvalidOperationException("a handler's fault");
        Second.Value.Save(folder.Path);
        _clock.Advance(Interval);
        _clock.Advance(Interval);
        First.Value.Save(folder.Path);
        _clock.Advance(Interval);
        _clock.Advance(Interval);
        Assert.Equal(2, heard.Count);
        Assert.Equal(First.Value.Model.Manifest.Sha256, classifier.Model.Manifest.Sha256);
    }

    [Fact]
    public void Reload_FileLockedForAWhile_IsTriedAgainAndToldOnce()
    {
        using var folder = new TestFolder();
        using MLNetEmotionClassifier classifier = Load(folder, out List<ModelReloadedEventArgs> heard);
        Second.Value.Save(folder.Path);
        using (File.Open(folder.File("*.zip"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            for (int i = 0; i < 4; i++)
            {
                _clock.Advance(Interval);
            }

            Assert.IsAssignableFrom<IOException>(Assert.Single(heard).Error);
        }

        _clock.Advance(Interval);
        Assert.Equal(2, heard.Count);
        Assert.Null(heard[1].Error);
        Assert.Equal(Second.Value.Model.Manifest.Sha256, classifier.Model.Manifest.Sha256);
    }

    [Fact]
    public void Watch_DisposedWhileItLooks_CallsNothingMore()
    {
        using var folder = new TestFolder();
        string file = Path.Combine(folder.Path, "a");
        File.WriteAllText(file, "1");
        FileWatch? watch = null;
        int looks = 0, calls = 0;
        watch = new FileWatch(
            () =>
            {
                if (++looks == 3)
                {
                    watch!.Dispose();
                }

                return [file];
            },
            Interval,
            _clock,
            () => ++calls > 0);
        watch.Start();
        File.WriteAllText(file, "22");
        _clock.Advance(Interval);
        _clock.Advance(Interval);
        _clock.Advance(Interval);
        Assert.Equal((3, 0), (looks, calls));
    }

    [Fact]
    public async Task Reload_WithTheSystemsClock_HappensByItself()
    {
        using var folder = new TestFolder();
        First.Value.Save(folder.Path);
        using MLNetEmotionClassifier classifier = MLNetEmotionClassifier.Load(new MLNetEmotionClassifierOptions { ModelPath = folder.Path, ReloadOnChange = true, ReloadInterval = TimeSpan.FromMilliseconds(20) });
        var reloaded = new TaskCompletionSource<ModelReloadedEventArgs>();
        classifier.Reloaded += (_, args) => reloaded.TrySetResult(args);
        Second.Value.Save(folder.Path);
        ModelReloadedEventArgs args = await reloaded.Task.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        Assert.Equal(args.Model, classifier.Model);
    }

    private static FaceRegion Face { get; } = FaceRegion.Whole(TestFaces.Picture(Emotion.Anger, 77));

    private static EmotionScores Expected(EmotionHead head)
    {
        using MLNetFaceEmbedder features = MLNetFaceEmbedder.Load(ToyModels.Classifier());
        float[] row = new float[features.Length];
        features.Extract([Face], row);
        var scores = new EmotionScores[1];
        head.Score(row, scores);
        return scores[0];
    }

    private MLNetEmotionClassifier Load(TestFolder folder, out List<ModelReloadedEventArgs> heard)
    {
        First.Value.Save(folder.Path);
        MLNetEmotionClassifier classifier = MLNetEmotionClassifier.Load(new MLNetEmotionClassifierOptions { ModelPath = folder.Path, ReloadOnChange = true, ReloadInterval = Interval, TimeProvider = _clock });
        var list = new List<ModelReloadedEventArgs>();
        classifier.Reloaded += (_, args) => list.Add(args);
        heard = list;
        return classifier;
    }

    /// <summary>A clock that a test moves; timers run in <see cref="Advance"/>.</summary>
    private sealed class ManualClock : TimeProvider
    {
        private readonly List<ManualTimer> _timers = [];
        private TimeSpan _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new ManualTimer(this, () => callback(state));
            timer.Change(dueTime, period);
            _timers.Add(timer);
            return timer;
        }

        public void Advance(TimeSpan time)
        {
            _now += time;
            foreach (ManualTimer timer in _timers.ToArray())
            {
                timer.RunIfDue();
            }
        }

        private sealed class ManualTimer(ManualClock clock, Action run) : ITimer
        {
            private TimeSpan? _due;

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                _due = dueTime == Timeout.InfiniteTimeSpan ? null : clock._now + dueTime;
                return true;
            }

            public void RunIfDue()
            {
                if (_due <= clock._now)
                {
                    _due = null;
                    run();
                }
            }

            public void Dispose() => _due = null;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
