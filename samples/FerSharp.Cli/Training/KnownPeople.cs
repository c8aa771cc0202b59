using FerSharp.Evaluation;

namespace FerSharp.Cli.Training;

/// <summary>A data set in which a picture that names nobody is a person of its own, so that those who are known can stay on one side all the same.</summary>
internal sealed class KnownPeople(FaceDataset dataset)
    : FaceDataset(dataset.Info, [.. dataset.Samples.Select(sample => sample with { Subject = sample.Subject is { } subject ? $"subject {subject}" : $"picture {sample.Id}" })], [])
{
    public override Frame Load(int index) => dataset.Load(index);

    /// <summary>Divides by person. The parts are those of the data set itself, whose samples keep their own subjects.</summary>
    /// <exception cref="ArgumentException">A part would be empty.</exception>
    public IReadOnlyList<FaceDataset> Divide(IReadOnlyList<SplitPart> parts, int seed)
    {
        Dictionary<string, int> positions = Enumerable.Range(0, Samples.Count).ToDictionary(i => Samples[i].Id);
        return [.. DatasetSplits.BySubject(this, parts, seed).Select(part => dataset.Subset([.. part.Samples.Select(sample => positions[sample.Id])], part.Info.Split))];
    }
}
