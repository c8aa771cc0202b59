using System.Globalization;

namespace FerSharp.Onnx;

/// <summary>A size of a detector's input tensor, for graphs whose height and width are free. Sides are multiples of the model's largest stride.</summary>
/// <remarks>A value; what it says is checked when a detector is loaded with it.</remarks>
public readonly record struct DetectorInputSize
{
    /// <summary>Smallest side: 32.</summary>
    public const int MinSide = 32;

    /// <summary>Largest side: 4096.</summary>
    public const int MaxSide = 4096;

    private DetectorInputSize(int width, int height, bool followsFrame)
    {
        Width = width;
        Height = height;
        FollowsFrame = followsFrame;
    }

    /// <summary>Width in tensor pixels; of a size that follows the frame, the longer side.</summary>
    public int Width { get; }

    /// <summary>Height in tensor pixels; of a size that follows the frame, the longer side.</summary>
    public int Height { get; }

    /// <summary>Whether the shorter side is only as long as the frame needs it.</summary>
    public bool FollowsFrame { get; }

    /// <summary>A square.</summary>
    /// <param name="side">Side in tensor pixels.</param>
    public static DetectorInputSize Square(int side) => new(side, side, false);

    /// <summary>A rectangle.</summary>
    /// <param name="width">Width in tensor pixels.</param>
    /// <param name="height">Height in tensor pixels.</param>
    public static DetectorInputSize Rectangle(int width, int height) => new(width, height, false);

    /// <summary>
    /// The shape of the frame: the longer side is given, the shorter one is as long as the frame needs, rounded up to the model's largest
    /// stride. Less of the network's work goes into padding: a 640 x 480 frame runs as 320 x 256 rather than 320 x 320.
    /// </summary>
    /// <param name="longSide">The longer side in tensor pixels.</param>
    public static DetectorInputSize FrameShape(int longSide) => new(longSide, longSide, true);

    /// <summary>The size in words: <c>320x256</c>, or <c>the frame's shape at 320</c>.</summary>
    public override string ToString() => FollowsFrame
        ? string.Create(CultureInfo.InvariantCulture, $"the frame's shape at {Width}")
        : string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height}");
}
