using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;

namespace FerSharp.LiveWeb.Tests.Browser;

/// <summary>The browser's developer tools: commands in, answers out; what pages complain about is kept.</summary>
/// <remarks>Chrome DevTools Protocol, stable part: Target, Page, Runtime, Input, Emulation, Log; and Accessibility.</remarks>
internal sealed class DevTools : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _waiting = new();
    private readonly SemaphoreSlim _sending = new(1);
    private int _last;

    /// <summary>Exceptions, errors and breaches of the content security policy, of all pages.</summary>
    public ConcurrentQueue<string> Complaints { get; } = new();

    public static async Task<DevTools> ConnectAsync(Uri address)
    {
        var tools = new DevTools();
        using var patience = new CancellationTokenSource(TestServer.Patience);
        await tools._socket.ConnectAsync(address, patience.Token);
        _ = tools.ListenAsync();
        return tools;
    }

    /// <summary>Opens an empty page.</summary>
    public async Task<BrowserPage> OpenAsync(int width, int height, bool isDark = false, bool isStill = false)
    {
        JsonElement target = await SendAsync("Target.createTarget", new { url = "about:blank" });
        string targetId = target.GetProperty("targetId").GetString()!;
        JsonElement attached = await SendAsync("Target.attachToTarget", new { targetId, flatten = true });
        var page = new BrowserPage(this, targetId, attached.GetProperty("sessionId").GetString()!);
        foreach (string domain in new[] { "Page", "Runtime", "Log", "Accessibility" })
        {
            await page.SendAsync($"{domain}.enable");
        }

        await page.ResizeAsync(width, height);
        (string, string)[] features = [("prefers-color-scheme", isDark ? "dark" : "light"), ("prefers-reduced-motion", isStill ? "reduce" : "no-preference")];
        await page.SendAsync("Emulation.setEmulatedMedia", new { features = features.Select(one => new { name = one.Item1, value = one.Item2 }).ToArray() });
        return page;
    }

    /// <summary>Sends a command and gives its answer.</summary>
    public async Task<JsonElement> SendAsync(string method, object? parameters = null, string? sessionId = null)
    {
        int id = Interlocked.Increment(ref _last);
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = answer;
        byte[] message = JsonSerializer.SerializeToUtf8Bytes(sessionId is null
            ? new { id, method, @params = parameters ?? new { } }
            : (object)new { id, method, @params = parameters ?? new { }, sessionId });
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }

        return await answer.Task.WaitAsync(TestServer.Patience);
    }

    public void Dispose()
    {
        _socket.Abort();
        _socket.Dispose();
        _sending.Dispose();
    }

    private async Task ListenAsync()
    {
        try
        {
            byte[] buffer = new byte[64 * 1024];
            while (true)
            {
                using var whole = new MemoryStream();
                WebSocketReceiveResult part;
                do
                {
                    part = await _socket.ReceiveAsync(buffer, CancellationToken.None);
                    whole.Write(buffer, 0, part.Count);
                }
                while (!part.EndOfMessage);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    return;
                }

                using JsonDocument message = JsonDocument.Parse(whole.GetBuffer().AsMemory(0, (int)whole.Length));
                Take(message.RootElement);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The browser has ended.
        }
    }

    private void Take(JsonElement message)
    {
        if (message.TryGetProperty("id", out JsonElement id))
        {
            if (_waiting.TryRemove(id.GetInt32(), out TaskCompletionSource<JsonElement>? answer))
            {
                if (message.TryGetProperty("error", out JsonElement error))
                {
                    answer.SetException(new InvalidOperationException(error.GetRawText()));
                }
                else
                {
                    answer.SetResult(message.GetProperty("result").Clone());
                }
            }

            return;
        }

        string method = message.GetProperty("method").GetString()!;
        JsonElement content = message.GetProperty("params");
        if (method == "Runtime.exceptionThrown")
        {
            Complaints.Enqueue(content.GetRawText());
        }
        else if (method == "Log.entryAdded" && content.GetProperty("entry") is var entry && entry.GetProperty("level").GetString() == "error" && entry.GetProperty("source").GetString() != "network")
        {
            Complaints.Enqueue(entry.GetProperty("text").GetString()!);
        }
    }
}
