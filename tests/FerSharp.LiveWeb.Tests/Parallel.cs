// Memory is measured, and a browser and a thousand connections want the machine for themselves.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
