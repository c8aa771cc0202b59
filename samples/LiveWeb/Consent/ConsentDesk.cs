using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FerSharp.LiveWeb.Consent;

/// <summary>Takes consent and its withdrawal, and knows which tokens stand for a consent. In memory only. Thread-safe.</summary>
internal sealed partial class ConsentDesk(LiveWebOptions options, EmotionAnalyzer analyzer, TimeProvider clock, ILogger<ConsentDesk> log)
{
    private const string Bearer = "Bearer ";
    private readonly Lock _gate = new();
    private readonly Dictionary<string, GivenConsent> _given = new(StringComparer.Ordinal);

    /// <summary>How many consents stand.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _given.Count;
            }
        }
    }

    /// <summary>POST: a <see cref="ConsentRequest"/> in, a <see cref="ConsentGrant"/> or a <see cref="ConsentRefusal"/> out.</summary>
    public async Task GiveAsync(HttpContext context)
    {
        ConsentRequest? request = null;
        if (context.Request.HasJsonContentType())
        {
            try
            {
                request = await JsonSerializer.DeserializeAsync(context.Request.Body, ConsentJson.Default.ConsentRequest, context.RequestAborted).ConfigureAwait(false);
            }
            catch (JsonException)
            {
                // Said below.
            }
        }

        if (request is null)
        {
            await AnswerAsync(context, StatusCodes.Status400BadRequest, new ConsentRefusal("malformed", "Send a JSON object with notice, purpose, agreed and informed."), ConsentJson.Default.ConsentRefusal).ConfigureAwait(false);
        }
        else if (request.Refuse() is { } refusal)
        {
            LogRefused(refusal.Code);
            int status = refusal.Code == ConsentRefusal.ForbiddenPurpose ? StatusCodes.Status403Forbidden : StatusCodes.Status400BadRequest;
            await AnswerAsync(context, status, refusal, ConsentJson.Default.ConsentRefusal).ConfigureAwait(false);
        }
        else if (TryAdd(request, out GivenConsent? consent))
        {
            LogGiven(consent.Purpose.Id, consent.Exception ?? "none", request.Notice, analyzer.Detector.Model.Id, analyzer.Classifier.Model.Id);
            await AnswerAsync(context, StatusCodes.Status200OK, new ConsentGrant(consent.Token), ConsentJson.Default.ConsentGrant).ConfigureAwait(false);
        }
        else
        {
            await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, new ConsentRefusal("busy", "Too many requests wait for their camera. Try again in a minute."), ConsentJson.Default.ConsentRefusal).ConfigureAwait(false);
        }
    }

    /// <summary>DELETE with the token: deletes the history and ends the connection. The answer is the same where the consent has ended before, or never was.</summary>
    public Task WithdrawAsync(HttpContext context)
    {
        if (TryFind(context, out GivenConsent? consent))
        {
            End(consent);
            LogWithdrawn();
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>GET with the token: the history as CSV, or with <c>?as=html</c> as a page. The browser may keep it; the server does not.</summary>
    public async Task ExportAsync(HttpContext context)
    {
        if (!TryFind(context, out GivenConsent? consent) || consent.History is not { } history)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        using var text = new StringWriter();
        bool html = context.Request.Query["as"] == "html";
        if (html)
        {
            TimelineExport.WriteHtml(history.ToSnapshot(), text);
        }
        else
        {
            TimelineExport.WriteCsv(history.ToSnapshot(), text);
        }

        context.Response.ContentType = html ? "text/html; charset=utf-8" : "text/csv; charset=utf-8";
        await context.Response.WriteAsync(text.ToString(), context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Uses a token for a connection.</summary>
    /// <param name="token">What the client sent.</param>
    /// <param name="consent">The consent that it stands for, now used.</param>
    /// <returns>False where it stands for none, or for one that is used, withdrawn or too old.</returns>
    public bool TryRedeem(string token, [NotNullWhen(true)] out GivenConsent? consent)
    {
        lock (_gate)
        {
            Expire();
            return _given.TryGetValue(token, out consent) && consent.TryRedeem();
        }
    }

    /// <summary>Ends a consent: its token opens nothing any more, its history is deleted. Harmless when repeated.</summary>
    public void End(GivenConsent consent)
    {
        lock (_gate)
        {
            _given.Remove(consent.Token);
        }

        consent.Withdraw();
    }

    private bool TryAdd(ConsentRequest request, [NotNullWhen(true)] out GivenConsent? consent)
    {
        lock (_gate)
        {
            Expire();
            consent = null;
            if (_given.Values.Count(other => !other.IsRedeemed) >= options.MaxWaitingConsents)
            {
                return false;
            }

            Purpose purpose = Purpose.Find(request.Purpose)!;
            consent = new GivenConsent(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)), purpose, purpose.NeedsException ? request.Exception : null, clock.GetTimestamp());
            _given.Add(consent.Token, consent);
            return true;
        }
    }

    private bool TryFind(HttpContext context, [NotNullWhen(true)] out GivenConsent? consent)
    {
        string authorization = context.Request.Headers.Authorization.ToString();
        consent = null;
        lock (_gate)
        {
            return authorization.StartsWith(Bearer, StringComparison.Ordinal) && _given.TryGetValue(authorization[Bearer.Length..], out consent);
        }
    }

    private void Expire()
    {
        foreach (GivenConsent old in _given.Values.Where(one => !one.IsRedeemed && clock.GetElapsedTime(one.Time) > options.ConsentTimeout).ToArray())
        {
            _given.Remove(old.Token);
        }
    }

    private static async Task AnswerAsync<T>(HttpContext context, int status, T answer, JsonTypeInfo<T> type)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(context.Response.Body, answer, type, context.RequestAborted).ConfigureAwait(false);
    }

    // The record that an operator needs: what was declared, and which models will look. Nothing about a person.
    [LoggerMessage(LogLevel.Information, "Consent given: purpose {Purpose}, exception {Exception}, notice {Notice}, models {Detector} and {Classifier}.")]
    private partial void LogGiven(string purpose, string exception, int notice, string detector, string classifier);

    [LoggerMessage(LogLevel.Information, "Consent refused: {Code}.")]
    private partial void LogRefused(string code);

    [LoggerMessage(LogLevel.Information, "Consent withdrawn: connection ended, history deleted.")]
    private partial void LogWithdrawn();
}
