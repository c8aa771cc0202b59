using Microsoft.AspNetCore.Http;

namespace FerSharp.LiveWeb.Web;

/// <summary>Headers on every answer: only the page's own files run, nothing is sent elsewhere, nobody may frame it, nothing is cached.</summary>
internal static class SecurityHeaders
{
    public static Task Add(HttpContext context, RequestDelegate next)
    {
        IHeaderDictionary headers = context.Response.Headers;

        // The web socket is named besides 'self' for browsers that do not count it in.
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' ws://{SafeHost(context.Request.Host)}; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
        headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=(), display-capture=(), payment=(), usb=()";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Embedder-Policy"] = "require-corp";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        return next(context);
    }

    /// <summary>The host where it is one of ours; else one that stands for nothing, since the request is about to be refused.</summary>
    private static string SafeHost(HostString host) => LocalOnly.IsLocal(host) ? host.Value! : "localhost";
}
