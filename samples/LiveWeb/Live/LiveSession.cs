using System.Net.WebSockets;
using System.Text.Json;
using FerSharp.LiveWeb.Consent;
using FerSharp.Media;
using Microsoft.Extensions.Logging;

namespace FerSharp.LiveWeb.Live;

/// <summary>One connection: frames in, answers out. Ends with the consent, on too many bad messages, after silence, or when the client leaves.</summary>
/// <remarks>
/// Two loops. One receives and pushes frames, of which the newest wins; the other analyses and answers. Whoever finds a reason to end says it to
/// <see cref="End"/>, and the first reason counts. Frames are freed as soon as they are analysed, and nothing of them is kept.
/// </remarks>
internal sealed partial class LiveSession : IDisposable
{
    private const int MaxTextBytes = 4096;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4 };
    private readonly WebSocket _socket;
    private readonly GivenConsent _consent;
    private readonly LiveWebOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly EmotionSession _session;
    private readonly List<EmotionAlert> _alerts = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly AnswerWriter _answers = new();
    private readonly FrameTags _tags = new();
    private readonly RateLimit _frameRate, _textRate;
    private Closing? _closing;
    private int _bad;

    public LiveSession(WebSocket socket, GivenConsent consent, EmotionAnalyzer analyzer, LiveWebOptions options, TimeProvider clock, ILogger log)
    {
        (_socket, _consent, _options, _clock, _log) = (socket, consent, options, clock, log);
        (_frameRate, _textRate) = (new RateLimit(options.MaxFramesPerSecond, clock), new RateLimit(options.MaxFramesPerSecond, clock));
        _session = new EmotionSession(analyzer, new EmotionSessionOptions { Stream = new StreamOptions { MaxFaces = options.MaxFaces } });
        _session.Monitor.Alerted += (_, alert) => _alerts.Add(alert);
        consent.History = _session.Timeline;
    }

    /// <summary>Runs until the connection has ended. Throws nothing that a client could cause.</summary>
    /// <param name="stopping">The server's end.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        using CancellationTokenRegistration stopped = stopping.Register(() => End(WebSocketCloseStatus.EndpointUnavailable, "The server is shutting down."));
        using var silence = new CancellationTokenSource(_options.IdleTimeout, _clock);
        using CancellationTokenRegistration silent = silence.Token.Register(() => End(WebSocketCloseStatus.PolicyViolation, "Nothing came for too long."));
        await using var source = new PushFrameSource("browser", capacity: 1, _clock);
        using var abort = new CancellationTokenSource();
        Task receiving = ReceiveAsync(source, silence, abort.Token);
        Task answering = AnswerAsync(source);
        await Task.WhenAny(receiving, answering, _consent.Withdrawn).ConfigureAwait(false);
        if (receiving.IsFaulted || answering.IsFaulted)
        {
            End(WebSocketCloseStatus.InternalServerError, "The program has a fault; its log says more.");
        }

        End(WebSocketCloseStatus.NormalClosure, _consent.Withdrawn.IsCompleted ? "Consent was withdrawn." : "The client left.");
        source.Complete();
        await answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await CloseAsync().ConfigureAwait(false);

        // The client's own goodbye, for as long as is polite.
        abort.CancelAfter(TimeSpan.FromSeconds(1));
        await receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Abort();
        foreach (Exception fault in new[] { receiving.Exception, answering.Exception }.OfType<Exception>())
        {
            LogFault(fault);
        }
    }

    public void Dispose()
    {
        _ending.Dispose();
        _sending.Dispose();
        _answers.Dispose();
        _session.Dispose();
    }

    private void End(WebSocketCloseStatus status, string reason)
    {
        if (Interlocked.CompareExchange(ref _closing, new Closing(status, reason), null) is null)
        {
            _ending.Cancel();
        }
    }

    private async Task ReceiveAsync(PushFrameSource source, CancellationTokenSource silence, CancellationToken abort)
    {
        using var reader = new MessageReader(_socket, _options.MaxFrameBytes, MaxTextBytes);
        try
        {
            // Runs on after the end, to see the client's goodbye; what else comes then is thrown away.
            while (true)
            {
                Message message = await reader.ReadAsync(() => silence.CancelAfter(_options.TransferTimeout), abort).ConfigureAwait(false);
                silence.CancelAfter(_options.IdleTimeout);
                if (message.TooLong)
                {
                    End(WebSocketCloseStatus.MessageTooBig, $"A frame has at most {_options.MaxFrameBytes} bytes, another message {MaxTextBytes}.");
                }
                else if (message.Type == WebSocketMessageType.Close)
                {
                    return;
                }
                else if (!_ending.IsCancellationRequested)
                {
                    await TakeAsync(message, source).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The connection broke, or was broken off.
        }
    }

    private async Task TakeAsync(Message message, PushFrameSource source)
    {
        bool isFrame = message.Type == WebSocketMessageType.Binary;
        string code = isFrame ? "badFrame" : "badMessage";
        try
        {
            if (!(isFrame ? _frameRate : _textRate).TryTake())
            {
                code = "tooFast";
                throw new InvalidDataException($"At most {_options.MaxFramesPerSecond} frames, and as many other messages, are taken in a second.");
            }

            if (isFrame)
            {
                FrameHeader header = FrameProtocol.ReadHeader(message.Bytes.Span, _options.MaxFramePixels);
                if (_tags.TryAdd(source.Pushed, header.Tag))
                {
                    FrameProtocol.Push(header, message.Bytes[FrameProtocol.HeaderLength..], source);
                }
            }
            else if (Obey(message.Bytes) is { } done)
            {
                await SendAsync(answers => answers.Done(done)).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or ArgumentException)
        {
            _bad++;
            string reason = e is JsonException ? "The message is no JSON." : e.Message;
            await SendAsync(answers => answers.Error(code, reason, _options.MaxBadMessages - _bad)).ConfigureAwait(false);
            if (_bad >= _options.MaxBadMessages)
            {
                End(WebSocketCloseStatus.PolicyViolation, "Too many bad messages.");
            }
        }
    }

    /// <summary>Does what a text message asks. Returns what was done.</summary>
    private string? Obey(ReadOnlyMemory<byte> text)
    {
        (string? type, SessionSettings? settings) = Parse(text);
        switch (type)
        {
            case "settings":
                settings!.Apply(_session);
                return type;
            case "forget":
                _session.Timeline.Clear();
                return type;
            case "stay":
                // From a page that pauses: it only breaks the silence.
                return null;
            default:
                throw new InvalidDataException("A text message has the type settings, forget or stay.");
        }
    }

    /// <summary>Reads a text message: its type, and the settings where it has some.</summary>
    private static (string? Type, SessionSettings? Settings) Parse(ReadOnlyMemory<byte> text)
    {
        using JsonDocument document = JsonDocument.Parse(text, Strict);
        JsonElement message = document.RootElement;
        try
        {
            string? type = message.ValueKind == JsonValueKind.Object && message.TryGetProperty("type", out JsonElement named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
            return (type, type == "settings" ? SessionSettings.Parse(message) : null);
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair is valid JSON, and no text.
            throw new InvalidDataException("The message has a text that is no Unicode.");
        }
    }

    private async Task AnswerAsync(PushFrameSource source)
    {
        try
        {
            await foreach (StreamResult result in _session.AnalyzeAsync(source, _ending.Token).ConfigureAwait(false))
            {
                FrameTag tag = _tags.Take(result.Sequence);
                await SendAsync(answers => answers.Result(result, tag)).ConfigureAwait(false);
                foreach (EmotionAlert alert in _alerts)
                {
                    await SendAsync(answers => answers.Alert(alert)).ConfigureAwait(false);
                }

                _alerts.Clear();
            }
        }
        catch (OperationCanceledException)
        {
            // Ended.
        }
        catch (FerInferenceException)
        {
            End(WebSocketCloseStatus.InternalServerError, "The analysis failed.");
        }
    }

    /// <summary>Sends one message, in turn. A client that does not take it in time loses its connection.</summary>
    private async Task SendAsync(Func<AnswerWriter, ReadOnlyMemory<byte>> write)
    {
        await _sending.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            using var patience = new CancellationTokenSource(_options.TransferTimeout, _clock);
            await _socket.SendAsync(write(_answers), WebSocketMessageType.Text, endOfMessage: true, patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            End(WebSocketCloseStatus.PolicyViolation, "The client does not take its answers.");
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task CloseAsync()
    {
        await _sending.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                using var patience = new CancellationTokenSource(_options.TransferTimeout, _clock);
                await _socket.CloseOutputAsync(_closing!.Status, _closing.Reason, patience.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // It is gone.
        }
        finally
        {
            _sending.Release();
        }
    }

    [LoggerMessage(LogLevel.Error, "A connection for frames ended on an unforeseen fault.")]
    private partial void LogFault(Exception fault);

    private sealed record Closing(WebSocketCloseStatus Status, string Reason);
}
