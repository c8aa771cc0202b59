using System.Net;
using FerSharp.LiveWeb.Consent;
using FerSharp.LiveWeb.Live;
using FerSharp.LiveWeb.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FerSharp.LiveWeb;

/// <summary>The whole server: the page, consent, and the connections that carry frames. Listens on the loopback addresses, whatever the environment says.</summary>
internal sealed class LiveWebServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LiveWebServer(WebApplication app) => _app = app;

    /// <summary>Where the page is. Known once the server has started.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Consents that wait for their camera, and those whose camera runs.</summary>
    public ConsentDesk Consents => _app.Services.GetRequiredService<ConsentDesk>();

    /// <summary>Cameras that run.</summary>
    public LiveEndpoint Live => _app.Services.GetRequiredService<LiveEndpoint>();

    /// <summary>Makes the server; it does not listen yet.</summary>
    /// <param name="options">Limits, valid.</param>
    /// <param name="analyzer">Shared by all connections; stays the caller's.</param>
    /// <param name="clock">Null for the system's.</param>
    public static LiveWebServer Create(LiveWebOptions options, EmotionAnalyzer analyzer, TimeProvider? clock = null)
    {
        // Empty: nothing in a settings file or the environment may add an address or lift a limit.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "fersharp-liveweb" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning).AddFilter("FerSharp", LogLevel.Information)
            .AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(options).AddSingleton(analyzer).AddSingleton(clock ?? TimeProvider.System);
        builder.Services.AddSingleton<PageFiles>().AddSingleton<ConsentDesk>().AddSingleton<LiveEndpoint>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));

        WebApplication app = builder.Build();
        app.Use(SecurityHeaders.Add);
        app.Use(LocalOnly.Check);
        app.UseWebSockets();
        app.UseRouting();
        var about = new AboutPage(options, analyzer);
        ConsentDesk desk = app.Services.GetRequiredService<ConsentDesk>();
        app.MapGet("/api/about", about.WriteAsync);
        app.MapPost("/api/consent", desk.GiveAsync);
        app.MapDelete("/api/consent", desk.WithdrawAsync);
        app.MapGet("/api/history", desk.ExportAsync);
        app.Map(LiveEndpoint.Path, app.Services.GetRequiredService<LiveEndpoint>().AcceptAsync);
        app.MapFallback("{*path}", app.Services.GetRequiredService<PageFiles>().WriteAsync);
        return new LiveWebServer(app);
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => _app.StartAsync(cancellationToken);

    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Configure(KestrelServerOptions kestrel, LiveWebOptions options)
    {
        if (options.Port == 0)
        {
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        }
        else
        {
            kestrel.ListenLocalhost(options.Port, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        }

        kestrel.AddServerHeader = false;
        KestrelServerLimits limits = kestrel.Limits;
        limits.MaxConcurrentConnections = options.MaxConnections;
        limits.MaxRequestBodySize = 16 * 1024;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.MaxRequestLineSize = 4 * 1024;
        limits.RequestHeadersTimeout = options.TransferTimeout;
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(20);
    }
}
