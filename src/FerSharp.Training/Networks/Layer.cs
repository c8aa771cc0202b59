using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerSharp.Training;

/// <summary>A part of a network.</summary>
internal abstract class Layer(string name) : Module<Tensor, Tensor>(name);

/// <summary>Makes every picture's mean 0 and its deviation nearly 1, so that exposure does not matter: (x - mean) / (deviation + 8).</summary>
/// <remarks>The 8 gray levels keep the noise of nearly flat pictures from being blown up.</remarks>
internal sealed class Standardise() : Layer(nameof(Standardise))
{
    public const float Floor = 8;

    private static readonly long[] Pixels = [1, 2, 3];

    public override Tensor forward(Tensor input)
    {
        Tensor centred = input - input.mean(Pixels, keepdim: true);
        return centred / (centred.square().mean(Pixels, keepdim: true).sqrt() + Floor);
    }
}

/// <summary>Convolution without bias, batch normalisation, and a rectifier where asked for.</summary>
internal sealed class ConvNorm : Layer
{
    private readonly Module<Tensor, Tensor> conv;
    private readonly Module<Tensor, Tensor> norm;
    private readonly bool _rectify;

    public ConvNorm(int inputs, int outputs, int kernel, int stride = 1, bool rectify = true)
        : base(nameof(ConvNorm))
    {
        conv = Conv2d(inputs, outputs, kernel, stride, kernel / 2, bias: false);
        norm = BatchNorm2d(outputs);
        _rectify = rectify;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor output = norm.forward(conv.forward(input));
        return _rectify ? output.relu_() : output;
    }
}

/// <summary>Squeeze-and-excitation: each channel is scaled by a factor in [0, 1] made from the means of all channels.</summary>
internal sealed class SqueezeExcite : Layer
{
    private static readonly long[] Space = [2, 3];

    private readonly Module<Tensor, Tensor> narrow;
    private readonly Module<Tensor, Tensor> widen;

    public SqueezeExcite(int channels, int ratio)
        : base(nameof(SqueezeExcite))
    {
        int middle = Math.Max(channels / ratio, 4);
        narrow = Conv2d(channels, middle, 1);
        widen = Conv2d(middle, channels, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) =>
        input * widen.forward(narrow.forward(input.mean(Space, keepdim: true)).relu_()).sigmoid_();
}

/// <summary>Two 3x3 convolutions with squeeze-and-excitation beside a short cut.</summary>
internal sealed class ResidualBlock : Layer
{
    private readonly Module<Tensor, Tensor> first;
    private readonly Module<Tensor, Tensor> second;
    private readonly Module<Tensor, Tensor> excite;
    private readonly Module<Tensor, Tensor>? shortcut;
    private readonly bool _halve;

    public ResidualBlock(int inputs, int outputs, int squeezeRatio, bool halve)
        : base(nameof(ResidualBlock))
    {
        first = new ConvNorm(inputs, outputs, 3, halve ? 2 : 1);
        second = new ConvNorm(outputs, outputs, 3, rectify: false);
        excite = new SqueezeExcite(outputs, squeezeRatio);
        _halve = halve;
        shortcut = halve || inputs != outputs ? new ConvNorm(inputs, outputs, 1, rectify: false) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor output = excite.forward(second.forward(first.forward(input)));
        Tensor carried = _halve ? functional.avg_pool2d(input, 2) : input;
        return output.add_(shortcut is null ? carried : shortcut.forward(carried)).relu_();
    }
}
