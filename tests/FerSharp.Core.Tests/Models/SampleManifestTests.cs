namespace FerSharp.Core.Tests.Models;

public sealed class SampleManifestTests
{
    public static TheoryData<string> Ids => [.. RepositoryFiles.SampleIds];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Sample_Read_HasItsFoldersNameAsId(string id) => Assert.Equal(id, Load(id).Id);

    [Theory]
    [MemberData(nameof(Ids))]
    public void Sample_WrittenAndReadAgain_IsTheSame(string id)
    {
        ModelManifest manifest = Load(id);

        ModelManifest again = ModelManifestReader.Read(ModelManifestWriter.Write(manifest), id);

        Assert.Equivalent(manifest, again, strict: true);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Sample_ModelAtHand_HasTheManifestsHash(string id)
    {
        ModelManifest manifest = Load(id);
        string model = Path.Combine(RepositoryFiles.PeerModels, manifest.File);
        Assert.SkipUnless(File.Exists(model), $"{manifest.File} is not among the shared models.");

        Assert.Equal(ModelPackage.ComputeSha256(File.ReadAllBytes(model)), manifest.Sha256);
    }

    [Fact]
    public void Samples_HaveIdsOfTheirOwn_AndBothTasks()
    {
        ModelManifest[] manifests = [.. RepositoryFiles.SampleIds.Select(Load)];

        Assert.Equal(manifests.Length, manifests.Select(manifest => manifest.Id).Distinct().Count());
        Assert.Equal(8, manifests.Count(manifest => manifest.Classifier is not null));
        Assert.Equal(7, manifests.Count(manifest => manifest.Detector is not null));
    }

    private static ModelManifest Load(string id)
    {
        string path = Path.Combine(RepositoryFiles.SampleManifests, id, ModelPackage.ManifestFileName);
        return ModelManifestReader.Read(File.ReadAllBytes(path), path);
    }
}
