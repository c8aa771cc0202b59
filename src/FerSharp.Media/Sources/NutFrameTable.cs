namespace FerSharp.Media;

/// <summary>NUT's main header: time bases, the table that frame headers are short forms of, and the bytes that frames may leave out.</summary>
internal sealed class NutFrameTable
{
    private const long CodedTime = 1 << 3;
    private const long StreamId = 1 << 4;
    private const long LengthHigh = 1 << 5;
    private const long Checksum = 1 << 6;
    private const long Reserved = 1 << 7;
    private const long SideData = 1 << 8;
    private const long HeaderIndex = 1 << 10;
    private const long MatchTime = 1 << 11;
    private const long CodedFlags = 1 << 12;
    private const long Invalid = 1 << 13;

    private readonly Entry[] _entries = new Entry[256];
    private (long Over, long Under)[] _timeBases = [];
    private ReadOnlyMemory<byte>[] _elided = [default];

    public long TimeBaseNumerator { get; private set; } = 1;

    public long TimeBaseDenominator { get; private set; } = 1;

    public int TimeBases => Math.Max(1, _timeBases.Length);

    public void ChooseTimeBase(long index)
    {
        NutReader.Expect(index >= 0 && index < _timeBases.Length, "the stream has no time base");
        (TimeBaseNumerator, TimeBaseDenominator) = _timeBases[index];
    }

    public void ReadMainHeader(ref NutBytes body)
    {
        long version = body.Unsigned();
        NutReader.Expect(version is 2 or 3, "it is not version 3 of NUT");
        NutReader.Expect(body.Unsigned() == 1, "it has more than one stream");
        body.Unsigned(); // longest distance between sync points
        long bases = body.Unsigned();
        NutReader.Expect(bases is >= 1 and <= 16, "it has no likely number of time bases");
        _timeBases = new (long, long)[bases];
        for (int i = 0; i < bases; i++)
        {
            _timeBases[i] = (body.Unsigned(), body.Unsigned());
            NutReader.Expect(_timeBases[i].Over > 0 && _timeBases[i].Under > 0, "a time base is 0");
        }

        ReadEntries(ref body);
        long headers = body.AtEnd ? 0 : body.Unsigned();
        NutReader.Expect(headers is >= 0 and < 128, "it has too many elision headers");
        _elided = new ReadOnlyMemory<byte>[headers + 1];
        for (int i = 1; i <= headers; i++)
        {
            _elided[i] = body.Block().ToArray();
        }
    }

    public NutFrameHeader Read(ref NutBytes bytes)
    {
        Entry entry = _entries[bytes.Byte()];
        NutReader.Expect((entry.Flags & Invalid) == 0, "a frame has an invalid code");
        long flags = (entry.Flags & CodedFlags) != 0 ? entry.Flags ^ bytes.Unsigned() : entry.Flags;
        NutReader.Expect((flags & SideData) == 0, "frames have side data, which version 3 does not know");
        long stream = (flags & StreamId) != 0 ? bytes.Unsigned() : entry.Stream;
        NutReader.Expect(stream == 0, "a frame is of another stream");
        long? time = (flags & CodedTime) != 0 ? bytes.Unsigned() : null;
        long length = entry.LengthLow + ((flags & LengthHigh) != 0 ? entry.LengthFactor * bytes.Unsigned() : 0);
        if ((flags & MatchTime) != 0)
        {
            bytes.Signed();
        }

        long header = (flags & HeaderIndex) != 0 ? bytes.Unsigned() : entry.Header;
        for (long reserved = (flags & Reserved) != 0 ? bytes.Unsigned() : entry.Reserved; reserved > 0; reserved--)
        {
            bytes.Unsigned();
        }

        if ((flags & Checksum) != 0)
        {
            bytes.Take(4);
        }

        NutReader.Expect(header >= 0 && header < _elided.Length && length is >= 0 and <= int.MaxValue, "a frame has no likely length");

        // Long frames never leave bytes out.
        return new NutFrameHeader((int)length, time, entry.TimeDelta, length > 4096 ? default : _elided[header]);
    }

    /// <summary>The table is written as runs of entries that differ in the length's low part; what a run does not tell is as in the run before.</summary>
    private void ReadEntries(ref NutBytes body)
    {
        var entry = new Entry { LengthFactor = 1 };
        for (int i = 0; i < 256;)
        {
            long flags = body.Unsigned();
            long fields = body.Unsigned();
            long delta = fields > 0 ? body.Signed() : entry.TimeDelta;
            long factor = fields > 1 ? body.Unsigned() : entry.LengthFactor;
            long stream = fields > 2 ? body.Unsigned() : entry.Stream;
            long length = fields > 3 ? body.Unsigned() : 0;
            long reserved = fields > 4 ? body.Unsigned() : 0;
            long count = fields > 5 ? body.Unsigned() : factor - length;
            if (fields > 6)
            {
                body.Signed(); // match time
            }

            long header = fields > 7 ? body.Unsigned() : entry.Header;
            for (long more = fields - 8; more > 0; more--)
            {
                body.Unsigned();
            }

            NutReader.Expect(count is > 0 and <= 256, "its table of frame codes has no likely run");
            entry = new Entry { Flags = flags, TimeDelta = delta, LengthFactor = factor, Stream = stream, Reserved = reserved, Header = header };
            for (long j = 0; j < count && i < 256; j++, i++)
            {
                if (i == 'N')
                {
                    // The first byte of every packet's start code can be no frame code; it takes no step of the run.
                    _entries[i] = new Entry { Flags = Invalid };
                    j--;
                    continue;
                }

                _entries[i] = entry with { LengthLow = length + j };
            }
        }
    }

    private readonly record struct Entry
    {
        public long Flags { get; init; }

        public long TimeDelta { get; init; }

        public long LengthFactor { get; init; }

        public long LengthLow { get; init; }

        public long Stream { get; init; }

        public long Reserved { get; init; }

        public long Header { get; init; }
    }
}

/// <summary>A frame's header as it stands in the container.</summary>
/// <param name="Length">Bytes of the frame, with those left out.</param>
/// <param name="CodedTime">The coded time; null where it follows from the last.</param>
/// <param name="TimeDelta">Step from the last time, where none is coded.</param>
/// <param name="Elided">Bytes left out at the frame's start.</param>
internal readonly record struct NutFrameHeader(int Length, long? CodedTime, long TimeDelta, ReadOnlyMemory<byte> Elided);

/// <summary>Reads NUT's numbers from bytes; past the end they are an <see cref="EndOfStreamException"/>.</summary>
internal ref struct NutBytes(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public readonly bool AtEnd => Position == _bytes.Length;

    public byte Byte() => Take(1)[0];

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - Position)
        {
            throw new EndOfStreamException("The stream ended within a header.");
        }

        Position += count;
        return _bytes.Slice(Position - count, count);
    }

    /// <summary>Seven bits a byte, the highest first; a set top bit says that another byte follows.</summary>
    public long Unsigned()
    {
        long value = 0;
        byte next;
        do
        {
            next = Byte();
            NutReader.Expect(value >> 55 == 0, "a number is too large");
            value = (value << 7) | (next & 0x7FL);
        }
        while ((next & 0x80) != 0);

        return value;
    }

    public long Signed()
    {
        long value = Unsigned() + 1;
        return (value & 1) != 0 ? -(value >> 1) : value >> 1;
    }

    /// <summary>A length and as many bytes.</summary>
    public ReadOnlySpan<byte> Block()
    {
        long length = Unsigned();
        NutReader.Expect(length is >= 0 and <= int.MaxValue, "a block has no likely length");
        return Take((int)length);
    }
}
