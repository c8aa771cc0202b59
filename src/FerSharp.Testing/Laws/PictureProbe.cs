namespace FerSharp.Testing;

/// <summary>A subject's instance behind one question: what is in this picture? The answer is a row of numbers.</summary>
internal abstract class PictureProbe(IDisposable instance) : IDisposable
{
    private bool _disposed;

    public abstract ModelInfo Model { get; }

    /// <summary>Asks without allocating by itself; the answer is valid until the next question.</summary>
    public abstract ReadOnlySpan<float> Ask(in FrameView picture, CancellationToken cancellationToken = default);

    /// <summary>A probe of the same instance for another thread; only the first probe may be disposed.</summary>
    public abstract PictureProbe ForAnotherThread();

    /// <summary>Says what the number at a position of an answer is.</summary>
    public abstract string Describe(int position);

    /// <summary>Disposes the instance, every time it is called.</summary>
    public void DisposeInstance() => instance.Dispose();

    /// <summary>Disposes the instance once.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            DisposeInstance();
        }
    }

    /// <summary>That two answers agree, to a tolerance that is relative above 1 and absolute below; 0 means bit for bit.</summary>
    public void ExpectSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float tolerance, string when)
    {
        for (int i = 0; i < Math.Min(expected.Length, actual.Length); i++)
        {
            float limit = tolerance * MathF.Max(1, MathF.Abs(expected[i]));
            bool same = expected[i].Equals(actual[i]) || MathF.Abs(expected[i] - actual[i]) <= limit;
            Expect.That(same, $"{when} {Describe(i)} was {actual[i]:R}; it should be {expected[i]:R}.");
        }

        Expect.That(expected.Length == actual.Length, $"{when} the answer had {actual.Length} numbers; it should have {expected.Length}.");
    }
}
