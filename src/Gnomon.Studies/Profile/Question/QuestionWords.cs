namespace Gnomon.Studies.Profile.Question;

/// <summary>What kind of answer the words of a question call for, where nobody has said it.</summary>
internal static class QuestionWords
{
    private static readonly string[] Cause = ["why", "cause", "effect of", "impact", "because", "does it work", "did it help", "reduce", "improve", "prevent"];
    private static readonly string[] Predict = ["predict", "forecast", "who will", "which customers", "at risk", "early warning", "likely to"];

    /// <summary>describe, predict or cause; whom to act on is a prediction.</summary>
    public static string Goal(string? ask, string? action)
    {
        var words = ask?.ToLowerInvariant() ?? string.Empty;
        return Array.Exists(Cause, words.Contains) ? "cause" : Array.Exists(Predict, words.Contains) || action is not null ? "predict" : "describe";
    }
}
