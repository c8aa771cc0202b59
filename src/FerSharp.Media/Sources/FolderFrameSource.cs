using System.Runtime.CompilerServices;

namespace FerSharp.Media;

/// <summary>The pictures of a folder, or a list of picture files, as a stream of frames.</summary>
/// <remarks>
/// <para>Pictures are decoded one by one, when the reader asks for the next, on the reader's thread. They may differ in size and format: see
/// <see cref="ImageFile"/> for what comes out. Pictures have no times; timestamps follow from the nominal rate.</para>
/// <para>A picture that cannot be decoded ends the reading with <see cref="InvalidDataException"/>, one that has gone with
/// <see cref="FileNotFoundException"/>; both name the file.</para>
/// </remarks>
public sealed class FolderFrameSource : IFrameSource
{
    private readonly string[] _files;
    private readonly double _framesPerSecond;
    private readonly ImageLoadOptions _options;
    private readonly SourceLife _life;
    private readonly FramePool _pool = new();

    /// <summary>Reads the pictures of a folder, without its subfolders, ordered by name; numbers in names count as numbers, so that frame2 comes before frame10.</summary>
    /// <param name="folder">The folder. Files whose extension is not one of <see cref="ImageFile.SupportedExtensions"/> are passed over.</param>
    /// <param name="framesPerSecond">Nominal rate, above 0.</param>
    /// <param name="options">Limits of decoding; null for the defaults.</param>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate or a value of <paramref name="options"/> is out of its range.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be read.</exception>
    public FolderFrameSource(string folder, double framesPerSecond = 25, ImageLoadOptions? options = null)
        : this(FilesOf(folder), Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), framesPerSecond, options)
    {
    }

    /// <summary>Reads picture files in the order given.</summary>
    /// <param name="files">The files; the list is copied. Empty is allowed: the stream then has no frame.</param>
    /// <param name="framesPerSecond">Nominal rate, above 0.</param>
    /// <param name="options">Limits of decoding; null for the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="files"/> is null.</exception>
    /// <exception cref="ArgumentException">A file name is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate or a value of <paramref name="options"/> is out of its range.</exception>
    public FolderFrameSource(IEnumerable<string> files, double framesPerSecond = 25, ImageLoadOptions? options = null)
        : this(Checked(files), "pictures", framesPerSecond, options)
    {
    }

    private FolderFrameSource(string[] files, string name, double framesPerSecond, ImageLoadOptions? options)
    {
        SourceLife.CheckRate(framesPerSecond);
        _options = options ?? new ImageLoadOptions();
        _options.Validate();
        _files = files;
        _framesPerSecond = framesPerSecond;
        Info = new FrameSourceInfo(name.Length > 0 ? name : "pictures", IsLive: false, FramesPerSecond: framesPerSecond);
        _life = new SourceLife(Info.Name);
    }

    /// <summary>The folder's name and the nominal rate. No size: pictures may differ.</summary>
    public FrameSourceInfo Info { get; }

    internal long OutstandingFrames => _pool.Outstanding;

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">A picture cannot be decoded.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    public IAsyncEnumerable<Frame> ReadFramesAsync(CancellationToken cancellationToken = default)
    {
        _life.ThrowIfDisposed();
        return ReadOnceAsync(cancellationToken);
    }

    /// <summary>Ends the reading at its next picture; harmless when repeated. Delivered frames stay valid.</summary>
    public async ValueTask DisposeAsync() => await _life.EndAsync().ConfigureAwait(false);

    private async IAsyncEnumerable<Frame> ReadOnceAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask.ConfigureAwait(false);
        using CancellationTokenSource either = _life.Begin(cancellationToken);
        for (int i = 0; i < _files.Length; i++)
        {
            _life.ThrowIfEnded(cancellationToken);
            yield return _pool.Adopt(ImageFile.Load(_files[i], _options), i, SourceLife.TimeOf(i, _framesPerSecond));
        }

        _life.ThrowIfEnded(cancellationToken);
    }

    private static string[] FilesOf(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"The folder '{folder}' does not exist. Check the path; relative paths start at the current directory.");
        }

        string[] files = [.. Directory.EnumerateFiles(folder).Where(ImageFile.IsSupported)];
        Array.Sort(files, (left, right) => CompareNames(Path.GetFileName(left), Path.GetFileName(right)));
        return files;
    }

    private static string[] Checked(IEnumerable<string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        string[] list = [.. files];
        return Array.TrueForAll(list, file => !string.IsNullOrWhiteSpace(file)) ? list : throw new ArgumentException("A file name is null or empty.", nameof(files));
    }

    /// <summary>Ordinal order in which runs of digits compare as numbers; names that differ only in leading zeros compare as text.</summary>
    internal static int CompareNames(string left, string right)
    {
        (int i, int j) = (0, 0);
        while (i < left.Length && j < right.Length)
        {
            ReadOnlySpan<char> a = Digits(left, i);
            ReadOnlySpan<char> b = Digits(right, j);
            int order = left[i].CompareTo(right[j]);
            if (a.Length > 0 && b.Length > 0)
            {
                (i, j) = (i + a.Length, j + b.Length);
                a = a.TrimStart('0');
                b = b.TrimStart('0');
                order = a.Length != b.Length ? a.Length.CompareTo(b.Length) : a.SequenceCompareTo(b);
            }
            else
            {
                (i, j) = (i + 1, j + 1);
            }

            if (order != 0)
            {
                return order;
            }
        }

        int rest = (left.Length - i).CompareTo(right.Length - j);
        return rest != 0 ? rest : string.CompareOrdinal(left, right);
    }

    private static ReadOnlySpan<char> Digits(string text, int start)
    {
        int end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return text.AsSpan(start, end - start);
    }
}
