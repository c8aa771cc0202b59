using FerSharp.Onnx;
using FerSharp.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FerSharp.MLNet.Tests;

public sealed class DependencyInjectionTests
{
    [Fact]
    public void AddMLNet_DetectorAndClassifier_ResolveAnAnalyzerThatWorks()
    {
        using ServiceProvider provider = Build(builder => builder
            .AddMLNetFaceDetector(options => options.Model = ToyModels.Detector())
            .AddMLNetEmotionClassifier(options => options.Model = ToyModels.Classifier()));
        EmotionAnalyzer analyzer = provider.GetRequiredService<EmotionAnalyzer>();
        Assert.Equal(3, analyzer.Analyze(SyntheticFrames.FaceScene()).Faces.Count);
        Assert.IsType<MLNetFaceDetector>(provider.GetRequiredService<IFaceDetector>());
        Assert.IsType<MLNetEmotionClassifier>(provider.GetRequiredService<IEmotionClassifier>());
    }

    [Fact]
    public void AddMLNet_KeyedBesideOnnx_BothServeInOneContainer()
    {
        using ServiceProvider provider = Build(builder => builder
            .AddOnnxFaceDetector(options => options.Model = ToyModels.Detector())
            .AddOnnxEmotionClassifier(options => options.Model = ToyModels.Classifier())
            .AddMLNetFaceDetector(options => (options.Model, options.ScoreThreshold) = (ToyModels.Detector(), 0.9f), key: "mlnet")
            .AddMLNetEmotionClassifier(options => options.Model = ToyModels.Classifier(), key: "mlnet"));
        var onnx = Assert.IsType<OnnxEmotionClassifier>(provider.GetRequiredService<IEmotionClassifier>());
        var mlnet = Assert.IsType<MLNetEmotionClassifier>(provider.GetRequiredKeyedService<IEmotionClassifier>("mlnet"));
        FaceRegion face = FaceRegion.Whole(SyntheticFrames.Noise(30, 30));
        Assert.Equal(onnx.Classify(face)[Emotion.Fear], mlnet.Classify(face)[Emotion.Fear], 1e-4f);
        Assert.NotEqual(onnx.Model.Backend, mlnet.Model.Backend);
        Assert.IsType<OnnxFaceDetector>(provider.GetRequiredService<IFaceDetector>());
        Assert.Equal(0.9f, Assert.IsType<MLNetFaceDetector>(provider.GetRequiredKeyedService<IFaceDetector>("mlnet")).Model.Manifest.Detector!.ScoreThreshold);
    }

    [Fact]
    public void AddMLNet_SecondDefault_WinsWithAWarning()
    {
        var log = new ListLogger();
        using ServiceProvider provider = Build(
            builder => builder
                .AddOnnxEmotionClassifier(options => options.Model = ToyModels.Classifier())
                .AddMLNetEmotionClassifier(options => options.Model = ToyModels.Classifier(withContempt: true)),
            log);
        Assert.Equal("toy-classifier-8", Assert.Single(provider.GetServices<IEmotionClassifier>()).Model.Id);
        Assert.Equal(LogLevel.Warning, Assert.Single(log.Entries).Level);
    }

    [Fact]
    public void StartupValidation_OptionsOutOfRange_ListsEveryFault()
    {
        using ServiceProvider provider = Build(builder => builder
            .AddMLNetFaceDetector(options => (options.MaxConcurrency, options.ScoreThreshold, options.NmsThreshold, options.IntraOpThreads) = (0, -1, 2, 0))
            .AddMLNetEmotionClassifier(
                options =>
                {
                    options.Model = ToyModels.Classifier();
                    options.ReloadOnChange = true;
                    options.ReloadInterval = TimeSpan.Zero;
                    options.TimeProvider = null!;
                },
                key: "keyed"));
        var exception = Assert.ThrowsAny<Exception>(() => provider.GetRequiredService<IStartupValidator>().Validate());
        string[] faults = [.. (exception is AggregateException many ? many.InnerExceptions : [exception]).Cast<OptionsValidationException>().SelectMany(e => e.Failures)];
        Assert.Equal(8, faults.Length);
        Assert.All(
            ["set either ModelPath", "MaxConcurrency is 0", "ScoreThreshold is -1", "NmsThreshold is 2", "IntraOpThreads is 0", "ReloadOnChange needs ModelPath", "ReloadInterval is 00:00:00", "TimeProvider is null"],
            part => Assert.Contains(faults, fault => fault.Contains(part, StringComparison.Ordinal)));
    }

    [Fact]
    public void StartupValidation_GoodOptions_LoadsNothing()
    {
        using ServiceProvider provider = Build(builder => builder
            .AddMLNetFaceDetector(options => options.ModelPath = "not-looked-at-before-first-use")
            .AddMLNetEmotionClassifier(options => options.ModelPath = "nor-this"));
        provider.GetRequiredService<IStartupValidator>().Validate();
        Assert.Throws<DirectoryNotFoundException>(provider.GetRequiredService<IFaceDetector>);
        Assert.Throws<DirectoryNotFoundException>(provider.GetRequiredService<IEmotionClassifier>);
    }

    [Fact]
    public void Dispose_Container_EndsWhatItMade()
    {
        ServiceProvider provider = Build(builder => builder
            .AddMLNetFaceDetector(options => options.Model = ToyModels.Detector())
            .AddMLNetEmotionClassifier(options => options.Model = ToyModels.Classifier()));
        EmotionAnalyzer analyzer = provider.GetRequiredService<EmotionAnalyzer>();
        provider.Dispose();
        Assert.Throws<ObjectDisposedException>(() => analyzer.Analyze(SyntheticFrames.FaceScene()));
        Assert.Throws<ObjectDisposedException>(() => analyzer.Classifier.Classify(FaceRegion.Whole(SyntheticFrames.Noise(9, 9))));
    }

    [Fact]
    public async Task ReloadOnChange_BrokenFile_GoesToTheContainersLog()
    {
        using var folder = new TestFolder();
        using (EmotionHead head = TestFaces.TrainToy())
        {
            head.Save(folder.Path);
        }

        var log = new ListLogger();
        using ServiceProvider provider = Build(
            builder => builder.AddMLNetEmotionClassifier(options => (options.ModelPath, options.ReloadOnChange, options.ReloadInterval) = (folder.Path, true, TimeSpan.FromMilliseconds(20))),
            log);
        var classifier = (MLNetEmotionClassifier)provider.GetRequiredService<IEmotionClassifier>();
        var heard = new TaskCompletionSource();
        classifier.Reloaded += (_, _) => heard.TrySetResult();
        await File.WriteAllTextAsync(folder.File("*.zip"), "no zip", TestContext.Current.CancellationToken);
        await heard.Task.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        (LogLevel level, string message) = Assert.Single(log.Entries);
        Assert.Equal(LogLevel.Error, level);
        Assert.Contains("test-head 1.0.0 goes on", message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddMLNet_NullArguments_AreRefused()
    {
        FerSharpBuilder builder = new ServiceCollection().AddFerSharp();
        Assert.Throws<ArgumentNullException>(() => builder.AddMLNetFaceDetector(null!));
        Assert.Throws<ArgumentNullException>(() => builder.AddMLNetEmotionClassifier(null!));
        Assert.Throws<ArgumentNullException>(() => MLNetBuilderExtensions.AddMLNetFaceDetector(null!, _ => { }));
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
