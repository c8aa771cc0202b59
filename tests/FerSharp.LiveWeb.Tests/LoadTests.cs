using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace FerSharp.LiveWeb.Tests;

public sealed class LoadTests
{
    [Fact]
    public async Task Connections_AThousand_LeaveTheServerAlive()
    {
        await using TestServer server = await TestServer.StartAsync(options => (options.MaxConnections, options.TransferTimeout) = (64, TimeSpan.FromSeconds(2)));
        long before = Memory();
        var sockets = new List<TcpClient>();
        try
        {
            // Open and silent: those past the limit are closed at once, the others when their time is up.
            for (int i = 0; i < 1000; i++)
            {
                var client = new TcpClient();
                sockets.Add(client);
                await client.ConnectAsync(IPAddress.Loopback, server.Server.Address.Port);
            }

            Assert.True(await CountClosedAsync(sockets) >= 1000 - server.Options.MaxConnections, "more connections are open than allowed");
        }
        finally
        {
            sockets.ForEach(one => one.Dispose());
        }

        await AnswersAgainAsync(server);
        int refused = 0;
        for (int i = 0; i < 1000; i++)
        {
            (ClientWebSocket? socket, HttpStatusCode status) = await server.TryConnectAsync("forged");
            Assert.Null(socket);
            refused += status == HttpStatusCode.Forbidden ? 1 : 0;
        }

        Assert.Equal(1000, refused);
        Assert.Equal(0, server.Server.Live.Running);
        using (TestClient client = await server.ConnectAsync())
        {
            await client.ReadAsync();
        }

        await TestServer.UntilAsync(() => server.Server is { Live.Running: 0, Consents.Count: 0 }, "the last connection is gone");
        Assert.InRange(Memory() - before, long.MinValue, 16 * 1024 * 1024);
    }

    [Fact]
    public async Task Cameras_MoreThanAllowed_AreRefused_AndTheirConsentStands()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.MaxSessions = 2);
        using TestClient first = await server.ConnectAsync();
        string waiting = await server.ConsentAsync();
        using (TestClient second = await server.ConnectAsync())
        {
            await second.ReadAsync();
            (ClientWebSocket? socket, HttpStatusCode status) = await server.TryConnectAsync(waiting);
            Assert.Null(socket);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        }

        await TestServer.UntilAsync(() => server.Server.Live.Running == 1, "the second camera is off");
        using TestClient third = await server.ConnectAsync(waiting);
        await third.ReadAsync();
        await first.ReadAsync();
    }

    [Fact]
    public async Task Client_ThatStopsInAMessage_LosesItsConnection()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.TransferTimeout = TimeSpan.FromSeconds(0.3));
        using TestClient client = await server.ConnectAsync();
        await client.SendAsync(TestClient.Frame(TestClient.Jpeg), isEnd: false);
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await client.ReadToEndAsync());
        await TestServer.UntilAsync(() => server.Server.Live.Running == 0, "the connection is gone");
    }

    [Fact]
    public async Task Client_ThatSendsAMessageByteAfterByte_LosesItsConnection()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.TransferTimeout = TimeSpan.FromSeconds(0.5));
        using TestClient client = await server.ConnectAsync();
        using var stop = new CancellationTokenSource();
        Task sending = Task.Run(async () =>
        {
            try
            {
                while (!stop.IsCancellationRequested)
                {
                    await client.SendAsync(new byte[] { 1 }, isEnd: false);
                    await Task.Delay(50);
                }
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Closed meanwhile.
            }
        });
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await client.ReadToEndAsync());
        await stop.CancelAsync();
        await sending;
    }

    [Fact]
    public async Task Client_ThatIsSilent_LosesItsConnection()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.IdleTimeout = TimeSpan.FromSeconds(1));
        using TestClient client = await server.ConnectAsync();
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await client.ReadToEndAsync());
    }

    [Fact]
    public async Task Client_ThatTakesNoAnswers_LosesItsConnection_AndHoldsUpNobody()
    {
        using EmotionAnalyzer many = TestServer.SadFaces(40);
        await using TestServer server = await TestServer.StartAsync(
            options => (options.MaxFaces, options.TransferTimeout, options.MaxBadMessages) = (40, TimeSpan.FromSeconds(1), 1000), many);
        using TestClient deaf = await server.ConnectAsync();
        byte[] frame = TestClient.Frame(TestClient.Jpeg);
        Task sending = Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    await deaf.SendAsync(frame);
                    await Task.Delay(10);
                }
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The server broke it off.
            }
        });
        using TestClient other = await server.ConnectAsync();
        do
        {
            await other.ReadAsync();

            // More than so many frames a second are refused, and a refused frame has no reading to wait for.
            await Task.Delay(TimeSpan.FromSeconds(2.0 / server.Options.MaxFramesPerSecond));
        }
        while (server.Server.Live.Running > 1 && !sending.IsCompleted);
        await TestServer.UntilAsync(() => server.Server.Live.Running == 1, "the deaf connection is gone");
        await other.ReadAsync();
        deaf.Socket.Abort();
        await sending;
    }

    [Fact]
    public async Task Frames_FasterThanTheAnalysis_AreDropped_NewestWins()
    {
        using var slow = new EmotionAnalyzer(
            new FerSharp.Testing.FakeFaceDetector((in FrameView _, Span<FaceDetection> _) =>
            {
                Thread.Sleep(200);
                return 0;
            }),
            new FerSharp.Testing.FakeEmotionClassifier(),
            ownsModels: true);
        await using TestServer server = await TestServer.StartAsync(analyzer: slow);
        using TestClient client = await server.ConnectAsync();
        for (uint number = 1; number <= 20; number++)
        {
            await client.SendAsync(TestClient.Frame(TestClient.Jpeg, number: number));
        }

        int answers = 0;
        uint last = 0;
        while (last < 20)
        {
            uint number = (await client.ReceiveAsync("result")).GetProperty("frame").GetUInt32();
            Assert.True(number > last, "answers come in order");
            last = number;
            answers++;
        }

        Assert.InRange(answers, 1, 10);
    }

    [Fact]
    public async Task Sessions_OneAfterTheOther_LeaveNoMemoryBehind()
    {
        await using TestServer server = await TestServer.StartAsync();
        long before = 0;
        for (int i = 0; i < 40; i++)
        {
            using (TestClient client = await server.ConnectAsync())
            {
                for (int frame = 0; frame < 10; frame++)
                {
                    await client.ReadAsync();
                }
            }

            await TestServer.UntilAsync(() => server.Server is { Live.Running: 0, Consents.Count: 0 }, "the connection is gone");
            if (i == 9)
            {
                before = Memory();
            }
        }

        Assert.InRange(Memory() - before, long.MinValue, 2 * 1024 * 1024);
    }

    private static long Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    /// <summary>How many connections the other side has closed, once their number rests.</summary>
    private static async Task<int> CountClosedAsync(List<TcpClient> clients)
    {
        int closed = -1;
        for (int before = -2; closed != before; await Task.Delay(300))
        {
            before = closed;
            closed = clients.Count(client => client.Client.Poll(0, SelectMode.SelectRead) && client.Client.Available == 0);
        }

        return closed;
    }

    private static async Task AnswersAgainAsync(TestServer server)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                using HttpResponseMessage page = await server.Http.GetAsync(new Uri("/", UriKind.Relative));
                Assert.Equal(HttpStatusCode.OK, page.StatusCode);
                return;
            }
            catch (HttpRequestException)
            {
                // Its places are still taken by connections that have just gone.
                Assert.True(TimeProvider.System.GetElapsedTime(start) < TestServer.Patience, "the server does not answer again");
                await Task.Delay(100);
            }
        }
    }
}
