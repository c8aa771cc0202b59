using System.Text.Json;
using FerSharp.LiveWeb.Consent;
using FerSharp.LiveWeb.Live;
using FerSharp.Media;
using Microsoft.AspNetCore.Http;

namespace FerSharp.LiveWeb.Web;

/// <summary>What the page must know before the first frame, as JSON: notice, purposes, expressions with their colours, limits, models.</summary>
internal sealed class AboutPage
{
    private readonly byte[] _json;

    public AboutPage(LiveWebOptions options, EmotionAnalyzer analyzer)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("notice", ConsentRequest.CurrentNotice);
            json.WriteString("socket", LiveEndpoint.Path);
            json.WriteString("protocol", LiveEndpoint.Protocol);
            json.WriteString("detector", Name(analyzer.Detector.Model));
            json.WriteString("classifier", Name(analyzer.Classifier.Model));
            json.WriteNumber("maxFramePixels", options.MaxFramePixels);
            json.WriteNumber("maxFrameBytes", options.MaxFrameBytes);
            json.WriteNumber("maxFramesPerSecond", options.MaxFramesPerSecond);
            json.WriteNumber("maxFaces", options.MaxFaces);
            json.WriteNumber("idleSeconds", options.IdleTimeout.TotalSeconds);
            json.WriteStartArray("purposes");
            foreach (Purpose purpose in Purpose.All)
            {
                json.WriteStartObject();
                json.WriteString("id", purpose.Id);
                json.WriteString("title", purpose.Title);
                json.WriteString("help", purpose.Help);
                json.WriteBoolean("needsException", purpose.NeedsException);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("expressions");
            foreach (Emotion emotion in analyzer.Classifier.Model.Emotions.ToArray())
            {
                RgbColor color = EmotionPalette.ColorOf(emotion);
                json.WriteStartObject();
                json.WriteString("id", AnswerWriter.NameOf(emotion));
                json.WriteString("color", color.ToString());
                json.WriteString("textColor", color.TextColor.ToString());
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        _json = buffer.ToArray();
    }

    public Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(_json, context.RequestAborted).AsTask();
    }

    private static string Name(ModelInfo model) => $"{model.Id} {model.Version}";
}
