using System.Text.Json;
using FerSharp.LiveWeb.Tests.Browser;

namespace FerSharp.LiveWeb.Tests;

/// <summary>The page in a real browser whose camera is a file.</summary>
public sealed class PageTests
{
    private static readonly string[] Controls = ["button", "checkbox", "radio", "slider", "combobox", "textbox", "link", "DisclosureTriangle", "image", "Video"];

    [Theory]
    [InlineData(null)]
    [InlineData("head-pose-face-detection-female-and-male.mp4")]
    public async Task Page_FromConsentToWithdrawal_Works(string? clip)
    {
        using var camera = new FakeCamera();
        string file = clip is null ? camera.MakeFaces() : camera.MakeClip(clip);
        await using Chromium browser = await Chromium.StartAsync(file);
        await using TestServer server = await StartAsync();
        await using BrowserPage page = await browser.Tools.OpenAsync(1280, 900);
        await page.GoAsync(server.Server.Address);
        await page.CaptureAsync("consent");

        // Before consent: no camera, no connection, whatever is clicked.
        await WatchCameraAsync(page);
        await page.ClickAsync("#start");
        await page.UntilAsync("document.getElementById('consent-error').textContent !== ''");
        Assert.Equal(0, await CountAsync(page, "tracks.length"));
        Assert.Equal(0, server.Server.Live.Running);

        await AgreeAsync(page, "self");
        await page.UntilAsync("document.querySelectorAll('#faces .face').length >= 2 && document.querySelectorAll('#overlay .box:not([hidden])').length >= 2");
        Assert.Equal(1, server.Server.Live.Running);
        Assert.Equal("Camera on", await page.TextAsync("camera-state-text"));

        // Boxes lie over the picture, with an icon and a word beside the colour.
        Assert.True((await page.EvaluateAsync("""
            [...document.querySelectorAll('#overlay .box:not([hidden])')].every(box => {
              const at = box.getBoundingClientRect(), stage = document.getElementById('stage').getBoundingClientRect();
              return at.width > 10 && at.left > stage.left - 5 && at.right < stage.right + 5 && box.querySelector('path').getAttribute('d').length > 20 && box.textContent.trim().length > 3;
            })
            """)).GetBoolean());

        // The history grows, here and in the program.
        await page.UntilAsync("document.querySelectorAll('#history canvas').length >= 2");
        double before = await PaintedAsync(page);
        await UntilAsync(async () => await PaintedAsync(page) > before, "the graph grows");
        await page.UntilAsync("document.querySelector('#history canvas').getAttribute('aria-label')?.includes('of that time')");
        await page.CaptureAsync("live");

        // Sliders act: a quarter of the odds of the score that is nearest to a half, then four times. Scores near 1 hardly move.
        string name = await UnsureAsync(page), slider = $"sensitivity-{name.ToLowerInvariant()}";
        double shown = await ScoreAsync(page, name);
        await page.SlideAsync(slider, -2);
        await UntilAsync(async () => await ScoreAsync(page, name) < shown - 0.02, $"less sensitivity lowers the score of {name}, {shown}");
        double low = await ScoreAsync(page, name);
        await page.SlideAsync(slider, 2);
        await UntilAsync(async () => await ScoreAsync(page, name) > low + 0.02, $"more sensitivity raises the score of {name}, {low}");

        // An alert after 5 s, worded as a possibility.
        await page.SlideAsync("alert-share", 20);
        await page.SlideAsync("alert-seconds", 5);
        await page.UntilAsync("document.querySelectorAll('#alerts .alert').length > 0");
        string alert = await page.TextAsync("alerts");
        Assert.Contains("Possible", alert, StringComparison.Ordinal);
        Assert.Contains("needs a person's review", alert, StringComparison.Ordinal);
        await page.CaptureAsync("alert");

        // Pause: nothing is sent any more.
        await page.ClickAsync("#pause");
        Assert.Equal("Camera on, paused", await page.TextAsync("camera-state-text"));
        await page.CaptureAsync("paused");
        await page.ClickAsync("#pause");
        await page.ClickAsync("#simple");
        await page.UntilAsync("document.querySelectorAll('#faces .face').length >= 2");
        await page.CaptureAsync("simple");
        await page.ClickAsync("#simple");

        // Withdrawal: camera, connection and history, here and there.
        Assert.Equal(1, await CountAsync(page, "tracks.filter(track => track.readyState === 'live').length"));
        await page.ClickAsync("#withdraw");
        Assert.Equal(0, await CountAsync(page, "tracks.filter(track => track.readyState === 'live').length"));
        Assert.Equal(0, await CountAsync(page, "document.querySelectorAll('#history > *, #faces > *, #overlay > *, #alerts > *').length"));
        Assert.Equal("Camera off", await page.TextAsync("camera-state-text"));
        Assert.Contains("withdrawn", await page.TextAsync("consent-message"), StringComparison.Ordinal);
        await TestServer.UntilAsync(() => server.Server is { Live.Running: 0, Consents.Count: 0 }, "the program has forgotten it too");
        Assert.False((await page.EvaluateAsync("document.getElementById('agreed').checked")).GetBoolean());
        await page.CaptureAsync("withdrawn");

        // Consent once more: it works again, and starts from nothing.
        await AgreeAsync(page, "arts");
        await page.UntilAsync("document.querySelectorAll('#faces .face').length >= 2");
        Assert.Empty(browser.Tools.Complaints);
    }

    [Fact]
    public async Task Page_RefusedPurpose_StaysRefused()
    {
        using var camera = new FakeCamera();
        await using Chromium browser = await Chromium.StartAsync(camera.MakeFaces());
        await using TestServer server = await StartAsync();
        await using BrowserPage page = await browser.Tools.OpenAsync(1280, 900);
        await page.GoAsync(server.Server.Address);
        await WatchCameraAsync(page);
        foreach (string purpose in new[] { "workplace", "education" })
        {
            await AgreeAsync(page, purpose, waitForCamera: false);
            await page.UntilAsync("document.getElementById('consent-error').textContent.includes('Article 5(1)(f)')");
            await page.ClickAsync("#start");
            await page.UntilAsync("document.getElementById('consent-error').textContent.includes('Article 5(1)(f)')");
        }

        await page.CaptureAsync("refused");
        Assert.Equal(0, await CountAsync(page, "tracks.length"));
        Assert.Equal(0, server.Server.Consents.Count);
        Assert.True((await page.EvaluateAsync("document.getElementById('live-view').hidden")).GetBoolean());

        // A script in the page's own place gets no further than the page.
        JsonElement forged = await page.EvaluateAsync($"""
            new Promise(done => {"{"} const socket = new WebSocket('ws://' + location.host + '/api/live', ['fersharp.live.1', 'consent.{new string('A', 43)}']);
              socket.onopen = () => done('open'); socket.onerror = () => done('refused'); {"}"})
            """);
        Assert.Equal("refused", forged.GetString());

        // The exception must be declared, with its reason.
        await page.ClickAsync("input[name=exception][value=medical]");
        await page.ClickAsync("#start");
        await page.UntilAsync("document.getElementById('consent-error').textContent.includes('reason is')");
        await page.CaptureAsync("exception");
        await page.EvaluateAsync("document.getElementById('statement').value = 'A therapist practises with a patient after a stroke.'");
        await page.ClickAsync("#start");
        await page.UntilAsync("!document.getElementById('live-view').hidden");
        Assert.Equal(1, await CountAsync(page, "tracks.length"));
    }

    [Fact]
    public async Task Page_WithTheKeyboardAlone_CanBeUsed_AndEveryControlHasAName()
    {
        using var camera = new FakeCamera();
        await using Chromium browser = await Chromium.StartAsync(camera.MakeFaces());
        await using TestServer server = await StartAsync();
        await using BrowserPage page = await browser.Tools.OpenAsync(1280, 900, isStill: true);
        await page.GoAsync(server.Server.Address);
        await AssertNamesAsync(page);

        // Tab, space, tab, space: consent without a pointer.
        foreach (string id in new[] { "purpose", "agreed", "informed", "start" })
        {
            await TabToAsync(page, id);
            await page.SpaceAsync();
        }

        await page.UntilAsync("document.querySelectorAll('#faces .face').length >= 2");
        await page.UntilAsync("document.getElementById('announcer').textContent.startsWith('2 faces.')");
        await AssertNamesAsync(page);
        Assert.Equal("0s", (await page.EvaluateAsync("getComputedStyle(document.querySelector('.fill')).transitionDuration")).GetString());

        // Every control that is shown and not switched off comes up, in the order of the page.
        string[] wanted = [.. (await page.EvaluateAsync("""
            [...document.querySelectorAll('#live-view :is(button, input, select, summary)')].filter(one => one.offsetParent && !one.disabled).map(one => one.id || one.tagName)
            """)).EnumerateArray().Select(one => one.GetString()!)];
        Assert.True(wanted.Length > 20);
        await page.EvaluateAsync("document.getElementById('live-title').focus()");
        var met = new List<string>();
        for (int i = 0; i < wanted.Length; i++)
        {
            await page.TabAsync();
            met.Add((await page.EvaluateAsync("document.activeElement.id || document.activeElement.tagName")).GetString()!);
            Assert.NotEqual("none", (await page.EvaluateAsync("getComputedStyle(document.activeElement).outlineStyle")).GetString());
        }

        Assert.Equal(wanted, met);

        // Arrow keys move a slider, and its words follow.
        await TabToAsync(page, "sensitivity-fear");
        await page.PressAsync("ArrowRight", 39);
        Assert.Equal("1.2 times more", (await page.EvaluateAsync("document.getElementById('sensitivity-fear').getAttribute('aria-valuetext')")).GetString());

        await TabToAsync(page, "withdraw");
        await page.SpaceAsync();
        await page.UntilAsync("document.activeElement.id === 'consent-title'");
        Assert.Empty(browser.Tools.Complaints);
    }

    [Fact]
    public async Task Page_AtAnyWidthAndTheme_DoesNotScrollSideways()
    {
        using var camera = new FakeCamera();
        await using Chromium browser = await Chromium.StartAsync(camera.MakeFaces());
        await using TestServer server = await StartAsync();
        foreach (bool isDark in new[] { false, true })
        {
            await using BrowserPage page = await browser.Tools.OpenAsync(1280, 900, isDark);
            await page.GoAsync(server.Server.Address);
            foreach (string state in new[] { "consent", "live", "simple" })
            {
                if (state == "live")
                {
                    await AgreeAsync(page, "self");
                    await page.UntilAsync("document.querySelectorAll('#faces .face').length >= 2");
                }
                else if (state == "simple")
                {
                    await page.ClickAsync("#simple");
                }

                foreach (int width in new[] { 320, 390, 768, 1280, 1920 })
                {
                    await page.ResizeAsync(width, 844);
                    await Task.Delay(200);
                    Assert.True((await page.EvaluateAsync($"document.documentElement.scrollWidth <= {width}")).GetBoolean(), $"{state} scrolls sideways at {width}");
                    await page.CaptureAsync($"{state}-{width}-{(isDark ? "dark" : "light")}");
                }
            }
        }
    }

    private static Task<TestServer> StartAsync() => TestServer.StartAsync(options => options.MaxFramesPerSecond = 30, Shared.Value);

    /// <summary>The embedded models, once for all tests of the class: they are what the page runs on.</summary>
    private static readonly Lazy<EmotionAnalyzer> Shared = new(() => FerSharpDefaults.CreateAnalyzer(detectorSize: DetectorSize.Small));

    private static async Task AgreeAsync(BrowserPage page, string purpose, bool waitForCamera = true)
    {
        await page.ClickAsync($"input[name=purpose][value={purpose}]");
        foreach (string id in new[] { "agreed", "informed" })
        {
            await page.EvaluateAsync($"document.getElementById('{id}').checked || document.getElementById('{id}').click()");
        }

        await page.ClickAsync("#start");
        if (waitForCamera)
        {
            await page.UntilAsync("!document.getElementById('live-view').hidden");
        }
    }

    /// <summary>Keeps every camera track that the page ever gets, to see later what became of it.</summary>
    private static async Task WatchCameraAsync(BrowserPage page) => await page.EvaluateAsync("""
        globalThis.tracks = [];
        const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = async wish => { const stream = await real(wish); tracks.push(...stream.getTracks()); return stream; };
        """);

    private static async Task<int> CountAsync(BrowserPage page, string script) => (await page.EvaluateAsync(script)).GetInt32();

    /// <summary>The expression whose highest score among the faces is nearest to a half.</summary>
    private static async Task<string> UnsureAsync(BrowserPage page) => (await page.EvaluateAsync("""
        (() => {
          const best = {};
          for (const row of document.querySelectorAll('.bars li')) {
            const name = row.querySelector('.bar-name').textContent;
            best[name] = Math.max(best[name] ?? 0, Number(row.querySelector('.fill').style.getPropertyValue('--share')));
          }
          return Object.keys(best).sort((a, b) => Math.abs(best[a] - 0.5) - Math.abs(best[b] - 0.5))[0];
        })()
        """)).GetString()!;

    /// <summary>The highest score of an expression among the faces.</summary>
    private static async Task<double> ScoreAsync(BrowserPage page, string name) => (await page.EvaluateAsync($$"""
        Math.max(...[...document.querySelectorAll('.bars li')].filter(row => row.querySelector('.bar-name').textContent === '{{name}}')
          .map(row => Number(row.querySelector('.fill').style.getPropertyValue('--share'))))
        """)).GetDouble();

    /// <summary>How much of the graphs is painted.</summary>
    private static async Task<double> PaintedAsync(BrowserPage page) => (await page.EvaluateAsync("""
        [...document.querySelectorAll('#history canvas')].reduce((sum, canvas) => {
          const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
          let painted = 0;
          for (let i = 3; i < pixels.length; i += 4) { painted += pixels[i] === 255 ? 1 : 0; }
          return sum + painted;
        }, 0)
        """)).GetDouble();

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TestServer.Patience, $"It never came to it that {what}.");
            await Task.Delay(200);
        }
    }

    private static async Task TabToAsync(BrowserPage page, string idOrName)
    {
        for (int i = 0; i < 80; i++)
        {
            await page.TabAsync();
            if ((await page.EvaluateAsync($"document.activeElement.id === '{idOrName}' || document.activeElement.name === '{idOrName}'")).GetBoolean())
            {
                return;
            }
        }

        Assert.Fail($"The tab key does not reach {idOrName}.");
    }

    private static async Task AssertNamesAsync(BrowserPage page)
    {
        JsonElement tree = await page.SendAsync("Accessibility.getFullAXTree");
        int named = 0;
        foreach (JsonElement node in tree.GetProperty("nodes").EnumerateArray())
        {
            if (!node.GetProperty("ignored").GetBoolean() && node.TryGetProperty("role", out JsonElement role) && Controls.Contains(role.GetProperty("value").GetString()))
            {
                string name = node.TryGetProperty("name", out JsonElement value) ? value.GetProperty("value").GetString()! : "";
                Assert.False(string.IsNullOrWhiteSpace(name), node.GetRawText());
                named++;
            }
        }

        Assert.True(named > 8);
    }
}
