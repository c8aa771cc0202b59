using FerSharp.Imaging;

namespace FerSharp.Training;

/// <summary>Makes gray squares of one size of any pictures, as the analyzer does of faces.</summary>
internal sealed class PictureReader(int side)
{
    private readonly float[] _values = new float[side * side];
    private readonly PreprocessingSpec _spec = SpecOf(side);
    private readonly PreprocessingKernel _kernel = new(SpecOf(side));

    public void Read(in FrameView picture, Span<byte> destination)
    {
        if (picture.Width == side && picture.Height == side && picture.Format == PixelFormat.Gray8)
        {
            for (int row = 0; row < side; row++)
            {
                picture.GetRow(row).CopyTo(destination[(row * side)..]);
            }

            return;
        }

        _kernel.Write(picture, TensorMap.ForFrame(picture.Width, picture.Height, _spec), _values);
        for (int i = 0; i < _values.Length; i++)
        {
            destination[i] = (byte)Math.Clamp(MathF.Round(_values[i]), 0, 255);
        }
    }

    private static PreprocessingSpec SpecOf(int side) => new()
    {
        Name = "picture",
        Width = side,
        Height = side,
        Order = ChannelOrder.Gray,
        Channels = 1,
        Sampling = SamplingMode.Area,
    };
}
