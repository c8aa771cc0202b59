namespace FerSharp.Tracking;

/// <summary>The one-euro filter for one value (Casiez et al. 2012; see <see cref="OneEuroOptions"/>).</summary>
internal struct OneEuroFilter
{
    private double _slope;

    /// <summary>The filtered value.</summary>
    public double Value { get; private set; }

    public void Start(double value) => (Value, _slope) = (value, 0);

    /// <param name="value">The measured value.</param>
    /// <param name="seconds">Time since the last one, above 0.</param>
    /// <param name="scale">What speed is measured in.</param>
    /// <param name="options">Cutoffs.</param>
    public void Apply(double value, double seconds, double scale, OneEuroOptions options)
    {
        double slope = (value - Value) / seconds / scale;
        _slope += Smoothing(options.DerivativeCutoff, seconds) * (slope - _slope);
        Value += Smoothing(options.MinCutoff + (options.Beta * Math.Abs(_slope)), seconds) * (value - Value);
    }

    /// <summary>Equation 5 of the paper: <c>1 / (1 + tau / T)</c> with <c>tau = 1 / (2 pi cutoff)</c>.</summary>
    private static double Smoothing(double cutoff, double seconds) => 1 / (1 + (1 / (2 * Math.PI * cutoff * seconds)));
}
