namespace FerSharp.Evaluation;

/// <summary>Chooses pictures by a seed: all that can be loaded, in an order that depends on the seed and their ids alone.</summary>
internal sealed class PictureChoice
{
    private readonly IReadOnlyList<FaceDataset> _parts;
    private readonly PictureReference[] _order;

    public PictureChoice(IReadOnlyList<FaceDataset> parts, IReadOnlyList<PartScan> scans, int seed)
    {
        _parts = parts;
        _order = [.. parts.SelectMany((part, p) => part.Samples.Select((sample, i) => (Picture: new PictureReference(p, i, sample.Id, sample.Label), Rank: DatasetSplits.Rank(seed, sample.Id))))
            .Where(one => !scans[one.Picture.Part].Faults.ContainsKey(one.Picture.Index))
            .OrderBy(one => one.Rank).ThenBy(one => one.Picture.Part)
            .Select(one => one.Picture)];
    }

    /// <summary>The first of all, by part and position.</summary>
    public PictureReference[] Take(int count) => [.. _order.Take(count).OrderBy(picture => picture.Part).ThenBy(picture => picture.Index)];

    /// <summary>The first of a class.</summary>
    public PictureReference[] TakeOf(Emotion emotion, int count) => [.. _order.Where(picture => picture.Label == emotion).Take(count)];

    /// <summary>Pictures by their ids.</summary>
    /// <exception cref="ArgumentException">No picture has one of the ids.</exception>
    public PictureReference[] Find(IReadOnlyList<string> ids)
    {
        PictureReference?[] found = [.. ids.Select(id => _order.Where(picture => picture.Id == id).MinBy(picture => picture.Part))];
        return Array.Exists(found, picture => picture is null)
            ? throw new ArgumentException($"No readable picture has the id {string.Join(", ", ids.Where((_, i) => found[i] is null))}; {nameof(DatasetReportOptions.CorrelationIds)} must name pictures of the parts.")
            : [.. found.OfType<PictureReference>()];
    }

    public Frame Load(PictureReference picture) => _parts[picture.Part].Load(picture.Index);

    /// <summary>A vector for each picture, on all cores.</summary>
    public (PictureReference Picture, float[] Vector)[] Vectors(IReadOnlyList<PictureReference> pictures, PictureEmbedding embedding, ParallelOptions parallel, Action done)
    {
        var vectors = new (PictureReference, float[])[pictures.Count];
        Parallel.For(0, vectors.Length, parallel, i =>
        {
            using Frame frame = Load(pictures[i]);
            vectors[i] = (pictures[i], embedding(frame.View, parallel.CancellationToken) ?? []);
            done();
        });
        return vectors;
    }

    /// <summary>Gray pixels at a stated size, 0 to 1: the vector of a picture where nobody gives another.</summary>
    public static PictureEmbedding Pixels(int side) => (in FrameView view, CancellationToken _) =>
    {
        float[] pixels = new float[side * side];
        GrayThumbnail.Read(view, side, pixels);
        foreach (ref float pixel in pixels.AsSpan())
        {
            pixel /= 255;
        }

        return pixels;
    };
}
