using Gnomon.Core.Findings;

namespace Gnomon.Render.Words;

/// <summary>What the reader may do now.</summary>
public enum VerdictTone
{
    /// <summary>Go ahead (green).</summary>
    Go,

    /// <summary>Stop, or mend first (red).</summary>
    Stop,

    /// <summary>Wait, look closer (yellow).</summary>
    Wait,
}

/// <summary>An action in six words or fewer, with its tone and the symbol that says the same without colour.</summary>
public sealed record Verdict(string Words, VerdictTone Tone)
{
    public static Verdict Of(DecisionAction action) => action switch
    {
        DecisionAction.Answer => new("Answer", VerdictTone.Go),
        DecisionAction.Ship => new("Ship it", VerdictTone.Go),
        DecisionAction.UseModel => new("Use this model", VerdictTone.Go),
        DecisionAction.DoNotShip => new("Do not ship", VerdictTone.Stop),
        DecisionAction.DoNotDeploy => new("Do not deploy", VerdictTone.Stop),
        DecisionAction.FixDataFirst => new("Fix the data first", VerdictTone.Stop),
        DecisionAction.RollBack => new("Roll back", VerdictTone.Stop),
        DecisionAction.KeepRunning => new("Keep running", VerdictTone.Wait),
        DecisionAction.Inconclusive => new("Inconclusive", VerdictTone.Wait),
        DecisionAction.UseSimplerModel => new("Use the simpler model", VerdictTone.Wait),
        DecisionAction.Retrain => new("Retrain the model", VerdictTone.Wait),
        DecisionAction.Investigate => new("Investigate first", VerdictTone.Wait),
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Unknown action."),
    };

    /// <summary><c>✔</c>, <c>✖</c> or <c>▲</c>; <c>[+]</c>, <c>[x]</c> or <c>[!]</c> where only ASCII can be shown.</summary>
    public string Symbol(bool unicode) => Tone switch
    {
        VerdictTone.Go => unicode ? "✔" : "[+]",
        VerdictTone.Stop => unicode ? "✖" : "[x]",
        _ => unicode ? "▲" : "[!]",
    };
}
