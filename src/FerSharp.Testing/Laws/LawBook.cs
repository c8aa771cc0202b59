using System.Diagnostics.CodeAnalysis;

namespace FerSharp.Testing;

/// <summary>A promise and the check that tells whether it is kept.</summary>
internal sealed record Law<TCheck>(string Name, string Promise, TCheck Check);

/// <summary>The laws of one kind of subject, by name.</summary>
internal sealed class LawBook<TCheck>(params Law<TCheck>[] laws)
{
    public IReadOnlyList<string> Names { get; } = [.. laws.Select(law => law.Name)];

    public Law<TCheck> this[string name]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(name);
            return laws.FirstOrDefault(law => law.Name == name)
                ?? throw new ArgumentException($"There is no law '{name}'; there are {string.Join(", ", Names)}.", nameof(name));
        }
    }
}

/// <summary>Runs the check of one law.</summary>
internal static class Judge
{
    public static LawOutcome Check<TSubject>(Law<Action<TSubject>> law, TSubject subject)
        where TSubject : LawSubject
    {
        ArgumentNullException.ThrowIfNull(subject);
        if (subject.Excuse(law.Name) is { } reason)
        {
            return LawOutcome.Waived(reason);
        }

        try
        {
            law.Check(subject);
            return LawOutcome.Kept;
        }
        catch (Exception exception)
        {
            throw Broken(law, exception);
        }
    }

    public static async Task<LawOutcome> CheckAsync<TSubject>(Law<Func<TSubject, Task>> law, TSubject subject)
        where TSubject : LawSubject
    {
        ArgumentNullException.ThrowIfNull(subject);
        if (subject.Excuse(law.Name) is { } reason)
        {
            return LawOutcome.Waived(reason);
        }

        try
        {
            await law.Check(subject).ConfigureAwait(false);
            return LawOutcome.Kept;
        }
        catch (Exception exception)
        {
            throw Broken(law, exception);
        }
    }

    private static LawBrokenException Broken<TCheck>(Law<TCheck> law, Exception exception) => exception is FindingException
        ? new(law.Name, law.Promise, exception.Message, exception.InnerException)
        : new(law.Name, law.Promise, $"It threw {exception.GetType().Name}: {exception.Message}", exception);
}

/// <summary>What a check found; the judge turns it into <see cref="LawBrokenException"/>.</summary>
internal sealed class FindingException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>The words that laws are written in.</summary>
internal static class Expect
{
    public static void That([DoesNotReturnIf(false)] bool kept, string finding)
    {
        if (!kept)
        {
            throw new FindingException(finding);
        }
    }

    /// <summary>That a call throws a given exception or one derived from it.</summary>
    public static void Throws<TException>(string when, Action call)
        where TException : Exception
    {
        try
        {
            call();
        }
        catch (TException)
        {
            return;
        }
        catch (Exception other)
        {
            throw new FindingException($"{when} it threw {other.GetType().Name} ({other.Message}) instead of {typeof(TException).Name}.", other);
        }

        throw new FindingException($"{when} it threw nothing instead of {typeof(TException).Name}.");
    }
}
