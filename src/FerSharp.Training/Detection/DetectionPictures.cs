using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using FerSharp.Evaluation;
using FerSharp.Media;

namespace FerSharp.Training;

/// <summary>Pictures with known faces, decoded and held in memory: three bytes a pixel.</summary>
/// <remarks>Immutable, thread-safe.</remarks>
public sealed class DetectionPictures
{
    private readonly DetectionPicture[] _pictures;

    internal DetectionPictures(DatasetInfo info, IEnumerable<DetectionPicture> pictures)
    {
        Info = info;
        _pictures = [.. pictures];
        CloseUps = [.. _pictures.Where(picture => picture.IsCloseUp)];
        Crops = [.. _pictures.Where(picture => picture.IsCrop)];
        Scenes = [.. _pictures.Where(picture => !picture.IsCloseUp && !picture.IsCrop && Math.Max(picture.Width, picture.Height) >= SmallestScene)];
    }

    // Smaller pictures are heads whose face is uncertain: neither a close-up nor a scene.
    private const int SmallestScene = 120;

    /// <summary>What the pictures are; the hash covers the labels of this part and the pictures' bytes.</summary>
    public DatasetInfo Info { get; }

    /// <summary>How many pictures there are.</summary>
    public int Count => _pictures.Length;

    /// <summary>How many faces are known, without ignored regions.</summary>
    public int FaceCount => _pictures.Sum(picture => picture.Known.Count);

    /// <summary>Bytes of all pixels.</summary>
    public long Bytes => _pictures.Sum(picture => (long)picture.Pixels.Length);

    internal IReadOnlyList<DetectionPicture> All => _pictures;

    /// <summary>Pictures that one face fills, with some of what is around it.</summary>
    internal IReadOnlyList<DetectionPicture> CloseUps { get; }

    /// <summary>Pictures of a face and nothing else.</summary>
    internal IReadOnlyList<DetectionPicture> Crops { get; }

    /// <summary>All other pictures of some size, those without a face too.</summary>
    internal IReadOnlyList<DetectionPicture> Scenes { get; }

    /// <summary>Reads one part of a folder that holds <c>labels.csv</c> or <c>labels.csv.gz</c> and the pictures, as files or in <c>.tar.gz</c> archives.</summary>
    /// <remarks>
    /// Columns, by name: <c>file</c>; <c>split</c>; the box <c>x0</c>, <c>y0</c>, <c>x1</c>, <c>y1</c> in pixels, empty where the picture has no face; the points
    /// <c>re_x</c>, <c>re_y</c> (the eye that is left in the picture), <c>le_x</c>, <c>le_y</c>, <c>n_x</c>, <c>n_y</c> (nose), <c>rm_x</c>, <c>rm_y</c> (the left corner of the mouth), <c>lm_x</c>,
    /// <c>lm_y</c>, all empty where they are not known; <c>ignore</c>: 1 where nothing is said about the region. Archives need not be unpacked.
    /// </remarks>
    /// <param name="folder">The folder.</param>
    /// <param name="part">The value of <c>split</c>: <c>train</c> or <c>val</c>.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ArgumentException">An argument is empty.</exception>
    /// <exception cref="IOException">The labels, or a picture that they name, are not there or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The labels or a picture are damaged, or there is no picture of this part.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static DetectionPictures Load(string folder, string part, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentException.ThrowIfNullOrWhiteSpace(part);
        Dictionary<string, List<TrueFace>> labels = DetectionLabels.Read(folder, part);
        if (labels.Count == 0)
        {
            throw new InvalidDataException($"The labels have no picture whose split is '{part}'.");
        }

        var read = new Dictionary<string, (DetectionPicture Picture, byte[] Hash)>(StringComparer.Ordinal);
        void Add(string name, byte[] bytes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            read[name] = (Decode(name, bytes, labels[name]), SHA256.HashData(bytes));
        }

        foreach (string name in labels.Keys.Where(name => File.Exists(Path.Combine(folder, name))))
        {
            Add(name, File.ReadAllBytes(Path.Combine(folder, name)));
        }

        foreach (string archive in Directory.GetFiles(folder, "*.tar.gz").Order(StringComparer.Ordinal))
        {
            using var tar = new TarReader(new GZipStream(File.OpenRead(archive), CompressionMode.Decompress));
            while (read.Count < labels.Count && tar.GetNextEntry() is { } entry)
            {
                if (labels.ContainsKey(entry.Name) && !read.ContainsKey(entry.Name) && entry.DataStream is { } data)
                {
                    var bytes = new byte[entry.Length];
                    data.ReadExactly(bytes);
                    Add(entry.Name, bytes);
                }
            }
        }

        string[] missing = [.. labels.Keys.Where(name => !read.ContainsKey(name))];
        return missing.Length == 0
            ? new DetectionPictures(new DatasetInfo(Path.GetFileName(Path.GetFullPath(folder)), part, Hash(labels, read)), labels.Keys.Select(name => read[name].Picture))
            : throw new FileNotFoundException($"{missing.Length} pictures of the labels are neither files nor in a .tar.gz of the folder; the first is '{missing[0]}'.", missing[0]);
    }

    /// <summary>These pictures and others.</summary>
    /// <param name="others">The others.</param>
    /// <returns>A set whose hash covers both.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="others"/> is null.</exception>
    public DetectionPictures And(DetectionPictures others)
    {
        ArgumentNullException.ThrowIfNull(others);
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Info.Sha256}\n{others.Info.Sha256}\n")));
        return new DetectionPictures(new DatasetInfo($"{Info.Name}+{others.Info.Name}", Info.Split, hash), [.. _pictures, .. others._pictures]);
    }

    private static DetectionPicture Decode(string name, byte[] bytes, List<TrueFace> faces)
    {
        using Frame frame = ImageFile.Load(bytes);
        FrameView view = frame.View;
        var pixels = new byte[3 * view.Width * view.Height];
        int step = view.Format.BytesPerPixel();

        // Gray, or blue, green, red, alpha: ImageFile gives nothing else.
        (int red, int green) = step == 1 ? (0, 0) : (2, 1);
        int to = 0;
        for (int y = 0; y < view.Height; y++)
        {
            ReadOnlySpan<byte> row = view.GetRow(y);
            for (int from = 0; from < row.Length; from += step)
            {
                pixels[to++] = row[from + red];
                pixels[to++] = row[from + green];
                pixels[to++] = row[from];
            }
        }

        return new DetectionPicture(name, pixels, view.Width, view.Height, faces);
    }

    private static string Hash(Dictionary<string, List<TrueFace>> labels, Dictionary<string, (DetectionPicture Picture, byte[] Hash)> read)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string name, List<TrueFace> faces) in labels)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n"));
            hash.AppendData(read[name].Hash);
            foreach (TrueFace face in faces)
            {
                hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{face.Box.X:g9},{face.Box.Y:g9},{face.Box.Width:g9},{face.Box.Height:g9},{face.Ignored}\n")));
                for (int i = 0; i < (face.Landmarks.IsEmpty ? 0 : FaceLandmarks.Count); i++)
                {
                    hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{face.Landmarks[i].X:g9},{face.Landmarks[i].Y:g9}\n")));
                }
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
