namespace FerSharp.Evaluation.Tests;

/// <summary>A data set of generated pictures; null is a picture that cannot be loaded.</summary>
internal sealed class GeneratedPictures(FaceSample[] samples, Func<int, FrameView?> picture)
    : FaceDataset(new DatasetInfo("generated", "test", "0123"), samples, [])
{
    public override Frame Load(int index) => picture(index) is { } view ? Frame.CopyOf(view) : throw new InvalidDataException("damaged");
}
