using System.Buffers.Binary;
using System.Text;
using CsCheck;

namespace FerSharp.Training.Tests;

public sealed class ElfSymbolVersionTests
{
    private const string Symbol = "_ZSt21ios_base_library_initv";

    [Fact]
    public void Lower_LibraryWithTheRequirement_PointsItAtTheOldVersion()
    {
        byte[] library = Library("GLIBCXX_3.4.32", Symbol);
        Assert.True(ElfSymbolVersion.Lower(library));

        string text = Encoding.ASCII.GetString(library);
        Assert.DoesNotContain(Symbol, text, StringComparison.Ordinal);
        Assert.Contains("\0_ZNSt8ios_base4InitC1Ev\0", text, StringComparison.Ordinal);

        // The two entries now have the same hash and the same name, and keep numbers of their own.
        Assert.Equal(library.AsSpan(80, 4).ToArray(), library.AsSpan(96, 4).ToArray());
        Assert.Equal(library.AsSpan(88, 4).ToArray(), library.AsSpan(104, 4).ToArray());
        Assert.NotEqual(library.AsSpan(86, 2).ToArray(), library.AsSpan(102, 2).ToArray());
    }

    [Fact]
    public void Lower_Twice_ChangesNothingMore()
    {
        byte[] library = Library("GLIBCXX_3.4.32", Symbol);
        ElfSymbolVersion.Lower(library);
        byte[] once = [.. library];

        Assert.False(ElfSymbolVersion.Lower(library));
        Assert.Equal(once, library);
    }

    [Theory]
    [InlineData("GLIBCXX_3.4.30", Symbol)]
    [InlineData("GLIBCXX_3.4.32", "_ZSt4cout_and_other_names_it")]
    public void Lower_AnotherLibrary_LeavesItAlone(string version, string symbol)
    {
        byte[] library = Library(version, symbol);
        byte[] before = [.. library];

        Assert.False(ElfSymbolVersion.Lower(library));
        Assert.Equal(before, library);
    }

    [Fact]
    public void Lower_DamagedLibrary_DoesNotFail() => Gen.Select(Gen.Int[0, 400], Gen.Byte, Gen.Int[0, 500]).Sample((position, value, length) =>
    {
        byte[] library = Library("GLIBCXX_3.4.32", Symbol);
        library[position % library.Length] = value;
        ElfSymbolVersion.Lower(library.AsSpan(0, Math.Min(length, library.Length)));
    });

    /// <summary>An ELF file of a header, one need with two versions, strings, and three section headers.</summary>
    private static byte[] Library(string version, string symbol)
    {
        byte[] strings = Encoding.ASCII.GetBytes($"\0GLIBCXX_3.4\0{version}\0{symbol}\0");
        var file = new byte[64 + 48 + strings.Length + (3 * 64)];
        ((byte[])[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]).CopyTo(file, 0);
        int headers = 64 + 48 + strings.Length;
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(40), headers);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(58), 64);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(60), 3);
        Span<byte> need = file.AsSpan(64);
        BinaryPrimitives.WriteInt16LittleEndian(need[2..], 2);
        BinaryPrimitives.WriteInt32LittleEndian(need[8..], 16);
        Entry(need[16..], hash: 11, number: 2, name: 1, next: 16);
        Entry(need[32..], hash: 22, number: 3, name: 13, next: 0);
        strings.CopyTo(file, 64 + 48);
        Section(file.AsSpan(headers + 64), 0x6ffffffe, 64, 48, link: 2);
        Section(file.AsSpan(headers + 128), 3, 64 + 48, strings.Length, link: 0);
        return file;
    }

    private static void Entry(Span<byte> entry, int hash, short number, int name, int next)
    {
        BinaryPrimitives.WriteInt32LittleEndian(entry, hash);
        BinaryPrimitives.WriteInt16LittleEndian(entry[6..], number);
        BinaryPrimitives.WriteInt32LittleEndian(entry[8..], name);
        BinaryPrimitives.WriteInt32LittleEndian(entry[12..], next);
    }

    private static void Section(Span<byte> header, uint type, long offset, long size, int link)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], type);
        BinaryPrimitives.WriteInt64LittleEndian(header[24..], offset);
        BinaryPrimitives.WriteInt64LittleEndian(header[32..], size);
        BinaryPrimitives.WriteInt32LittleEndian(header[40..], link);
    }
}
