using CsCheck;

namespace FerSharp.Abstractions.Tests;

public sealed class FrameViewTests
{
    [Fact]
    public void Constructor_TightRows_StrideIsTheRowsLength()
    {
        var view = new FrameView(new byte[4 * 3 * 2], 4, 2, PixelFormat.Rgb24);
        Assert.Equal((4, 2, 12, PixelFormat.Rgb24, false), (view.Width, view.Height, view.Stride, view.Format, view.IsEmpty));
    }

    [Theory]
    [InlineData(0, 1, PixelFormat.Gray8, 0, "width")]
    [InlineData(-1, 1, PixelFormat.Gray8, 0, "width")]
    [InlineData(1, 0, PixelFormat.Gray8, 0, "height")]
    [InlineData(1, 1, PixelFormat.Gray8, -1, "stride")]
    [InlineData(4, 1, PixelFormat.Rgb24, 11, "stride")]
    [InlineData(1, 1, (PixelFormat)0, 0, "format")]
    [InlineData(1, 1, (PixelFormat)9, 0, "format")]
    [InlineData(int.MaxValue, 1, PixelFormat.Rgba32, 0, "width")]
    public void Constructor_ImpossibleSize_SaysWhichArgument(int width, int height, PixelFormat format, int stride, string argument) =>
        Assert.Throws<ArgumentOutOfRangeException>(argument, () => new FrameView(new byte[1000], width, height, format, stride));

    [Fact]
    public void Constructor_TooFewBytes_SaysHowManyAreNeeded()
    {
        ArgumentException e = Assert.Throws<ArgumentException>("pixels", () => new FrameView(new byte[47], 4, 4, PixelFormat.Rgb24));
        Assert.Contains("48", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_HugeStrideTimesHeight_DoesNotOverflow() =>
        Assert.Throws<ArgumentException>("pixels", () => new FrameView(new byte[10], 1, int.MaxValue, PixelFormat.Gray8, int.MaxValue));

    [Fact]
    public void Constructor_LastRowWithoutPadding_IsEnough()
    {
        var view = new FrameView(new byte[10 + 4], 4, 2, PixelFormat.Gray8, stride: 10);
        Assert.Equal(4, view.GetRow(1).Length);
    }

    [Fact]
    public void Slice_AnyPart_SeesTheSamePixels() =>
        (from width in Gen.Int[1, 20]
         from height in Gen.Int[1, 20]
         from format in Gen.Enum<PixelFormat>()
         from padding in Gen.Int[0, 5]
         from x in Gen.Int[0, width - 1]
         from y in Gen.Int[0, height - 1]
         from w in Gen.Int[1, width - x]
         from h in Gen.Int[1, height - y]
         select (width, height, format, padding, x, y, w, h)).Sample(c =>
         {
             int stride = (c.width * c.format.BytesPerPixel()) + c.padding;
             byte[] pixels = new byte[stride * c.height];
             new Random(c.width).NextBytes(pixels);
             var view = new FrameView(pixels, c.width, c.height, c.format, stride);
             FrameView part = view.Slice(c.x, c.y, c.w, c.h);
             for (int row = 0; row < c.h; row++)
             {
                 ReadOnlySpan<byte> expected = view.GetRow(c.y + row).Slice(c.x * c.format.BytesPerPixel(), c.w * c.format.BytesPerPixel());
                 Assert.True(expected.SequenceEqual(part.GetRow(row)));
             }
         });

    [Theory]
    [InlineData(-1, 0, 1, 1)]
    [InlineData(0, 0, 5, 1)]
    [InlineData(0, 0, 0, 1)]
    [InlineData(3, 3, 1, 2)]
    [InlineData(1, 0, int.MaxValue, 1)]
    public void Slice_OutsideThePicture_Throws(int x, int y, int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FrameView(new byte[16], 4, 4, PixelFormat.Gray8).Slice(x, y, width, height));

    [Fact]
    public void Default_IsEmpty_AndHasNoRows()
    {
        FrameView view = default;
        Assert.True(view.IsEmpty);
        Assert.Throws<ArgumentOutOfRangeException>(() => view.GetRow(0).Length);
    }
}
