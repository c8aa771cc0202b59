using System.Text.Json;

namespace FerSharp.Peers;

/// <summary>What all contestants read, one file: the same frames, the same model files, the same rules.</summary>
internal sealed record PeerSetup
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Frames, all of one size.</summary>
    public required IReadOnlyList<PeerFrame> Frames { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>Folder of the manifests: samples/manifests.</summary>
    public required string Manifests { get; init; }

    public required string DetectorFile { get; init; }

    public required string ClassifierFile { get; init; }

    /// <summary>Sides of the networks' square inputs.</summary>
    public required int DetectorSide { get; init; }

    public required int ClassifierSide { get; init; }

    public required float ScoreThreshold { get; init; }

    public required float NmsThreshold { get; init; }

    /// <summary>Added on every side of the squared box, as a fraction of its side.</summary>
    public required float Margin { get; init; }

    /// <summary>Whether a face is sampled by area (OpenCV's INTER_AREA) or by plain bilinear samples.</summary>
    public required bool Area { get; init; }

    /// <summary>The expressions in the order of the classifier's outputs.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Frames through which a cold kernel rotates: more than the last-level cache holds.</summary>
    public required int ColdFrames { get; init; }

    /// <summary>Whether the thread's own time is taken in place of the wall clock.</summary>
    public required bool CpuClock { get; init; }

    public static PeerSetup Read(string path) =>
        JsonSerializer.Deserialize<PeerSetup>(File.ReadAllText(path), Json) ?? throw new InvalidDataException($"'{path}' holds no setup.");

    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, Json));
}

/// <summary>A frame as two files: raw BGR bytes, and a JPEG file made of them.</summary>
internal sealed record PeerFrame(string Name, string Bgr, string Jpeg);

/// <summary>A face with its scores in the order of the classifier's outputs.</summary>
internal sealed record FoundFace(float X, float Y, float Width, float Height, float Score, float[] Scores);

/// <summary>A preprocessing of the kernel comparison: what part of a frame becomes what tensor.</summary>
internal enum KernelCase
{
    /// <summary>The whole 640 x 480 frame to 3 x 320 x 320, letterboxed, values as they are.</summary>
    Detector320,

    /// <summary>A 200 pixel face to 1 x 48 x 48 gray, bilinear, x / 127.5 - 1.</summary>
    Gray48,

    /// <summary>As <see cref="Gray48"/>, sampled by area.</summary>
    Gray48Area,

    /// <summary>A 200 pixel face to 3 x 224 x 224 RGB, bilinear, x / 127.5 - 1.</summary>
    Color224,
}

/// <summary>The faces' places in a frame of the kernel comparison: six of 200 pixels that do not overlap, so that none is cached by another's turn.</summary>
internal static class KernelFaces
{
    public const int Side = 200;
    public const int Count = 6;

    public static (int X, int Y) At(int position) => (10 + (210 * (position % 3)), 20 + (220 * (position / 3 % 2)));
}
