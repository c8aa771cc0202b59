using FerSharp.Testing;
using Microsoft.ML.OnnxRuntime;

namespace FerSharp.Onnx.Tests;

public sealed class ProviderTests
{
    private const string Cpu = "CPUExecutionProvider";

    [Fact]
    public void ExecutionProvider_ByDefault_IsTheCpu()
    {
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(ToyModels.Detector());
        using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(ToyModels.Classifier());
        Assert.Equal(Cpu, detector.ExecutionProvider);
        Assert.Equal(Cpu, classifier.ExecutionProvider);
    }

    [Fact]
    public void Load_RequiredProviderPresent_Loads()
    {
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(new OnnxFaceDetectorOptions { Model = ToyModels.Detector(), RequiredProvider = Cpu });
        Assert.Equal(Cpu, detector.ExecutionProvider);
    }

    [Fact]
    public void Load_RequiredProviderAbsent_NamesTheAvailableOnes()
    {
        var options = new OnnxEmotionClassifierOptions { Model = ToyModels.Classifier(), RequiredProvider = "NoSuchExecutionProvider" };
        FerModelException exception = Assert.Throws<FerModelException>(() => OnnxEmotionClassifier.Load(options));
        Assert.Contains("NoSuchExecutionProvider is required", exception.Message, StringComparison.Ordinal);
        Assert.All(OnnxRuntimeInfo.Current.Providers, provider => Assert.Contains(provider, exception.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Load_RequiredProviderThereButNotAppended_IsNoSilentFallback()
    {
        string? other = OnnxRuntimeInfo.Current.Providers.FirstOrDefault(provider => provider != Cpu);
        Assert.SkipWhen(other is null, "this build of ONNX Runtime has the CPU provider alone");
        var options = new OnnxFaceDetectorOptions { Model = ToyModels.Detector(), RequiredProvider = other };
        FerModelException exception = Assert.Throws<FerModelException>(() => OnnxFaceDetector.Load(options));
        Assert.Contains($"{other} is required, but the session runs on {Cpu}. Append it in ConfigureSession", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_HookAppendsAMissingProvider_NamesTheAvailableOnes()
    {
        Assert.SkipWhen(OnnxRuntimeInfo.Current.Providers.Contains("CUDAExecutionProvider"), "this build of ONNX Runtime has the CUDA provider");
        var options = new OnnxFaceDetectorOptions { Model = ToyModels.Detector(), ConfigureSession = session => session.AppendExecutionProvider_CUDA() };
        FerModelException exception = Assert.Throws<FerModelException>(() => OnnxFaceDetector.Load(options));
        Assert.Contains("ConfigureSession failed", exception.Message, StringComparison.Ordinal);
        Assert.Contains(Cpu, exception.Message, StringComparison.Ordinal);
        Assert.NotNull(exception.InnerException);
    }

    [Theory]
    [InlineData("Cuda", "CUDAExecutionProvider")]
    [InlineData("DML", "DmlExecutionProvider")]
    [InlineData("Other", "OtherExecutionProvider")]
    public void ProviderOfMemory_IsSpelledAsRequiredProviderIs(string memory, string expected) =>
        Assert.Equal(expected, OnnxModel.ProviderOfMemory(memory, ["CUDAExecutionProvider", "DmlExecutionProvider", Cpu]));

    [Fact]
    public void Load_HookThrowsAnythingElse_LetsItThrough()
    {
        var options = new OnnxFaceDetectorOptions { Model = ToyModels.Detector(), ConfigureSession = _ => throw new NotSupportedException("mine") };
        Assert.Equal("mine", Assert.Throws<NotSupportedException>(() => OnnxFaceDetector.Load(options)).Message);
    }

    [Fact]
    public void Load_Hook_IsCalledOnceAfterOurSettingsAndTakesEffect()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.onnx");
        int calls = 0;
        try
        {
            using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(new OnnxEmotionClassifierOptions
            {
                Model = ToyModels.Classifier(),
                IntraOpThreads = 3,
                ConfigureSession = session =>
                {
                    calls++;
                    Assert.Equal(3, session.IntraOpNumThreads);
                    session.GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_BASIC;
                    session.OptimizedModelFilePath = path;
                },
            });
            Assert.Equal(1, calls);
            Assert.True(File.Exists(path), "The session that ran was not the one that the hook configured.");
        }
        finally
        {
            File.Delete(path);
        }
    }
}
