namespace FerSharp.Evaluation;

/// <summary>Gray pictures of FER-2013's size, one after the other, in blocks so that growing copies nothing.</summary>
internal sealed class PixelStore
{
    public const int Side = 48;
    public const int PictureBytes = Side * Side;
    private const int BlockPictures = 512;

    private readonly List<byte[]> _blocks = [];
    private int _count;

    public ReadOnlyMemory<byte> this[int slot] => _blocks[slot / BlockPictures].AsMemory(slot % BlockPictures * PictureBytes, PictureBytes);

    public int Add(ReadOnlySpan<byte> pixels)
    {
        if (_count % BlockPictures == 0)
        {
            _blocks.Add(new byte[BlockPictures * PictureBytes]);
        }

        pixels.CopyTo(_blocks[^1].AsSpan(_count % BlockPictures * PictureBytes));
        return _count++;
    }
}
