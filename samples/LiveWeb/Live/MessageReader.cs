using System.Buffers;
using System.Net.WebSockets;

namespace FerSharp.LiveWeb.Live;

/// <summary>Reads whole messages of bounded length into one pooled buffer that grows as messages do. One caller at a time.</summary>
internal sealed class MessageReader(WebSocket socket, int maxBinary, int maxText) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);

    /// <summary>Reads the next message.</summary>
    /// <param name="begun">Called once, when its first part is there and more must follow.</param>
    /// <param name="cancellationToken">Aborts the connection.</param>
    /// <returns>The message; its bytes are valid until the next call. Of type Close where the client closed, or where it is too long.</returns>
    public async ValueTask<Message> ReadAsync(Action begun, CancellationToken cancellationToken)
    {
        int length = 0;
        bool isUnderWay = false;
        while (true)
        {
            ValueWebSocketReceiveResult part = await socket.ReceiveAsync(_buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            length += part.Count;
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return new Message(WebSocketMessageType.Close, default, TooLong: false);
            }

            int limit = part.MessageType == WebSocketMessageType.Text ? maxText : maxBinary;
            if (length > limit)
            {
                return new Message(WebSocketMessageType.Close, default, TooLong: true);
            }

            if (part.EndOfMessage)
            {
                return new Message(part.MessageType, _buffer.AsMemory(0, length), TooLong: false);
            }

            // Once only: who sends byte after byte must not gain time by it.
            if (!isUnderWay)
            {
                isUnderWay = true;
                begun();
            }

            if (length == _buffer.Length)
            {
                byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Min(2 * length, maxBinary + 1));
                _buffer.AsSpan(0, length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = larger;
            }
        }
    }

    /// <summary>Gives the buffer back, emptied: it held pictures.</summary>
    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
}

/// <summary>A message, or the end.</summary>
/// <param name="Type">Text, Binary or Close.</param>
/// <param name="Bytes">Its bytes, borrowed.</param>
/// <param name="TooLong">Whether it was over the limit.</param>
internal readonly record struct Message(WebSocketMessageType Type, ReadOnlyMemory<byte> Bytes, bool TooLong);
