using FerSharp.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FerSharp.Onnx.Tests;

public sealed class DependencyInjectionTests
{
    [Fact]
    public void AddOnnx_DetectorAndClassifier_ResolveAnAnalyzerThatWorks()
    {
        using ServiceProvider provider = Build(builder => builder
            .AddOnnxFaceDetector(options => options.Model = ToyModels.Detector())
            .AddOnnxEmotionClassifier(options => options.Model = ToyModels.Classifier()));
        EmotionAnalyzer analyzer = provider.GetRequiredService<EmotionAnalyzer>();
        Assert.Equal(3, analyzer.Analyze(SyntheticFrames.FaceScene()).Faces.Count);
        Assert.Same(analyzer, provider.GetRequiredService<EmotionAnalyzer>());
        Assert.Same(analyzer.Detector, provider.GetRequiredService<IFaceDetector>());
        Assert.IsType<OnnxEmotionClassifier>(provider.GetRequiredService<IEmotionClassifier>());
    }

    [Fact]
    public void AddOnnx_KeyedTwins_CoexistWithTheDefaults()
    {
        using ServiceProvider provider = Build(builder => builder
            .AddOnnxFaceDetector(options => options.Model = ToyModels.Detector(), key: "strict")
            .AddOnnxFaceDetector(options => options.Model = ToyModels.Detector())
            .AddOnnxFaceDetector(
                options =>
                {
                    options.Model = ToyModels.Detector();
                    options.ScoreThreshold = 0.9f;
                },
                key: "loose")
            .AddOnnxEmotionClassifier(options => options.Model = ToyModels.Classifier(withContempt: true), key: "eight")
            .AddOnnxEmotionClassifier(options => options.Model = ToyModels.Classifier()));
        Assert.Equal(0.5f, provider.GetRequiredService<IFaceDetector>().Model.Manifest.Detector!.ScoreThreshold);
        Assert.Equal(0.5f, provider.GetRequiredKeyedService<IFaceDetector>("strict").Model.Manifest.Detector!.ScoreThreshold);
        Assert.Equal(0.9f, provider.GetRequiredKeyedService<IFaceDetector>("loose").Model.Manifest.Detector!.ScoreThreshold);
        Assert.Equal("toy-classifier-8", provider.GetRequiredKeyedService<IEmotionClassifier>("eight").Model.Id);
        Assert.Equal("toy-classifier-7", provider.GetRequiredService<IEmotionClassifier>().Model.Id);
        Assert.NotSame(provider.GetRequiredService<IFaceDetector>(), provider.GetRequiredKeyedService<IFaceDetector>("strict"));
    }

    [Fact]
    public void AddOnnx_SecondDefault_WinsWithAWarning()
    {
        var log = new ListLogger();
        using ServiceProvider provider = Build(
            builder => builder
                .AddOnnxEmotionClassifier(options => options.Model = ToyModels.Classifier())
                .AddOnnxEmotionClassifier(options => options.Model = ToyModels.Classifier(withContempt: true)),
            log);
        Assert.Equal("toy-classifier-8", Assert.Single(provider.GetServices<IEmotionClassifier>()).Model.Id);
        (LogLevel level, string message) = Assert.Single(log.Entries);
        Assert.Equal(LogLevel.Warning, level);
        Assert.Contains("IEmotionClassifier was registered more than once", message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddOnnx_OneDefaultBesideAKeyedTwin_WarnsOfNothing()
    {
        var log = new ListLogger();
        using ServiceProvider provider = Build(
            builder => builder
                .AddOnnxEmotionClassifier(options => options.Model = ToyModels.Classifier(), key: "twin")
                .AddOnnxEmotionClassifier(options => options.Model = ToyModels.Classifier()),
            log);
        _ = provider.GetRequiredService<IEmotionClassifier>();
        Assert.Empty(log.Entries);
    }

    [Fact]
    public void StartupValidation_OptionsOutOfRange_ListsEveryFault()
    {
        using ServiceProvider provider = Build(builder => builder
            .ConfigureAnalyzer(options => (options.MaxFaces, options.MinTopScore) = (0, 2))
            .AddOnnxFaceDetector(options => (options.MaxConcurrency, options.ScoreThreshold) = (0, -1))
            .AddOnnxEmotionClassifier(options => (options.Model, options.MaxBatchSize) = (ToyModels.Classifier(), 0), key: "keyed"));
        var exception = Assert.ThrowsAny<Exception>(() => provider.GetRequiredService<IStartupValidator>().Validate());
        string[] faults = [.. (exception is AggregateException many ? many.InnerExceptions : [exception]).Cast<OptionsValidationException>().SelectMany(e => e.Failures)];
        Assert.Equal(6, faults.Length);
        Assert.All(
            ["MaxFaces is 0", "MinTopScore is 2", "set either ModelPath", "MaxConcurrency is 0", "ScoreThreshold is -1", "MaxBatchSize is 0"],
            part => Assert.Contains(faults, fault => fault.Contains(part, StringComparison.Ordinal)));
    }

    [Fact]
    public void StartupValidation_GoodOptions_Passes()
    {
        using ServiceProvider provider = Build(builder => builder
            .AddOnnxFaceDetector(options => options.ModelPath = "not-looked-at-before-first-use")
            .AddOnnxEmotionClassifier(options => options.Model = ToyModels.Classifier()));
        provider.GetRequiredService<IStartupValidator>().Validate();
        Assert.Throws<DirectoryNotFoundException>(provider.GetRequiredService<IFaceDetector>);
    }

    [Fact]
    public void Resolve_WithoutStartupValidation_OptionsOutOfRangeAreRefusedOnFirstUse()
    {
        using ServiceProvider provider = Build(builder => builder.AddOnnxFaceDetector(options => options.MaxConcurrency = 0));
        var exception = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IFaceDetector>);
        Assert.Equal(2, exception.Failures.Count());
    }

    [Fact]
    public void Dispose_Container_DisposesOnceWhatItCreated()
    {
        var detector = new DisposalCounter();
        var never = new DisposalCounter();
        ServiceProvider provider = Build(builder => builder
            .AddFaceDetector(_ => detector)
            .AddFaceDetector(_ => never, key: "never used")
            .AddEmotionClassifier(_ => new FakeEmotionClassifier()));
        EmotionAnalyzer analyzer = provider.GetRequiredService<EmotionAnalyzer>();
        _ = provider.GetRequiredService<IFaceDetector>();
        var classifier = (FakeEmotionClassifier)analyzer.Classifier;
        provider.Dispose();
        Assert.Equal(1, detector.Disposals);
        Assert.True(classifier.IsDisposed);
        Assert.Equal(0, never.Disposals);
    }

    [Fact]
    public void Dispose_ContainerWithOnnxModels_EndsThem()
    {
        ServiceProvider provider = Build(builder => builder
            .AddOnnxFaceDetector(options => options.Model = ToyModels.Detector())
            .AddOnnxEmotionClassifier(options => options.Model = ToyModels.Classifier()));
        EmotionAnalyzer analyzer = provider.GetRequiredService<EmotionAnalyzer>();
        provider.Dispose();
        Assert.Throws<ObjectDisposedException>(() => analyzer.Analyze(SyntheticFrames.FaceScene()));
    }

    [Fact]
    public void AddOnnx_NullArguments_AreRefused()
    {
        FerSharpBuilder builder = new ServiceCollection().AddFerSharp();
        Assert.Throws<ArgumentNullException>(() => builder.AddOnnxFaceDetector(null!));
        Assert.Throws<ArgumentNullException>(() => builder.AddOnnxEmotionClassifier(null!));
        Assert.Throws<ArgumentNullException>(() => OnnxBuilderExtensions.AddOnnxFaceDetector(null!, _ => { }));
    }

    private static ServiceProvider Build(Action<FerSharpBuilder> configure, ILoggerFactory? log = null)
    {
        var services = new ServiceCollection();
        if (log is not null)
        {
            services.AddSingleton(log);
        }

        configure(services.AddFerSharp());
        return services.BuildServiceProvider(validateScopes: true);
    }

    private sealed class DisposalCounter : IFaceDetector
    {
        private readonly FakeFaceDetector _inner = new();

        public int Disposals { get; private set; }

        public ModelInfo Model => _inner.Model;

        public int Detect(in FrameView frame, Span<FaceDetection> destination, CancellationToken cancellationToken = default) => _inner.Detect(frame, destination, cancellationToken);

        public void Dispose() => Disposals++;
    }

    private sealed class ListLogger : ILoggerFactory, ILogger
    {
        public List<(LogLevel Level, string Message)> Entries { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Entries.Add((logLevel, formatter(state, exception)));

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }
    }
}
