using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace FerSharp.LiveWeb.Tests;

public sealed class ConsentTests
{
    private const string Reason = "A driver's face is watched for signs of a seizure.";

    [Theory]
    [InlineData("workplace", null)]
    [InlineData("education", null)]
    [InlineData("workplace", "wellbeing")]
    [InlineData("education", "")]
    public async Task Consent_ForbiddenPurpose_IsRefusedWithTheLaw(string purpose, string? exception)
    {
        await using TestServer server = await TestServer.StartAsync();
        (HttpStatusCode status, JsonElement answer) = await server.AskAsync(new { notice = 1, purpose, agreed = true, informed = true, exception, statement = Reason });
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Equal("purpose-forbidden", answer.GetProperty("code").GetString());
        Assert.Contains("Article 5(1)(f)", answer.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, server.Server.Consents.Count);
    }

    [Theory]
    [InlineData("workplace", "safety")]
    [InlineData("education", "medical")]
    public async Task Consent_DeclaredException_NeedsItsReason(string purpose, string exception)
    {
        await using TestServer server = await TestServer.StartAsync();
        foreach (string? statement in new[] { null, "", "because", new string(' ', 50), new string('x', 1001) })
        {
            (HttpStatusCode status, JsonElement answer) = await server.AskAsync(new { notice = 1, purpose, agreed = true, informed = true, exception, statement });
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Equal("statement-missing", answer.GetProperty("code").GetString());
        }

        (HttpStatusCode granted, _) = await server.AskAsync(new { notice = 1, purpose, agreed = true, informed = true, exception, statement = Reason });
        Assert.Equal(HttpStatusCode.OK, granted);
    }

    [Theory]
    [InlineData("""{"notice":1,"purpose":"self","agreed":false,"informed":true}""", "not-agreed")]
    [InlineData("""{"notice":1,"purpose":"self","agreed":true,"informed":false}""", "not-agreed")]
    [InlineData("""{"notice":1,"purpose":"self"}""", "not-agreed")]
    [InlineData("""{"notice":0,"purpose":"self","agreed":true,"informed":true}""", "notice-outdated")]
    [InlineData("""{"notice":1,"purpose":"Self","agreed":true,"informed":true}""", "purpose-missing")]
    [InlineData("""{"notice":1,"agreed":true,"informed":true}""", "purpose-missing")]
    [InlineData("""{"notice":"1","purpose":"self","agreed":true,"informed":true}""", "malformed")]
    [InlineData("""{"notice":1,"purpose":{"id":"self"},"agreed":true,"informed":true}""", "malformed")]
    [InlineData("null", "malformed")]
    [InlineData("[[[[[[[[", "malformed")]
    [InlineData("", "malformed")]
    public async Task Consent_IncompleteOrMalformed_IsRefused(string body, string code)
    {
        await using TestServer server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/consent") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Origin", server.Origin);
        using HttpResponseMessage response = await server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(code, answer.RootElement.GetProperty("code").GetString());
        Assert.Equal(0, server.Server.Consents.Count);
    }

    [Fact]
    public async Task Consent_HugeBody_IsRefused()
    {
        await using TestServer server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/consent") { Content = new StringContent($$"""{"statement":"{{new string('x', 100_000)}}"}""", Encoding.UTF8, "application/json") };
        request.Headers.Add("Origin", server.Origin);
        using HttpResponseMessage response = await server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        await server.ConsentAsync();
    }

    [Fact]
    public async Task Socket_WithoutValidConsent_IsRefused()
    {
        var clock = new ShiftedClock();
        await using TestServer server = await TestServer.StartAsync(clock: clock);
        string forged = (await server.ConsentAsync())[..^1] + "_";
        string withdrawn = await server.ConsentAsync();
        (await server.SendAsync(HttpMethod.Delete, "/api/consent", withdrawn)).Dispose();
        string used = await server.ConsentAsync();
        (await server.ConnectAsync(used)).Dispose();
        string old = await server.ConsentAsync();
        clock.Advance(server.Options.ConsentTimeout + TimeSpan.FromSeconds(1));
        foreach (string? token in new[] { null, "x", new string('A', 43), forged, withdrawn, used, old })
        {
            (ClientWebSocket? socket, HttpStatusCode status) = await server.TryConnectAsync(token);
            Assert.Null(socket);
            Assert.Equal(HttpStatusCode.Forbidden, status);
        }

        await TestServer.UntilAsync(() => server.Server.Live.Running == 0, "the used consent's connection is over");
        Assert.Equal(0, server.Server.Consents.Count);
    }

    [Fact]
    public async Task Withdrawal_WhileTheCameraRuns_EndsTheConnectionAndDeletesTheHistory()
    {
        await using TestServer server = await TestServer.StartAsync();
        string token = await server.ConsentAsync();
        using TestClient client = await server.ConnectAsync(token);
        await FillAsync(server, client, token);
        using (HttpResponseMessage answer = await server.SendAsync(HttpMethod.Delete, "/api/consent", token))
        {
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }

        using (HttpResponseMessage history = await server.SendAsync(HttpMethod.Get, "/api/history", token))
        {
            Assert.Equal(HttpStatusCode.NotFound, history.StatusCode);
        }

        Assert.Equal(WebSocketCloseStatus.NormalClosure, await client.ReadToEndAsync());
        Assert.Contains("withdrawn", client.Socket.CloseStatusDescription, StringComparison.Ordinal);
        await TestServer.UntilAsync(() => server.Server is { Live.Running: 0, Consents.Count: 0 }, "the connection and the consent are gone");
        (ClientWebSocket? again, _) = await server.TryConnectAsync(token);
        Assert.Null(again);
    }

    [Fact]
    public async Task Forget_WhileTheCameraRuns_DeletesTheHistory()
    {
        await using TestServer server = await TestServer.StartAsync();
        string token = await server.ConsentAsync();
        using TestClient client = await server.ConnectAsync(token);
        await FillAsync(server, client, token);
        await client.SendAsync(new { type = "forget" });
        await client.ReceiveAsync("done");
        Assert.Single(await HistoryAsync(server, token));
    }

    [Fact]
    public async Task Leaving_WithoutAWord_EndsConsentAndHistory()
    {
        await using TestServer server = await TestServer.StartAsync();
        string token = await server.ConsentAsync();
        using (TestClient client = await server.ConnectAsync(token))
        {
            await client.ReadAsync();
            client.Socket.Abort();
        }

        await TestServer.UntilAsync(() => server.Server is { Live.Running: 0, Consents.Count: 0 }, "the connection and the consent are gone");
        using HttpResponseMessage history = await server.SendAsync(HttpMethod.Get, "/api/history", token);
        Assert.Equal(HttpStatusCode.NotFound, history.StatusCode);
    }

    [Fact]
    public async Task Consents_ThatWait_AreBounded()
    {
        var clock = new ShiftedClock();
        await using TestServer server = await TestServer.StartAsync(options => options.MaxWaitingConsents = 3, clock: clock);
        for (int i = 0; i < 3; i++)
        {
            await server.ConsentAsync();
        }

        (HttpStatusCode status, JsonElement answer) = await server.AskAsync(new { notice = 1, purpose = "self", agreed = true, informed = true });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("busy", answer.GetProperty("code").GetString());
        clock.Advance(server.Options.ConsentTimeout + TimeSpan.FromSeconds(1));
        await server.ConsentAsync();
        Assert.Equal(1, server.Server.Consents.Count);
    }

    /// <summary>Sends frames until the history has a line.</summary>
    private static async Task FillAsync(TestServer server, TestClient client, string token)
    {
        while ((await HistoryAsync(server, token)).Length < 2)
        {
            await client.ReadAsync();
            await Task.Delay(50);
        }
    }

    private static async Task<string[]> HistoryAsync(TestServer server, string token)
    {
        using HttpResponseMessage answer = await server.SendAsync(HttpMethod.Get, "/api/history?as=csv", token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
