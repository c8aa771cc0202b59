namespace FerSharp.Tracking;

/// <summary>A Kalman filter for one coordinate: a position and a velocity that slowly fades.</summary>
/// <remarks>
/// <para>The velocity follows dv = -v / tau dt + noise of spectral density s (an Ornstein-Uhlenbeck process): as good as constant velocity from
/// frame to frame, but a face that is not seen does not fly out of the picture. Both the transition and its noise are integrated exactly, so
/// that one step of a second equals thirty steps of a thirtieth: the filter does not know a frame rate.</para>
/// </remarks>
internal struct MotionFilter
{
    private double _pp, _pv, _vv;

    public double Position { get; private set; }

    public double Velocity { get; private set; }

    /// <summary>Variance of the position.</summary>
    public readonly double Variance => _pp;

    public void Start(double position, double positionVariance, double velocityVariance)
    {
        (Position, Velocity) = (position, 0);
        (_pp, _pv, _vv) = (positionVariance, 0, velocityVariance);
    }

    /// <summary>How far the position will move in a time, above 0.</summary>
    public readonly double Displacement(double seconds, in Motion motion) => Velocity * motion.Fade * (1 - Math.Exp(-seconds / motion.Fade));

    /// <param name="seconds">Time to go forward, above 0.</param>
    /// <param name="motion">How the coordinate moves.</param>
    /// <param name="unit">The unit of the motion's noise, in the coordinate's unit.</param>
    public void Predict(double seconds, in Motion motion, double unit)
    {
        double tau = motion.Fade, density = motion.Density * unit * unit;
        double keep = Math.Exp(-seconds / tau), reach = tau * (1 - keep);
        Position += reach * Velocity;
        Velocity *= keep;
        _pp += (2 * reach * _pv) + (reach * reach * _vv) + (density * tau * tau * (seconds - (2 * reach) + (tau * (1 - (keep * keep)) / 2)));
        _pv = (keep * _pv) + (keep * reach * _vv) + (density * reach * reach / 2);
        _vv = (keep * keep * _vv) + (density * tau * (1 - (keep * keep)) / 2);
    }

    /// <param name="measured">The measured position.</param>
    /// <param name="variance">Variance of the measurement.</param>
    public void Correct(double measured, double variance)
    {
        double total = _pp + variance, gain = _pp / total, velocityGain = _pv / total, innovation = measured - Position;
        Position += gain * innovation;
        Velocity += velocityGain * innovation;
        _vv -= velocityGain * _pv;
        _pv *= 1 - gain;
        _pp *= 1 - gain;
    }

    /// <param name="Fade">Time constant of the velocity, in seconds.</param>
    /// <param name="Density">Spectral density of the acceleration noise, in squared units per cubic second.</param>
    /// <param name="Speed">Standard deviation of the velocity of a face that was just found, in units per second.</param>
    /// <param name="Error">Standard deviation of a measurement, in units.</param>
    public readonly record struct Motion(double Fade, double Density, double Speed, double Error);
}
