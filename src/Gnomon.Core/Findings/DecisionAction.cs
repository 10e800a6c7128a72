namespace Gnomon.Core.Findings;

/// <summary>The closed list of <c>decision.action</c>. <see cref="DecisionActions.Word"/> gives the word of the contract.</summary>
public enum DecisionAction
{
    Answer,
    Ship,
    DoNotShip,
    KeepRunning,
    Inconclusive,
    FixDataFirst,
    UseModel,
    UseSimplerModel,
    DoNotDeploy,
    Retrain,
    Investigate,
    RollBack,
}

/// <summary>Actions as words, and back.</summary>
public static class DecisionActions
{
    /// <summary>Kebab-case, as the finding contract spells it: <c>do-not-ship</c>.</summary>
    public static string Word(this DecisionAction action) => action switch
    {
        DecisionAction.Answer => "answer",
        DecisionAction.Ship => "ship",
        DecisionAction.DoNotShip => "do-not-ship",
        DecisionAction.KeepRunning => "keep-running",
        DecisionAction.Inconclusive => "inconclusive",
        DecisionAction.FixDataFirst => "fix-data-first",
        DecisionAction.UseModel => "use-model",
        DecisionAction.UseSimplerModel => "use-simpler-model",
        DecisionAction.DoNotDeploy => "do-not-deploy",
        DecisionAction.Retrain => "retrain",
        DecisionAction.Investigate => "investigate",
        DecisionAction.RollBack => "roll-back",
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Unknown action."),
    };

    public static DecisionAction Parse(string word) =>
        Enum.GetValues<DecisionAction>().Cast<DecisionAction?>().FirstOrDefault(a => a!.Value.Word() == word)
        ?? throw new ArgumentException($"'{word}' is not an action of the finding contract.", nameof(word));
}
