using System.Diagnostics.CodeAnalysis;
using FerSharp.Onnx;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registration of the ONNX Runtime backend.</summary>
public static class OnnxBuilderExtensions
{
    private static int _registrations;

    /// <summary>Registers a face detector on ONNX Runtime.</summary>
    /// <param name="builder">The builder from <c>AddFerSharp()</c>.</param>
    /// <param name="configure">Says which model, and how to run it. Checked when the host starts, or else on first use; all faults are listed.</param>
    /// <param name="key">The key to resolve it by; null registers the default.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="configure"/> is null.</exception>
    public static FerSharpBuilder AddOnnxFaceDetector(this FerSharpBuilder builder, Action<OnnxFaceDetectorOptions> configure, string? key = null)
    {
        string name = AddOptions(builder, configure);
        return builder.AddFaceDetector(provider => OnnxFaceDetector.Load(provider.GetRequiredService<IOptionsMonitor<OnnxFaceDetectorOptions>>().Get(name)), key);
    }

    /// <summary>Registers an expression classifier on ONNX Runtime.</summary>
    /// <param name="builder">The builder from <c>AddFerSharp()</c>.</param>
    /// <param name="configure">Says which model, and how to run it. Checked when the host starts, or else on first use; all faults are listed.</param>
    /// <param name="key">The key to resolve it by; null registers the default.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="configure"/> is null.</exception>
    public static FerSharpBuilder AddOnnxEmotionClassifier(this FerSharpBuilder builder, Action<OnnxEmotionClassifierOptions> configure, string? key = null)
    {
        string name = AddOptions(builder, configure);
        return builder.AddEmotionClassifier(provider => OnnxEmotionClassifier.Load(provider.GetRequiredService<IOptionsMonitor<OnnxEmotionClassifierOptions>>().Get(name)), key);
    }

    private static string AddOptions<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(FerSharpBuilder builder, Action<TOptions> configure)
        where TOptions : OnnxBackendOptions, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);

        // A name of its own for each registration, so that a second one does not inherit from the first.
        string name = $"{typeof(TOptions).Name}-{Interlocked.Increment(ref _registrations)}";
        builder.Services.AddOptions<TOptions>(name).Configure(configure).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<TOptions>>(new Validator<TOptions>(name));
        return name;
    }

    private sealed class Validator<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(string registeredName) : IValidateOptions<TOptions>
        where TOptions : OnnxBackendOptions
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
