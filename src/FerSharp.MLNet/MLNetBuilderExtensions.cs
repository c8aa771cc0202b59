using FerSharp.MLNet;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registration of the ML.NET backend.</summary>
public static class MLNetBuilderExtensions
{
    private static int _registrations;

    /// <summary>Registers a face detector in ML.NET.</summary>
    /// <param name="builder">The builder from <c>AddFerSharp()</c>.</param>
    /// <param name="configure">Says which model, and how to run it. Checked when the host starts, or else on first use; all faults are listed.</param>
    /// <param name="key">The key to resolve it by; null registers the default.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="configure"/> is null.</exception>
    public static FerSharpBuilder AddMLNetFaceDetector(this FerSharpBuilder builder, Action<MLNetFaceDetectorOptions> configure, string? key = null)
    {
        string name = AddOptions(builder, configure);
        return builder.AddFaceDetector(provider => MLNetFaceDetector.Load(provider.GetRequiredService<IOptionsMonitor<MLNetFaceDetectorOptions>>().Get(name)), key);
    }

    /// <summary>Registers an expression classifier in ML.NET: a trained head, or an ONNX model. Reloads go to the container's log.</summary>
    /// <param name="builder">The builder from <c>AddFerSharp()</c>.</param>
    /// <param name="configure">Says which model, and how to run it. Checked when the host starts, or else on first use; all faults are listed.</param>
    /// <param name="key">The key to resolve it by; null registers the default.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="configure"/> is null.</exception>
    public static FerSharpBuilder AddMLNetEmotionClassifier(this FerSharpBuilder builder, Action<MLNetEmotionClassifierOptions> configure, string? key = null)
    {
        string name = AddOptions(builder, configure);
        return builder.AddEmotionClassifier(
            provider => MLNetEmotionClassifier.Load(
                provider.GetRequiredService<IOptionsMonitor<MLNetEmotionClassifierOptions>>().Get(name),
                provider.GetService<ILoggerFactory>()?.CreateLogger<MLNetEmotionClassifier>()),
            key);
    }

    private static string AddOptions<TOptions>(FerSharpBuilder builder, Action<TOptions> configure)
        where TOptions : MLNetBackendOptions, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);

        // A name of its own for each registration, so that a second one does not inherit from the first.
        string name = $"{typeof(TOptions).Name}-{Interlocked.Increment(ref _registrations)}";
        builder.Services.AddOptions<TOptions>(name).Configure(configure).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<TOptions>>(new Validator<TOptions>(name));
        return name;
    }

    private sealed class Validator<TOptions>(string registeredName) : IValidateOptions<TOptions>
        where TOptions : MLNetBackendOptions
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            if (name != registeredName)
            {
                return ValidateOptionsResult.Skip;
            }

            List<string> faults = options.Validate();
            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }
    }
}
