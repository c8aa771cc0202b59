using FerSharp;
using FerSharp.LiveWeb;
using Microsoft.Extensions.Configuration;

LiveWebOptions options;
try
{
    IConfiguration settings = new ConfigurationBuilder().AddEnvironmentVariables("FERSHARP_LIVEWEB_").AddCommandLine(args).Build();
    options = settings.Get<LiveWebOptions>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new LiveWebOptions();
    options.ThrowIfInvalid();
}
catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException)
{
    await Console.Error.WriteLineAsync($"error: {e.Message} {e.InnerException?.Message}").ConfigureAwait(false);
    return 2;
}

try
{
    using EmotionAnalyzer analyzer = FerSharpDefaults.CreateAnalyzer(new EmotionAnalyzerOptions { MaxFaces = options.MaxFaces }, options.Detector);
    await using LiveWebServer server = LiveWebServer.Create(options, analyzer);
    await server.StartAsync().ConfigureAwait(false);
    Console.WriteLine($"Open {server.Address} in a browser on this machine. Ctrl+C ends it.");
    await server.WaitForShutdownAsync().ConfigureAwait(false);
    return 0;
}
catch (Exception e) when (e is FerModelException or IOException)
{
    await Console.Error.WriteLineAsync($"error: {e.Message}").ConfigureAwait(false);
    return 3;
}
