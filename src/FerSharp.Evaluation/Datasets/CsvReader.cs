using System.IO.Compression;

namespace FerSharp.Evaluation;

/// <summary>Reads comma-separated values (RFC 4180) record by record into one buffer that is used again: quotes, byte order marks, all line ends, gzip.</summary>
internal sealed class CsvReader : IDisposable
{
    // No record of a face data set comes near this; a quote that is never closed would otherwise fill the memory.
    private const int LongestRecord = 1 << 24;

    private readonly StreamReader _text;
    private readonly string _file;
    private readonly char[] _chunk = new char[1 << 15];
    private readonly List<int> _ends = [];
    private readonly string[] _header;
    private char[] _record = new char[1 << 14];
    private int _position;
    private int _available;
    private int _used;

    private CsvReader(string path)
    {
        _file = Path.GetFileName(path);
        _text = new StreamReader(OpenFile(path));
        try
        {
            if (!ReadRecord())
            {
                throw new InvalidDataException(Damage is null ? $"{_file} is empty; a first line with the names of the columns is needed." : $"{_file}: {Damage}");
            }
        }
        catch
        {
            _text.Dispose();
            throw;
        }

        _header = [.. Enumerable.Range(0, _ends.Count).Select(i => this[i].Trim().ToString())];
    }

    /// <summary>Number of the record, from 0, without the header.</summary>
    public int Row { get; private set; } = -1;

    /// <summary>Why nothing after the last record can be read; null where the file simply ended.</summary>
    public string? Damage { get; private set; }

    public int FieldCount => _ends.Count;

    /// <summary>The columns' names, as they stand in the file.</summary>
    public IReadOnlyList<string> Header => _header;

    /// <summary>A field of the record; empty where the record is shorter. Valid until the next <see cref="Read"/>.</summary>
    public ReadOnlySpan<char> this[int column]
    {
        get
        {
            if ((uint)column >= (uint)_ends.Count)
            {
                return default;
            }

            int start = column == 0 ? 0 : _ends[column - 1];
            return _record.AsSpan(start, _ends[column] - start);
        }
    }

    public static CsvReader Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new CsvReader(path);
    }

    /// <summary>Opens a file, unpacked if it begins as gzip does (RFC 1952).</summary>
    public static Stream OpenFile(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        bool packed = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return packed ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <summary>Positions of columns, by name in whatever case.</summary>
    /// <exception cref="InvalidDataException">Some are missing; all of them are named.</exception>
    public int[] Columns(params IEnumerable<string> names)
    {
        string[] wanted = [.. names];
        int[] found = [.. wanted.Select(Column)];
        return found.Contains(-1)
            ? throw new InvalidDataException(
                $"{_file} lacks the columns {string.Join(", ", wanted.Where((_, i) => found[i] < 0))}. It has {string.Join(", ", _header)}.")
            : found;
    }

    /// <summary>Position of a column, or -1.</summary>
    public int Column(string name) => Array.FindIndex(_header, column => column.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads the next record; empty lines are passed over.</summary>
    public bool Read()
    {
        do
        {
            if (Damage is not null || !ReadRecord())
            {
                return false;
            }
        }
        while (_ends.Count == 1 && _used == 0);
        Row++;
        return true;
    }

    public void Dispose() => _text.Dispose();

    private bool ReadRecord()
    {
        _used = 0;
        _ends.Clear();
        try
        {
            if (Peek() < 0)
            {
                return false;
            }

            while (true)
            {
                ReadField();
                _ends.Add(_used);
                int end = Peek();
                _position++;
                if (end == '\r' && Peek() == '\n')
                {
                    _position++;
                }

                if (end != ',')
                {
                    return true;
                }
            }
        }
        catch (InvalidDataException e)
        {
            Damage = e.Message;
            return false;
        }
    }

    private void ReadField()
    {
        if (Peek() == '"')
        {
            _position++;
            while (true)
            {
                CopyUntil("\"");
                if (Peek() < 0)
                {
                    throw new InvalidDataException($"A quote in the record after {Row} is never closed; nothing behind it can be read.");
                }

                _position++;
                if (Peek() != '"')
                {
                    break;
                }

                // A pair of quotes stands for one.
                Append("\"");
                _position++;
            }
        }

        CopyUntil(",\r\n");
    }

    private void CopyUntil(ReadOnlySpan<char> stops)
    {
        while (Peek() >= 0)
        {
            ReadOnlySpan<char> rest = _chunk.AsSpan(_position, _available - _position);
            int stop = rest.IndexOfAny(stops);
            Append(stop < 0 ? rest : rest[..stop]);
            _position += stop < 0 ? rest.Length : stop;
            if (stop >= 0)
            {
                return;
            }
        }
    }

    private void Append(ReadOnlySpan<char> text)
    {
        if (_used + text.Length > _record.Length)
        {
            if (_used + text.Length > LongestRecord)
            {
                throw new InvalidDataException($"The record after {Row} is longer than {LongestRecord} characters: a quote is not closed, or this is no csv.");
            }

            Array.Resize(ref _record, Math.Max(_record.Length * 2, _used + text.Length));
        }

        text.CopyTo(_record.AsSpan(_used));
        _used += text.Length;
    }

    private int Peek()
    {
        if (_position >= _available)
        {
            _position = 0;
            _available = _text.Read(_chunk, 0, _chunk.Length);
        }

        return _available > 0 ? _chunk[_position] : -1;
    }
}
