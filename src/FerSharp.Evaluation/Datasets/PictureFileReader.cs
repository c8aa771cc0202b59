namespace FerSharp.Evaluation;

/// <summary>Reads data sets whose pictures are files: class folders, lists, manifests.</summary>
internal static class PictureFileReader
{
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true };

    public static FaceDataset Folders(string root, string? split, EmotionLabels labels, FaceDatasetOptions? options, CancellationToken cancellationToken)
    {
        root = ExistingFolder(root, split);
        var builder = Builder(options, NameOf(root), split ?? "");
        var samples = new List<FaceSample>();
        string[] folders = Subfolders(root);
        bool parts = !Array.Exists(folders, folder => labels.TryParse(Path.GetFileName(folder), out _));
        foreach (string folder in folders)
        {
            // Without a class folder the level holds the parts, as in the Kaggle layout: train/angry, test/angry.
            string[] inner = parts ? Subfolders(folder) : [];
            if (Array.Exists(inner, sub => labels.TryParse(Path.GetFileName(sub), out _)))
            {
                var tags = new Dictionary<string, string> { ["split"] = Path.GetFileName(folder) };
                Array.ForEach(inner, sub => ReadClass(builder, root, sub, labels, tags, samples));
            }
            else
            {
                ReadClass(builder, root, folder, labels, null, samples);
            }
        }

        builder.AddFiles(root, samples, cancellationToken);
        return builder.Build(root);
    }

    public static FaceDataset List(
        string root, string listPath, EmotionLabels labels, string prefix, string suffix, FaceDatasetOptions? options, CancellationToken cancellationToken)
    {
        root = ExistingFolder(root, null);
        ArgumentException.ThrowIfNullOrWhiteSpace(listPath);
        var builder = Builder(options, NameOf(root), prefix.TrimEnd('_', '-', '/'));
        var samples = new List<FaceSample>();
        int row = -1;
        foreach (string line in File.ReadLines(listPath))
        {
            row++;
            ReadOnlySpan<char> text = line.AsSpan().Trim();
            int gap = text.LastIndexOfAny(" \t,");
            string name = gap < 0 ? "" : text[..gap].TrimEnd(" \t,").ToString();
            if (text.IsEmpty || !text.StartsWith(prefix, StringComparison.Ordinal))
            {
                continue;
            }

            if (name.Length == 0)
            {
                builder.Fault($"row {row}", $"'{Cell.Short(text)}' is not a name and a label with a blank between.");
            }
            else if (!labels.TryParse(text[(gap + 1)..], out Emotion label))
            {
                builder.Fault($"row {row}", $"The label of '{Cell.Short(name)}' is '{Cell.Short(text[(gap + 1)..])}'; it must be {labels.Describe()}.");
            }
            else
            {
                name = suffix.Length == 0 ? name : name[..^Path.GetExtension(name).Length] + suffix + Path.GetExtension(name);
                AddRow(builder, samples, row, name, label, null, null);
            }
        }

        builder.AddFiles(root, samples, cancellationToken);
        return builder.Build(root);
    }

    public static FaceDataset Manifest(string path, string? root, EmotionLabels labels, FaceDatasetOptions? options, CancellationToken cancellationToken)
    {
        using CsvReader csv = CsvReader.Open(path);
        int[] columns = csv.Columns("path", "label");
        root = ExistingFolder(root ?? Path.GetDirectoryName(Path.GetFullPath(path))!, null);
        var builder = Builder(options, Path.GetFileNameWithoutExtension(path), "");
        var samples = new List<FaceSample>();
        int subject = csv.Column("subject");
        int[] tagColumns = [.. Enumerable.Range(0, csv.Header.Count).Where(i => i != columns[0] && i != columns[1] && i != subject && csv.Header[i].Length > 0)];
        while (csv.Read())
        {
            string where = $"row {csv.Row}";
            ReadOnlySpan<char> labelText = csv[columns[1]].Trim();
            Emotion label = default;
            if (csv.FieldCount != csv.Header.Count)
            {
                builder.Fault(where, $"It has {csv.FieldCount} fields; the header names {csv.Header.Count} columns.");
            }
            else if (!labelText.IsEmpty && !labels.TryParse(labelText, out label))
            {
                builder.Fault(where, $"The label is '{Cell.Short(labelText)}'; it must be {labels.Describe()}.");
            }
            else
            {
                var tags = new Dictionary<string, string>();
                foreach (int column in tagColumns)
                {
                    if (csv[column].Trim() is { IsEmpty: false } value)
                    {
                        tags[csv.Header[column]] = value.ToString();
                    }
                }

                string who = csv[subject].Trim().ToString();
                AddRow(builder, samples, csv.Row, csv[columns[0]].Trim().ToString(), labelText.IsEmpty ? null : label, who.Length > 0 ? who : null, tags);
            }
        }

        if (csv.Damage is { } damage)
        {
            builder.Fault($"row {csv.Row + 1}", damage);
        }

        builder.AddFiles(root, samples, cancellationToken);
        return builder.Build(root);
    }

    /// <summary>What is wrong with a path that should lie under a root; null where nothing is.</summary>
    public static string? PathFault(string id)
    {
        if (id.Length == 0)
        {
            return "The path is empty.";
        }

        bool leaves = id[0] == '/' || id.Contains(':', StringComparison.Ordinal) || id.Contains('\0', StringComparison.Ordinal) || id.Split('/').Contains("..");
        return leaves ? "The path must be relative to the data set's root and lie within it." : null;
    }

    private static DatasetBuilder Builder(FaceDatasetOptions? options, string name, string split) =>
        options is { LeaveOutNotAFace: true } or { LeaveOutCopiesOf.Count: > 0 }
            ? throw new ArgumentException("LeaveOutNotAFace and LeaveOutCopiesOf are for FER-2013's csv and packed form; use DatasetLeaks to find copies among files.", nameof(options))
            : new DatasetBuilder(options, name, split);

    private static void ReadClass(
        DatasetBuilder builder, string root, string folder, EmotionLabels labels, Dictionary<string, string>? tags, List<FaceSample> samples)
    {
        string where = RelativeTo(root, folder);
        string[] files;
        try
        {
            files = Directory.GetFiles(folder, "*", Everything);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            builder.Fault(where, "The folder cannot be read.");
            return;
        }

        Array.Sort(files, StringComparer.Ordinal);
        string[] pictures = Array.FindAll(files, Media.ImageFile.IsSupported);
        if (!labels.TryParse(Path.GetFileName(folder), out Emotion label))
        {
            builder.Fault(where, $"The folder's name is no class; it must be {labels.Describe()}. Its {pictures.Length} pictures are not used.");
            return;
        }

        foreach (string other in files.Except(pictures))
        {
            builder.Fault(RelativeTo(root, other), $"The extension is none of {string.Join(", ", Media.ImageFile.SupportedExtensions)}.");
        }

        if (pictures.Length == 0)
        {
            builder.Fault(where, "The class folder has no picture.");
        }

        foreach (string picture in pictures.Where(_ => builder.Wants(label)))
        {
            FaceSample sample = new(RelativeTo(root, picture), label);
            samples.Add(tags is null ? sample : sample with { Tags = tags });
        }
    }

    private static void AddRow(DatasetBuilder builder, List<FaceSample> samples, int row, string path, Emotion? label, string? subject, Dictionary<string, string>? tags)
    {
        string id = path.Replace('\\', '/');
        if (PathFault(id) is { } fault)
        {
            builder.Fault($"row {row}", fault);
        }
        else if (builder.Wants(label))
        {
            FaceSample sample = new(id, label) { Subject = subject };
            samples.Add(tags is null ? sample : sample with { Tags = tags });
        }
    }

    private static string ExistingFolder(string root, string? part)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        string folder = Path.GetFullPath(part is null ? root : Path.Combine(root, part));
        return Directory.Exists(folder) ? folder : throw new DirectoryNotFoundException($"The folder '{(part is null ? root : Path.Combine(root, part))}' does not exist.");
    }

    private static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)) is { Length: > 0 } name ? name : "pictures";

    private static string RelativeTo(string root, string path) => Path.GetRelativePath(root, path).Replace('\\', '/');

    private static string[] Subfolders(string folder)
    {
        string[] folders = Directory.GetDirectories(folder, "*", new EnumerationOptions());
        Array.Sort(folders, StringComparer.Ordinal);
        return folders;
    }
}
