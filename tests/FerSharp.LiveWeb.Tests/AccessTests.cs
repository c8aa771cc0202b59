using System.Net;
using System.Net.NetworkInformation;
using System.Net.WebSockets;
using System.Text.RegularExpressions;

namespace FerSharp.LiveWeb.Tests;

public sealed partial class AccessTests
{
    [Fact]
    public async Task Request_ForeignHost_IsRefused()
    {
        await using TestServer server = await TestServer.StartAsync();
        int port = server.Server.Address.Port;
        foreach (string host in new[] { "evil.example", $"evil.example:{port}", $"localhost.evil.example:{port}", "localhost", "127.0.0.1:1", $"[::2]:{port}", $"127.0.0.2:{port}" })
        {
            foreach (string path in new[] { "/", "/api/about", "/api/history" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.Host = host;
                using HttpResponseMessage response = await server.Http.SendAsync(request);
                Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            }

            (ClientWebSocket? socket, HttpStatusCode status) = await server.TryConnectAsync(await server.ConsentAsync(), options => options.SetRequestHeader("Host", host));
            Assert.Null(socket);
            Assert.Equal(HttpStatusCode.BadRequest, status);
        }

        using HttpResponseMessage good = await server.Http.GetAsync(new Uri("/", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
    }

    [Fact]
    public async Task Request_ForeignOrigin_IsRefused()
    {
        await using TestServer server = await TestServer.StartAsync();
        int port = server.Server.Address.Port;
        foreach (string? origin in new[] { null, "null", "http://evil.example", $"https://127.0.0.1:{port}", $"http://localhost:{port}", "http://127.0.0.1:1", $"http://127.0.0.1:{port}.evil.example" })
        {
            (ClientWebSocket? socket, HttpStatusCode status) = await server.TryConnectAsync(await server.ConsentAsync(), options => options.SetRequestHeader("Origin", origin));
            Assert.Null(socket);
            Assert.Equal(HttpStatusCode.Forbidden, status);

            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/consent") { Content = new StringContent("{}") };
            if (origin is not null)
            {
                request.Headers.Add("Origin", origin);
            }

            using HttpResponseMessage response = await server.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }

        using TestClient client = await server.ConnectAsync();
        Assert.Equal(1, (await client.ReadAsync()).GetProperty("faces").GetArrayLength());
    }

    [Fact]
    public async Task Server_Listens_OnLoopbackOnly()
    {
        await using TestServer server = await TestServer.StartAsync();
        IPEndPoint[] listeners = [.. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(one => one.Port == server.Server.Address.Port)];
        Assert.NotEmpty(listeners);
        Assert.All(listeners, one => Assert.True(IPAddress.IsLoopback(one.Address), one.ToString()));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/main.js")]
    [InlineData("/api/about")]
    [InlineData("/api/history")]
    [InlineData("/nothing.here")]
    public async Task EveryAnswer_Carries_TheHeaders(string path)
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpResponseMessage response = await server.Http.GetAsync(new Uri(path, UriKind.Relative));
        string policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.Contains($"ws://{server.Server.Address.Authority};", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("*", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("same-origin", response.Headers.GetValues("Cross-Origin-Opener-Policy").Single());
        Assert.Equal("same-origin", response.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        Assert.Contains("camera=(self)", response.Headers.GetValues("Permissions-Policy").Single(), StringComparison.Ordinal);
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Empty(response.Headers.Server);
    }

    [Fact]
    public async Task PageFiles_AreServed_AndNothingElse()
    {
        await using TestServer server = await TestServer.StartAsync();
        foreach (string path in new Web.PageFiles().Paths)
        {
            using HttpResponseMessage response = await server.Http.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            string text = await response.Content.ReadAsStringAsync();

            // Nothing comes from elsewhere, and nothing is inline that the policy would have to allow.
            Assert.DoesNotContain("https://", text, StringComparison.Ordinal);
            Assert.DoesNotContain("http://", text.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.DoesNotContain("innerHTML", text, StringComparison.Ordinal);
            Assert.DoesNotContain("localStorage", text, StringComparison.Ordinal);
            if (path == "/")
            {
                Assert.DoesNotMatch(Inline(), text);
            }
        }

        foreach (string path in new[] { "/index.html", "/../Program.cs", "/%2e%2e/Program.cs", "/page/main.js", "//main.js", "/main.js%00", "/api" })
        {
            using HttpResponseMessage response = await server.Http.GetAsync(new Uri(server.Origin + path));
            Assert.True(response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, path);
        }
    }

    [GeneratedRegex("""<script>|<style|\sstyle=|\son[a-z]+=""")]
    private static partial Regex Inline();
}
