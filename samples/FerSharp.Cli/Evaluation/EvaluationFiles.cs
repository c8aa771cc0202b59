using System.Text;
using FerSharp.Evaluation;

namespace FerSharp.Cli.Evaluation;

/// <summary>Writes reports into a folder: JSON for machines, Markdown and a page for people.</summary>
internal static class EvaluationFiles
{
    /// <summary>The name of a model's files: its id, numbered where models before it have the same.</summary>
    /// <param name="model">The model.</param>
    /// <param name="upToIt">The models so far, this one included.</param>
    public static string NameOf(ModelInfo model, IEnumerable<ModelInfo> upToIt)
    {
        int same = upToIt.Count(other => other.Id == model.Id);
        return same > 1 ? $"{model.Id}-{same}" : model.Id;
    }

    /// <summary>Makes the folder and tries whether it takes files, so that nothing is measured in vain.</summary>
    /// <exception cref="CliException">It does not.</exception>
    public static void Prepare(string? folder)
    {
        if (folder is null)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(folder);
            using var probe = new FileStream(Path.Combine(folder, $".{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CliException(ExitCode.Usage, $"--out: nothing can be written into '{folder}': {e.Message}");
        }
    }

    /// <exception cref="CliException">A file cannot be written.</exception>
    public static void Write(string folder, string name, ReportDocument document, byte[]? json = null)
    {
        string safe = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')).TrimStart('.');
        Write(folder, safe + ".md", Encoding.UTF8.GetBytes(document.ToMarkdown()));
        Write(folder, safe + ".html", Encoding.UTF8.GetBytes(document.ToHtml()));
        if (json is not null)
        {
            Write(folder, safe + ".json", json);
        }
    }

    /// <exception cref="CliException">The file cannot be written.</exception>
    public static void Write(string folder, string file, byte[] content)
    {
        string path = Path.Combine(folder, file);
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(path, content);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CliException(ExitCode.Usage, $"'{path}' cannot be written: {e.Message}");
        }
    }
}
