using System.Text.Json;

namespace FerSharp.LiveWeb.Tests.Browser;

/// <summary>A page of the browser.</summary>
internal sealed class BrowserPage(DevTools tools, string targetId, string sessionId) : IAsyncDisposable
{
    public Task<JsonElement> SendAsync(string method, object? parameters = null) => tools.SendAsync(method, parameters, sessionId);

    public Task ResizeAsync(int width, int height) => SendAsync("Emulation.setDeviceMetricsOverride", new { width, height, deviceScaleFactor = 1, mobile = width < 600 });

    /// <summary>Opens the server's page and waits until its form stands.</summary>
    public async Task GoAsync(Uri address)
    {
        await SendAsync("Page.navigate", new { url = address.ToString() });
        await UntilAsync("document.querySelectorAll('#purposes input').length > 0");
    }

    /// <summary>Runs a script and gives its value.</summary>
    public async Task<JsonElement> EvaluateAsync(string script)
    {
        JsonElement answer = await SendAsync("Runtime.evaluate", new { expression = script, awaitPromise = true, returnByValue = true, userGesture = true });
        Assert.False(answer.TryGetProperty("exceptionDetails", out JsonElement fault), fault.ValueKind == JsonValueKind.Undefined ? "" : fault.GetRawText());
        return answer.GetProperty("result").TryGetProperty("value", out JsonElement value) ? value : default;
    }

    public async Task<string> TextAsync(string id) => (await EvaluateAsync($"document.getElementById('{id}').textContent")).GetString()!;

    public Task ClickAsync(string selector) => EvaluateAsync($"document.querySelector(`{selector}`).click()");

    /// <summary>Moves a slider as a person does: with its events.</summary>
    public Task SlideAsync(string id, double value) => EvaluateAsync(FormattableString.Invariant(
        $"(() => {{ const slider = document.getElementById('{id}'); slider.value = {value}; slider.dispatchEvent(new Event('input', {{ bubbles: true }})); }})()"));

    /// <summary>Waits until a script gives true.</summary>
    public async Task UntilAsync(string script)
    {
        long start = TimeProvider.System.GetTimestamp();
        while ((await EvaluateAsync(script)).ValueKind != JsonValueKind.True)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TestServer.Patience, $"It never came to: {script}");
            await Task.Delay(100);
        }
    }

    /// <summary>Presses a key of the keyboard.</summary>
    public async Task PressAsync(string key, int code, string? text = null)
    {
        foreach (string type in new[] { text is null ? "rawKeyDown" : "keyDown", "keyUp" })
        {
            var press = new Dictionary<string, object> { ["type"] = type, ["key"] = key, ["code"] = key == " " ? "Space" : key, ["windowsVirtualKeyCode"] = code };
            if (type == "keyDown")
            {
                press["text"] = text!;
            }

            await SendAsync("Input.dispatchKeyEvent", press);
        }
    }

    public Task TabAsync() => PressAsync("Tab", 9);

    public Task SpaceAsync() => PressAsync(" ", 32, " ");

    /// <summary>Takes a picture of the page into the folder that FERSHARP_SCREENSHOTS names; does nothing without it.</summary>
    public async Task CaptureAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("FERSHARP_SCREENSHOTS") is { Length: > 0 } folder)
        {
            JsonElement picture = await SendAsync("Page.captureScreenshot", new { format = "png", captureBeyondViewport = true });
            Directory.CreateDirectory(folder);
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{name}.png"), picture.GetProperty("data").GetBytesFromBase64());
        }
    }

    public async ValueTask DisposeAsync() => await tools.SendAsync("Target.closeTarget", new { targetId });
}
