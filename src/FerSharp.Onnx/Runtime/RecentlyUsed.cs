using System.Diagnostics.CodeAnalysis;

namespace FerSharp.Onnx;

/// <summary>A few values by key; when it is full, the one that was not used for the longest time goes and is disposed. For small numbers: it searches in line.</summary>
/// <remarks>Not thread-safe. Finding allocates nothing.</remarks>
internal sealed class RecentlyUsed<TKey, TValue>(int capacity)
    where TKey : struct, IEquatable<TKey>
    where TValue : class
{
    // The last used one first.
    private readonly List<(TKey Key, TValue Value)> _entries = new(capacity);

    public int Count => _entries.Count;

    public bool TryGet(TKey key, [NotNullWhen(true)] out TValue? value)
    {
        for (int i = 0; i < _entries.Count; i++)
        {
            (TKey Key, TValue Value) entry = _entries[i];
            if (!entry.Key.Equals(key))
            {
                continue;
            }

            if (i > 0)
            {
                _entries.RemoveAt(i);
                _entries.Insert(0, entry);
            }

            value = entry.Value;
            return true;
        }

        value = null;
        return false;
    }

    /// <summary>Adds a value whose key is not there.</summary>
    public void Add(TKey key, TValue value)
    {
        if (_entries.Count == capacity)
        {
            (_entries[^1].Value as IDisposable)?.Dispose();
            _entries.RemoveAt(_entries.Count - 1);
        }

        _entries.Insert(0, (key, value));
    }

    /// <summary>Drops and disposes all values.</summary>
    public void Clear()
    {
        foreach ((_, TValue value) in _entries)
        {
            (value as IDisposable)?.Dispose();
        }

        _entries.Clear();
    }
}
