namespace FerSharp;

/// <summary>A set of expressions, such as those a model knows. A value; immutable; <c>default</c> is the empty set.</summary>
public readonly record struct EmotionSet
{
    private readonly byte _bits;

    private EmotionSet(byte bits) => _bits = bits;

    /// <summary>Makes a set of the given expressions; repetitions count once.</summary>
    /// <param name="emotions">The members.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is no defined <see cref="Emotion"/>.</exception>
    public EmotionSet(params ReadOnlySpan<Emotion> emotions)
    {
        foreach (Emotion emotion in emotions)
        {
            if (emotion > Emotion.Contempt)
            {
                throw new ArgumentOutOfRangeException(nameof(emotions), emotion, "Not a defined expression.");
            }

            _bits |= (byte)(1 << (int)emotion);
        }
    }

    /// <summary>The seven of FER-2013: all but contempt.</summary>
    public static EmotionSet Basic { get; } = new(0x7F);

    /// <summary>All eight.</summary>
    public static EmotionSet All { get; } = new(0xFF);

    /// <summary>How many expressions are in the set, 0 to 8.</summary>
    public int Count => int.PopCount(_bits);

    /// <summary>Whether an expression is in the set.</summary>
    /// <param name="emotion">The expression.</param>
    public bool Contains(Emotion emotion) => emotion <= Emotion.Contempt && (_bits & (1 << (int)emotion)) != 0;

    /// <summary>The expressions that are in either set.</summary>
    /// <param name="other">The other set.</param>
    public EmotionSet Union(EmotionSet other) => new((byte)(_bits | other._bits));

    /// <summary>The members in enum order, in a new array.</summary>
    public Emotion[] ToArray()
    {
        var members = new Emotion[Count];
        int next = 0;
        for (Emotion emotion = Emotion.Neutral; emotion <= Emotion.Contempt; emotion++)
        {
            if (Contains(emotion))
            {
                members[next++] = emotion;
            }
        }

        return members;
    }

    /// <summary>The members' names, comma-separated.</summary>
    public override string ToString() => string.Join(", ", ToArray());
}
