using FerSharp.Imaging;

namespace FerSharp.Core.Tests.Imaging;

public sealed class TensorMapTests
{
    [Theory]
    [InlineData(ResizeMode.Stretch)]
    [InlineData(ResizeMode.LetterboxTopLeft)]
    [InlineData(ResizeMode.LetterboxCenter)]
    public void ForBox_WholePicture_IsTheFramesMap(ResizeMode resize) =>
        Assert.Equal(TensorMap.ForFrame(300, 200, Spec(resize)), TensorMap.ForBox(new RectF(0, 0, 300, 200), Spec(resize)));

    [Theory]
    [InlineData(ResizeMode.Stretch)]
    [InlineData(ResizeMode.LetterboxTopLeft)]
    [InlineData(ResizeMode.LetterboxCenter)]
    public void ForBox_SquareInASquareTensor_MapsCornersToCorners(ResizeMode resize)
    {
        AffineTransform map = TensorMap.ForBox(new RectF(-20, 30, 80, 80), Spec(resize));
        Assert.Equal(new PointF(-20, 30), map.Apply(new PointF(0, 0)));
        Assert.Equal(new PointF(60, 110), map.Apply(new PointF(64, 64)));
    }

    private static PreprocessingSpec Spec(ResizeMode resize) => new() { Name = "input", Width = 64, Height = 64, Channels = 3, Order = ChannelOrder.Rgb, Resize = resize };
}
