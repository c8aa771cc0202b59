namespace FerSharp.Imaging;

/// <summary>Byte positions of a pixel format, known when code is compiled for it.</summary>
internal interface IPixelLayout
{
    static abstract int BytesPerPixel { get; }

    static abstract int Red { get; }

    static abstract int Green { get; }

    static abstract int Blue { get; }
}

internal readonly struct Gray8Layout : IPixelLayout
{
    public static int BytesPerPixel => 1;

    public static int Red => 0;

    public static int Green => 0;

    public static int Blue => 0;
}

internal readonly struct Rgb24Layout : IPixelLayout
{
    public static int BytesPerPixel => 3;

    public static int Red => 0;

    public static int Green => 1;

    public static int Blue => 2;
}

internal readonly struct Bgr24Layout : IPixelLayout
{
    public static int BytesPerPixel => 3;

    public static int Red => 2;

    public static int Green => 1;

    public static int Blue => 0;
}

internal readonly struct Rgba32Layout : IPixelLayout
{
    public static int BytesPerPixel => 4;

    public static int Red => 0;

    public static int Green => 1;

    public static int Blue => 2;
}

internal readonly struct Bgra32Layout : IPixelLayout
{
    public static int BytesPerPixel => 4;

    public static int Red => 2;

    public static int Green => 1;

    public static int Blue => 0;
}
