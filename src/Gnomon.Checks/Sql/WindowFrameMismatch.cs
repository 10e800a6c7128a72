using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Sql;

namespace Gnomon.Checks.Sql;

/// <summary>The window is not the one the question names.</summary>
public sealed class WindowFrameMismatch : Check<WindowFrame>
{
    public override CheckCard Card { get; } = new(
        Id: "window-frame-mismatch",
        Asks: "Is the window of time the one that the question names?",
        FiresWhen: "the window asked for and the frame used differ (rows over missing days, calendar bins for a rolling window, months without their year) and at least one entity comes out differently",
        Means: "The window is not the one the question names.",
        Remedy: "Use a RANGE frame over days or a calendar, say whether its edges count, and show who moves.",
        Source: "SQL:2011 window frames; Dijkstra EWD831")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0, Aliases = ["calendar-gap", "calendar-bin-misses-rolling-window", "boundary-inclusivity"] };

    public override CheckResult Evaluate(WindowFrame evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return FormJudge.Judge(evidence);
    }

    public override WindowFrame Trap(int seed) => Simulate(seed, flawed: true);

    public override WindowFrame Clean(int seed) => Simulate(seed, flawed: false);

    public override WindowFrame? Tiny => new() { Form = "counting by calendar month", Entities = "users", Right = 0, Missed = 0, Wrong = 0 };

    private static WindowFrame Simulate(int seed, bool flawed)
    {
        var (right, missed, wrong) = FormJudge.Draw(seed, "window-frame-mismatch", flawed);
        return new WindowFrame { Form = "counting by calendar month", Entities = "users", Right = right, Missed = missed, Wrong = wrong, IsAnswer = false };
    }
}
