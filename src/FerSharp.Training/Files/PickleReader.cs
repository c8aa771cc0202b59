using System.Buffers.Binary;
using System.Text;

namespace FerSharp.Training;

/// <summary>A class or function that a pickle names. It is never looked up and never called.</summary>
internal sealed record PickleName(string Module, string Name);

/// <summary>A call that a pickle asks for; what it would make is for the caller to understand or to ignore.</summary>
internal sealed record PickleCall(PickleName? Function, object?[] Arguments);

/// <summary>A value that lies outside the pickle, by its key.</summary>
internal sealed record PickleOutside(object? Key);

/// <summary>
/// Reads Python pickles up to protocol 2 as data: dictionaries, lists, tuples (arrays), texts, numbers. Nothing is executed: names of classes
/// and calls stay names and calls.
/// </summary>
internal sealed class PickleReader(ReadOnlyMemory<byte> content)
{
    private static readonly object Mark = new();

    private readonly List<object?> _stack = [];
    private readonly Dictionary<int, object?> _memo = [];

    /// <summary>The first byte behind what was read.</summary>
    public int Position { get; private set; }

    /// <summary>Reads one pickle; the next one begins at <see cref="Position"/>.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or has what this does not read.</exception>
    public object? Read()
    {
        _stack.Clear();
        _memo.Clear();
        while (true)
        {
            byte code = Take(1)[0];
            if (code == (byte)'.')
            {
                return Pop();
            }

            Step(code);
        }
    }

    private void Step(byte code)
    {
        switch ((char)code)
        {
            case '\u0080': Take(1); break;                                                  // protocol
            case '(': _stack.Add(Mark); break;
            case 'N': _stack.Add(null); break;
            case '\u0088': _stack.Add(true); break;
            case '\u0089': _stack.Add(false); break;
            case 'K': _stack.Add((long)Take(1)[0]); break;
            case 'M': _stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case 'J': _stack.Add((long)Int32()); break;
            case 'G': _stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case '\u008a': _stack.Add(Long(Take(Take(1)[0]))); break;
            case 'X': _stack.Add(Encoding.UTF8.GetString(Take(Int32()))); break;
            case 'T': _stack.Add(Encoding.Latin1.GetString(Take(Int32()))); break;
            case 'U': _stack.Add(Encoding.Latin1.GetString(Take(Take(1)[0]))); break;
            case '}': _stack.Add(new Dictionary<object, object?>()); break;
            case ']': _stack.Add(new List<object?>()); break;
            case ')': _stack.Add(Array.Empty<object?>()); break;
            case 't': _stack.Add(PopToMark()); break;
            case '\u0085': Tuple(1); break;
            case '\u0086': Tuple(2); break;
            case '\u0087': Tuple(3); break;
            case 'c': _stack.Add(new PickleName(Line(), Line())); break;
            case 'Q': _stack.Add(new PickleOutside(Pop())); break;
            case 'R' or '\u0081': Call(); break;
            case 'b': Pop(); break;                                                         // the state of an object that is not made
            case 'a': Append([Pop()]); break;
            case 'e': Append(PopToMark()); break;
            case 's': SetItems([.. new[] { Pop(), Pop() }.Reverse()]); break;
            case 'u': SetItems(PopToMark()); break;
            case 'q': _memo[Take(1)[0]] = Top(); break;
            case 'r': _memo[Int32()] = Top(); break;
            case 'h': _stack.Add(Remembered(Take(1)[0])); break;
            case 'j': _stack.Add(Remembered(Int32())); break;
            default: throw new InvalidDataException($"the pickle has the operation 0x{code:x2}, which is not read.");
        }
    }

    private void Call()
    {
        object?[] arguments = Pop() as object?[] ?? throw new InvalidDataException("a call of the pickle has no arguments.");
        var function = Pop() as PickleName;

        // An ordered dictionary is filled by the steps that follow.
        _stack.Add(function is { Module: "collections", Name: "OrderedDict" } ? new Dictionary<object, object?>() : new PickleCall(function, arguments));
    }

    private void Append(object?[] values)
    {
        if (Top() is List<object?> list)
        {
            list.AddRange(values);
        }
    }

    private void SetItems(object?[] items)
    {
        if (Top() is Dictionary<object, object?> dictionary)
        {
            for (int i = 0; i + 1 < items.Length; i += 2)
            {
                dictionary[items[i] ?? ""] = items[i + 1];
            }
        }
    }

    private void Tuple(int count)
    {
        var values = new object?[count];
        for (int i = count - 1; i >= 0; i--)
        {
            values[i] = Pop();
        }

        _stack.Add(values);
    }

    private object?[] PopToMark()
    {
        int mark = _stack.LastIndexOf(Mark);
        if (mark < 0)
        {
            throw new InvalidDataException("the pickle closes what it did not open.");
        }

        object?[] values = [.. _stack[(mark + 1)..]];
        _stack.RemoveRange(mark, _stack.Count - mark);
        return values;
    }

    private object? Top() => _stack.Count > 0 ? _stack[^1] : throw new InvalidDataException("the pickle takes more than it has.");

    private object? Pop()
    {
        object? top = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return top;
    }

    private object? Remembered(int number) =>
        _memo.TryGetValue(number, out object? value) ? value : throw new InvalidDataException("the pickle recalls what it did not store.");

    private int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    /// <summary>A signed number of any length; what is beyond 64 bits is cut off, which only the magic number of old files is.</summary>
    private static long Long(ReadOnlySpan<byte> bytes)
    {
        Span<byte> whole = stackalloc byte[8];
        whole.Fill(!bytes.IsEmpty && bytes[^1] >= 0x80 ? (byte)0xff : (byte)0);
        bytes[..Math.Min(bytes.Length, 8)].CopyTo(whole);
        return BinaryPrimitives.ReadInt64LittleEndian(whole);
    }

    private string Line()
    {
        int length = content.Span[Position..].IndexOf((byte)'\n');
        string line = Encoding.UTF8.GetString(Take(length));
        Take(1);
        return line;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > content.Length - Position)
        {
            throw new InvalidDataException("the pickle ends too early.");
        }

        ReadOnlySpan<byte> taken = content.Span.Slice(Position, count);
        Position += count;
        return taken;
    }
}
