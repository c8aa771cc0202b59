using FerSharp.Testing;

namespace FerSharp.Core.Tests.Analysis;

public sealed class EnsembleEmotionClassifierTests
{
    private static readonly EmotionScores Neutral = new([1, 0, 0, 0, 0, 0, 0, 0], valence: 0.5f);
    private static readonly EmotionScores Happy = new([0, 1, 0, 0, 0, 0, 0, 0]);

    public static TheoryData<string> Laws => [.. ClassifierLaws.Names];

    [Theory, MemberData(nameof(Laws))]
    public void Ensemble_OfFakes_KeepsTheLaw(string law) => ClassifierLaws.Check(law, new ClassifierSubject(
        () => new EnsembleEmotionClassifier([new FakeEmotionClassifier(), new FakeEmotionClassifier(EmotionSet.Basic)], [2, 1], ownsMembers: true))
    { MaxBytesPerCall = 0 });

    [Fact]
    public void Classify_Weights_GiveTheWeightedMean()
    {
        using var ensemble = new EnsembleEmotionClassifier([new FakeEmotionClassifier(Neutral), new FakeEmotionClassifier(Happy)], [3, 1]);
        EmotionScores scores = ensemble.Classify(FaceRegion.Whole(SyntheticFrames.Blank(8, 8)));
        Assert.Equal((0.75f, 0.25f), (scores[Emotion.Neutral], scores[Emotion.Happiness]));
    }

    [Fact]
    public void Classify_HugeWeights_StillGiveTheMean()
    {
        using var ensemble = new EnsembleEmotionClassifier([new FakeEmotionClassifier(Neutral), new FakeEmotionClassifier(Happy)], [3e38f, 3e38f]);
        Assert.Equal(0.5f, ensemble.Classify(FaceRegion.Whole(SyntheticFrames.Blank(8, 8)))[Emotion.Happiness]);
    }

    [Fact]
    public void Classify_AffectOfSomeMembers_IsTheirMean()
    {
        using var ensemble = new EnsembleEmotionClassifier([new FakeEmotionClassifier(Neutral), new FakeEmotionClassifier(Happy)]);
        EmotionScores scores = ensemble.Classify(FaceRegion.Whole(SyntheticFrames.Blank(8, 8)));
        Assert.Equal(0.5f, scores.Valence);
        Assert.True(float.IsNaN(scores.Arousal));
    }

    [Fact]
    public void Classify_MoreFacesThanAChunk_EachGetsItsOwn()
    {
        using var ensemble = new EnsembleEmotionClassifier([new FakeEmotionClassifier(), new FakeEmotionClassifier()]);
        FaceRegion[] faces = [.. Enumerable.Range(0, 40).Select(i => FaceRegion.Whole(SyntheticFrames.Noise(8, 8, seed: i)))];
        var scores = new EmotionScores[40];
        ensemble.Classify(faces, scores);
        Assert.All(faces.Zip(scores), pair => Assert.Equal(ensemble.Classify(pair.First), pair.Second));
    }

    [Fact]
    public void Constructor_BadMembersOrWeights_AreRefused()
    {
        Assert.Throws<ArgumentException>("members", () => new EnsembleEmotionClassifier([]));
        Assert.Throws<ArgumentNullException>("members", () => new EnsembleEmotionClassifier([null!]));
        Assert.Throws<ArgumentException>("weights", () => new EnsembleEmotionClassifier([new FakeEmotionClassifier()], [1, 2]));
        Assert.Throws<ArgumentException>("weights", () => new EnsembleEmotionClassifier([new FakeEmotionClassifier()], [0]));
        Assert.Throws<ArgumentException>("weights", () => new EnsembleEmotionClassifier([new FakeEmotionClassifier()], [float.NaN]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Dispose_OwnedMembers_AreDisposed(bool owns)
    {
        var member = new FakeEmotionClassifier();
        new EnsembleEmotionClassifier([member], ownsMembers: owns).Dispose();
        Assert.Equal(owns, member.IsDisposed);
    }
}
