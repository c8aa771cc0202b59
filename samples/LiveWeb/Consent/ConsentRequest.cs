using System.Text.Json.Serialization;

namespace FerSharp.LiveWeb.Consent;

/// <summary>What a person declares before the first frame.</summary>
/// <param name="Notice">The version of the notice that was shown.</param>
/// <param name="Purpose">The <see cref="Consent.Purpose.Id"/> of the purpose.</param>
/// <param name="Agreed">Whether the person agrees that the camera's pictures are analysed on this machine.</param>
/// <param name="Informed">Whether everybody who may come into view was told and agrees.</param>
/// <param name="Exception">Medical or safety, where the purpose needs it; else null.</param>
/// <param name="Statement">The medical or safety reason in the person's own words; kept nowhere.</param>
internal sealed record ConsentRequest(int Notice, string? Purpose, bool Agreed, bool Informed, string? Exception = null, string? Statement = null)
{
    /// <summary>The version of the page's notice. It rises with every change of what the notice says.</summary>
    public const int CurrentNotice = 1;

    private const int MinStatement = 20, MaxStatement = 1000;

    /// <summary>Whether consent can be given, or why not.</summary>
    public ConsentRefusal? Refuse()
    {
        if (Notice != CurrentNotice)
        {
            return new ConsentRefusal("notice-outdated", $"The notice has changed: it is at version {CurrentNotice}. Reload the page and read it again.");
        }

        if (Consent.Purpose.Find(Purpose) is not { } purpose)
        {
            return new ConsentRefusal("purpose-missing", "Say what the camera is for: choose one of the purposes.");
        }

        if (purpose.NeedsException && !PurposeException.IsKnown(Exception))
        {
            return new ConsentRefusal(ConsentRefusal.ForbiddenPurpose, Consent.Purpose.Refusal);
        }

        if (purpose.NeedsException && Statement?.Trim().Length is not (>= MinStatement and <= MaxStatement))
        {
            return new ConsentRefusal("statement-missing", $"Say in {MinStatement} to {MaxStatement} characters what the medical or safety reason is. General well-being is none.");
        }

        return Agreed && Informed ? null : new ConsentRefusal("not-agreed", "Without the agreement of everybody in view the camera stays off.");
    }
}

/// <summary>Why there is no consent.</summary>
/// <param name="Code">A name for programs.</param>
/// <param name="Reason">One or two sentences for people.</param>
internal sealed record ConsentRefusal(string Code, string Reason)
{
    /// <summary>The code of a purpose that the law forbids.</summary>
    public const string ForbiddenPurpose = "purpose-forbidden";
}

/// <summary>Consent that was given.</summary>
/// <param name="Token">Opens one connection for frames, once, and is the key to its history and to the withdrawal.</param>
internal sealed record ConsentGrant(string Token);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 4)]
[JsonSerializable(typeof(ConsentRequest))]
[JsonSerializable(typeof(ConsentRefusal))]
[JsonSerializable(typeof(ConsentGrant))]
internal sealed partial class ConsentJson : JsonSerializerContext;
