// Memory is measured, and what other tests allocate meanwhile would count.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
