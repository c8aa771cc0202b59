using System.Text;
using FerSharp.Evaluation;

namespace FerSharp.Cli.Evaluation;

/// <summary>Writes reports into a folder: JSON for machines, Markdown and a page for people.</summary>
internal static class EvaluationFiles
{
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
