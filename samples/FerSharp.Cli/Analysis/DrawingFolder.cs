using FerSharp.Media;

namespace FerSharp.Cli.Analysis;

/// <summary>Writes annotated copies of pictures into one folder, under names that meet neither each other nor an input.</summary>
internal sealed class DrawingFolder
{
    private readonly string _folder;
    private readonly HashSet<string> _taken;

    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="inputs">The pictures that must stay as they are.</param>
    /// <exception cref="CliException">The folder cannot be made.</exception>
    public DrawingFolder(string folder, IEnumerable<string> inputs)
    {
        _folder = folder;
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Usage, $"--draw: the folder '{folder}' cannot be made: {e.Message}");
        }

        // Names are compared without case: some file systems do so.
        _taken = new HashSet<string>(inputs.Select(RealPath.Of), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Draws an analysis on its picture and writes the copy.</summary>
    /// <returns>The path of the copy.</returns>
    /// <exception cref="IOException">Writing failed.</exception>
    /// <exception cref="UnauthorizedAccessException">The copy may not be written.</exception>
    public string Save(PictureInput input, in FrameView frame, FrameAnalysis analysis)
    {
        string path = NewPath(input.RelativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using Frame drawn = AnalysisRenderer.Draw(frame, analysis);

        // Moved into place, so that a link of that name is replaced, not followed, and nobody sees half a picture.
        string partial = Path.Combine(Path.GetDirectoryName(path)!, $".{Guid.NewGuid():N}{Path.GetExtension(path)}");
        try
        {
            ImageFile.Save(partial, drawn.View);
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }

        return path;
    }

    private string NewPath(string relative)
    {
        string extension = Path.GetExtension(relative).ToLowerInvariant() is ".jpg" or ".jpeg" or ".jfif" ? ".jpg" : ".png";
        string stem = Path.Combine(_folder, Path.GetDirectoryName(relative) ?? "", Path.GetFileNameWithoutExtension(relative) + "-faces");
        for (int number = 1; ; number++)
        {
            string path = number == 1 ? stem + extension : FormattableString.Invariant($"{stem}-{number}{extension}");
            if (_taken.Add(RealPath.Of(path)))
            {
                return path;
            }
        }
    }
}
