namespace FerSharp.Tracking;

/// <summary>Gathers what is out of range in an options object, so that a caller hears of everything at once.</summary>
internal sealed class OptionFaults(string type)
{
    private List<string>? _faults;

    public void Check(bool good, string name, object? value, string range)
    {
        if (!good)
        {
            (_faults ??= []).Add(FormattableString.Invariant($"{type}.{name} is {value ?? "null"}; it must be {range}."));
        }
    }

    /// <exception cref="ArgumentException">Something was out of range.</exception>
    public void ThrowIfAny(string parameter)
    {
        if (_faults is not null)
        {
            throw new ArgumentException(string.Join(" ", _faults), parameter);
        }
    }
}
