using CsCheck;
using FerSharp.Imaging;

namespace FerSharp.Core.Tests.Imaging;

/// <summary>The kernel against a plain double-precision oracle and its two paths against each other, on random pictures, maps and tensors.</summary>
public sealed class KernelPropertyTests
{
    private static readonly Gen<PixelFormat> Formats = Gen.Enum<PixelFormat>();

    private static readonly Gen<Case> Cases =
        from format in Formats
        from width in Gen.Int[1, 40]
        from height in Gen.Int[1, 40]
        from padding in Gen.Int[0, 9]
        from seed in Gen.Int
        from spec in Specs()
        from turned in Gen.Bool
        from map in Gen.Float[-3, 3].Array[6]
        select new Case(format, width, height, padding, seed, spec, turned
            ? new AffineTransform(map[0], map[1], map[2] * 12, map[3], map[4], map[5] * 12)
            : new AffineTransform(map[0], 0, map[2] * 12, 0, map[4], map[5] * 12));

    [Fact]
    public void Kernel_AnyPictureAndMap_MatchesOracle() => Cases.Sample(
        c =>
        {
            float[] tensor = Run(c, vector: true);
            float[] expected = Oracle(c);
            return tensor.Zip(expected).All(pair => MathF.Abs(pair.First - pair.Second) <= 0.02f * Gain(c.Spec));
        },
        iter: 3000);

    [Fact]
    public void Kernel_ScalarTwin_MatchesVectorPath() => Cases.Sample(
        c => Run(c, vector: true).Zip(Run(c, vector: false)).All(pair => MathF.Abs(pair.First - pair.Second) <= 0.01f * Gain(c.Spec)),
        iter: 3000);

    [Fact]
    public void Kernel_PictureInLargerMemory_ReadsNothingOutside() => Cases.Sample(
        c =>
        {
            // The same picture with other bytes in the padding and around it must give the same tensor.
            FrameView view = c.View(out byte[] buffer);
            float[] before = Run(c, view, vector: true);
            int row = view.Width * view.Format.BytesPerPixel();
            for (int y = 0; y < view.Height - 1; y++)
            {
                buffer.AsSpan(Case.Lead + (y * view.Stride) + row, view.Stride - row).Fill(0xA5);
            }

            buffer.AsSpan(0, Case.Lead).Fill(0xA5);
            buffer.AsSpan(Case.Lead + view.Pixels.Length).Fill(0xA5);
            return before.SequenceEqual(Run(c, view, vector: true));
        },
        iter: 1000);

    [Fact]
    public void Kernel_SteadyState_AllocatesNothing()
    {
        foreach (PixelFormat format in Enum.GetValues<PixelFormat>())
        {
            var kernel = new PreprocessingKernel(Spec(48, 48, ChannelOrder.Rgb, 3, TensorLayout.Nchw, SamplingMode.Area, BorderMode.Replicate));
            var view = new FrameView(new byte[640 * 480 * 4], 640, 480, format);
            float[] tensor = new float[kernel.TensorLength];
            AffineTransform straight = AffineTransform.Stretch(new RectF(100, 100, 200, 200), 48, 48), turned = straight with { B = 0.4f };
            for (int i = 0; i < 100; i++)
            {
                kernel.Write(view, straight, tensor);
                kernel.Write(view, turned, tensor);
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
            {
                kernel.Write(view, straight, tensor);
                kernel.Write(view, turned, tensor);
            }

            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Fact]
    public void Kernel_StrayCoordinates_StayInside()
    {
        PreprocessingSpec spec = Spec(16, 16, ChannelOrder.Gray, 1, TensorLayout.Nchw, SamplingMode.Bilinear, BorderMode.Replicate);
        var view = new FrameView(new byte[30], 6, 5, PixelFormat.Gray8);
        float[] tensor = new float[256];
        foreach (float huge in new[] { 1e9f, -1e9f, 1e30f, float.MaxValue })
        {
            foreach (bool vector in new[] { true, false })
            {
                new PreprocessingKernel(spec, vector).Write(view, new AffineTransform(huge, 1, -huge, 1, huge, huge), tensor);
                new PreprocessingKernel(spec, vector).Write(view, new AffineTransform(huge, 0, -huge, 0, huge, huge), tensor);
            }
        }
    }

    [Fact]
    public void Kernel_EmptyFrameOrWrongLength_IsRefused()
    {
        var kernel = new PreprocessingKernel(Spec(4, 4, ChannelOrder.Gray, 1, TensorLayout.Nchw, SamplingMode.Bilinear, BorderMode.Replicate));
        Assert.Throws<ArgumentException>("frame", () => kernel.Write(default, AffineTransform.Identity, new float[16]));
        Assert.Throws<ArgumentException>("tensor", () => kernel.Write(new FrameView(new byte[16], 4, 4, PixelFormat.Gray8), AffineTransform.Identity, new float[15]));
    }

    [Theory]
    [InlineData(ChannelOrder.Rgb, 1)]
    [InlineData(ChannelOrder.Bgr, 4)]
    [InlineData(ChannelOrder.Gray, 2)]
    public void Kernel_ChannelsThatDoNotFit_AreRefused(ChannelOrder order, int channels) =>
        Assert.Throws<ArgumentException>("spec", () => new PreprocessingKernel(Spec(4, 4, order, channels, TensorLayout.Nchw, SamplingMode.Bilinear, BorderMode.Replicate)));

    private static Gen<PreprocessingSpec> Specs() =>
        from width in Gen.Int[1, 36]
        from height in Gen.Int[1, 12]
        from order in Gen.Enum<ChannelOrder>()
        from three in Gen.Bool
        from layout in Gen.Enum<TensorLayout>()
        from sampling in Gen.Enum<SamplingMode>()
        from border in Gen.Enum<BorderMode>()
        from mean in Gen.Float[-100, 200]
        from std in Gen.Float[1, 100]
        select Spec(width, height, order, order == ChannelOrder.Gray && !three ? 1 : 3, layout, sampling, border) with { Mean = [mean], Std = [std], PadValue = 77 };

    private static PreprocessingSpec Spec(int width, int height, ChannelOrder order, int channels, TensorLayout layout, SamplingMode sampling, BorderMode border) => new()
    {
        Name = "x",
        Width = width,
        Height = height,
        Order = order,
        Channels = channels,
        Layout = layout,
        Sampling = sampling,
        Border = border,
    };

    private static float Gain(PreprocessingSpec spec) => spec.Scale / spec.Std[0];

    private static float[] Run(Case c, bool vector) => Run(c, c.View(out _), vector);

    private static float[] Run(Case c, FrameView view, bool vector)
    {
        var kernel = new PreprocessingKernel(c.Spec, vector);
        float[] tensor = new float[kernel.TensorLength];
        kernel.Write(view, c.Map, tensor);
        return tensor;
    }

    /// <summary>The definition, as plainly as it can be written.</summary>
    private static float[] Oracle(Case c)
    {
        FrameView view = c.View(out _);
        PreprocessingSpec spec = c.Spec;
        int kx = 1, ky = 1;
        if (spec.Sampling == SamplingMode.Area)
        {
            kx = (int)Math.Clamp(Math.Ceiling(Math.Sqrt(((double)c.Map.A * c.Map.A) + ((double)c.Map.D * c.Map.D)) - 1e-6), 1, 16);
            ky = (int)Math.Clamp(Math.Ceiling(Math.Sqrt(((double)c.Map.B * c.Map.B) + ((double)c.Map.E * c.Map.E)) - 1e-6), 1, 16);
        }

        float[] tensor = new float[spec.Channels * spec.Width * spec.Height];
        for (int y = 0; y < spec.Height; y++)
        {
            for (int x = 0; x < spec.Width; x++)
            {
                double[] rgb = new double[3];
                for (int s = 0; s < kx * ky; s++)
                {
                    double u = x + (((s % kx) + 0.5) / kx), v = y + (((s / kx) + 0.5) / ky);
                    double xs = (c.Map.A * u) + (c.Map.B * v) + c.Map.C - 0.5, ys = (c.Map.D * u) + (c.Map.E * v) + c.Map.F - 0.5;
                    int x0 = (int)Math.Floor(xs), y0 = (int)Math.Floor(ys);
                    double fx = xs - x0, fy = ys - y0;
                    for (int i = 0; i < 3; i++)
                    {
                        rgb[i] += (((1 - fy) * (((1 - fx) * Pixel(x0, y0, i)) + (fx * Pixel(x0 + 1, y0, i))))
                            + (fy * (((1 - fx) * Pixel(x0, y0 + 1, i)) + (fx * Pixel(x0 + 1, y0 + 1, i))))) / (kx * ky);
                    }
                }

                for (int ch = 0; ch < spec.Channels; ch++)
                {
                    double value = spec.Order switch
                    {
                        ChannelOrder.Rgb => rgb[ch],
                        ChannelOrder.Bgr => rgb[2 - ch],
                        _ => view.Format == PixelFormat.Gray8 ? rgb[0] : (0.299 * rgb[0]) + (0.587 * rgb[1]) + (0.114 * rgb[2]),
                    };
                    int index = spec.Layout == TensorLayout.Nchw ? (((ch * spec.Height) + y) * spec.Width) + x : (((y * spec.Width) + x) * spec.Channels) + ch;
                    tensor[index] = (float)(((value * spec.Scale) - spec.Mean[0]) / spec.Std[0]);
                }
            }
        }

        return tensor;

        double Pixel(int px, int py, int channel)
        {
            if (spec.Border == BorderMode.Constant && (px < 0 || py < 0 || px >= view.Width || py >= view.Height))
            {
                return spec.PadValue;
            }

            ReadOnlySpan<byte> row = view.GetRow(Math.Clamp(py, 0, view.Height - 1));
            int at = Math.Clamp(px, 0, view.Width - 1) * view.Format.BytesPerPixel();
            return view.Format switch
            {
                PixelFormat.Gray8 => row[at],
                PixelFormat.Rgb24 or PixelFormat.Rgba32 => row[at + channel],
                _ => row[at + 2 - channel],
            };
        }
    }

    private sealed record Case(PixelFormat Format, int Width, int Height, int Padding, int Seed, PreprocessingSpec Spec, AffineTransform Map)
    {
        public const int Lead = 5;

        public FrameView View(out byte[] buffer)
        {
            int stride = (Width * Format.BytesPerPixel()) + Padding;
            buffer = new byte[Lead + (stride * Height) + 7];
            new Random(Seed).NextBytes(buffer);
            return new FrameView(buffer.AsMemory(Lead), Width, Height, Format, stride);
        }

        public override string ToString() => $"{Width}x{Height} {Format} +{Padding} seed {Seed} {Spec} {Map}";
    }
}
