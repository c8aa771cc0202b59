using System.Net.WebSockets;
using FerSharp.LiveWeb.Consent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FerSharp.LiveWeb.Live;

/// <summary>Where frames come in: lets a bounded number of connections through, each with a consent of its own. Thread-safe.</summary>
/// <remarks>The token travels as a subprotocol beside the real one, since a browser's WebSocket can set no header and an address would end up in logs.</remarks>
internal sealed class LiveEndpoint(LiveWebOptions options, EmotionAnalyzer analyzer, ConsentDesk desk, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<LiveEndpoint> log)
{
    public const string Path = "/api/live";
    public const string Protocol = "fersharp.live.1";
    private const string TokenPrefix = "consent.";
    private int _running;

    /// <summary>Connections that run.</summary>
    public int Running => Volatile.Read(ref _running);

    public async Task AcceptAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await RefuseAsync(context, StatusCodes.Status426UpgradeRequired, "Frames come through a web socket.").ConfigureAwait(false);
            return;
        }

        IList<string> protocols = context.WebSockets.WebSocketRequestedProtocols;
        string token = protocols.FirstOrDefault(one => one.StartsWith(TokenPrefix, StringComparison.Ordinal))?[TokenPrefix.Length..] ?? "";
        if (!protocols.Contains(Protocol))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, $"Ask for the subprotocol {Protocol}.").ConfigureAwait(false);
            return;
        }

        // A place first: a consent that meets a full house is not used up.
        if (Interlocked.Increment(ref _running) > options.MaxSessions)
        {
            Interlocked.Decrement(ref _running);
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, $"{options.MaxSessions} cameras run already.").ConfigureAwait(false);
            return;
        }

        try
        {
            if (!desk.TryRedeem(token, out GivenConsent? consent))
            {
                await RefuseAsync(context, StatusCodes.Status403Forbidden, "No camera without consent: the token is missing, used, withdrawn or too old.").ConfigureAwait(false);
                return;
            }

            try
            {
                var accept = new WebSocketAcceptContext { SubProtocol = Protocol, KeepAliveInterval = TimeSpan.FromSeconds(15), KeepAliveTimeout = options.TransferTimeout };
                using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(accept).ConfigureAwait(false);
                using var session = new LiveSession(socket, consent, analyzer, options, clock, log);
                await session.RunAsync(lifetime.ApplicationStopping).ConfigureAwait(false);
            }
            finally
            {
                desk.End(consent);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(reason, context.RequestAborted);
    }
}
