using System.Buffers.Binary;
using CsCheck;
using FerSharp.Features;

namespace FerSharp.Core.Tests.Features;

public sealed class NearestNeighborTests
{
    private static readonly float[] Even = [1, 1, 1];

    private static readonly Gen<(float[] Rows, int[] Labels, float[] Queries, int Length, NearestNeighborOptions Options)> Problems =
        from length in Gen.Int[1, 40]
        from count in Gen.Int[1, 60]
        from rows in Gen.Int[-3, 3].Array[length * count]
        from labels in Gen.Int[0, 2].Array[count]
        from queries in Gen.Int[-3, 3].Array[length * 20]
        from neighbors in Gen.Int[1, 20]
        from distance in Gen.Enum<NeighborDistance>()
        from votes in Gen.Enum<NeighborVotes>()
        select ((float[])[.. rows.Select(value => (float)value)], labels, (float[])[.. queries.Select(value => (float)value)], length, new NearestNeighborOptions { Neighbors = neighbors, Distance = distance, Votes = votes });

    [Fact]
    public void Predict_AnyRows_MatchesTheDefinition() => Problems.Sample(problem =>
    {
        (float[] rows, int[] labels, float[] queries, int length, NearestNeighborOptions options) = problem;
        var classifier = NearestNeighborClassifier.Fit(rows, labels, Even, options);
        float[] probabilities = Predict(classifier, queries);
        float[][] training = [.. rows.Chunk(length)];
        int index = 0;
        foreach (float[] query in queries.Chunk(length))
        {
            double[] distances = [.. training.Select(row => Distance(row, query, options.Distance))];
            int[] order = [.. Enumerable.Range(0, labels.Length).OrderBy(i => distances[i])];
            int count = Math.Min(options.Neighbors, labels.Length);

            // Rounding may swap rows that are equally near; then more than one answer is right.
            if (count == labels.Length || distances[order[count]] - distances[order[count - 1]] > 1e-4)
            {
                double[] votes = new double[3];
                foreach (int i in order[..count])
                {
                    votes[labels[i]] += options.Votes == NeighborVotes.Equal ? 1 : 1 / Math.Max(distances[i], 1e-6);
                }

                // A distance that is 0 but for rounding outweighs all others by more or less.
                if (options.Votes == NeighborVotes.Equal || distances[order[0]] > 1e-3)
                {
                    for (int c = 0; c < 3; c++)
                    {
                        Assert.Equal(((count * votes[c] / votes.Sum()) + (1.0 / 3)) / (count + 1), probabilities[(index * 3) + c], 1e-3);
                    }
                }
            }

            index++;
        }

        static double Distance(float[] a, float[] b, NeighborDistance kind)
        {
            double la = kind == NeighborDistance.Cosine ? Math.Max(Math.Sqrt(a.Sum(x => x * x)), 1e-9) : 1, lb = kind == NeighborDistance.Cosine ? Math.Max(Math.Sqrt(b.Sum(x => x * x)), 1e-9) : 1;
            return Math.Sqrt(a.Zip(b, (x, y) => ((x / la) - (y / lb)) * ((x / la) - (y / lb))).Sum());
        }
    });

    [Fact]
    public void Predict_ScalarTwin_FindsTheSameNeighbors() => Problems.Sample(problem =>
    {
        (float[] rows, int[] labels, float[] queries, int length, NearestNeighborOptions options) = problem;
        byte[] classes = [.. labels.Select(label => (byte)label)];
        NearestNeighborOptions euclidean = options with { Distance = NeighborDistance.Euclidean };
        Assert.Equal(
            Predict(new NearestNeighborClassifier(euclidean, length, rows, classes, Even, vector: true), queries),
            Predict(new NearestNeighborClassifier(euclidean, length, rows, classes, Even, vector: false), queries));
    });

    [Fact]
    public void Predict_ManyRows_EqualsEachAlone() => Problems.Sample(problem =>
    {
        (float[] rows, int[] labels, float[] queries, int length, NearestNeighborOptions options) = problem;
        var classifier = NearestNeighborClassifier.Fit(rows, labels, Even, options);
        Assert.Equal(Predict(classifier, queries), queries.Chunk(length).SelectMany(query => Predict(classifier, query)));
    });

    [Fact]
    public void Save_AnyClassifier_IsReadAgain() => Problems.Sample(problem =>
    {
        (float[] rows, int[] labels, float[] queries, _, NearestNeighborOptions options) = problem;
        var classifier = NearestNeighborClassifier.Fit(rows, labels, [1, 2, 0.5f], options);
        byte[] file = Save(classifier);
        var again = NearestNeighborClassifier.Load(file, "test");
        Assert.Equal(options, again.Options);
        Assert.Equal(Predict(classifier, queries), Predict(again, queries));
        Assert.Equal(file, Save(again));
    });

    [Fact]
    public void Predict_EqualRow_OutweighsTheOthers()
    {
        var classifier = NearestNeighborClassifier.Fit([0, 1, 1.1f, 1.2f], [0, 1, 1, 1], [1, 1], new NearestNeighborOptions { Neighbors = 4, Distance = NeighborDistance.Euclidean });
        float[] probabilities = Predict(classifier, [0]);
        Assert.InRange(probabilities[0], 0.89f, 0.91f);
        Assert.Equal(1, probabilities.Sum(), 1e-5f);
    }

    [Fact]
    public void Predict_ClassWeights_ShiftTheVote()
    {
        NearestNeighborOptions options = new() { Neighbors = 3, Votes = NeighborVotes.Equal };
        float[] rows = [1, 0, 0, 1, 0, 1];
        Assert.True(Predict(NearestNeighborClassifier.Fit(rows, [0, 1, 1], [1, 1], options), [1, 1])[1] > 0.5f);
        Assert.True(Predict(NearestNeighborClassifier.Fit(rows, [0, 1, 1], [5, 1], options), [1, 1])[0] > 0.5f);
    }

    [Fact]
    public void Predict_SteadyState_AllocatesNothing()
    {
        float[] rows = [.. Enumerable.Range(0, 200 * 30).Select(i => MathF.Sin(i))];
        var classifier = NearestNeighborClassifier.Fit(rows, [.. Enumerable.Range(0, 200).Select(i => i % 3)], Even);
        float[] probabilities = new float[600];
        classifier.Predict(rows, probabilities);
        long before = GC.GetAllocatedBytesForCurrentThread();
        classifier.Predict(rows, probabilities);
        classifier.Predict(rows.AsSpan(0, 30), probabilities);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Predict_BadArguments_AreRefused()
    {
        var classifier = NearestNeighborClassifier.Fit([1, 2, 3, 4], [0, 1], Even);
        Assert.Throws<ArgumentException>("rows", () => classifier.Predict(new float[3], new float[9]));
        Assert.Throws<ArgumentException>("rows", () => classifier.Predict([1, float.NaN], new float[3]));
        Assert.Throws<ArgumentException>("probabilities", () => classifier.Predict(new float[4], new float[5]));
        Assert.Throws<OperationCanceledException>(() => classifier.Predict(new float[4], new float[6], new CancellationToken(canceled: true)));
        classifier.Predict([], []);
    }

    [Fact]
    public void Fit_BadArguments_AreRefused()
    {
        Assert.Throws<ArgumentException>("rows", () => NearestNeighborClassifier.Fit([1, 2, 3], [0, 1], Even));
        Assert.Throws<ArgumentException>("rows", () => NearestNeighborClassifier.Fit([], [], Even));
        Assert.Throws<ArgumentException>("rows", () => NearestNeighborClassifier.Fit([1, float.PositiveInfinity], [0, 1], Even));
        Assert.Throws<ArgumentException>("labels", () => NearestNeighborClassifier.Fit([1, 2], [0, 3], Even));
        Assert.Throws<ArgumentException>("labels", () => NearestNeighborClassifier.Fit([1, 2], [0, -1], Even));
        Assert.Throws<ArgumentException>("classWeights", () => NearestNeighborClassifier.Fit([1, 2], [0, 0], [0]));
        Assert.Throws<ArgumentException>("classWeights", () => NearestNeighborClassifier.Fit([1, 2], [0, 0], [float.NaN]));
        Assert.Throws<ArgumentException>("classWeights", () => NearestNeighborClassifier.Fit([1, 2], [0, 0], []));
        Assert.Throws<ArgumentOutOfRangeException>("options", () => NearestNeighborClassifier.Fit([1, 2], [0, 1], Even, new() { Neighbors = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>("options", () => NearestNeighborClassifier.Fit([1, 2], [0, 1], Even, new() { Neighbors = 129 }));
        Assert.Throws<ArgumentOutOfRangeException>("options", () => NearestNeighborClassifier.Fit([1, 2], [0, 1], Even, new() { Votes = (NeighborVotes)7 }));
    }

    [Fact]
    public void Load_AnyDamage_IsAModelFaultOrAValidHead()
    {
        byte[] file = Save(NearestNeighborClassifier.Fit([1, 2, 3, 4, 5, 6], [0, 1, 2], Even));
        Gen.Select(Gen.Int[0, file.Length - 1], Gen.Byte, Gen.Int[0, file.Length]).Sample((position, value, length) =>
        {
            byte[] damaged = [.. file];
            damaged[position] = value;
            TryLoad(damaged);
            Assert.True(length == file.Length || !TryLoad(file[..length]));
        });
        Assert.False(TryLoad([.. file, 0]));
        Assert.False(TryLoad([]));
        Assert.True(TryLoad(file));

        static bool TryLoad(byte[] content)
        {
            try
            {
                Predict(NearestNeighborClassifier.Load(content, "damaged"), new float[NearestNeighborClassifier.Load(content, "damaged").Length]);
                return true;
            }
            catch (FerModelException fault)
            {
                Assert.NotEmpty(fault.Faults);
                return false;
            }
        }
    }

    [Fact]
    public void Load_HeaderFaults_AreListedAtOnce()
    {
        byte[] file = Save(NearestNeighborClassifier.Fit([1, 2], [0, 1], Even));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), 0);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(12), -1);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), int.MinValue);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(28), 77);
        Assert.Equal(4, Assert.Throws<FerModelException>(() => NearestNeighborClassifier.Load(file, "test")).Faults.Count);
        file = Save(NearestNeighborClassifier.Fit([1, 2], [0, 1], Even));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(12), int.MaxValue);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), int.MaxValue);
        Assert.Contains("cut short", Assert.Throws<FerModelException>(() => NearestNeighborClassifier.Load(file, "test")).Message, StringComparison.Ordinal);
    }

    private static float[] Predict(NearestNeighborClassifier classifier, float[] queries)
    {
        float[] probabilities = new float[queries.Length / classifier.Length * classifier.Classes];
        classifier.Predict(queries, probabilities);
        return probabilities;
    }

    private static byte[] Save(NearestNeighborClassifier classifier)
    {
        using var stream = new MemoryStream();
        classifier.Save(stream);
        return stream.ToArray();
    }
}
