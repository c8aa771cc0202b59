namespace FerSharp.Evaluation;

/// <summary>Tells about the share of an analysis that is done. Rough: a comparison of two pictures counts as a small part of loading one.</summary>
internal sealed class WorkProgress
{
    // Measured on FER-2013: comparing this many pairs takes about as long as loading and counting one picture.
    private const double PairsPerPicture = 1000;

    // More often than this tells nobody more.
    private const double Step = 0.005;

    private readonly Lock _lock = new();
    private readonly IProgress<double>? _progress;
    private readonly IReadOnlyList<FaceDataset> _parts;
    private readonly double _whole;
    private double _done;
    private double _told;

    public WorkProgress(IProgress<double>? progress, IReadOnlyList<FaceDataset> parts, DatasetReportOptions options)
    {
        (_progress, _parts) = (progress, parts);
        double pictures = parts.Sum(part => (double)part.Samples.Count);
        double projections = Math.Min(options.ProjectionPictures, pictures) * (options.Embedding is null ? 1 : 2);
        double searches = options.NearDuplicates is null ? 0 : Searches(parts.Count).Sum(pair => Work(pair.First, pair.Second));
        _whole = pictures + projections + searches;
    }

    /// <summary>The searches for near-duplicates: within each part, then between each two.</summary>
    public static IEnumerable<(int First, int Second)> Searches(int parts) =>
        Enumerable.Range(0, parts).Select(p => (p, p)).Concat(Enumerable.Range(0, parts).SelectMany(a => Enumerable.Range(a + 1, parts - a - 1).Select(b => (a, b))));

    public void PictureDone() => Add(1);

    public void SearchDone(int first, int second) => Add(Work(first, second));

    public void Finish() => _progress?.Report(1);

    private double Work(int first, int second)
    {
        double a = _parts[first].Samples.Count, b = _parts[second].Samples.Count;
        return first == second ? a + (a * a / 2 / PairsPerPicture) : a + b + (a * b / PairsPerPicture);
    }

    private void Add(double work)
    {
        if (_progress is null)
        {
            return;
        }

        lock (_lock)
        {
            _done += work;
            double share = Math.Min(_done / _whole, 1);
            if (share >= _told + Step && share < 1)
            {
                _told = share;
                _progress.Report(share);
            }
        }
    }
}
