using System.Buffers;
using FerSharp.Imaging;

namespace FerSharp.Evaluation;

/// <summary>A picture as planes of numbers from 0 to 255: red, green and blue, or gray alone. What filters work on.</summary>
internal sealed class PixelPlanes
{
    private PixelPlanes(int width, int height, int count, float[] values)
    {
        (Width, Height, Count) = (width, height, count);
        Values = values;
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Number of planes: 1 or 3.</summary>
    public int Count { get; }

    /// <summary>Plane after plane, each row by row.</summary>
    public float[] Values { get; }

    public static PixelPlanes Read(in FrameView frame, PixelFormat format) =>
        Sample(frame, format, frame.Width, frame.Height, AffineTransform.Identity, SamplingMode.Bilinear);

    /// <summary>Samples a picture; its edge goes on outside.</summary>
    /// <param name="frame">The picture.</param>
    /// <param name="format">What the planes are for: gray has one, all others three.</param>
    /// <param name="width">Width of the planes.</param>
    /// <param name="height">Height of the planes.</param>
    /// <param name="map">From planes to picture.</param>
    /// <param name="sampling">How values between pixels are found.</param>
    public static PixelPlanes Sample(in FrameView frame, PixelFormat format, int width, int height, in AffineTransform map, SamplingMode sampling)
    {
        int count = format == PixelFormat.Gray8 ? 1 : 3;
        var kernel = new PreprocessingKernel(new PreprocessingSpec
        {
            Name = "planes",
            Width = width,
            Height = height,
            Channels = count,
            Order = count == 1 ? ChannelOrder.Gray : ChannelOrder.Rgb,
            Sampling = sampling,
        });
        float[] values = new float[kernel.TensorLength];
        kernel.Write(frame, map, values);
        return new PixelPlanes(width, height, count, values);
    }

    public Span<float> Plane(int plane) => Values.AsSpan(plane * Width * Height, Width * Height);

    /// <summary>Writes the planes as a picture: rounded, cut to 0 to 255, alpha 255.</summary>
    public Frame ToFrame(PixelFormat format)
    {
        int bytes = format.BytesPerPixel();
        int size = Width * Height;
        IMemoryOwner<byte> owner = MemoryPool<byte>.Shared.Rent(checked(size * bytes));
        Span<byte> pixels = owner.Memory.Span[..(size * bytes)];
        pixels.Fill(255);
        for (int plane = 0; plane < Count; plane++)
        {
            ReadOnlySpan<float> values = Plane(plane);
            int offset = format is PixelFormat.Bgr24 or PixelFormat.Bgra32 ? 2 - plane : plane;
            for (int i = 0; i < values.Length; i++)
            {
                pixels[(i * bytes) + offset] = (byte)MathF.Round(Math.Clamp(values[i], 0, 255));
            }
        }

        return Frame.Create(owner, Width, Height, format);
    }
}
