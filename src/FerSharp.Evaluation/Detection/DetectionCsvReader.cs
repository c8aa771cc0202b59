using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FerSharp.Evaluation;

/// <summary>Gathers the faces of pictures from the rows of one csv or of several; <see cref="DetectionDatasets.Csv"/> says how they look.</summary>
internal sealed class DetectionCsvReader
{
    private readonly Dictionary<string, Picture> _pictures = [];
    private readonly List<Picture> _order = [];
    private readonly List<DatasetFault> _faults = [];

    public void Read(string path, string? ignoredColumn, CancellationToken cancellationToken)
    {
        using CsvReader csv = CsvReader.Open(path);
        var columns = new Columns(csv, ignoredColumn);
        string file = _order.Count == 0 ? "" : $"{Path.GetFileName(path)}, ";
        while (csv.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            string id = csv[columns.File].Trim().ToString().Replace('\\', '/');
            string? fault = csv.FieldCount != csv.Header.Count
                ? $"It has {csv.FieldCount} fields; the header names {csv.Header.Count} columns."
                : PictureFileReader.PathFault(id);
            Picture? picture = null;
            if (fault is null)
            {
                if (!_pictures.TryGetValue(id, out picture))
                {
                    _pictures[id] = picture = new Picture(id);
                    _order.Add(picture);
                }

                fault = ReadRow(csv, columns, picture);
            }

            if (fault is not null)
            {
                // Without one of its faces nothing that is found in the picture can be judged.
                _faults.Add(new DatasetFault($"{file}row {csv.Row}", picture is null ? fault : $"{fault} '{Cell.Short(id)}' is not used."));
                picture?.Spoil();
            }
        }

        if (csv.Damage is { } damage)
        {
            _faults.Add(new DatasetFault($"{file}row {csv.Row + 1}", damage));
        }
    }

    /// <exception cref="InvalidDataException">Nothing is left.</exception>
    public DetectionDataset Build(string root, string name)
    {
        var samples = new List<DetectionSample>();
        foreach (Picture picture in _order.Where(picture => !picture.IsSpoilt))
        {
            if (picture.Count is { } count && picture.HasBoxes && count < picture.Faces.Count(face => !face.Ignored))
            {
                _faults.Add(new DatasetFault(picture.Id, $"It has more boxes than its {count} faces. It is not used."));
            }
            else
            {
                samples.Add(new DetectionSample(picture.Id, picture.Faces) { FaceCount = picture.HasBoxes || picture.Count == 0 ? null : picture.Count, Subject = picture.Subject });
            }
        }

        if (samples.Count == 0)
        {
            string why = string.Join("; ", _faults.Take(3).Select(fault => $"{fault.Where}: {fault.Reason}"));
            throw new InvalidDataException($"{name} has no usable picture. {(why.Length > 0 ? why : "It holds no row.")}{(_faults.Count > 3 ? $" {_faults.Count} faults in all." : "")}");
        }

        return new FileDataset(root, new DatasetInfo(name, "", HashOf(samples)), samples, _faults);
    }

    private static string? ReadRow(CsvReader csv, Columns columns, Picture picture)
    {
        ReadOnlySpan<char> count = csv[columns.Count].Trim(), who = csv[columns.Subject].Trim();
        if (!count.IsEmpty)
        {
            if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int faces))
            {
                return $"faces is '{Cell.Short(count)}'; it must be a whole number from 0 up.";
            }

            picture.Count = faces;
        }

        picture.Subject ??= who.IsEmpty ? null : who.ToString();
        Span<float> box = stackalloc float[4];
        if (!TryRead(csv, columns.Box, box, out string? fault))
        {
            return fault ?? (count.IsEmpty ? "It has neither a box nor a number of faces." : null);
        }

        if (columns.HasCorners)
        {
            (box[2], box[3]) = (box[2] - box[0], box[3] - box[1]);
        }

        ReadOnlySpan<char> mark = csv[columns.Ignored].Trim();
        bool ignored = mark.Equals("true", StringComparison.OrdinalIgnoreCase) || mark is "1";
        if (!ignored && !(mark.IsEmpty || mark is "0" || mark.Equals("false", StringComparison.OrdinalIgnoreCase)))
        {
            return $"{csv.Header[columns.Ignored]} is '{Cell.Short(mark)}'; it must be 1, 0, true, false or empty.";
        }

        var rectangle = new RectF(box[0], box[1], box[2], box[3]);
        picture.HasBoxes = true;
        if (!(rectangle.Area > 0) || !float.IsFinite(rectangle.Area))
        {
            return ignored ? null : $"The box {rectangle} has no size; mark it as ignored or drop it.";
        }

        Span<float> points = stackalloc float[2 * Columns.DensePoints];
        points = points[..columns.Points.Length];
        FaceLandmarks landmarks = default;
        if (TryRead(csv, columns.Points, points, out fault))
        {
            landmarks = columns.Points.Length == 2 * FaceLandmarks.Count ? Five(points) : OfDense(points);
            if (landmarks.LeftEye == landmarks.RightEye)
            {
                return "Both eyes are at the same place, so no error can be measured against their distance.";
            }
        }
        else if (fault is not null)
        {
            return fault;
        }

        var face = new TrueFace(rectangle, ignored, landmarks);
        if (picture.Faces.Contains(face))
        {
            return $"The face at {rectangle} is there already.";
        }

        picture.Faces.Add(face);
        return null;
    }

    /// <summary>Reads numbers that are there all or not at all.</summary>
    private static bool TryRead(CsvReader csv, int[] columns, Span<float> values, out string? fault)
    {
        fault = null;
        int empty = columns.Count(column => csv[column].Trim().IsEmpty);
        if (empty == columns.Length)
        {
            return false;
        }

        for (int i = 0; i < columns.Length; i++)
        {
            if (!float.TryParse(csv[columns[i]], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]) || !float.IsFinite(values[i]))
            {
                fault = $"{csv.Header[columns[i]]} is '{Cell.Short(csv[columns[i]])}', not a number.";
                return false;
            }
        }

        return true;
    }

    private static FaceLandmarks Five(ReadOnlySpan<float> p) => new(At(p, 0), At(p, 1), At(p, 2), At(p, 3), At(p, 4));

    private static FaceLandmarks OfDense(ReadOnlySpan<float> p) => new(Mean(p[72..84]), Mean(p[84..96]), At(p, 30), At(p, 48), At(p, 54));

    private static PointF At(ReadOnlySpan<float> p, int point) => new(p[2 * point], p[(2 * point) + 1]);

    private static PointF Mean(ReadOnlySpan<float> p)
    {
        (float x, float y) = (0, 0);
        for (int i = 0; i < p.Length; i += 2)
        {
            (x, y) = (x + p[i], y + p[i + 1]);
        }

        return new PointF(x * 2 / p.Length, y * 2 / p.Length);
    }

    private static string HashOf(List<DetectionSample> samples)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[4];
        foreach (DetectionSample sample in samples)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(sample.Id));
            Append(sample.FaceCount ?? -1, bytes);
            Append(sample.Faces.Count, bytes);
            foreach (TrueFace face in sample.Faces)
            {
                Append(face.Ignored ? 1 : 0, bytes);
                Append(face.Box.X, bytes);
                Append(face.Box.Y, bytes);
                Append(face.Box.Width, bytes);
                Append(face.Box.Height, bytes);
                for (int i = 0; i < FaceLandmarks.Count && !face.Landmarks.IsEmpty; i++)
                {
                    Append(face.Landmarks[i].X, bytes);
                    Append(face.Landmarks[i].Y, bytes);
                }
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(float value, Span<byte> buffer)
        {
            BinaryPrimitives.WriteSingleLittleEndian(buffer, value);
            hash.AppendData(buffer);
        }
    }

    private sealed class Picture(string id)
    {
        public string Id { get; } = id;

        public List<TrueFace> Faces { get; } = [];

        public bool HasBoxes { get; set; }

        public int? Count { get; set; }

        public string? Subject { get; set; }

        public bool IsSpoilt { get; private set; }

        public void Spoil() => IsSpoilt = true;
    }

    /// <summary>Where a csv's columns are; -1, or no columns, where it has none.</summary>
    private sealed class Columns
    {
        public const int DensePoints = 68;

        public Columns(CsvReader csv, string? ignoredColumn)
        {
            HasCorners = csv.Column("right") >= 0;
            string[] box = HasCorners ? ["left", "top", "right", "bottom"] : ["left", "top", "width", "height"];
            Count = csv.Column("faces");

            // A csv of counts may give the pictures' width and height.
            bool counts = Count >= 0 && csv.Column("left") < 0;
            int[] needed = csv.Columns(["file", .. counts ? [] : box, .. ignoredColumn is null ? [] : new[] { ignoredColumn }]);
            File = needed[0];
            Box = counts ? [] : needed[1..5];
            Ignored = csv.Column(ignoredColumn ?? "ignored");
            Subject = csv.Column("subject");
            int points = csv.Column("x5") >= 0 ? DensePoints : FaceLandmarks.Count;
            Points = csv.Column("x0") < 0 || counts ? [] : csv.Columns(Enumerable.Range(0, points).SelectMany(i => new[] { $"x{i}", $"y{i}" }));
        }

        public int File { get; }

        public bool HasCorners { get; }

        public int[] Box { get; }

        public int Ignored { get; }

        public int[] Points { get; }

        public int Count { get; }

        public int Subject { get; }
    }

    private sealed class FileDataset(string root, DatasetInfo info, IReadOnlyList<DetectionSample> samples, IReadOnlyList<DatasetFault> faults)
        : DetectionDataset(info, samples, faults)
    {
        public override Frame Load(int index) => (uint)index < (uint)Samples.Count
            ? StoredDataset.LoadFile(root, Samples[index].Id)
            : throw new ArgumentOutOfRangeException(nameof(index), index, $"The data set has {Samples.Count} samples.");
    }
}
