using System.Globalization;

namespace FerSharp;

// Collects the faults of one manifest, each with its JSON path. A path is reported once: what follows from its first fault is noise.
internal sealed class ManifestFaults(string name)
{
    private const int MaxListed = 100;

    private readonly List<string> _faults = [];
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private readonly List<string> _missingSections = [];

    public static string Quote(string text) => text.Length <= 60 ? $"'{text}'" : $"'{text.AsSpan(0, 60)}...'";

    public static string Member(string path, string member) =>
        member.Length is > 0 and <= 60 && member.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' or '-')
            ? $"{path}.{member}"
            : $"{path}[{Quote(member)}]";

    public void Add(string path, string fault)
    {
        if (!_missingSections.Exists(section => path.StartsWith(section, StringComparison.Ordinal)) && _paths.Add(path))
        {
            _faults.Add($"{path} {fault}");
        }
    }

    // One fault for the whole section; its members are not listed one by one.
    public void AddMissingSection(string path)
    {
        Add(path, "is missing; give an object { }.");
        _missingSections.Add(path + ".");
    }

    public void ThrowIfAny(string? modelId, Exception? cause = null)
    {
        if (_faults.Count == 0)
        {
            return;
        }

        List<string> listed = _faults;
        if (_faults.Count > MaxListed)
        {
            listed = [.. _faults.Take(MaxListed), $"and {_faults.Count - MaxListed} faults more: mend these first."];
        }

        throw new FerModelException(string.IsNullOrWhiteSpace(modelId) ? name : modelId, listed, cause);
    }

    public string RequiredText(string path, string? value, string what)
    {
        if (value is null)
        {
            Add(path, $"is missing; give {what}.");
        }

        return OptionalText(path, value) ?? "";
    }

    public string? OptionalText(string path, string? value)
    {
        if (value is not null && string.IsNullOrWhiteSpace(value))
        {
            Add(path, "is empty; give a text or leave the member out.");
        }

        return value;
    }

    public TEnum Word<TEnum>(string path, string? word, TEnum? fallback = null)
        where TEnum : struct, Enum
    {
        if (word is null)
        {
            if (fallback is null)
            {
                Add(path, $"is missing; give one of {ManifestWords<TEnum>.All}.");
            }

            return fallback ?? default;
        }

        if (!ManifestWords<TEnum>.TryParse(word, out TEnum value))
        {
            Add(path, $"is {Quote(word)}; it must be one of {ManifestWords<TEnum>.All}.");
        }

        return value;
    }

    public int Whole(string path, int? value, int min, int max)
    {
        if (value is null)
        {
            Add(path, $"is missing; give a whole number from {min} to {max}.");
        }
        else if (value < min || value > max)
        {
            Add(path, $"is {value}; it must be a whole number from {min} to {max}.");
        }

        return value ?? min;
    }

    public float Number(string path, float? value, float fallback, string rule, Func<float, bool> holds)
    {
        if (value is { } number && !(float.IsFinite(number) && holds(number)))
        {
            Add(path, $"is {number.ToString(CultureInfo.InvariantCulture)}; it must be {rule}.");
        }

        return value ?? fallback;
    }

    public float Number(string path, float? value, float fallback, float min, float max) =>
        Number(path, value, fallback, string.Create(CultureInfo.InvariantCulture, $"from {min} to {max}"), n => n >= min && n <= max);

    public float[] Numbers(string path, IReadOnlyList<float?> values, string rule, Func<float, bool> holds)
    {
        var numbers = new float[values.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (values[i] is null)
            {
                Add($"{path}[{i}]", $"is null; it must be {rule}.");
            }

            numbers[i] = Number($"{path}[{i}]", values[i], 0, rule, holds);
        }

        return numbers;
    }
}
