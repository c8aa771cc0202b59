using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace FerSharp.Evaluation;

/// <summary>Reads FER-2013 in its two forms, with FER+'s votes where they are given. Both give a picture the same id: its row in fer2013.csv.</summary>
internal sealed class FerReader
{
    private const string FinalTest = "PrivateTest";

    private readonly DatasetBuilder _builder;
    private readonly string? _usage;
    private readonly LabelSet _labels;
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _tags = [];
    private readonly HashSet<string> _avoided;
    private readonly HashSet<string> _met = new(StringComparer.OrdinalIgnoreCase);
    private readonly byte[] _pixels = new byte[PixelStore.PictureBytes];

    private FerReader(string path, string? usage, LabelSet labels, FaceDatasetOptions? options)
    {
        if (labels is not (LabelSet.Fer2013 or LabelSet.FerPlusMajority))
        {
            throw new ArgumentOutOfRangeException(nameof(labels), labels, "Use Fer2013 or FerPlusMajority.");
        }

        _builder = new DatasetBuilder(options, Path.GetFileName(path), usage ?? "");
        _usage = usage;
        _labels = labels;
        _avoided = new HashSet<string>(_builder.Options.LeaveOutCopiesOf, StringComparer.OrdinalIgnoreCase);
    }

    public static FaceDataset Csv(string path, string? votesPath, string? usage, LabelSet labels, FaceDatasetOptions? options, CancellationToken cancellationToken)
    {
        var reader = new FerReader(path, usage, labels, options);
        if (votesPath is null && reader._builder.Options.LeaveOutNotAFace)
        {
            throw new ArgumentException("LeaveOutNotAFace needs FER+'s votes, which fer2013.csv has not; use FaceDatasets.FerPlusCsv.", nameof(options));
        }

        using CsvReader csv = CsvReader.Open(path);
        using CsvReader? votes = votesPath is null ? null : CsvReader.Open(votesPath);
        reader.ReadCsv(csv, votes, cancellationToken);
        return reader.Build();
    }

    public static FaceDataset Packed(string binPath, string labelsPath, string? usage, LabelSet labels, FaceDatasetOptions? options, CancellationToken cancellationToken)
    {
        var reader = new FerReader(binPath, usage, labels, options);
        using CsvReader csv = CsvReader.Open(labelsPath);
        using Stream pictures = CsvReader.OpenFile(binPath);
        reader.ReadPacked(csv, pictures, cancellationToken);
        return reader.Build();
    }

    private FaceDataset Build()
    {
        string[] unknown = [.. _avoided.Where(usage => !_met.Contains(usage))];
        return unknown.Length == 0
            ? _builder.Build()
            : throw new InvalidDataException($"No row is of {string.Join(", ", unknown.Select(usage => $"'{Cell.Short(usage)}'"))}, so copies of its pictures cannot be left out. The parts are {string.Join(", ", _met.Order(StringComparer.Ordinal).Take(10).Select(usage => Cell.Short(usage)))}.");
    }

    private void ReadCsv(CsvReader csv, CsvReader? votes, CancellationToken cancellationToken)
    {
        int[] columns = csv.Columns("emotion", "pixels", "usage");
        int[] voteColumns = votes?.Columns(["usage", .. FerVotes.Columns]) ?? [];
        while (csv.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            string where = $"row {csv.Row}";
            bool voted = votes?.Read() ?? true;
            string rowUsage = Usage(csv[columns[2]]);
            bool wanted = _usage is null || rowUsage.Equals(_usage, StringComparison.OrdinalIgnoreCase);
            _met.Add(rowUsage);
            bool avoided = _avoided.Contains(rowUsage);
            if (!wanted && !avoided)
            {
                continue;
            }

            string? fault = ParsePixels(csv[columns[1]]);
            UInt128? key = fault is null && _avoided.Count > 0 ? KeyOf(_pixels) : null;
            if (key is { } copy && avoided)
            {
                _builder.Avoid(copy);
                key = null;
            }

            if (!wanted)
            {
                continue;
            }

            FerVotes counts = default;
            if (fault is null && votes is not null)
            {
                fault = !voted ? "The votes end before this row; both files must have the same rows."
                    : !votes[voteColumns[0]].Trim().Equals(rowUsage, StringComparison.OrdinalIgnoreCase)
                        ? $"It is {rowUsage} here and '{Cell.Short(votes[voteColumns[0]])}' in the votes: the files do not belong together row by row."
                        : FerVotes.Read(votes, voteColumns.AsSpan(1), out counts);
            }

            Add(where, csv.Row.ToString(CultureInfo.InvariantCulture), rowUsage, csv[columns[0]], fault, counts, votes is not null, key);
        }

        EndOf(csv, "row");
        if (votes is not null && csv.Damage is null)
        {
            if (votes.Read())
            {
                _builder.Fault($"votes row {votes.Row}", "The votes have more rows than the pictures.");
            }

            EndOf(votes, "votes row");
        }
    }

    private void ReadPacked(CsvReader csv, Stream pictures, CancellationToken cancellationToken)
    {
        FaceDatasetOptions options = _builder.Options;
        bool needVotes = _labels == LabelSet.FerPlusMajority || options.LeaveOutNotAFace;
        bool finalTest = _avoided.Remove(FinalTest);
        IEnumerable<string> votesNames = FerVotes.Columns.Select(name => "fp_" + name);
        bool hasVotes = votesNames.All(name => csv.Column(name) >= 0);
        int[] columns = csv.Columns(
            ["usage", "emotion", .. _avoided.Count > 0 ? ["dup_group"] : Array.Empty<string>(), .. finalTest ? ["copy_in_test"] : Array.Empty<string>(), .. needVotes ? votesNames : []]);
        int[] voteColumns = hasVotes ? csv.Columns(votesNames) : [];
        int index = csv.Column("index"), group = csv.Column("dup_group"), copyInTest = csv.Column("copy_in_test");
        bool pictureThere = true;
        while (csv.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            string where = $"row {csv.Row}";
            pictureThere = pictureThere && ReadPicture(pictures, where);
            string rowUsage = Usage(csv[columns[0]]);
            _met.Add(rowUsage);
            bool avoided = _avoided.Contains(rowUsage);
            string? fault = pictureThere ? null : "The pictures end before this row.";
            UInt128? key = null;
            if (_avoided.Count > 0)
            {
                if (UInt128.TryParse(csv[group], NumberStyles.None, CultureInfo.InvariantCulture, out UInt128 number))
                {
                    key = avoided ? null : number;
                    if (avoided)
                    {
                        _builder.Avoid(number);
                    }
                }
                else
                {
                    fault ??= $"dup_group is '{Cell.Short(csv[group])}', not a number.";
                }
            }

            if (_usage is not null && !rowUsage.Equals(_usage, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (finalTest && rowUsage != FinalTest && csv[copyInTest].Trim() is not "0")
            {
                _builder.LeaveOut($"copy of a picture of {FinalTest}");
                continue;
            }

            FerVotes counts = default;
            fault ??= hasVotes ? FerVotes.Read(csv, voteColumns, out counts) : null;
            string id = index >= 0 ? csv[index].Trim().ToString() : csv.Row.ToString(CultureInfo.InvariantCulture);
            Add(where, id, rowUsage, csv[columns[1]], fault, counts, hasVotes, key);
        }

        EndOf(csv, "row");
        if (pictureThere && csv.Damage is null && ReadPicture(pictures, null))
        {
            _builder.Fault($"row {csv.Row + 1}", "There are more pictures than rows of labels.");
        }
    }

    private void Add(string where, string id, string rowUsage, ReadOnlySpan<char> labelText, string? fault, in FerVotes votes, bool voted, UInt128? key)
    {
        Emotion? label = votes.Majority;
        if (fault is null && _labels == LabelSet.Fer2013)
        {
            bool known = EmotionLabels.Fer2013.TryParse(labelText, out Emotion emotion);
            label = emotion;
            fault = known ? null : $"The label is '{Cell.Short(labelText)}'; it must be {EmotionLabels.Fer2013.Describe()}.";
        }

        if (fault is not null)
        {
            _builder.Fault(where, fault);
        }
        else if (voted && votes.NotAFace && _builder.Options.LeaveOutNotAFace)
        {
            _builder.LeaveOut("not a face by FER+'s votes");
        }
        else if (_builder.Wants(label))
        {
            _builder.Add(where, new FaceSample(id, label) { Votes = votes.Shares, Tags = TagsOf(rowUsage) }, _pixels, key);
        }
    }

    private void EndOf(CsvReader csv, string what)
    {
        if (csv.Damage is { } damage)
        {
            _builder.Fault($"{what} {csv.Row + 1}", damage);
        }
    }

    private bool ReadPicture(Stream pictures, string? where)
    {
        try
        {
            return pictures.ReadAtLeast(_pixels, _pixels.Length, throwOnEndOfStream: false) == _pixels.Length;
        }
        catch (InvalidDataException e) when (where is not null)
        {
            _builder.Fault(where, $"The packed pictures are damaged from here on: {e.Message}");
            return false;
        }
    }

    private static string Usage(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        return text switch
        {
            "Training" => "Training",
            "PublicTest" => "PublicTest",
            FinalTest => FinalTest,
            _ => text.ToString(),
        };
    }

    private IReadOnlyDictionary<string, string> TagsOf(string rowUsage)
    {
        if (!_tags.TryGetValue(rowUsage, out IReadOnlyDictionary<string, string>? tags))
        {
            _tags[rowUsage] = tags = new Dictionary<string, string> { ["usage"] = rowUsage };
        }

        return tags;
    }

    private string? ParsePixels(ReadOnlySpan<char> text)
    {
        int count = 0, value = -1;
        for (int i = 0; i <= text.Length; i++)
        {
            char c = i < text.Length ? text[i] : ' ';
            if (c is >= '0' and <= '9')
            {
                value = (Math.Max(value, 0) * 10) + (c - '0');
                if (value > 255)
                {
                    return $"Pixel {count} is above 255.";
                }
            }
            else if (c is not (' ' or '\t'))
            {
                return $"Pixel {count} is not a whole number from 0 to 255: '{Cell.Short(text[i..])}'.";
            }
            else if (value >= 0)
            {
                if (count < _pixels.Length)
                {
                    _pixels[count] = (byte)value;
                }

                count++;
                value = -1;
            }
        }

        return count == _pixels.Length ? null : $"It has {count} pixels; 48 x 48 = {_pixels.Length} are needed.";
    }

    private static UInt128 KeyOf(ReadOnlySpan<byte> pixels)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(pixels, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
