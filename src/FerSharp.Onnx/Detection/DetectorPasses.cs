namespace FerSharp.Onnx;

/// <summary>The passes of a detector, made when a shape is first asked for. The last used ones are kept; the number is bounded.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class DetectorPasses(OnnxModel model)
{
    private const int Most = 32;

    private readonly Lock _gate = new();
    private readonly RecentlyUsed<InputShape, DetectorPass> _recent = new(Most);

    /// <summary>The pass for a shape. Allocates nothing where the shape was used of late.</summary>
    /// <exception cref="FerInferenceException">The network cannot run at this shape.</exception>
    public DetectorPass For(InputShape shape)
    {
        if (Find(shape) is { } known)
        {
            return known;
        }

        try
        {
            return Load(shape);
        }
        catch (FerModelException e)
        {
            throw new FerInferenceException(e.ModelId, $"The network cannot be run on an input of {shape.Width}x{shape.Height}: {string.Join(" ", e.Faults)}", e);
        }
    }

    /// <summary>As <see cref="For"/>, while the detector is loaded.</summary>
    /// <exception cref="FerModelException">The network cannot run at this shape.</exception>
    public DetectorPass Load(InputShape shape)
    {
        // Not under the lock: it runs the network. Two threads may both make a shape; one is kept.
        DetectorPass made = DetectorPass.Create(model, shape);
        lock (_gate)
        {
            if (_recent.TryGet(shape, out DetectorPass? other))
            {
                return other;
            }

            _recent.Add(shape, made);
            return made;
        }
    }

    private DetectorPass? Find(InputShape shape)
    {
        lock (_gate)
        {
            return _recent.TryGet(shape, out DetectorPass? pass) ? pass : null;
        }
    }
}
