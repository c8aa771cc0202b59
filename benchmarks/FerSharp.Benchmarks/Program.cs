using FerSharp.Benchmarks;

// dotnet run -c Release --project benchmarks/FerSharp.Benchmarks -- help
return Commands.Run(args, Console.Out, Console.Error);
