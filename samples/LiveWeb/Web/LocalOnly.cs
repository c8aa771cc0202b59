using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace FerSharp.LiveWeb.Web;

/// <summary>Lets through what this machine's own browser asks from the page itself: against other machines, other names for this one (DNS rebinding) and other sites.</summary>
internal static class LocalOnly
{
    public static Task Check(HttpContext context, RequestDelegate next)
    {
        HttpRequest request = context.Request;
        if (context.Connection.RemoteIpAddress is not { } remote || !IPAddress.IsLoopback(remote)
            || !IsLocal(request.Host) || (request.Host.Port ?? 80) != context.Connection.LocalPort)
        {
            return RefuseAsync(context, StatusCodes.Status400BadRequest, "This server answers to localhost only. Open it by the address that it printed at its start.");
        }

        StringValues origin = request.Headers.Origin;
        bool mustName = context.WebSockets.IsWebSocketRequest || request.Headers.Upgrade.Count > 0 || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method));
        if (origin.Count > 0 || mustName)
        {
            if (origin.Count != 1 || !string.Equals(origin[0], $"http://{request.Host.Value}", StringComparison.OrdinalIgnoreCase))
            {
                return RefuseAsync(context, StatusCodes.Status403Forbidden, "Only the page itself may ask this: the request comes from another origin, or names none.");
            }
        }

        return next(context);
    }

    public static bool IsLocal(HostString host) => host.Host is "localhost" or "127.0.0.1" or "[::1]" or "::1";

    private static Task RefuseAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(reason, context.RequestAborted);
    }
}
