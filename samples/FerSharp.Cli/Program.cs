using System.Text;
using FerSharp.Cli;

try
{
    Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
}
catch (IOException)
{
    // A console that cannot be switched keeps its encoding.
}

return await CliProgram.RunAsync(args, Console.Out, Console.Error).ConfigureAwait(false);
