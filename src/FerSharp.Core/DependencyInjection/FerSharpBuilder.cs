using FerSharp;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers FerSharp's parts in a container. Made by <see cref="FerSharpServiceCollectionExtensions.AddFerSharp"/>.</summary>
/// <remarks>
/// Models and analyzer are singletons that the container makes on first use and disposes; an <see cref="EmotionSession"/> is made anew each time, over the one
/// analyzer, and disposed with the scope that it is resolved from. A registration without a key is the default; a second default
/// replaces the first, with a warning in the log when it is first used. Not thread-safe, as service collections are not.
/// </remarks>
public sealed partial class FerSharpBuilder
{
    internal FerSharpBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services that are being registered.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Registers a face detector: the way in for any backend.</summary>
    /// <param name="factory">Makes the detector; the container disposes it.</param>
    /// <param name="key">The key to resolve it by; null registers the default.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="factory"/> is null.</exception>
    public FerSharpBuilder AddFaceDetector(Func<IServiceProvider, IFaceDetector> factory, string? key = null) => Add(factory, key);

    /// <summary>Registers an expression classifier: the way in for any backend.</summary>
    /// <param name="factory">Makes the classifier; the container disposes it.</param>
    /// <param name="key">The key to resolve it by; null registers the default.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="factory"/> is null.</exception>
    public FerSharpBuilder AddEmotionClassifier(Func<IServiceProvider, IEmotionClassifier> factory, string? key = null) => Add(factory, key);

    /// <summary>Sets the analyzer's options. They are checked when the host starts, or else on first use; all faults are listed.</summary>
    /// <param name="configure">Changes the options.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="configure"/> is null.</exception>
    public FerSharpBuilder ConfigureAnalyzer(Action<EmotionAnalyzerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Services.Configure(configure);
        return this;
    }

    /// <summary>
    /// Sets the options of sessions. They are checked when the host starts, or else on first use. Where they come from a source that can change, such as
    /// a configuration file, running sessions take over <see cref="EmotionSessionOptions.Smoother"/> and <see cref="EmotionSessionOptions.Monitor"/>.
    /// </summary>
    /// <param name="configure">Changes the options; called again at each reload.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="configure"/> is null.</exception>
    public FerSharpBuilder ConfigureSessions(Action<EmotionSessionOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Services.Configure(configure);
        return this;
    }

    private FerSharpBuilder Add<TService>(Func<IServiceProvider, TService> factory, string? key)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(factory);
        if (key is not null)
        {
            Services.AddKeyedSingleton(key, (provider, _) => factory(provider));
            return this;
        }

        bool replaces = Services.Any(service => service.ServiceType == typeof(TService) && !service.IsKeyedService);
        Services.RemoveAll<TService>();
        Services.AddSingleton(provider =>
        {
            if (replaces && provider.GetService<ILoggerFactory>() is { } loggers)
            {
                LogReplaced(loggers.CreateLogger<FerSharpBuilder>(), typeof(TService).Name);
            }

            return factory(provider);
        });
        return this;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "{Service} was registered more than once without a key; the last registration is used. Give the others keys.")]
    private static partial void LogReplaced(ILogger logger, string service);
}

/// <summary>Registration of FerSharp in a service collection.</summary>
public static class FerSharpServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="EmotionAnalyzer"/> over the default detector and classifier, which the returned builder registers, and <see cref="EmotionSession"/>
    /// over it. May be called again.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <returns>A builder for detectors, classifiers and options.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static FerSharpBuilder AddFerSharp(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<EmotionAnalyzerOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EmotionAnalyzerOptions>, EmotionAnalyzerOptionsValidator>());
        services.TryAddSingleton(provider => new EmotionAnalyzer(
            provider.GetRequiredService<IFaceDetector>(),
            provider.GetRequiredService<IEmotionClassifier>(),
            provider.GetRequiredService<IOptions<EmotionAnalyzerOptions>>().Value));
        services.AddOptions<EmotionSessionOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EmotionSessionOptions>, EmotionSessionOptionsValidator>());
        services.TryAddTransient(provider => new EmotionSession(
            provider.GetRequiredService<EmotionAnalyzer>(),
            provider.GetRequiredService<IOptionsMonitor<EmotionSessionOptions>>(),
            provider.GetService<ILoggerFactory>()?.CreateLogger<EmotionSession>()));
        return new FerSharpBuilder(services);
    }

    private sealed class EmotionAnalyzerOptionsValidator : IValidateOptions<EmotionAnalyzerOptions>
    {
        public ValidateOptionsResult Validate(string? name, EmotionAnalyzerOptions options)
        {
            IReadOnlyList<string> faults = options.Validate();
            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }
    }

    private sealed class EmotionSessionOptionsValidator : IValidateOptions<EmotionSessionOptions>
    {
        public ValidateOptionsResult Validate(string? name, EmotionSessionOptions options)
        {
            try
            {
                options.ThrowIfInvalid(nameof(options));
                return ValidateOptionsResult.Success;
            }
            catch (ArgumentException e)
            {
                return ValidateOptionsResult.Fail(e.Message.Replace($" (Parameter '{nameof(options)}')", "", StringComparison.Ordinal));
            }
        }
    }
}
