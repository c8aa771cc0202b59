namespace FerSharp.Evaluation;

/// <summary>What the labels of face data sets mean: words, and the numbers of the well-known sets. Immutable, thread-safe.</summary>
/// <remarks>
/// <para>Words, in whatever case, with blanks, '-' and '_' around them left out. No other word is guessed at.</para>
/// <list type="table">
/// <listheader><term>Expression</term><description>Words</description></listheader>
/// <item><term><see cref="Emotion.Neutral"/></term><description>neutral, neutrality, natural, no-expression</description></item>
/// <item><term><see cref="Emotion.Happiness"/></term><description>happiness, happy, joy</description></item>
/// <item><term><see cref="Emotion.Surprise"/></term><description>surprise, surprised, suprise</description></item>
/// <item><term><see cref="Emotion.Sadness"/></term><description>sadness, sad</description></item>
/// <item><term><see cref="Emotion.Anger"/></term><description>anger, angry</description></item>
/// <item><term><see cref="Emotion.Disgust"/></term><description>disgust, disgusted</description></item>
/// <item><term><see cref="Emotion.Fear"/></term><description>fear, fearful, afraid</description></item>
/// <item><term><see cref="Emotion.Contempt"/></term><description>contempt, contemptuous</description></item>
/// </list>
/// </remarks>
public sealed class EmotionLabels
{
    private static readonly Dictionary<string, Emotion> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["neutral"] = Emotion.Neutral,
        ["neutrality"] = Emotion.Neutral,
        ["natural"] = Emotion.Neutral,
        ["no-expression"] = Emotion.Neutral,
        ["happiness"] = Emotion.Happiness,
        ["happy"] = Emotion.Happiness,
        ["joy"] = Emotion.Happiness,
        ["surprise"] = Emotion.Surprise,
        ["surprised"] = Emotion.Surprise,
        ["suprise"] = Emotion.Surprise,
        ["sadness"] = Emotion.Sadness,
        ["sad"] = Emotion.Sadness,
        ["anger"] = Emotion.Anger,
        ["angry"] = Emotion.Anger,
        ["disgust"] = Emotion.Disgust,
        ["disgusted"] = Emotion.Disgust,
        ["fear"] = Emotion.Fear,
        ["fearful"] = Emotion.Fear,
        ["afraid"] = Emotion.Fear,
        ["contempt"] = Emotion.Contempt,
        ["contemptuous"] = Emotion.Contempt,
    };

    private static readonly Dictionary<string, Emotion>.AlternateLookup<ReadOnlySpan<char>> ByWord = Words.GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly Emotion[] _order;
    private readonly int _first;

    /// <summary>Makes labels with numbers: <paramref name="first"/> is the first of <paramref name="order"/>, the next number the next.</summary>
    /// <param name="order">The expressions in the order of their numbers; none for words alone.</param>
    /// <param name="first">The first number.</param>
    /// <exception cref="ArgumentException">An expression is not defined or comes twice.</exception>
    public EmotionLabels(ReadOnlySpan<Emotion> order, int first = 0)
    {
        _order = order.ToArray();
        _first = first;
        if (_order.Distinct().Count() != _order.Length || _order.Any(emotion => emotion > Emotion.Contempt))
        {
            throw new ArgumentException("Every expression must be defined and come once.", nameof(order));
        }
    }

    /// <summary>Words alone; numbers mean nothing.</summary>
    public static EmotionLabels WordsOnly { get; } = new([]);

    /// <summary>FER-2013: 0 angry, 1 disgust, 2 fear, 3 happy, 4 sad, 5 surprise, 6 neutral (Goodfellow et al., 2013).</summary>
    public static EmotionLabels Fer2013 { get; } = new(
        [Emotion.Anger, Emotion.Disgust, Emotion.Fear, Emotion.Happiness, Emotion.Sadness, Emotion.Surprise, Emotion.Neutral]);

    /// <summary>AffectNet: 0 neutral, 1 happiness, 2 sadness, 3 surprise, 4 fear, 5 disgust, 6 anger, 7 contempt (Mollahosseini et al., 2017).</summary>
    public static EmotionLabels AffectNet { get; } = new(
        [Emotion.Neutral, Emotion.Happiness, Emotion.Sadness, Emotion.Surprise, Emotion.Fear, Emotion.Disgust, Emotion.Anger, Emotion.Contempt]);

    /// <summary>RAF-DB: 1 surprise, 2 fear, 3 disgust, 4 happiness, 5 sadness, 6 anger, 7 neutral (Li, Deng, Du, 2017).</summary>
    public static EmotionLabels RafDb { get; } = new(
        [Emotion.Surprise, Emotion.Fear, Emotion.Disgust, Emotion.Happiness, Emotion.Sadness, Emotion.Anger, Emotion.Neutral], first: 1);

    /// <summary>What a label means: a number of this order, or one of the words.</summary>
    /// <param name="text">The label; blanks around it do not matter.</param>
    /// <param name="emotion">The expression; neutral where the label means none.</param>
    /// <returns>Whether it means anything.</returns>
    public bool TryParse(ReadOnlySpan<char> text, out Emotion emotion)
    {
        text = text.Trim();
        if (int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number))
        {
            bool known = number >= _first && number - _first < _order.Length;
            emotion = known ? _order[number - _first] : default;
            return known;
        }

        return ByWord.TryGetValue(text.Trim("-_"), out emotion);
    }

    /// <summary>What labels may be, for messages.</summary>
    internal string Describe() => _order.Length == 0
        ? "a word such as angry or happiness"
        : $"a number {_first} to {_first + _order.Length - 1} or a word such as angry or happiness";
}
