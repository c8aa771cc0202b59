namespace FerSharp.Evaluation;

/// <summary>Progress of one run among several: what was done before it counts too.</summary>
internal sealed class LaterProgress(IProgress<int> progress, int before) : IProgress<int>
{
    public void Report(int value) => progress.Report(before + value);
}
