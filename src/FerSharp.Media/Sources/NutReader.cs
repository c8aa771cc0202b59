using System.Buffers.Binary;
using System.Text;

namespace FerSharp.Media;

/// <summary>Reads raw video frames with their times from ffmpeg's container NUT.</summary>
/// <remarks>
/// Source: the NUT Open Container Format specification, version 3 of the format (2008). Read is what ffmpeg writes for one raw stream: the main
/// header, the stream header, info packets, sync points and frames. Checksums are not verified: the bytes come from a pipe.
/// </remarks>
internal sealed class NutReader(Stream stream, long maxPixels)
{
    private const ulong MainHeader = 0x4E4D7A561F5F04AD;
    private const ulong StreamHeader = 0x4E5311405BF2F9DB;
    private const ulong SyncPoint = 0x4E4BE4ADEECA4569;
    private const ulong InfoPacket = 0x4E49AB68B596BA78;
    private const int MostFrameHeaderBytes = 64;
    private const int MostPacketBytes = 1 << 20;

    /// <summary>The text that a file begins with, and the zero byte behind it.</summary>
    private static readonly byte[] Magic = "nut/multimedia container\0"u8.ToArray();

    private readonly NutFrameTable _table = new();
    private byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;
    private bool _begun;
    private long _lastTime;
    private int _timeShift;

    /// <summary>Size of the frames; 0 before the stream header was read.</summary>
    public int Width { get; private set; }

    /// <summary>Size of the frames; 0 before the stream header was read.</summary>
    public int Height { get; private set; }

    /// <summary>The stream's rate; null where it is not told.</summary>
    public double? FramesPerSecond { get; private set; }

    /// <summary>Reads up to the next frame's pixels.</summary>
    /// <returns>The frame's length in bytes and its time; null at the end.</returns>
    /// <exception cref="EndOfStreamException">The stream ended within a packet.</exception>
    /// <exception cref="InvalidDataException">This is no NUT stream, or the frames are too large.</exception>
    public async ValueTask<NutFrame?> NextAsync(CancellationToken cancellationToken)
    {
        if (!_begun)
        {
            await RequireAsync(Magic.Length, cancellationToken).ConfigureAwait(false);
            Expect(_buffer.AsSpan(_start, Magic.Length).SequenceEqual(Magic), "it does not begin as NUT");
            _start += Magic.Length;
            _begun = true;
        }

        while (true)
        {
            // The bytes of a header are few, and pixels follow them: to ask for more than the header costs no wait.
            await FillAsync(MostFrameHeaderBytes, cancellationToken).ConfigureAwait(false);
            if (_start == _end)
            {
                return null;
            }

            if (_buffer[_start] != (byte)'N')
            {
                return ReadFrameHeader();
            }

            await ReadPacketAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads the pixels of the frame that <see cref="NextAsync"/> announced.</summary>
    /// <param name="frame">That frame.</param>
    /// <param name="destination">Exactly as long as the frame.</param>
    /// <param name="cancellationToken">Passed to the stream.</param>
    /// <exception cref="EndOfStreamException">The stream ended within the frame.</exception>
    public async ValueTask ReadPixelsAsync(NutFrame frame, Memory<byte> destination, CancellationToken cancellationToken)
    {
        frame.Elided.CopyTo(destination);
        destination = destination[frame.Elided.Length..];
        int buffered = Math.Min(destination.Length, _end - _start);
        _buffer.AsMemory(_start, buffered).CopyTo(destination);
        _start += buffered;
        await stream.ReadExactlyAsync(destination[buffered..], cancellationToken).ConfigureAwait(false);
    }

    private NutFrame ReadFrameHeader()
    {
        Expect(Width > 0, "a frame comes before the stream's header");
        var bytes = new NutBytes(_buffer.AsSpan(_start, _end - _start));
        NutFrameHeader header = _table.Read(ref bytes);
        _start += bytes.Position;
        _lastTime = header.CodedTime switch
        {
            null => _lastTime + header.TimeDelta,
            { } coded when coded < 1L << _timeShift => FromLowBits(coded),
            { } coded => coded - (1L << _timeShift),
        };
        Expect(header.Length >= header.Elided.Length, "a frame's length is negative");
        return new NutFrame(header.Length, TimeOf(_lastTime), header.Elided);
    }

    /// <summary>The time nearest to the last that has these low bits.</summary>
    private long FromLowBits(long low)
    {
        long mask = (1L << _timeShift) - 1;
        long delta = _lastTime - (mask / 2);
        return ((low - delta) & mask) + delta;
    }

    private TimeSpan TimeOf(long value) => TimeSpan.FromTicks((long)((Int128)value * _table.TimeBaseNumerator * TimeSpan.TicksPerSecond / _table.TimeBaseDenominator));

    private async ValueTask ReadPacketAsync(CancellationToken cancellationToken)
    {
        Expect(_end - _start > 16, "a packet is cut short");
        var head = new NutBytes(_buffer.AsSpan(_start, _end - _start));
        ulong code = BinaryPrimitives.ReadUInt64BigEndian(head.Take(8));
        long length = head.Unsigned();
        Expect(length is >= 4 and <= MostPacketBytes, "a packet has no likely length");
        int begin = head.Position + (length > 4096 ? 4 : 0);
        await RequireAsync(begin + (int)length, cancellationToken).ConfigureAwait(false);
        var body = new NutBytes(_buffer.AsSpan(_start + begin, (int)length - 4));
        _start += begin + (int)length;
        switch (code)
        {
            case MainHeader:
                _table.ReadMainHeader(ref body);
                break;
            case StreamHeader:
                ReadStreamHeader(ref body);
                break;
            case SyncPoint:
                _lastTime = body.Unsigned() / _table.TimeBases;
                break;
            case InfoPacket:
                ReadInfo(ref body);
                break;
            default:
                break; // An index, or a packet of a later version: skipped, as the specification asks.
        }
    }

    private void ReadStreamHeader(ref NutBytes body)
    {
        long id = body.Unsigned();
        long kind = body.Unsigned();
        Expect(id == 0 && kind == 0, "the stream is no video");
        body.Block(); // four-character code
        _table.ChooseTimeBase(body.Unsigned());
        _timeShift = (int)Math.Clamp(body.Unsigned(), 0, 62);
        body.Unsigned(); // longest step in time
        body.Unsigned(); // decoding delay
        body.Unsigned(); // flags
        body.Block(); // codec's own data
        long width = body.Unsigned();
        long height = body.Unsigned();
        Expect(width is >= 1 and <= int.MaxValue && height is >= 1 and <= int.MaxValue, "the frames have no size");
        if ((Int128)width * height > maxPixels)
        {
            throw new InvalidDataException($"The frames have {width}x{height} pixels; the limit is {maxPixels} pixels. Set FfmpegOptions.Width and Height to reduce them, or raise FfmpegOptions.MaxPixels.");
        }

        (Width, Height) = ((int)width, (int)height);
    }

    private void ReadInfo(ref NutBytes body)
    {
        body.Unsigned(); // stream
        body.Signed(); // chapter
        body.Unsigned();
        body.Unsigned();
        for (long count = body.Unsigned(); count > 0; count--)
        {
            string name = Encoding.UTF8.GetString(body.Block());
            long type = body.Signed();
            if (type != -1)
            {
                return; // Not a text: nothing that is read here follows.
            }

            string[] rate = Encoding.UTF8.GetString(body.Block()).Split('/');
            if (name == "r_frame_rate" && rate.Length == 2 && double.TryParse(rate[0], out double over) && double.TryParse(rate[1], out double under) && over > 0 && under > 0)
            {
                FramesPerSecond = over / under;
            }
        }
    }

    /// <summary>Has so many bytes in the buffer, or as many as there are.</summary>
    private async ValueTask FillAsync(int count, CancellationToken cancellationToken)
    {
        if (_end - _start >= count)
        {
            return;
        }

        byte[] target = count > _buffer.Length ? new byte[count] : _buffer;
        _buffer.AsSpan(_start, _end - _start).CopyTo(target);
        (_buffer, _end, _start) = (target, _end - _start, 0);
        _end += await stream.ReadAtLeastAsync(_buffer.AsMemory(_end), count - _end, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask RequireAsync(int count, CancellationToken cancellationToken)
    {
        await FillAsync(count, cancellationToken).ConfigureAwait(false);
        if (_end - _start < count)
        {
            throw new EndOfStreamException("The stream ended within a packet.");
        }
    }

    internal static void Expect(bool good, string fault)
    {
        if (!good)
        {
            throw new InvalidDataException($"ffmpeg's output cannot be read: {fault}. Check that FfmpegOptions.Executable is ffmpeg, and its version: 5.1 is known to work.");
        }
    }
}

/// <summary>What is known of a frame before its pixels.</summary>
/// <param name="Length">Bytes of the frame.</param>
/// <param name="Time">Its time in the stream.</param>
/// <param name="Elided">The frame's first bytes where the container left them out, to be put in front.</param>
internal readonly record struct NutFrame(int Length, TimeSpan Time, ReadOnlyMemory<byte> Elided);
