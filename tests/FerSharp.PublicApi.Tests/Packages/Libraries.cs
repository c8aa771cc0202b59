using System.Reflection;

namespace FerSharp.PublicApi.Tests;

/// <summary>The libraries of src.</summary>
internal static class Libraries
{
    private static readonly string Framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    /// <summary>The names of all packable projects of src that hold code.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetDirectories(TestFiles.InRepository("src")).Select(folder => Path.GetFileName(folder)).Where(name => name != "FerSharp.Meta").Order(StringComparer.Ordinal)];

    public static Assembly Load(string name) => Assembly.LoadFrom(PathOf(name, ".dll"));

    /// <summary>The file that the build made of a library: its assembly, or its documentation.</summary>
    public static string PathOf(string name, string extension) => Path.Combine(AppContext.BaseDirectory, name + extension);

    /// <summary>Whether an assembly comes with .NET and with no package.</summary>
    public static bool IsFramework(string name) => File.Exists(Path.Combine(Framework, name + ".dll"));
}
