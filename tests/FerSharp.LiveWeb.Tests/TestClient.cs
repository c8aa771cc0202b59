using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using FerSharp.LiveWeb.Live;
using FerSharp.Media;

namespace FerSharp.LiveWeb.Tests;

/// <summary>A connection for frames, as a page has one.</summary>
internal sealed class TestClient(ClientWebSocket socket) : IDisposable
{
    public const int Width = 160, Height = 120;
    private readonly byte[] _buffer = new byte[256 * 1024];
    private uint _number;

    public ClientWebSocket Socket => socket;

    /// <summary>A JPEG file of the size that the tests use.</summary>
    public static byte[] Jpeg { get; } = Encode(ImageSaveFormat.Jpeg);

    public static byte[] Encode(ImageSaveFormat format)
    {
        byte[] pixels = new byte[Width * Height];
        new Random(1).NextBytes(pixels);
        return ImageFile.Encode(new FrameView(pixels, Width, Height, PixelFormat.Gray8), format);
    }

    /// <summary>A frame's message.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> pixels, FrameEncoding encoding = FrameEncoding.Jpeg, int width = Width, int height = Height, uint number = 0, double captured = 0)
    {
        byte[] message = new byte[FrameProtocol.HeaderLength + pixels.Length];
        (message[0], message[1]) = (1, (byte)encoding);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), (ushort)width);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(6), (ushort)height);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(8), number);
        BinaryPrimitives.WriteDoubleLittleEndian(message.AsSpan(12), captured);
        pixels.CopyTo(message.AsSpan(FrameProtocol.HeaderLength));
        return message;
    }

    public async Task SendAsync(ReadOnlyMemory<byte> message, WebSocketMessageType type = WebSocketMessageType.Binary, bool isEnd = true)
    {
        using var patience = new CancellationTokenSource(TestServer.Patience);
        await socket.SendAsync(message, type, isEnd, patience.Token);
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    public Task SendAsync(object message) => SendAsync(JsonSerializer.Serialize(message));

    /// <summary>The next message; null once the server has closed.</summary>
    public async Task<JsonElement?> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(TestServer.Patience);
        int length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult part = await socket.ReceiveAsync(_buffer.AsMemory(length), patience.Token);
            length += part.Count;
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            if (part.EndOfMessage)
            {
                using JsonDocument message = JsonDocument.Parse(_buffer.AsMemory(0, length));
                return message.RootElement.Clone();
            }
        }
    }

    /// <summary>The next message of a type; others are passed over.</summary>
    public async Task<JsonElement> ReceiveAsync(string type)
    {
        while (true)
        {
            JsonElement message = await ReceiveAsync() ?? throw new InvalidOperationException($"The server closed: {socket.CloseStatus}, {socket.CloseStatusDescription}");
            if (message.GetProperty("type").GetString() == type)
            {
                return message;
            }
        }
    }

    /// <summary>Sends one frame and gives its reading.</summary>
    public async Task<JsonElement> ReadAsync()
    {
        await SendAsync(Frame(Jpeg, number: ++_number));
        return await ReceiveAsync("result");
    }

    /// <summary>Reads until the server closes; the status that it gave.</summary>
    public async Task<WebSocketCloseStatus?> ReadToEndAsync()
    {
        while (await ReceiveAsync() is not null)
        {
        }

        return socket.CloseStatus;
    }

    public void Dispose() => socket.Dispose();
}
