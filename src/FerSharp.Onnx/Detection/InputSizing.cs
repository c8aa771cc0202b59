namespace FerSharp.Onnx;

/// <summary>Width and height of an input tensor in pixels.</summary>
internal readonly record struct InputShape(int Width, int Height);

/// <summary>Which input shapes a detector runs a frame at: the manifest's, those of the options, or the cheapest one for a smallest face.</summary>
/// <remarks>Immutable, thread-safe.</remarks>
internal sealed class InputSizing
{
    /// <summary>Bounds of the longer side where a smallest face chooses it, before rounding to the stride.</summary>
    public const int LeastLongSide = 64, MostLongSide = 2048;

    // The crop around a known face, which fills half of it, in units of the size that is found reliably: four times that, to spare for points.
    private const int CropFactor = 8, LeastCrop = 64, MostCrop = 320;

    // What floating-point noise may add before a side counts as longer than a multiple of the stride.
    private const double Slack = 1e-4;

    private readonly ModelManifest _manifest;
    private readonly IReadOnlyList<DetectorInputSize> _sizes;
    private readonly int _stride;

    /// <summary>Tensor pixels per source pixel at which the smallest face is just large enough; 0 where none is asked for.</summary>
    private readonly double _scale;

    /// <param name="manifest">A detector's manifest; its strides are checked by the decoder.</param>
    /// <param name="options">Checked options.</param>
    public InputSizing(ModelManifest manifest, OnnxFaceDetectorOptions options)
    {
        DetectorOutputSpec output = manifest.Detector!;
        _manifest = manifest;
        _stride = output.Strides.Max();
        MinFaceSize = options.MinFaceSize ?? 0;
        _scale = MinFaceSize > 0 ? output.ReliableFaceSize / MinFaceSize : 0;
        _sizes = options.InputSizes.Count > 0 ? [.. options.InputSizes] : [DetectorInputSize.Rectangle(manifest.Input.Width, manifest.Input.Height)];
    }

    /// <summary>How often a frame is searched.</summary>
    public int Count => _sizes.Count;

    /// <summary>The shorter side, in source pixels, below which faces are dropped; 0 where none are.</summary>
    public float MinFaceSize { get; }

    /// <summary>The shape where it is the same for all frames; null otherwise.</summary>
    public InputShape? Only => _scale == 0 && _sizes is [{ FollowsFrame: false } size] ? new InputShape(size.Width, size.Height) : null;

    /// <summary>The shape of a crop around a known face: small where the graph's width and height are free, else the manifest's.</summary>
    public InputShape Crop(bool isFree)
    {
        int side = RoundUp(Math.Clamp(CropFactor * _manifest.Detector!.ReliableFaceSize, LeastCrop, MostCrop));
        return isFree ? new InputShape(side, side) : new InputShape(_manifest.Input.Width, _manifest.Input.Height);
    }

    /// <summary>What of the options the graph cannot do, one sentence each.</summary>
    /// <param name="width">The graph's width; not above 0 where it is free.</param>
    /// <param name="height">The graph's height; not above 0 where it is free.</param>
    public IEnumerable<string> FaultsFor(int width, int height)
    {
        bool isFree = width <= 0 && height <= 0;
        var faults = new List<string>();
        if (_scale > 0 && !isFree)
        {
            faults.Add($"{nameof(OnnxFaceDetectorOptions)}.{nameof(OnnxFaceDetectorOptions.MinFaceSize)} needs a graph whose height and width are free; this one's input is {Fixed(width, height)}. Drop the option, or export the model with free height and width.");
        }

        foreach (DetectorInputSize size in _sizes)
        {
            bool isManifests = (size.Width, size.Height, size.FollowsFrame) == (_manifest.Input.Width, _manifest.Input.Height, false);
            if (!isManifests && (size.Width % _stride != 0 || size.Height % _stride != 0))
            {
                faults.Add($"{nameof(OnnxFaceDetectorOptions)}.{nameof(OnnxFaceDetectorOptions.InputSizes)} holds {size}; sides must be multiples of {_stride}, the model's largest stride.");
            }

            if (size.FollowsFrame ? !isFree : (width > 0 && width != size.Width) || (height > 0 && height != size.Height))
            {
                // The manifest's own size is reported with its other faults.
                if (!isManifests)
                {
                    faults.Add($"{nameof(OnnxFaceDetectorOptions)}.{nameof(OnnxFaceDetectorOptions.InputSizes)} asks for {size}, but the graph's input is {Fixed(width, height)}. Leave it empty, or export the model with free height and width.");
                }
            }
        }

        return faults;
    }

    /// <summary>One of the shapes that a frame is searched at.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <param name="width">The frame's width.</param>
    /// <param name="height">The frame's height.</param>
    public InputShape For(int index, int width, int height)
    {
        DetectorInputSize size = _sizes[index];
        int longSide = size.Width, frameLong = Math.Max(width, height);
        if (_scale > 0)
        {
            longSide = RoundUp(Math.Clamp(_scale * frameLong, LeastLongSide, MostLongSide / _stride * _stride));
        }
        else if (!size.FollowsFrame)
        {
            return new InputShape(size.Width, size.Height);
        }

        int shortSide = RoundUp(Math.Max((double)longSide * Math.Min(width, height) / frameLong, DetectorInputSize.MinSide));
        return width >= height ? new InputShape(longSide, Math.Min(shortSide, longSide)) : new InputShape(Math.Min(shortSide, longSide), longSide);
    }

    /// <summary>Whether two frames are searched at the same shapes, so that they can run together.</summary>
    public bool AreAlike(in FrameView first, in FrameView second)
    {
        for (int i = 0; i < _sizes.Count; i++)
        {
            if (For(i, first.Width, first.Height) != For(i, second.Width, second.Height))
            {
                return false;
            }
        }

        return true;
    }

    private int RoundUp(double side) => (int)Math.Ceiling((side / _stride) - Slack) * _stride;

    private static string Fixed(int width, int height) => (width > 0, height > 0) switch
    {
        (true, true) => $"fixed at {width}x{height}",
        (true, false) => $"fixed at a width of {width}",
        (false, true) => $"fixed at a height of {height}",
        _ => "free",
    };
}
