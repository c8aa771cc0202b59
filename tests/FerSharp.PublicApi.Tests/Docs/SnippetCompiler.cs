using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FerSharp.PublicApi.Tests;

/// <summary>Compiles a snippet as a reader's Program.cs would be: the SDK's implicit usings, nullable, this repository's packages.</summary>
internal static class SnippetCompiler
{
    private static readonly CSharpParseOptions Parsing = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);

    private static readonly SyntaxTree ImplicitUsings = CSharpSyntaxTree.ParseText(
        string.Concat(new[] { "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks" }
            .Select(name => $"global using global::{name};\n")),
        Parsing);

    /// <summary>What a reader's program refers to.</summary>
    public static IReadOnlyList<MetadataReference> References { get; } = [.. ReferencePaths().Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>The compiler's errors, each with its line in the Markdown file; empty where the snippet compiles.</summary>
    public static IReadOnlyList<string> Errors(Snippet snippet)
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText(Assemble(snippet), Parsing);
        bool isProgram = tree.GetCompilationUnitRoot().Members.OfType<GlobalStatementSyntax>().Any();
        var compilation = CSharpCompilation.Create(
            "Snippet",
            [ImplicitUsings, tree],
            References,
            new CSharpCompilationOptions(
                isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable));
        return [.. compilation.GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => diagnostic.ToString())];
    }

    /// <summary>Usings first, then what is given, then the snippet's own code under its own line numbers.</summary>
    private static string Assemble(Snippet snippet)
    {
        (string givenUsings, string givenCode, _) = Split(snippet.Given);
        (string usings, string code, int linesBefore) = Split(snippet.Code);
        return string.Create(CultureInfo.InvariantCulture, $"""
            {givenUsings}
            #line {snippet.Line} "{snippet.File}"
            {usings}
            #line 1 "what is given for {snippet.Name}"
            {givenCode}
            #line {snippet.Line + linesBefore} "{snippet.File}"
            {code}
            """);
    }

    private static (string Usings, string Code, int LinesBefore) Split(string text)
    {
        SyntaxList<UsingDirectiveSyntax> usings = CSharpSyntaxTree.ParseText(text, Parsing).GetCompilationUnitRoot().Usings;
        int end = usings.Count == 0 ? 0 : usings.FullSpan.End;
        return (text[..end], text[end..], text.AsSpan(0, end).Count('\n'));
    }

    /// <summary>The framework, and what a reader gets who adds FerSharp, FerSharp.MLNet, FerSharp.Testing and a container: not this test's own packages.</summary>
    private static IEnumerable<string> ReferencePaths()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string[] theirs = ["Microsoft.ML.OnnxRuntime", "SkiaSharp", "System.Numerics.Tensors"];
        return ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == framework
                || Path.GetFileNameWithoutExtension(path) is var name && (Libraries.Names.Contains(name) || theirs.Contains(name) || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) || name.StartsWith("Microsoft.ML.", StringComparison.Ordinal)));
    }
}
