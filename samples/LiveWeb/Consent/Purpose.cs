namespace FerSharp.LiveWeb.Consent;

/// <summary>What a person may say the camera is for.</summary>
/// <param name="Id">Its name in the protocol.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Help">One sentence that says what it covers.</param>
/// <param name="NeedsException">Whether it is refused without a declared medical or safety reason.</param>
internal sealed record Purpose(string Id, string Title, string Help, bool NeedsException)
{
    /// <summary>Why a purpose of work or education is refused.</summary>
    public const string Refusal =
        "Inferring emotions of people at work and in education is prohibited in the European Union, except for medical or safety reasons: "
        + "Regulation (EU) 2024/1689 (AI Act), Article 5(1)(f). This page does not run for that purpose anywhere.";

    /// <summary>All of them; those that are refused are there too, so that the reason can be told.</summary>
    public static IReadOnlyList<Purpose> All { get; } =
    [
        new("self", "Trying it out", "I look at my own face, or at those of people beside me who know and agree.", false),
        new("assistance", "Assistance", "It tells me about expressions that I cannot see well, and the people in view agree.", false),
        new("arts", "Art or play", "An installation or a game, with people who take part because they want to.", false),
        new("research", "Research", "A study with informed participants, outside work and education.", false),
        new("care", "Health care", "With a patient who agreed, and with a professional who looks and answers for it. This program is no medical device.", false),
        new("workplace", "Work", "About employees, applicants, contractors or staff: meetings, calls, shops, interviews, training.", true),
        new("education", "Education", "About pupils, students or candidates: classes, exams, admissions, online courses.", true),
    ];

    public static Purpose? Find(string? id) => All.FirstOrDefault(purpose => purpose.Id == id);
}

/// <summary>The reasons for which the law lets a use at work or in education pass.</summary>
internal static class PurposeException
{
    public const string Medical = "medical";
    public const string Safety = "safety";

    public static bool IsKnown(string? exception) => exception is Medical or Safety;
}
