// Memory is measured, and a browser and a thousand connections want the machine for themselves.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
