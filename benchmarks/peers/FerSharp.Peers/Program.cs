using FerSharp.Peers;

// run --repository DIR --models DIR [options of README.md]   compares and prints the table
// serve PIPELINE SETUP                                       one contestant, driven over stdin
return args switch
{
    ["serve", string pipeline, string setup] => PeerServer.Run(pipeline, PeerSetup.Read(setup), Console.In, Console.Out),
    ["run", .. string[] options] => Comparison.Run(ComparisonOptions.Parse(options), Console.Out),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Use benchmarks/peers/run.sh SHARED_FOLDER; README.md there says what it does.");
    return 2;
}
