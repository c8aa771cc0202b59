using FerSharp.Testing;
using Microsoft.ML;

namespace FerSharp.MLNet.Tests;

public sealed class HeadFolderTests
{
    // What fast tests of files need once: bytes of a head.
    private static readonly Lazy<EmotionHead> Toy = new(() => TestFaces.TrainToy());

    public static TheoryData<string> ClassifierLawNames => [.. ClassifierLaws.Names];

    [Theory]
    [MemberData(nameof(ClassifierLawNames))]
    public void Classifier_TrainedHead_KeepsLaw(string law)
    {
        using TestFolder folder = Saved();
        var subject = new ClassifierSubject(() => MLNetEmotionClassifier.Load(folder.Path)) { MaxBytesPerCall = 3 * (2048 + 1024) };
        Assert.Equal(LawOutcome.Kept, ClassifierLaws.Check(law, subject));
    }

    [Fact]
    public void Classify_SavedHead_EqualsTheTableRowsThatItWasTrainedOn()
    {
        LabelledFace[] faces = TestFaces.Make(30, TestFaces.Three);
        using MLNetFaceEmbedder features = MLNetFaceEmbedder.Load(ToyModels.Classifier());
        FeatureTable table = FeatureTable.Extract(faces, features);
        using TestFolder folder = Saved();
        using MLNetEmotionClassifier classifier = MLNetEmotionClassifier.Load(folder.Path);
        var trained = new EmotionScores[1];
        for (int i = 0; i < faces.Length; i++)
        {
            Toy.Value.Score(table.Row(i).Span, trained);
            Assert.Equal(trained[0], classifier.Classify(faces[i].Region));
        }
    }

    [Theory]
    [InlineData("hog")]
    [InlineData("hog+lbp+geometry")]
    public void Classify_HeadOverCoreFeatures_IsServedFromItsFolderAlone(string kinds)
    {
        LabelledFace[] faces = TestFaces.Make(60, TestFaces.Three, noise: 60);
        FeatureTable table = FeatureTable.Extract(faces, FeatureExtractors.Named(kinds));
        using EmotionHead head = EmotionHeadTrainer.Train(table, TestFaces.Quick());
        using var folder = new TestFolder();
        head.Save(folder.Path);
        using MLNetEmotionClassifier classifier = MLNetEmotionClassifier.Load(folder.Path);
        var trained = new EmotionScores[1];
        head.Score(table.Row(3).Span, trained);
        Assert.Equal(trained[0], classifier.Classify(faces[3].Region));
        Assert.Equal(0, Steady.BytesOf(() => classifier.Classify([faces[3].Region], trained)));
    }

    [Fact]
    public void Classify_HeadOverAnExtractorOfCore_IsServedFromItsFolderAlone()
    {
        LabelledFace[] faces = TestFaces.Make(30, TestFaces.Three);
        using IFaceFeatureExtractor features = FeatureExtractors.Create([new HogSpec { Bins = 6 }, new GeometrySpec()]);
        using EmotionHead head = EmotionHeadTrainer.Train(faces, features, TestFaces.Quick());
        using var folder = new TestFolder();
        head.Save(folder.Path);
        using MLNetEmotionClassifier classifier = MLNetEmotionClassifier.Load(folder.Path);
        float[] row = new float[features.Length];
        features.Extract([faces[0].Region], row);
        var trained = new EmotionScores[1];
        head.Score(row, trained);
        Assert.Equal(trained[0], classifier.Classify(faces[0].Region));
    }

    [Fact]
    public void Load_HeadOverOwnFeatures_NeedsTheFactory()
    {
        using var hog = new Renamed("own");
        using EmotionHead head = EmotionHeadTrainer.Train(TestFaces.Make(30, TestFaces.Three), hog, TestFaces.Quick());
        using var folder = new TestFolder();
        head.Save(folder.Path);
        Assert.Contains("CreateFeatures", Fault(folder).Message, StringComparison.Ordinal);
        using MLNetEmotionClassifier classifier = MLNetEmotionClassifier.Load(new MLNetEmotionClassifierOptions
        {
            ModelPath = folder.Path,
            CreateFeatures = id => id == hog.Id ? new Renamed(id) : throw new NotSupportedException(id),
        });
        Assert.Equal("test-head", classifier.Model.Id);
        FerModelException wrong = Assert.Throws<FerModelException>(() => MLNetEmotionClassifier.Load(new MLNetEmotionClassifierOptions
        {
            ModelPath = folder.Path,
            CreateFeatures = _ => FeatureExtractors.Create(FeatureExtractors.Named("lbp")),
        }));
        Assert.Contains("Other features give other scores", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_BackboneWithOtherPreparation_IsRefused()
    {
        using TestFolder folder = Saved();
        string manifest = Directory.GetFiles(folder.Path, ModelPackage.ManifestFileName, SearchOption.AllDirectories).Single();
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"margin\": 0.1", "\"margin\": 0.2", StringComparison.Ordinal));
        Assert.Contains("Other features give other scores", Fault(folder).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WithoutItsBackbone_SaysWhatIsMissing()
    {
        using TestFolder folder = Saved();
        Directory.Delete(Directory.GetDirectories(folder.Path).Single(), recursive: true);
        Assert.Contains("Copy the head's folder as a whole", Fault(folder).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(-1)]
    public void Load_ZipCutOff_IsRefusedByItsHash(int length)
    {
        using TestFolder folder = Saved();
        string zip = folder.File("*.zip");
        byte[] content = File.ReadAllBytes(zip);
        File.WriteAllBytes(zip, content[..(length < 0 ? content.Length - 1 : length)]);
        Assert.Contains("it was changed, cut off or belongs to another head", Fault(folder).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("PK not a zip")]
    public void Load_ZipThatIsNone_IsNamed(string text) => WithZip(System.Text.Encoding.UTF8.GetBytes(text), "can load");

    [Fact]
    public void Load_ZipOfAnotherKind_IsNamed()
    {
        // A zip, but not one of ML.NET: what a newer or an older format looks like from here.
        using var stream = new MemoryStream();
        using (var archive = new System.IO.Compression.ZipArchive(stream, System.IO.Compression.ZipArchiveMode.Create, leaveOpen: true))
        {
            using var writer = new StreamWriter(archive.CreateEntry("TransformerChain/Version.txt").Open());
            writer.Write("99.0");
        }

        WithZip(stream.ToArray(), "Train the head again");
    }

    [Fact]
    public void Load_MLNetZipOfAnotherPipeline_SaysThatItIsNoHead()
    {
        var context = new MLContext(1);
        IDataView rows = context.Data.LoadFromEnumerable(new[] { new OtherRow { X = 1 }, new OtherRow { X = 2 } });
        using var stream = new MemoryStream();
        context.Model.Save(context.Transforms.NormalizeMinMax("X").Fit(rows), rows.Schema, stream);
        WithZip(stream.ToArray(), "it is no head over these features");
    }

    [Fact]
    public void Load_LabelsReordered_AreFoundOut()
    {
        using TestFolder folder = Saved();
        folder.EditHead(text => text.Replace("\"happiness\",", "\"sadness\",", StringComparison.Ordinal).Replace("\"sadness\",\n    \"anger\"", "\"happiness\",\n    \"anger\"", StringComparison.Ordinal));
        Assert.Contains("the zip's scores are happiness, sadness, anger, in this order", Fault(folder).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NeighborHeadWithLabelsReordered_IsFoundOut()
    {
        using EmotionHead head = TestFaces.TrainToy(TestFaces.Quick(HeadAlgorithm.NearestNeighbors));
        using var folder = new TestFolder();
        head.Save(folder.Path);
        MLNetEmotionClassifier.Load(folder.Path).Dispose();
        folder.EditHead(text => text.Replace("\"happiness\",", "\"sadness\",", StringComparison.Ordinal).Replace("\"sadness\",\n    \"anger\"", "\"happiness\",\n    \"anger\"", StringComparison.Ordinal));
        Assert.Contains("are happiness,sadness,anger, in this order", Fault(folder).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("FSKNN1\r\n")]
    [InlineData("FSHEAD1 happiness,sadness,anger")]
    [InlineData("FSHEAD1 happiness,sadness,anger\n")]
    [InlineData("FSHEAD1 happiness,sadness,anger\nFSKNN1\r\n")]
    public void Load_NeighborFileThatIsNone_IsNamed(string text)
    {
        using EmotionHead head = TestFaces.TrainToy(TestFaces.Quick(HeadAlgorithm.NearestNeighbors));
        using var folder = new TestFolder();
        head.Save(folder.Path);
        byte[] content = System.Text.Encoding.UTF8.GetBytes(text);
        File.WriteAllBytes(folder.File("*.knn"), content);
        folder.EditHead(json => json.Replace(head.Model.Manifest.Sha256!, ModelPackage.ComputeSha256(content), StringComparison.Ordinal));
        Assert.Contains("is no k-NN head of this version", Fault(folder).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_LabelsThatAreNone_AreListed()
    {
        using TestFolder folder = Saved();
        folder.EditHead(text => text.Replace("\"sadness\",\n    \"anger\"", "\"boredom\",\n    \"7\"", StringComparison.Ordinal));
        Assert.Contains("$.labels: 'boredom', '7' are no expressions", Fault(folder).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OtherSchema_SaysSoAndNothingElse()
    {
        using TestFolder folder = Saved();
        folder.EditHead(text => text.Replace("\"schema\": 1", "\"schema\": 2", StringComparison.Ordinal));
        Assert.StartsWith("$.schema is 2; this version reads 1", Assert.Single(Fault(folder).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ManifestWithSeveralFaults_ListsThemAll()
    {
        using TestFolder folder = Saved();
        File.WriteAllText(Path.Combine(folder.Path, "head.json"), """{ "schema": 1, "id": "x", "file": "../elsewhere.zip", "temperature": 0, "labels": ["fear"] }""");
        string[] faults = [.. Fault(folder).Faults];
        Assert.All(["$.version", "$.sha256", "$.license", "$.features.id", "$.file is", "$.commercial", "$.features.length", "$.temperature", "$.labels must"], part => Assert.Contains(faults, fault => fault.StartsWith(part, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("../elsewhere")]
    [InlineData(@"a\\b")]
    [InlineData("c:file")]
    public void Load_NamesThatLeaveTheFolder_AreRefused(string name)
    {
        using TestFolder folder = Saved();
        string backbone = Path.GetFileName(Directory.GetDirectories(folder.Path).Single()), zip = Path.GetFileName(folder.File("*.zip"));
        folder.EditHead(text => text.Replace(backbone, name, StringComparison.Ordinal).Replace(zip, name, StringComparison.Ordinal));
        Assert.Equal(["$.file", "$.features.backbone"], Fault(folder).Faults.Select(fault => fault.Split(' ')[0]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{ \"schema\": 1, \"surprise\": 1 }")]
    [InlineData("{ \"schema\": \"1\" }")]
    public void Load_ManifestThatIsNone_IsRefused(string json)
    {
        using var folder = new TestFolder();
        File.WriteAllText(Path.Combine(folder.Path, "head.json"), json);
        Assert.Contains("is no head.json", Fault(folder).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_EmptyFolder_SaysWhatWasLookedFor()
    {
        using var folder = new TestFolder();
        Assert.Throws<FileNotFoundException>(() => MLNetEmotionClassifier.Load(folder.Path));
        Assert.Throws<FileNotFoundException>(() => MLNetEmotionClassifier.Load(Path.Combine(folder.Path, "head.json")));
        Assert.Throws<DirectoryNotFoundException>(() => MLNetEmotionClassifier.Load(Path.Combine(folder.Path, "nowhere")));
    }

    [Fact]
    public void Save_OverAnotherHead_LeavesOneZip()
    {
        using TestFolder folder = Saved();
        using EmotionHead other = TestFaces.TrainToy(seed: 3);
        other.Save(folder.Path);
        Assert.Equal(3, Directory.GetFileSystemEntries(folder.Path).Length);
        using MLNetEmotionClassifier classifier = MLNetEmotionClassifier.Load(folder.Path);
        Assert.Equal(other.Model.Manifest.Sha256, classifier.Model.Manifest.Sha256);
    }

    [Fact]
    public void Save_OverAHeadOfAnotherNetwork_LeavesOneBackbone()
    {
        using TestFolder folder = Saved();
        using EmotionHead other = TrainOver(ToyModels.Classifier(withContempt: true));
        other.Save(folder.Path);
        Assert.Equal(3, Directory.GetFileSystemEntries(folder.Path).Length);
        using (MLNetEmotionClassifier classifier = MLNetEmotionClassifier.Load(folder.Path))
        {
            Assert.Equal(other.Model.Manifest.Sha256, classifier.Model.Manifest.Sha256);
        }

        using EmotionHead without = EmotionHeadTrainer.Train(FeatureTable.Extract(TestFaces.Make(30, TestFaces.Three), FeatureExtractors.Named("hog")), TestFaces.Quick());
        without.Save(folder.Path);
        Assert.Equal(2, Directory.GetFileSystemEntries(folder.Path).Length);
    }

    [Fact]
    public void Save_SameWeightsOtherCrop_TakesABackboneOfItsOwn()
    {
        using var folder = new TestFolder();
        using TestFolder first = Saved();
        ModelPackage toy = ToyModels.Classifier();
        using EmotionHead other = TrainOver(toy with { Manifest = toy.Manifest with { Input = toy.Manifest.Input with { Crop = toy.Manifest.Input.Crop with { Margin = 0.3f } } } });
        other.Save(folder.Path);
        Assert.NotEqual(Path.GetFileName(Directory.GetDirectories(first.Path).Single()), Path.GetFileName(Directory.GetDirectories(folder.Path).Single()));
    }

    [Fact]
    public void Save_OverAManifestOfSomebodyElse_DeletesNothingOfTheirs()
    {
        using TestFolder folder = Saved();
        string backbone = Path.GetFileName(Directory.GetDirectories(folder.Path).Single()), zip = Path.GetFileName(folder.File("*.zip"));
        Directory.CreateDirectory(Path.Combine(folder.Path, "photos"));
        File.WriteAllText(Path.Combine(folder.Path, "notes.txt"), "");
        folder.EditHead(text => text.Replace(backbone, "photos", StringComparison.Ordinal).Replace(zip, "notes.txt", StringComparison.Ordinal));
        Toy.Value.Save(folder.Path);
        Assert.True(Directory.Exists(Path.Combine(folder.Path, "photos")));
        Assert.True(File.Exists(Path.Combine(folder.Path, "notes.txt")));
    }

    [Fact]
    public void ReadManifest_SavedHead_TellsWhatItIs()
    {
        using TestFolder folder = Saved();
        ModelManifest manifest = EmotionHead.ReadManifest(Path.Combine(folder.Path, EmotionHead.ManifestFileName));
        Assert.Equal(("test-head", Toy.Value.Model.Manifest.Sha256, Toy.Value.FeaturesLength), (manifest.Id, manifest.Sha256, manifest.Input.Width));
        Assert.Equal(TestFaces.Three.Order(), manifest.Classifier!.Labels.Select(label => label!.Value));
        Assert.Throws<FileNotFoundException>(() => EmotionHead.ReadManifest(Path.Combine(folder.Path, "none", "..", "none.json")));
        Assert.Throws<ArgumentException>(() => EmotionHead.ReadManifest(" "));
    }

    [Fact]
    public void Score_WrongRows_AreRefused()
    {
        EmotionHead head = Toy.Value;
        Assert.Throws<ArgumentException>(() => head.Score(new float[head.FeaturesLength + 1], new EmotionScores[2]));
        Assert.Throws<ArgumentException>(() => head.Score(new float[2 * head.FeaturesLength], new EmotionScores[1]));
        Assert.Throws<FerInferenceException>(() => head.Score([.. Enumerable.Repeat(float.NaN, head.FeaturesLength)], new EmotionScores[1]));
    }

    private static EmotionHead TrainOver(ModelPackage network)
    {
        using MLNetFaceEmbedder features = MLNetFaceEmbedder.Load(network);
        return EmotionHeadTrainer.Train(TestFaces.Make(30, TestFaces.Three), features, TestFaces.Quick());
    }

    private static TestFolder Saved()
    {
        var folder = new TestFolder();
        Toy.Value.Save(folder.Path);
        return folder;
    }

    private static FerModelException Fault(TestFolder folder) => Assert.Throws<FerModelException>(() => MLNetEmotionClassifier.Load(folder.Path));

    /// <summary>Puts other bytes in the zip's place, under their own hash.</summary>
    private static void WithZip(byte[] content, string expected)
    {
        using TestFolder folder = Saved();
        File.WriteAllBytes(folder.File("*.zip"), content);
        string old = Toy.Value.Model.Manifest.Sha256!;
        folder.EditHead(text => text.Replace(old, ModelPackage.ComputeSha256(content), StringComparison.Ordinal));
        Assert.Contains(expected, Fault(folder).Message, StringComparison.Ordinal);
    }

    /// <summary>Features of the caller, of which the library knows no more than their id.</summary>
    private sealed class Renamed(string id) : IFaceFeatureExtractor
    {
        private readonly IFaceFeatureExtractor _hog = FeatureExtractors.Create(FeatureExtractors.Named("hog"));

        public string Id => id;

        public int Length => _hog.Length;

        public void Extract(ReadOnlySpan<FaceRegion> faces, Span<float> destination, CancellationToken cancellationToken = default) => _hog.Extract(faces, destination, cancellationToken);

        public void Dispose() => _hog.Dispose();
    }

    private sealed class OtherRow
    {
        public float X { get; set; }
    }
}
