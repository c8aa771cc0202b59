using System.Text;
using CsCheck;
using static FerSharp.Core.Tests.Features.FeatureRows;

namespace FerSharp.Core.Tests.Features;

public sealed class FeatureExtractorsTests
{
    private static readonly FaceRegion[] Faces = [.. Enumerable.Range(0, 20).Select(seed => Whole(Picture(50 + seed, seed), 50 + seed))];

    public static TheoryData<string> Kinds => ["lbp", "hog", "geometry", "hog+lbp", "lbp+geometry+hog"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Extract_ManyFaces_EqualsEachAlone(string kinds)
    {
        using IFaceFeatureExtractor extractor = FeatureExtractors.Create(FeatureExtractors.Named(kinds));
        float[] together = Extract(extractor, Faces);
        Assert.Equal(together, Faces.SelectMany(face => Extract(extractor, face)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Extract_FromManyThreads_GivesTheSameRows(string kinds)
    {
        using IFaceFeatureExtractor extractor = FeatureExtractors.Create(FeatureExtractors.Named(kinds));
        float[] expected = Extract(extractor, Faces);
        Parallel.For(0, 8, _ => Assert.Equal(expected, Extract(extractor, Faces)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Extract_SteadyState_AllocatesNothing(string kinds)
    {
        using IFaceFeatureExtractor extractor = FeatureExtractors.Create(FeatureExtractors.Named(kinds));
        float[] rows = new float[Faces.Length * extractor.Length];
        for (int i = 0; i < 5; i++)
        {
            extractor.Extract(Faces, rows);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 5; i++)
        {
            extractor.Extract(Faces, rows);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Extract_BadArguments_AreRefusedAndNothingIsWritten(string kinds)
    {
        using IFaceFeatureExtractor extractor = FeatureExtractors.Create(FeatureExtractors.Named(kinds));
        float[] rows = [.. Enumerable.Repeat(7f, 2 * extractor.Length)];
        Assert.Throws<ArgumentException>("destination", () => extractor.Extract(Faces.AsSpan(0, 2), rows.AsSpan(1)));
        Assert.Throws<ArgumentException>("faces", () => extractor.Extract([Faces[0], default], rows));
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => extractor.Extract(Faces.AsSpan(0, 2), rows, source.Token));
        Assert.Throws<OperationCanceledException>(() => extractor.Extract([], rows, source.Token));
        extractor.Extract([], rows);
        Assert.All(rows, value => Assert.Equal(7, value));
        extractor.Dispose();
        extractor.Dispose();
        Assert.Throws<ObjectDisposedException>(() => extractor.Extract(Faces.AsSpan(0, 2), rows));
        Assert.NotEmpty(extractor.Id);
    }

    [Fact]
    public void Extract_Concatenation_PutsRowsBehindEachOther()
    {
        using IFaceFeatureExtractor hog = FeatureExtractors.Create([new HogSpec()]), lbp = FeatureExtractors.Create([new LbpSpec()]);
        using var both = new ConcatenatedFeatureExtractor([hog, lbp]);
        Assert.Equal("hog-48-c8-b2-n9+lbp-48-r1-g6", both.Id);
        Assert.Equal([.. Extract(hog, Faces[3]), .. Extract(lbp, Faces[3])], Extract(both, Faces[3]));
        both.Dispose();
        Assert.NotEmpty(Extract(hog, Faces[3]));
        Assert.Throws<ArgumentException>("parts", () => new ConcatenatedFeatureExtractor([]));
        Assert.Throws<ArgumentNullException>("parts", () => new ConcatenatedFeatureExtractor([hog, null!]));
    }

    [Fact]
    public void Write_AnyParameters_AreReadAgain() => Gen.Select(Lbp, Hog, Gen.Bool, Gen.Float[-0.4f, 2], Gen.Float[0, 1].Array[10]).Sample((lbp, hog, aligned, margin, points) =>
    {
        PointF[] template = [.. points.Chunk(2).Select(pair => new PointF(pair[0], pair[1]))];
        FeatureSpec[] features =
        [
            lbp with { Crop = new CropSpec { Margin = margin, Square = aligned } },
            hog with { AlignTo = aligned ? template : null },
            new GeometrySpec { Points = aligned ? 68 : 5 },
        ];
        byte[] json = FeatureExtractors.Write(features);
        IReadOnlyList<FeatureSpec> again = FeatureExtractors.Read(json, "test");
        Assert.Equal(features.Select(spec => spec.Id), again.Select(spec => spec.Id));
        Assert.Equal(features.Select(spec => spec.Length), again.Select(spec => spec.Length));
        Assert.Equal(json, FeatureExtractors.Write(again));
    });

    [Fact]
    public void Id_AnyOtherParameter_IsAnotherId()
    {
        TextureSpec[] specs =
        [
            new LbpSpec(), new LbpSpec { Size = 64 }, new LbpSpec { Radius = 2 }, new LbpSpec { Grid = 5 }, new LbpSpec { Crop = new CropSpec { Margin = 0.1f } },
            new LbpSpec { Crop = new CropSpec { ShiftY = 0.1f } }, new LbpSpec { Crop = new CropSpec { Square = false } }, new LbpSpec { AlignTo = new PointF[5] },
            new HogSpec(), new HogSpec { Size = 64 }, new HogSpec { CellSize = 6 }, new HogSpec { BlockSize = 3 }, new HogSpec { Bins = 8 }, new HogSpec { Votes = HogVotes.Nearest },
        ];
        Assert.Equal(specs.Length, specs.Select(spec => spec.Id).Distinct().Count());
    }

    [Fact]
    public void Id_OtherReaderOfShapes_IsAnotherId()
    {
        FeatureSpec[] shape = [new GeometrySpec { Points = 68 }], both = [new HogSpec(), .. shape];
        FaceShapeReader none = (in FaceRegion _, Span<PointF> _) => false;
        using IFaceFeatureExtractor one = FeatureExtractors.Create(shape, none, "one"), two = FeatureExtractors.Create(shape, none, "two"), joined = FeatureExtractors.Create(both, none, "one");
        Assert.Equal(["geometry-68-one", "geometry-68-two", "hog-48-c8-b2-n9+geometry-68-one"], [one.Id, two.Id, joined.Id]);
        Assert.Throws<ArgumentException>("shapesId", () => FeatureExtractors.Create(shape, none, " "));
        Assert.Throws<ArgumentNullException>("shapes", () => FeatureExtractors.Create(shape, null!, "one"));
    }

    [Fact]
    public void SpecsOf_WhatCreateMade_MakesItAgain()
    {
        FeatureSpec[] features = [new HogSpec { Size = 64 }, new LbpSpec { Radius = 2 }, new GeometrySpec()];
        using IFaceFeatureExtractor made = FeatureExtractors.Create(features), one = FeatureExtractors.Create([features[1]]), again = FeatureExtractors.Create(FeatureExtractors.SpecsOf(made)!);
        using var nested = new ConcatenatedFeatureExtractor([made, one]);
        Assert.Equal(made.Id, again.Id);
        Assert.Equal([features[1]], FeatureExtractors.SpecsOf(one));
        Assert.Equal([.. features, features[1]], FeatureExtractors.SpecsOf(nested));
    }

    [Fact]
    public void SpecsOf_WhatOnlyTheCallerCanMake_IsNull()
    {
        using IFaceFeatureExtractor shape = FeatureExtractors.Create([new GeometrySpec { Points = 68 }], (in FaceRegion _, Span<PointF> _) => false, "own"), hog = FeatureExtractors.Create([new HogSpec()]);
        using var both = new ConcatenatedFeatureExtractor([hog, shape]);
        Assert.Null(FeatureExtractors.SpecsOf(shape));
        Assert.Null(FeatureExtractors.SpecsOf(both));
        Assert.Throws<ArgumentNullException>("extractor", () => FeatureExtractors.SpecsOf(null!));
    }

    [Fact]
    public void Named_KnownKinds_HaveDefaults()
    {
        Assert.Equal([new HogSpec(), new LbpSpec(), new GeometrySpec()], FeatureExtractors.Named("hog + lbp+geometry"));
        FerModelException fault = Assert.Throws<FerModelException>(() => FeatureExtractors.Named("hog+sift+gabor"));
        Assert.Equal(["$[1].kind is 'sift'; it must be one of lbp, hog, geometry.", "$[2].kind is 'gabor'; it must be one of lbp, hog, geometry."], fault.Faults);
    }

    [Fact]
    public void Read_ManyFaults_AreListedAtOnce()
    {
        const string Json = """
            [
              { "kind": "lbp", "size": 8, "radius": 3, "grid": 99, "bins": 9 },
              { "kind": "hog", "cellSize": 7, "blockSize": 0, "bins": 1, "votes": "all" },
              { "kind": "geometry", "points": 21, "size": 48 },
              { "kind": "lbp", "crop": { "margin": 9 }, "alignTo": [[0, 0]] },
              { "king": "lbp" },
              null
            ]
            """;
        FerModelException fault = Assert.Throws<FerModelException>(() => FeatureExtractors.Read(Encoding.UTF8.GetBytes(Json), "own"));
        string[] paths =
        [
            "$[4].king", "$[0].bins", "$[0].size", "$[0].radius", "$[0].grid", "$[1].cellSize", "$[1].blockSize", "$[1].bins", "$[1].votes",
            "$[2].size", "$[2].points", "$[3].crop.margin", "$[3].alignTo", "$[4].kind", "$[5]",
        ];
        Assert.Equal("own", fault.ModelId);
        Assert.Equal(paths, fault.Faults.Select(text => text.Split(' ')[0]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[{\"kind\":\"lbp\"}")]
    [InlineData("[{\"kind\":\"lbp\",\"size\":4.5}]")]
    [InlineData("[{\"kind\":\"lbp\"},{\"kind\":3}]")]
    public void Read_BrokenText_IsAModelFault(string json) => Assert.NotEmpty(Assert.Throws<FerModelException>(() => FeatureExtractors.Read(Encoding.UTF8.GetBytes(json), "own")).Faults);

    [Fact]
    public void Create_BadParameters_ListsAll()
    {
        FeatureSpec[] features = [new LbpSpec { Size = 1000, Radius = 0 }, new HogSpec { CellSize = 0, BlockSize = -3, Votes = (HogVotes)9 }, new GeometrySpec { Points = 68 }];
        FerModelException fault = Assert.Throws<FerModelException>(() => FeatureExtractors.Create(features));
        Assert.Equal(["$[0].size", "$[0].radius", "$[1].cellSize", "$[1].blockSize", "$[1].votes", "$[2].points"], fault.Faults.Select(text => text.Split(' ')[0]));
        Assert.Throws<FerModelException>(() => FeatureExtractors.Create([]));
        Assert.Throws<ArgumentNullException>("features", () => FeatureExtractors.Create([null!]));
        Assert.Throws<ArgumentNullException>("features", () => FeatureExtractors.Write(null!));
    }
}
