namespace FerSharp.Peers;

/// <summary>A contestant in C#: from a frame to faces with scores, and the preprocessing alone. One thread.</summary>
internal abstract class Pipeline : IDisposable
{
    /// <summary>Versions and settings, for the table.</summary>
    public abstract string Detail { get; }

    /// <summary>Analyses a frame, as a user of the libraries would; what it finds is kept for <see cref="Results"/>.</summary>
    /// <param name="frame">Index of the frame.</param>
    /// <param name="fromJpeg">From the bytes of the JPEG file; otherwise from pixels that lie ready in the library's own kind of picture.</param>
    /// <param name="stages">Receives the time of each stage.</param>
    public abstract void Analyze(int frame, bool fromJpeg, StageClock stages);

    /// <summary>The faces of the last analysis.</summary>
    public abstract IReadOnlyList<FoundFace> Results();

    /// <summary>Makes room for the kernel comparison: frames to rotate through.</summary>
    /// <returns>False where the pipeline takes no part.</returns>
    public virtual bool PrepareKernel(KernelCase kernel, IReadOnlyList<byte[]> frames) => false;

    /// <summary>Writes a tensor.</summary>
    public virtual void RunKernel(int frame, int position) => throw new NotSupportedException();

    /// <summary>The tensor last written.</summary>
    public virtual ReadOnlySpan<float> Tensor() => throw new NotSupportedException();

    public abstract void Dispose();
}
