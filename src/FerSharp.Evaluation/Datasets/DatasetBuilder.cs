using System.Security.Cryptography;

namespace FerSharp.Evaluation;

/// <summary>Gathers samples, faults and what is left out while a data set is read.</summary>
internal sealed class DatasetBuilder(FaceDatasetOptions? options, string name, string split)
{
    private const string FlatRule = "all pixels are equal";

    private readonly List<(FaceSample Sample, int Slot, UInt128? CopyKey, byte[]? FileHash)> _rows = [];
    private readonly HashSet<string> _ids = [];
    private readonly HashSet<UInt128> _avoided = [];
    private readonly List<DatasetFault> _faults = [];
    private readonly SortedDictionary<string, int> _leftOut = new(StringComparer.Ordinal);
    private readonly PixelStore _pixels = new();

    public FaceDatasetOptions Options { get; } = options ?? new FaceDatasetOptions();

    public void Fault(string where, string reason) => _faults.Add(new DatasetFault(where, reason));

    public void LeaveOut(string rule) => _leftOut[rule] = _leftOut.GetValueOrDefault(rule) + 1;

    /// <summary>Pictures with this key are copies of one that must not be in the set.</summary>
    public void Avoid(UInt128 copyKey) => _avoided.Add(copyKey);

    /// <summary>Whether a picture with this label is wanted.</summary>
    public bool Wants(Emotion? label)
    {
        if (label is null && Options.LeaveOutUnlabelled)
        {
            LeaveOut("no label");
            return false;
        }

        if (label is { } emotion && !Options.Classes.Contains(emotion))
        {
            LeaveOut($"label {emotion} is not among the classes");
            return false;
        }

        return true;
    }

    /// <summary>Adds a picture whose pixels are at hand; <paramref name="copyKey"/> is the same for equal pixels, null where copies do not matter.</summary>
    public void Add(string where, FaceSample sample, ReadOnlySpan<byte> pixels, UInt128? copyKey)
    {
        if (Options.LeaveOutFlat && IsFlat(pixels))
        {
            LeaveOut(FlatRule);
        }
        else if (Accept(where, sample))
        {
            _rows.Add((sample, _pixels.Add(pixels), copyKey, null));
        }
    }

    /// <summary>Adds pictures that lie in files under a root, each with its path as id.</summary>
    public void AddFiles(string root, IReadOnlyList<FaceSample> samples, CancellationToken cancellationToken)
    {
        List<FaceSample> accepted = [.. samples.Where(sample => Accept(sample.Id, sample))];
        var findings = new string?[accepted.Count];
        var hashes = new byte[]?[accepted.Count];
        if (Options.CheckFiles || Options.LeaveOutFlat)
        {
            Parallel.For(0, accepted.Count, new ParallelOptions { CancellationToken = cancellationToken }, i => findings[i] = Check(root, accepted[i].Id, hashes[i] = new byte[SHA256.HashSizeInBytes]));
        }

        for (int i = 0; i < accepted.Count; i++)
        {
            if (findings[i] is null || (findings[i] == FlatRule && !Options.LeaveOutFlat))
            {
                _rows.Add((accepted[i], -1, null, hashes[i]));
            }
            else if (findings[i] == FlatRule)
            {
                LeaveOut(FlatRule);
            }
            else
            {
                Fault(accepted[i].Id, findings[i]!);
            }
        }
    }

    /// <exception cref="InvalidDataException">Nothing is left.</exception>
    public FaceDataset Build(string? root = null)
    {
        int copies = _rows.RemoveAll(row => row.CopyKey is { } key && _avoided.Contains(key));
        if (copies > 0)
        {
            _leftOut[$"copy of a picture of {string.Join(", ", Options.LeaveOutCopiesOf)}"] = copies;
        }

        if (_rows.Count == 0)
        {
            IEnumerable<string> why = _faults.Take(3).Select(fault => $"{fault.Where}: {fault.Reason}").Concat(_leftOut.Select(rule => $"{rule.Value} left out ({rule.Key})"));
            string more = _faults.Count > 3 ? $" {_faults.Count} faults in all." : "";
            string reasons = string.Join("; ", why);
            throw new InvalidDataException(
                $"{name} has no usable picture{(split.Length > 0 ? $" of '{split}'" : "")}. {(reasons.Length > 0 ? reasons + "." : "It holds no row or file that was asked for.")}{more}");
        }

        FaceSample[] samples = [.. _rows.Select(row => row.Sample)];
        int[] slots = [.. _rows.Select(row => row.Slot)];
        byte[]?[] fileHashes = [.. _rows.Select(row => row.FileHash)];
        string hash = DatasetHash.Compute(samples, i => slots[i] < 0 ? fileHashes[i] : _pixels[slots[i]].Span);
        return new StoredDataset(new DatasetInfo(Options.Name ?? name, split, hash), samples, _faults, _leftOut, root, _pixels, slots, fileHashes);
    }

    private static bool IsFlat(ReadOnlySpan<byte> pixels) => !pixels.ContainsAnyExcept(pixels[0]);

    private static string? Check(string root, string id, byte[] hash)
    {
        try
        {
            using Frame frame = StoredDataset.LoadFile(root, id, hash);
            FrameView view = frame.View;
            ReadOnlySpan<byte> first = view.GetRow(0)[..view.Format.BytesPerPixel()];
            for (int y = 0; y < view.Height; y++)
            {
                ReadOnlySpan<byte> row = view.GetRow(y);
                if (!row[..first.Length].SequenceEqual(first) || !row[first.Length..].SequenceEqual(row[..^first.Length]))
                {
                    return null;
                }
            }

            return FlatRule;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return e.Message;
        }
    }

    private bool Accept(string where, FaceSample sample)
    {
        if (!_ids.Add(sample.Id))
        {
            Fault(where, $"The picture '{sample.Id}' is there already.");
            return false;
        }

        return true;
    }
}
