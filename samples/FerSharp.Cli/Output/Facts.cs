using Spectre.Console;

namespace FerSharp.Cli.Output;

/// <summary>Names and values, one pair a line, values aligned.</summary>
internal sealed class Facts
{
    private readonly Grid _grid = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(2)).AddColumn(new GridColumn().PadLeft(0).PadRight(0));

    public void Add(string name, string? value, Color? color = null)
    {
        if (!string.IsNullOrEmpty(value))
        {
            _grid.AddRow(new Text(name), new Text(Terminal.Printable(value), new Style(color ?? Color.Default)));
        }
    }

    public void Write(IAnsiConsole console) => console.Write(_grid);
}
