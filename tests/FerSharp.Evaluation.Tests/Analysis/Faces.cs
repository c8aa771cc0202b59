using FerSharp.Testing;

namespace FerSharp.Evaluation.Tests.Analysis;

/// <summary>Small data sets in memory.</summary>
internal sealed class Faces(string split, FaceSample[] samples, FrameView[] pictures, DatasetFault[]? faults = null, IReadOnlyDictionary<string, int>? leftOut = null)
    : FaceDataset(new DatasetInfo("faces", split, new string('0', 64)), samples, faults ?? [], leftOut)
{
    /// <summary>A picture of this size cannot be loaded.</summary>
    public static FrameView Broken => default;

    public override Frame Load(int index) => pictures[index].IsEmpty ? throw new InvalidDataException("It is damaged.") : Frame.CopyOf(pictures[index]);

    /// <summary>Pictures with labels, each with its position as id.</summary>
    public static Faces Of(string split, params (Emotion? Label, FrameView Picture)[] pictures) =>
        new(split, [.. pictures.Select((one, i) => new FaceSample($"{split}{i}", one.Label))], [.. pictures.Select(one => one.Picture)]);

    /// <summary>Drawn faces of all seven expressions, the mouth open by class.</summary>
    public static Faces Drawn(string split, int count, int firstSeed = 0, PixelFormat format = PixelFormat.Gray8) =>
        Of(split, [.. Enumerable.Range(firstSeed, count).Select(seed => ((Emotion?)(Emotion)(seed % 7), Draw(seed, format)))]);

    public static FrameView Draw(int seed, PixelFormat format = PixelFormat.Gray8, int side = 48) =>
        SyntheticFrames.Faces(side, side, [new(side / 2f + (seed * 5 % 7), side / 2f + (seed * 3 % 5), side * 0.7f, (byte)(180 + (seed * 11 % 60)), seed % 7 * 0.15f)], format, seed);

    public static FrameView Gray(int width, int height, params byte[] pixels) => new(pixels, width, height, PixelFormat.Gray8);

    public static FrameView Flat(byte level, int side = 8) => SyntheticFrames.Blank(side, side, level, PixelFormat.Gray8);
}
