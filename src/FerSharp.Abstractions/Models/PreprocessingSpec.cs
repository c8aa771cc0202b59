namespace FerSharp;

/// <summary>How pixels become a model's input tensor.</summary>
/// <remarks>
/// Value of a tensor element: <c>(pixel * Scale - Mean[c]) / Std[c]</c> with <c>pixel</c> in 0 to 255, after sampling; then, where
/// <see cref="StandardizationEpsilon"/> is given, <c>(value - mean) / (std + epsilon)</c> with the mean and population standard deviation of all
/// values of the picture. Gray is <c>0.299 R + 0.587 G + 0.114 B</c> (ITU-R BT.601). Pixel centres lie at halves (half-pixel convention) in the
/// source as in the tensor.
/// </remarks>
public sealed record PreprocessingSpec
{
    /// <summary>The input's name in the graph.</summary>
    public required string Name { get; init; }

    /// <summary>Width of the tensor in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height of the tensor in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Axis order. Default NCHW.</summary>
    public TensorLayout Layout { get; init; } = TensorLayout.Nchw;

    /// <summary>Order of the colour channels.</summary>
    public required ChannelOrder Order { get; init; }

    /// <summary>Channels of the tensor: 3 for colour; 1 for gray, or 3 where gray is repeated.</summary>
    public required int Channels { get; init; }

    /// <summary>Factor on the pixel before mean and deviation. Default 1.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>Subtracted per channel of the tensor, after <see cref="Scale"/>; one value serves all channels. Default 0.</summary>
    public IReadOnlyList<float> Mean { get; init; } = [0f];

    /// <summary>Divisor per channel of the tensor; one value serves all channels. Default 1.</summary>
    public IReadOnlyList<float> Std { get; init; } = [1f];

    /// <summary>Where given, each picture is standardised by its own mean and deviation, with this number added to the deviation.</summary>
    public float? StandardizationEpsilon { get; init; }

    /// <summary>How the picture (detector) or the crop (classifier) is fitted to the tensor. Default stretch.</summary>
    public ResizeMode Resize { get; init; } = ResizeMode.Stretch;

    /// <summary>How values between pixels are found. Default bilinear.</summary>
    public SamplingMode Sampling { get; init; } = SamplingMode.Bilinear;

    /// <summary>What lies outside the picture. Default replicate.</summary>
    public BorderMode Border { get; init; } = BorderMode.Replicate;

    /// <summary>The pixel value (0 to 255, before normalisation) outside the picture where <see cref="Border"/> is constant. Default 0.</summary>
    public float PadValue { get; init; }

    /// <summary>How a face's box becomes the classifier's crop.</summary>
    public CropSpec Crop { get; init; } = new();

    /// <summary>
    /// Where the five landmarks (<see cref="FaceLandmarks"/> order) should come to lie, in units of the tensor's width and height (0 to 1);
    /// a similarity transform aligns the face. Null: no alignment, the box is cropped. A face without landmarks is cropped by its box.
    /// </summary>
    public IReadOnlyList<PointF>? AlignTo { get; init; }
}

/// <summary>Axis order of a tensor.</summary>
public enum TensorLayout
{
    /// <summary>Batch, channel, row, column: planes.</summary>
    Nchw = 0,

    /// <summary>Batch, row, column, channel: interleaved.</summary>
    Nhwc = 1,
}

/// <summary>Order of a tensor's colour channels.</summary>
public enum ChannelOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb = 1,

    /// <summary>Blue, green, red.</summary>
    Bgr = 2,

    /// <summary>Luma, in one channel or repeated in three.</summary>
    Gray = 3,
}

/// <summary>How a picture is fitted to a tensor of another shape.</summary>
public enum ResizeMode
{
    /// <summary>Both axes are scaled on their own; the shape changes.</summary>
    Stretch = 0,

    /// <summary>Scaled as a whole, from the top left corner; what is left over at the right or the bottom is border.</summary>
    LetterboxTopLeft = 1,

    /// <summary>Scaled as a whole and centred; what is left over on two sides is border.</summary>
    LetterboxCenter = 2,
}

/// <summary>How values between pixels are found.</summary>
public enum SamplingMode
{
    /// <summary>The four nearest pixels, weighted by distance. Fast; a strong reduction aliases, as OpenCV's INTER_LINEAR does.</summary>
    Bilinear = 0,

    /// <summary>
    /// The mean of a k x k grid of bilinear samples in each tensor pixel, with k the reduction factor rounded up (at most 16): no aliasing.
    /// For whole-number reductions it equals the mean of the covered pixels.
    /// </summary>
    Area = 1,
}

/// <summary>What lies outside a picture.</summary>
public enum BorderMode
{
    /// <summary>The nearest pixel of the edge.</summary>
    Replicate = 0,

    /// <summary>A constant, <see cref="PreprocessingSpec.PadValue"/>; each of the four samples that lies outside takes it on its own.</summary>
    Constant = 1,
}

/// <summary>How a face's box becomes a crop.</summary>
public sealed record CropSpec
{
    /// <summary>Added on every side, as a fraction of the (squared) box's side; negative cuts away. Default 0.</summary>
    public float Margin { get; init; }

    /// <summary>Moves the crop downwards (negative: upwards), as a fraction of the (squared) box's height. Default 0.</summary>
    public float ShiftY { get; init; }

    /// <summary>Whether the shorter side is first lengthened to the longer. Default true.</summary>
    public bool Square { get; init; } = true;
}
