using System.Net.WebSockets;
using System.Text.Json;
using CsCheck;
using FerSharp.LiveWeb.Live;
using FerSharp.Media;
using FerSharp.Testing;

namespace FerSharp.LiveWeb.Tests;

public sealed class FrameTests
{
    /// <summary>Messages that break the protocol, by name.</summary>
    public static TheoryData<string, byte[]> BadFrames => new()
    {
        { "nothing", [] },
        { "header only", TestClient.Frame([]) },
        { "short header", [1, 1, 0, 0, 160, 0, 120] },
        { "another version", [9, .. TestClient.Frame(TestClient.Jpeg)[1..]] },
        { "another encoding", TestClient.Frame(TestClient.Jpeg, (FrameEncoding)7) },
        { "no width", TestClient.Frame(TestClient.Jpeg, width: 0) },
        { "too many pixels", TestClient.Frame(TestClient.Jpeg, width: 65535, height: 65535) },
        { "time that is none", TestClient.Frame(TestClient.Jpeg, captured: double.NaN) },
        { "truncated JPEG", TestClient.Frame(TestClient.Jpeg.AsSpan(0, TestClient.Jpeg.Length / 2)) },
        { "begin of a JPEG", TestClient.Frame([0xFF, 0xD8, 0xFF]) },
        { "noise after a JPEG's begin", TestClient.Frame([0xFF, 0xD8, 0xFF, .. Enumerable.Range(0, 1000).Select(i => (byte)(i * 31))]) },
        { "PNG", TestClient.Frame(TestClient.Encode(ImageSaveFormat.Png)) },
        { "larger JPEG than said", TestClient.Frame(TestClient.Jpeg, width: 80, height: 60) },
        { "smaller JPEG than said", TestClient.Frame(TestClient.Jpeg, width: 320, height: 240) },
        { "JPEG on its side", TestClient.Frame(TestClient.Jpeg, width: TestClient.Height, height: TestClient.Width) },
        { "short RGBA", TestClient.Frame(new byte[(4 * 160 * 120) - 1], FrameEncoding.Rgba) },
        { "long RGBA", TestClient.Frame(new byte[(4 * 160 * 120) + 1], FrameEncoding.Rgba) },
    };

    [Theory]
    [InlineData("Jpeg")]
    [InlineData("Rgba")]
    public async Task Frame_Good_IsAnsweredWithFacesAndAge(string name)
    {
        FrameEncoding encoding = Enum.Parse<FrameEncoding>(name);
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.ConnectAsync();
        byte[] pixels = encoding == FrameEncoding.Jpeg ? TestClient.Jpeg : new byte[4 * TestClient.Width * TestClient.Height];
        JsonElement face = default;
        for (uint number = 7; face.ValueKind == JsonValueKind.Undefined || face.GetProperty("track").GetInt32() == 0; number++)
        {
            await client.SendAsync(TestClient.Frame(pixels, encoding, number: number, captured: 12.5 * number));
            JsonElement result = await client.ReceiveAsync("result");
            Assert.Equal(number, result.GetProperty("frame").GetUInt32());
            Assert.Equal(12.5 * number, result.GetProperty("captured").GetDouble());
            Assert.Equal(TestClient.Width, result.GetProperty("width").GetInt32());
            Assert.Equal(TestClient.Height, result.GetProperty("height").GetInt32());
            Assert.True(result.GetProperty("ageMs").GetDouble() >= 0);
            Assert.Equal(0, result.GetProperty("dropped").GetInt32());
            face = Assert.Single(result.GetProperty("faces").EnumerateArray());
            await Task.Delay(50);
        }

        Assert.Equal([10, 10, 15, 15], face.GetProperty("box").EnumerateArray().Select(one => one.GetDouble()));
        Assert.Equal("ok", face.GetProperty("outcome").GetString());
        Assert.Equal(0.8, face.GetProperty("scores").GetProperty("sadness").GetDouble(), 0.01);
        Assert.Equal(EmotionScores.Count, face.GetProperty("scores").EnumerateObject().Count());
    }

    [Fact]
    public async Task Frames_DroppedBehindASlowAnalysis_AnswersCarryTheirOwnNumbers()
    {
        using var gate = new ManualResetEventSlim();
        var seen = new List<uint>();
        var detector = new FakeFaceDetector((in FrameView frame, Span<FaceDetection> _) =>
        {
            lock (seen)
            {
                seen.Add(frame.GetRow(0)[0]);
            }

            gate.Wait(TestServer.Patience);
            return 0;
        });
        using var analyzer = new EmotionAnalyzer(detector, new FakeEmotionClassifier(new EmotionScores([1, 0, 0, 0, 0, 0, 0, 0])), ownsModels: true);
        await using TestServer server = await TestServer.StartAsync(analyzer: analyzer);
        using TestClient client = await server.ConnectAsync();
        for (uint number = 1; number <= 20; number++)
        {
            byte[] pixels = new byte[4 * TestClient.Width * TestClient.Height];
            pixels.AsSpan().Fill((byte)number);
            await client.SendAsync(TestClient.Frame(pixels, FrameEncoding.Rgba, number: number));
            await TestServer.UntilAsync(() => detector.Calls > 0, "the first frame is at work");
        }

        // Answered in turn: all frames before it are in.
        await client.SendAsync(new { type = "forget" });
        await client.ReceiveAsync("done");
        gate.Set();
        var answered = new List<uint>();
        while (!answered.Contains(20))
        {
            answered.Add((await client.ReceiveAsync("result")).GetProperty("frame").GetUInt32());
        }

        Assert.True(answered.Count < 20, "no frame was dropped");
        Assert.Equal(seen, answered);
    }

    [Fact]
    public async Task Analysis_WithAnUnforeseenFault_EndsAsTheServersFault()
    {
        var detector = new FakeFaceDetector((in FrameView _, Span<FaceDetection> _) => throw new InvalidOperationException("A fault of the test."));
        using var analyzer = new EmotionAnalyzer(detector, new FakeEmotionClassifier(new EmotionScores([1, 0, 0, 0, 0, 0, 0, 0])), ownsModels: true);
        await using TestServer server = await TestServer.StartAsync(analyzer: analyzer);
        using TestClient client = await server.ConnectAsync();
        await client.SendAsync(TestClient.Frame(TestClient.Jpeg));
        Assert.Equal(WebSocketCloseStatus.InternalServerError, await client.ReadToEndAsync());
    }

    [Theory]
    [MemberData(nameof(BadFrames))]
    public async Task Frame_Bad_IsAnsweredAndCounted_ThenTheConnectionEnds(string name, byte[] message)
    {
        await using TestServer server = await TestServer.StartAsync(options => options.MaxBadMessages = 3);
        using TestClient client = await server.ConnectAsync();
        for (int left = 2; left >= 0; left--)
        {
            await client.SendAsync(message);
            JsonElement error = await client.ReceiveAsync("error");
            Assert.Equal("badFrame", error.GetProperty("code").GetString());
            Assert.Equal(left, error.GetProperty("left").GetInt32());
            Assert.False(string.IsNullOrWhiteSpace(error.GetProperty("message").GetString()), name);
            if (left == 2)
            {
                // One bad frame does not spoil the next.
                await client.ReadAsync();
            }
        }

        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await client.ReadToEndAsync());
        await TestServer.UntilAsync(() => server.Server is { Live.Running: 0, Consents.Count: 0 }, "the connection is gone");
        using TestClient next = await server.ConnectAsync();
        await next.ReadAsync();
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"type":7}""")]
    [InlineData("""{"type":"shutdown"}""")]
    [InlineData("""{"type":"\ud800"}""")]
    [InlineData("""{"type":"settings","\ud800":1}""")]
    [InlineData("""{"type":"settings","alert":{"expression":"\ud800"}}""")]
    [InlineData("""{"type":"settings","sensitivity":{"joy":1}}""")]
    [InlineData("""{"type":"settings","sensitivity":{"sadness":"much"}}""")]
    [InlineData("""{"type":"settings","sensitivity":{"sadness":1e300}}""")]
    [InlineData("""{"type":"settings","sensitivity":{"sadness":0}}""")]
    [InlineData("""{"type":"settings","sensitivity":[1]}""")]
    [InlineData("""{"type":"settings","calm":-1}""")]
    [InlineData("""{"type":"settings","calm":1e30}""")]
    [InlineData("""{"type":"settings","alert":{"seconds":100000000}}""")]
    [InlineData("""{"type":"settings","alert":{"expression":5}}""")]
    [InlineData("""{"type":"settings","alert":{"share":2}}""")]
    [InlineData("""{"type":"settings","alert":7}""")]
    [InlineData("""{"type":"settings","alert":{"share":{"a":{"b":{"c":{"d":1}}}}}}""")]
    [InlineData("""{"type":"settings","unknown":1}""")]
    public async Task Text_Bad_IsAnsweredAndChangesNothing(string text)
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.ConnectAsync();
        await client.SendAsync(text);
        Assert.Equal("badMessage", (await client.ReceiveAsync("error")).GetProperty("code").GetString());
        Assert.Equal(1, (await client.ReadAsync()).GetProperty("faces").GetArrayLength());
    }

    [Fact]
    public async Task Settings_Changed_ActOnTheRunningSession()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.ConnectAsync();
        double before = await SadnessAsync(client, score => score > 0.75);
        await client.SendAsync(new { type = "settings", sensitivity = new { sadness = 0.25 }, calm = 0, alert = (object?)null });
        await client.ReceiveAsync("done");

        // 0.8 x 0.25 against 0.2: half.
        double after = await SadnessAsync(client, score => score < 0.6);
        Assert.Equal(0.8, before, 0.05);
        Assert.Equal(0.5, after, 0.05);
    }

    [Fact]
    public async Task Alert_LastingExpression_AsksForAPerson()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.ConnectAsync();
        await client.SendAsync(new { type = "settings", alert = new { expression = "sadness", share = 0.2, seconds = 1 } });
        await client.ReceiveAsync("done");
        using var stop = new CancellationTokenSource();
        Task sending = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await client.SendAsync(TestClient.Frame(TestClient.Jpeg));
                await Task.Delay(60);
            }
        });
        JsonElement alert = await client.ReceiveAsync("alert");
        await stop.CancelAsync();
        await sending;
        Assert.Equal("prolonged-sadness", alert.GetProperty("rule").GetString());
        string message = alert.GetProperty("message").GetString()!;
        Assert.StartsWith("Possible", message, StringComparison.Ordinal);
        Assert.Contains("needs a person's review", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Frame_Huge_EndsTheConnection()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.MaxFrameBytes = 64 * 1024);
        using TestClient client = await server.ConnectAsync();
        await client.SendAsync(TestClient.Frame(new byte[70_000]));
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, await client.ReadToEndAsync());
        using TestClient text = await server.ConnectAsync();
        await text.SendAsync(new string(' ', 5000));
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, await text.ReadToEndAsync());
    }

    [Fact]
    public async Task Frames_FasterThanTheLimit_AreRefusedAndEndTheConnection()
    {
        await using TestServer server = await TestServer.StartAsync(options => (options.MaxFramesPerSecond, options.MaxBadMessages) = (5, 4));
        using TestClient client = await server.ConnectAsync();
        byte[] frame = TestClient.Frame(TestClient.Jpeg);
        Task sending = Task.Run(async () =>
        {
            try
            {
                for (int i = 0; i < 200; i++)
                {
                    await client.SendAsync(frame);
                }
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Closed meanwhile.
            }
        });
        Assert.Equal("tooFast", (await client.ReceiveAsync("error")).GetProperty("code").GetString());
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await client.ReadToEndAsync());
        client.Socket.Abort();
        await sending;
    }

    [Fact]
    public async Task Message_AnyBytes_IsAFrameOrInvalidData()
    {
        await using var source = new PushFrameSource();
        Gen<byte[]> noise = Gen.Byte.Array[0, 200];
        Gen<byte[]> spoiled = Gen.Select(Gen.Int[0, TestClient.Jpeg.Length - 1], Gen.Byte).Array[1, 8].Select(changes =>
        {
            byte[] jpeg = [.. TestClient.Jpeg];
            foreach ((int place, byte value) in changes)
            {
                jpeg[place] = value;
            }

            return TestClient.Frame(jpeg);
        });
        Gen.OneOf(noise, spoiled).Sample(
            message =>
            {
                try
                {
                    FrameHeader header = FrameProtocol.ReadHeader(message, 1280 * 720);
                    FrameProtocol.Push(header, message.AsMemory(FrameProtocol.HeaderLength), source);
                }
                catch (InvalidDataException e)
                {
                    Assert.False(string.IsNullOrWhiteSpace(e.Message));
                }
            },
            iter: 500,
            threads: 1);
    }

    private static async Task<double> SadnessAsync(TestClient client, Predicate<double> until)
    {
        for (int i = 0; i < 200; i++)
        {
            JsonElement face = Assert.Single((await client.ReadAsync()).GetProperty("faces").EnumerateArray());
            double score = face.GetProperty("scores").GetProperty("sadness").GetDouble();
            if (face.GetProperty("track").GetInt32() > 0 && until(score))
            {
                return score;
            }

            await Task.Delay(30);
        }

        throw new InvalidOperationException("The score never got there.");
    }
}
