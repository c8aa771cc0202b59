namespace FerSharp.PublicApi.Tests;

/// <summary>What the documents show compiles.</summary>
public sealed class SnippetTests
{
    public static TheoryData<string> Names => [.. Snippet.All.Select(snippet => snippet.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Snippet_AsReadersProgram_Compiles(string name)
    {
        Snippet snippet = Snippet.All.Single(candidate => candidate.Name == name);

        IReadOnlyList<string> errors = SnippetCompiler.Errors(snippet);

        Assert.True(errors.Count == 0, $"""
            {string.Join(Environment.NewLine, errors)}
            What a snippet needs and does not show goes into a comment on the line before it: <!-- given: using FerSharp; FrameView frame = default; -->
            """);
    }

    [Fact]
    public void Readme_OnceWritten_ShowsAtLeastThreeSnippets()
    {
        // A README of a few lines is a stub; the other documents then stand in for it.
        bool isStub = File.ReadAllLines(TestFiles.InRepository("README.md")).Length < 20;

        int count = Snippet.All.Count(snippet => isStub || snippet.File == "README.md");

        Assert.True(count >= 3, $"There are {count} C# blocks; three at least are expected.");
    }

    [Theory]
    [InlineData("Console.WriteLine(frame.Width);", "using FerSharp; FrameView frame = default;", 0)]
    [InlineData("using FerSharp;\nFrameView frame = default;", "", 0)]
    [InlineData("using FerSharp;\n\nusing var fer = FerSharpDefaults.CreateAnalyser();", "", 1)]
    [InlineData("using Xunit;\nAssert.Fail();", "", 2)]
    public void Compiler_KnownSnippets_FindsTheirErrors(string code, string given, int errors)
    {
        IReadOnlyList<string> found = SnippetCompiler.Errors(new Snippet("known.md", 10, given, code));

        Assert.Equal(errors, found.Count(error => error.StartsWith("known.md(1", StringComparison.Ordinal)));
    }
}
