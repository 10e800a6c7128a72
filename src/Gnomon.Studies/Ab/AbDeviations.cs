using Gnomon.Core.Findings;

namespace Gnomon.Studies.Ab;

/// <summary>Where an analysis departs from the plan written before the data, one clause each; and what the plan says of who is left out.</summary>
internal static class AbDeviations
{
    // A few units short is not an early end.
    private const double Reached = 0.95;
    private const double SameLevel = 1e-9;

    public static IEnumerable<string> Of(AbPlan plan, AbDesign design, AbInput input, AbHistory history) =>
        [.. Question(plan, design, input), .. Margins(plan, design), .. Running(plan, design, input, history)];

    /// <summary>The plan's exclusions, said again, and whether the analysis leaves rows out.</summary>
    public static IEnumerable<string> Exclusions(AbPlan? plan, string? where)
    {
        if (plan is { Exclusions.Count: > 0 })
        {
            yield return $"The plan leaves out: {string.Join("; ", plan.Exclusions)}.{(where is null ? " No --where leaves rows out of these data: they must have been left out before." : $" Here the rows are kept that satisfy: {where}.")}";
        }
    }

    private static IEnumerable<string> Question(AbPlan plan, AbDesign design, AbInput input)
    {
        var options = design.Options;
        if (plan.Unit is not null && plan.Unit != options.Randomised)
        {
            yield return $"planned unit {plan.Unit}, analysed by {options.Randomised ?? "row"}";
        }

        if (plan.Assignment is { Kind: "switchback", Block: { } block } && (!options.Switchback || (options.Block is { } read && read != block)))
        {
            yield return $"assigned in blocks of {block}, read {(options.Switchback ? $"in blocks of {options.Block}" : "without --switchback")}";
        }

        var missing = plan.Primary.Except(design.Primaries.Select(m => m.Name)).ToList();
        if (missing.Count > 0)
        {
            yield return $"planned primary {string.Join(", ", missing)} is not read";
        }

        var added = plan.Primary.Count == 0 ? [] : design.Primaries.Select(m => m.Name).Except(plan.Primary).ToList();
        if (added.Count > 0)
        {
            yield return $"{string.Join(", ", added)} {(added.Count == 1 ? "is" : "are")} read as primary and {(added.Count == 1 ? "was" : "were")} not planned";
        }

        if (plan.Control is not null && plan.Control != input.Arms[0])
        {
            yield return $"planned control {plan.Control}, compared with {input.Arms[0]}";
        }

        if (options.Split is not null && plan.Split is not null && options.Split != plan.Split)
        {
            yield return $"split {options.Split} instead of the planned {plan.Split}";
        }

        if (plan.Level is { } level && Math.Abs(level - design.Level) > SameLevel)
        {
            yield return $"level {Figures.Confidence(design.Level)} instead of the planned {Figures.Confidence(level)}";
        }

        if (options.Where is not null && plan.Exclusions.Count == 0)
        {
            yield return $"rows are left out by --where {options.Where}, and the plan leaves nobody out";
        }
    }

    private static IEnumerable<string> Margins(AbPlan plan, AbDesign design)
    {
        // Numbers that were typed in are those of one metric.
        foreach (var planned in plan.Guardrails.Except(design.Options.IsTyped ? [] : design.Metrics.Select(m => m.Declared)))
        {
            var name = planned.Split(">=", 2)[0].Split("<=", 2)[0].Trim();
            var read = design.Options.IsTyped ? null : design.Metrics.FirstOrDefault(m => m.Role == MetricRole.Guardrail && m.Name == name);
            yield return read is null ? $"planned guardrail not read: {planned}" : $"guardrail {read.Declared} instead of the planned {planned}";
        }

        if (design.Options.Mde is not null && plan.Mde is not null && design.Options.Mde != plan.Mde)
        {
            yield return $"worthwhile effect {design.Options.Mde} instead of the planned {plan.Mde}";
        }
    }

    // How it was run: size, days, looks and the rule for stopping.
    private static IEnumerable<string> Running(AbPlan plan, AbDesign design, AbInput input, AbHistory history)
    {
        var looks = history.Looks;
        if (plan.Sequential && plan.Looks is { } allowed && looks > allowed)
        {
            yield return $"look {looks}, where {allowed} were planned";
        }
        else if (!plan.Sequential && looks > 1 && history.LooksBeforePlan == 0)
        {
            yield return $"read {looks} times, where the plan reads once";
        }

        var planned = design.Options.Split is null ? plan.Total(input.Arms.Count) : plan.Total(design.Shares(input.Arms).Shares);
        if (!plan.Sequential && planned is > 0 && input.TotalUnits < Reached * planned)
        {
            yield return $"{Figures.Count(input.TotalUnits)} of {Figures.Count(planned.Value)} planned units are in";
        }

        if (!plan.Sequential && plan.Days is { } days && input.Days is { } run && run < days)
        {
            yield return $"{run} of {days} planned days were run";
        }
    }
}
