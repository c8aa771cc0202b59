using System.Buffers.Binary;
using System.Text;

namespace FerSharp.Training;

/// <summary>Lowers one requirement of a native library on the C++ runtime, so that it loads on systems whose libstdc++ lacks it.</summary>
/// <remarks>
/// libLibTorchSharp.so of TorchSharp 0.107 needs GLIBCXX_3.4.32 (GCC 13) for a single symbol, <c>std::ios_base_library_init()</c>, which
/// does nothing but see to it that the standard streams are set up. The constructor of <c>std::ios_base::Init</c> did the same in all
/// versions before, and is still there. So the version entry is pointed at GLIBCXX_3.4, and the symbol's name is replaced.
/// </remarks>
internal static class ElfSymbolVersion
{
    private const string NeededVersion = "GLIBCXX_3.4.32";
    private const string OldVersion = "GLIBCXX_3.4";
    private const uint VersionNeedSection = 0x6ffffffe;
    private const int Elf64HeaderBytes = 64, VersionNeedBytes = 16, MostNeeds = 1000;

    private static ReadOnlySpan<byte> NewSymbol => "\0_ZSt21ios_base_library_initv\0"u8;

    private static ReadOnlySpan<byte> OldSymbol => "_ZNSt8ios_base4InitC1Ev"u8;

    /// <summary>Changes the library's bytes in place. Applied twice, it changes nothing more.</summary>
    /// <returns>Whether anything was changed; false where there is nothing to lower, or the bytes are not what this knows.</returns>
    public static bool Lower(Span<byte> elf)
    {
        if (!TryFindSection(elf, VersionNeedSection, out Range needs, out int link) || !TryGetSection(elf, link, out Range names))
        {
            return false;
        }

        Span<byte> strings = elf[names];
        int symbol = strings.IndexOf(NewSymbol) + 1;
        if (symbol == 0 || !TryFindEntries(elf[needs], strings, out int needed, out int old))
        {
            return false;
        }

        Span<byte> table = elf[needs];
        table.Slice(old, 4).CopyTo(table[needed..]);                        // the hash of the version's name
        table.Slice(old + 8, 4).CopyTo(table[(needed + 8)..]);              // where the name is
        Span<byte> name = strings.Slice(symbol, NewSymbol.Length - 2);
        name.Clear();
        OldSymbol.CopyTo(name);
        return true;
    }

    /// <summary>Finds the entry of the version that is needed and the entry of the version that every system has.</summary>
    private static bool TryFindEntries(ReadOnlySpan<byte> table, ReadOnlySpan<byte> strings, out int needed, out int old)
    {
        (needed, old) = (-1, -1);
        int need = 0;
        for (int left = MostNeeds; left > 0 && IsInside(table, need); left--)
        {
            int entry = need + Int32(table, need + 8);
            for (int count = BinaryPrimitives.ReadUInt16LittleEndian(table[(need + 2)..]); count > 0 && IsInside(table, entry); count--)
            {
                string name = Name(strings, Int32(table, entry + 8));
                needed = name == NeededVersion ? entry : needed;
                old = name == OldVersion ? entry : old;
                entry += Int32(table, entry + 12);
            }

            int next = Int32(table, need + 12);
            if (next == 0)
            {
                break;
            }

            need += next;
        }

        return needed >= 0 && old >= 0;
    }

    private static bool IsInside(ReadOnlySpan<byte> table, int entry) => entry >= 0 && entry <= table.Length - VersionNeedBytes;

    private static bool TryFindSection(ReadOnlySpan<byte> elf, uint type, out Range content, out int link)
    {
        (content, link) = (default, 0);
        if (elf.Length < Elf64HeaderBytes || !elf.StartsWith((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
        {
            return false;
        }

        int count = BinaryPrimitives.ReadUInt16LittleEndian(elf[60..]);
        for (int i = 0; i < count; i++)
        {
            if (TryGetHeader(elf, i, out ReadOnlySpan<byte> header) && BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) == type)
            {
                link = Int32(header, 40);
                return TryGetSection(elf, i, out content);
            }
        }

        return false;
    }

    private static bool TryGetSection(ReadOnlySpan<byte> elf, int index, out Range content)
    {
        content = default;
        if (!TryGetHeader(elf, index, out ReadOnlySpan<byte> header))
        {
            return false;
        }

        ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(header[24..]);
        ulong size = BinaryPrimitives.ReadUInt64LittleEndian(header[32..]);
        if (offset > (ulong)elf.Length || size > (ulong)elf.Length - offset)
        {
            return false;
        }

        content = (int)offset..(int)(offset + size);
        return true;
    }

    private static bool TryGetHeader(ReadOnlySpan<byte> elf, int index, out ReadOnlySpan<byte> header)
    {
        ulong start = BinaryPrimitives.ReadUInt64LittleEndian(elf[40..]);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(elf[58..]);
        ulong at = start + ((ulong)index * (ulong)size);
        bool inside = size >= 64 && at <= (ulong)elf.Length && (ulong)elf.Length - at >= (ulong)size;
        header = inside ? elf.Slice((int)at, size) : default;
        return inside;
    }

    /// <summary>A number; 0 where the place lies outside.</summary>
    private static int Int32(ReadOnlySpan<byte> bytes, int offset) =>
        offset >= 0 && offset <= bytes.Length - 4 ? BinaryPrimitives.ReadInt32LittleEndian(bytes[offset..]) : 0;

    /// <summary>A name; empty where the place lies outside.</summary>
    private static string Name(ReadOnlySpan<byte> strings, int offset)
    {
        ReadOnlySpan<byte> rest = offset >= 0 && offset < strings.Length ? strings[offset..] : default;
        int end = rest.IndexOf((byte)0);
        return end < 0 ? "" : Encoding.ASCII.GetString(rest[..end]);
    }
}
