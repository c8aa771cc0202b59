using System.Text.RegularExpressions;

namespace FerSharp.PublicApi.Tests;

/// <summary>A C# block of a Markdown file, and what the comment before it (<c>&lt;!-- given: ... --&gt;</c>) takes as given.</summary>
internal sealed partial record Snippet(string File, int Line, string Given, string Code)
{
    /// <summary>File and line of the block's first line of code.</summary>
    public string Name => $"{File}:{Line}";

    /// <summary>All C# blocks of README.md and of docs, in the order of the files' names.</summary>
    public static IReadOnlyList<Snippet> All { get; } = [.. Files().SelectMany(path => In(path))];

    private static IEnumerable<string> Files() => Directory
        .EnumerateFiles(TestFiles.InRepository("docs"), "*.md", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Prepend(TestFiles.InRepository("README.md"));

    private static IEnumerable<Snippet> In(string path)
    {
        string text = System.IO.File.ReadAllText(path).ReplaceLineEndings("\n");
        string name = Path.GetRelativePath(TestFiles.Root, path).Replace('\\', '/');
        foreach (Match block in Block().Matches(text))
        {
            Group code = block.Groups["code"];
            yield return new Snippet(name, text.AsSpan(0, code.Index).Count('\n') + 1, block.Groups["given"].Value.Trim(), code.Value);
        }
    }

    [GeneratedRegex(@"(<!--\s*given:(?<given>((?!-->).)*)-->[ \t]*\n\s*)?^[ \t]*```csharp[^\n]*\n(?<code>.*?)^[ \t]*```[ \t]*$", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();
}
