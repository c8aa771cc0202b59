using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using FerSharp.LiveWeb.Live;
using FerSharp.Testing;

namespace FerSharp.LiveWeb.Tests;

/// <summary>The server in this process on a free port, over models that read every frame the same, and a client of it.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    /// <summary>No test waits longer for anything.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly EmotionAnalyzer? _owned;

    private TestServer(LiveWebServer server, LiveWebOptions options, EmotionAnalyzer? owned)
    {
        (Server, Options, _owned) = (server, options, owned);
        Http = new HttpClient { BaseAddress = server.Address, Timeout = Patience };
    }

    public LiveWebServer Server { get; }

    public LiveWebOptions Options { get; }

    public HttpClient Http { get; }

    public string Origin => $"http://{Server.Address.Authority}";

    public static async Task<TestServer> StartAsync(Action<LiveWebOptions>? change = null, EmotionAnalyzer? analyzer = null, TimeProvider? clock = null)
    {
        var options = new LiveWebOptions { Port = 0, MaxFramesPerSecond = 120 };
        change?.Invoke(options);
        options.ThrowIfInvalid();
        EmotionAnalyzer? owned = analyzer is null ? SadFaces(1) : null;
        LiveWebServer server = LiveWebServer.Create(options, analyzer ?? owned!, clock);
        await server.StartAsync();
        return new TestServer(server, options, owned);
    }

    /// <summary>An analyzer that finds so many sad faces in every frame.</summary>
    public static EmotionAnalyzer SadFaces(int count)
    {
        FaceDetection[] faces = [.. Enumerable.Range(0, count).Select(i => new FaceDetection(new RectF(10 + (20 * (i % 7)), 10 + (20 * (i / 7)), 15, 15), 0.9f))];
        var classifier = new FakeEmotionClassifier(new EmotionScores([0.1f, 0.1f, 0, 0.8f, 0, 0, 0, 0]));
        var thresholds = new EmotionAnalyzerOptions { MinSharpness = 0, MinBrightness = 0, MinFaceSize = 0 };
        return new EmotionAnalyzer(new FakeFaceDetector(faces), classifier, thresholds, ownsModels: true);
    }

    /// <summary>Asks for consent with a body of the test's own making.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Answer)> AskAsync(object request)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "/api/consent") { Content = new StringContent(JsonSerializer.Serialize(request), Encoding.UTF8, "application/json") };
        message.Headers.Add("Origin", Origin);
        using HttpResponseMessage response = await Http.SendAsync(message);
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (response.StatusCode, answer.RootElement.Clone());
    }

    /// <summary>A token for an allowed purpose.</summary>
    public async Task<string> ConsentAsync()
    {
        (HttpStatusCode status, JsonElement answer) = await AskAsync(new { notice = 1, purpose = "self", agreed = true, informed = true });
        Assert.Equal(HttpStatusCode.OK, status);
        return answer.GetProperty("token").GetString()!;
    }

    /// <summary>A request that names its origin and a token.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token = null)
    {
        using var message = new HttpRequestMessage(method, path);
        message.Headers.Add("Origin", Origin);
        if (token is not null)
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return await Http.SendAsync(message);
    }

    /// <summary>Opens a connection for frames.</summary>
    public async Task<TestClient> ConnectAsync(string? token = null)
    {
        (ClientWebSocket? socket, HttpStatusCode status) = await TryConnectAsync(token ?? await ConsentAsync());
        return socket is null ? throw new InvalidOperationException($"The connection was refused: {status}.") : new TestClient(socket);
    }

    /// <summary>Tries to open a connection.</summary>
    /// <param name="token">The token; null sends none.</param>
    /// <param name="change">Changes the request's headers after origin and protocol are set.</param>
    /// <returns>The open socket, or null and the status of the refusal.</returns>
    public async Task<(ClientWebSocket? Socket, HttpStatusCode Status)> TryConnectAsync(string? token, Action<ClientWebSocketOptions>? change = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Origin", Origin);
        socket.Options.AddSubProtocol(LiveEndpoint.Protocol);
        if (token is not null)
        {
            socket.Options.AddSubProtocol("consent." + token);
        }

        change?.Invoke(socket.Options);
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            await socket.ConnectAsync(new Uri($"ws://{Server.Address.Authority}{LiveEndpoint.Path}"), patience.Token);
            return (socket, HttpStatusCode.SwitchingProtocols);
        }
        catch (WebSocketException)
        {
            HttpStatusCode status = socket.HttpStatusCode;
            socket.Dispose();
            return (null, status);
        }
    }

    /// <summary>Waits for a condition that other threads bring about.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, $"It never came to it that {what}.");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
        _owned?.Dispose();
    }
}

/// <summary>A clock that a test moves on, on top of the system's.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    private long _shift;

    public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _shift);

    public void Advance(TimeSpan time) => Interlocked.Add(ref _shift, (long)(time.TotalSeconds * TimestampFrequency));
}
