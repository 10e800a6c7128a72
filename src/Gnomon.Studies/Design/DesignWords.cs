using Gnomon.Core.Findings;

namespace Gnomon.Studies.Design;

/// <summary>The plan in sentences.</summary>
internal sealed class DesignWords(DesignFacts facts)
{
    // The most that --looks takes.
    private const int MostLooks = 50;

    public string Title => facts.EffectIsAnswer ? $"What change of {facts.Metric} can this test see?"
        : facts.Options.Width is not null ? $"How large must the sample be to know {facts.Metric} that closely?"
        : $"How large must the test of {facts.Metric} be?";

    public string Summary()
    {
        var options = facts.Options;
        if (facts.Effect is not { } effect)
        {
            return $"{Size()} can see no change of {facts.Metric} at all with power {options.Power:0.##}.";
        }

        if (facts.EffectIsAnswer)
        {
            return $"{Size()} can see {Goal.Thing(Math.Abs(effect)).Replace(" +", " ", StringComparison.Ordinal)}{Relative(effect)} or more with power {options.Power:0.##}{Weeks(" in ")}; smaller effects would mostly go unseen.";
        }

        var chance = options.Width is null ? "with power" : "with a chance of";
        return options.Units is null && options.Days is null
            ? $"{Size()} {Goal.Of(effect)}{Relative(effect)} {chance} {options.Power:0.##}{Weeks(": ")}."
            : $"{Size()} {Goal.Of(effect)}{Relative(effect)} {chance} {facts.Power:0.00}{Weeks(" in ")}, where {options.Power:0.##} was asked for{Short()}.";
    }

    private DesignGoal Goal => new(facts);

    public string Effect(double effect) => Figures.Effect(effect, facts.EffectUnit);

    public IEnumerable<string> Limitations()
    {
        var options = facts.Options;
        if (facts.History is { } history)
        {
            var days = history.Days > 0 ? $" over {Figures.Count(history.Days)} days" : string.Empty;
            yield return $"Learned from {Figures.Count(history.Values.Count)} units of history{days}: a test in another season, or of another length per unit, may differ.";
            if (history.Repeats)
            {
                yield return "Units repeat in the history: the metric is planned as a mean per row, with errors by unit, which is how it will be analysed.";
            }

            if (history.Missing > 0)
            {
                yield return $"{Figures.Count(history.Missing, "unit has", "units have")} no usable value of {history.Metric} and {(history.Missing == 1 ? "is" : "are")} left out.";
            }
        }

        if (facts.Traffic?.Growth is { Exponent: < 0.97 } growth)
        {
            yield return $"New units come more slowly as time goes on, because the same ones come back or fewer come: twice the days bring {Math.Pow(2, growth.Exponent):0.00} times the units, not 2, so weeks are counted along that curve.";
        }

        foreach (var sentence in Traffic().Concat(Goal.Assumptions()))
        {
            yield return sentence;
        }

        if (options.Arms > 2 && facts.ComparisonAlpha < options.Alpha)
        {
            yield return $"{options.Arms - 1} arms are compared with control, each at size {facts.ComparisonAlpha:0.####} (Bonferroni); Holm's procedure in the analysis is never weaker.";
        }

        if (facts.Sequential is { } plan)
        {
            yield return $"{options.Looks} looks cost {Figures.Percent(Math.Round(plan.Inflation - 1, 3))} more units at the last one; on average {Figures.WholePercent(plan.ExpectedUnderEffect)} of them are used when the effect is as planned, {Figures.WholePercent(plan.ExpectedUnderNone)} when there is none.";
        }

        if (facts.Sequential is not null)
        {
            yield return $"Stopping at the first of {options.Looks} looks with p below {facts.ComparisonAlpha:0.####} would call an effect that is not there in {Figures.Percent(Methods.Experiments.PeekingError.FalsePositiveRate((int)options.Looks, facts.ComparisonAlpha))} of tests; the boundary of the plan keeps it at {Figures.Percent(facts.Sequential.Rule.Futility == Methods.Experiments.FutilityStopping.Binding ? facts.Sequential.Size : facts.ComparisonAlpha)}.";
        }

        foreach (var line in facts.Simulated is null ? [] : new Simulated.SimulatedReport(facts).Limitations())
        {
            yield return line;
        }

        foreach (var sentence in facts.Sequential is null ? [] : new LooksReport(facts).Sentences())
        {
            yield return sentence;
        }

        if (facts.IsClustered)
        {
            var effect = Methods.Planning.ClusterDesign.DesignEffect(options.ClusterSize!.Value, options.Icc!.Value, options.ClusterVariation);
            yield return $"Randomising clusters of {options.ClusterSize.Value:0.##} costs {effect:0.00} times the units that randomising units would (design effect).";
        }

        if (options.Guardrail.Count > 0)
        {
            var each = 1 - ((1 - options.Power) / (options.Guardrail.Count + 1));
            yield return $"The size is that of the primary metric; to ship, {Figures.Count(options.Guardrail.Count, "guardrail")} must be cleared too, each planned with power {each:0.00} on its own spread.";
        }

        foreach (var sentence in facts.Kind == "factorial" ? new Factorial.FactorialDesignReport(facts).Sentences() : [])
        {
            yield return sentence;
        }

        foreach (var sentence in Exact().Concat(Assured()).Concat(PartWeeks()))
        {
            yield return sentence;
        }
    }

    public IEnumerable<string> Next()
    {
        var options = facts.Options;
        if (options.Plan is null)
        {
            yield return "Write the plan down before the first unit arrives: add --plan FILE --experiment NAME --hypothesis TEXT.";
        }
        else
        {
            yield return Goal.AnalyseWith();
        }

        if (facts.Days is > 56)
        {
            yield return "A test of more than 8 weeks meets returning devices and seasons: look for a bolder change, a steadier metric, or adjust for a pre-period (ab --pre).";
        }

        if (facts.Sequential is null && facts.Days is >= 14 && DesignKinds.IsExperiment(facts.Kind) && !options.NamesNoEffect)
        {
            yield return $"If the result will be looked at {(facts.Days.Value / 7 > MostLooks ? "now and then" : "every week")}, plan those looks: --looks " + Math.Min(MostLooks, facts.Days.Value / 7) + ".";
        }
    }

    private string Size()
    {
        var arms = facts.PerArm;
        if (facts.Kind == "factorial")
        {
            var cells = Factorial.FactorialLayout.Of(facts.Options).Cells;
            return $"{Figures.Count(arms[0] / cells)} units in each of {cells} cells ({Figures.Count(arms[0])} in all)";
        }

        if (arms.Count == 1)
        {
            return Figures.Count(arms[0], facts.Noun[..^1], facts.Noun);
        }

        var each = arms.Distinct().Count() == 1 ? $"{Figures.Count(arms[0])} {facts.Noun} in each of {arms.Count} {(facts.Kind is "groups" or "welch" ? "groups" : "arms")}" : $"{string.Join(" / ", arms.Select(Figures.Count))} {facts.Noun}";
        return $"{each} ({Figures.Count(arms.Sum())} in all)";
    }

    private string Relative(double effect)
    {
        if (facts.Options.NamesNoEffect || (facts.Kind == "factorial" && Factorial.FactorialLayout.Of(facts.Options).IsInteraction))
        {
            return string.Empty;
        }

        if (facts.Kind is "survival" or "rmst")
        {
            return $" (a hazard ratio of {SizeRule.Hazards.Ratio(facts.Baseline!.Value, facts.Baseline.Value + effect):0.00})";
        }

        return facts.Kind == "logistic" ? $" (an odds ratio of {1 + effect:0.00})"
            : facts.Baseline is not { } b || b == 0 ? string.Empty
            : $" ({Level(b, effect)} to {Level(b + effect, effect)}{(facts.RelativeBase is { } of ? $", {Figures.Effect(effect / of, "relative")}" : string.Empty)})";
    }

    // With the digits that tell the two levels apart.
    private string Level(double value, double effect) => Figures.Level(value, facts.EffectUnit, -Math.Abs(effect), Math.Abs(effect));

    private string Weeks(string before) => facts.Days is not { } days ? string.Empty
        : days % 7 == 0 ? $"{before}{Figures.Count(days / 7, "whole week")}" : $"{before}{days} days";

    private string Short() => facts.Power >= facts.Options.Power - 0.005 || facts.Effect is null ? string.Empty : $"; {Figures.Count(facts.TotalFor(facts.Effect.Value))} {facts.Noun} in all are needed";

    // Rows come faster than units, and the history's inflow need not be steady: the day on which the size is there.
    private IEnumerable<string> Traffic()
    {
        if (facts.Traffic?.Growth is not { } growth || facts.EffectIsAnswer || facts.Effect is not { } effect)
        {
            yield break;
        }

        var isNamed = facts.Options.Days is not null || facts.Options.Units is not null;
        var arrivals = facts.Arrivals(isNamed ? facts.TotalFor(effect) : facts.Total);
        if (facts.Traffic.DaysFor(arrivals) is not { } days || days > 3_650)
        {
            yield break;
        }

        var flat = arrivals / (growth.Observed[0] > 0 ? growth.Observed[0] : 1);
        var byRows = facts.History?.Rows is { } rows ? $"; by rows ({Figures.Count(rows / facts.History.Days)} a day) it would seem to be there on day {Math.Ceiling(arrivals * facts.History.Days / rows):0}" : string.Empty;
        var byFirst = Math.Ceiling(days) > Math.Ceiling(flat) + 0.5 ? $"; at the first day's inflow of {Figures.Count((long)growth.Observed[0])} it would be day {Math.Ceiling(flat):0}" : string.Empty;
        yield return $"{(isNamed ? "A size with the power asked for" : "The size")} is there on day {Math.Ceiling(days):0}, counted by new units as the history brought them{byRows}{byFirst}. Whole weeks are run, so that every weekday counts alike.";
    }

    // Few events: the exact sum is at hand, so the formula need not be trusted.
    private IEnumerable<string> Exact()
    {
        var arms = facts.PerArm;
        if (facts.Kind == "proportion" && !facts.Options.NamesNoEffect && facts.Options.CovariateCorrelation == 0 && facts.Sequential is null && facts.Effect is { } effect && arms.Max() <= Methods.Planning.ExactPowerTwoProportions.MostUnits && arms[0] * Math.Min(facts.Baseline!.Value, 1 - facts.Baseline.Value) < 50)
        {
            var exact = Methods.Planning.ExactPowerTwoProportions.Power((int)arms[0], (int)arms.Skip(1).Min(), facts.Baseline.Value, facts.Baseline.Value + effect, facts.ComparisonAlpha);
            yield return $"With so few events the normal formula is an approximation: the exact power of the test is {exact:0.000}.";
        }

        if (Goal.ExactPower() is { } counted)
        {
            yield return $"The formula is an approximation; the exact power of the test with that size is {counted:0.000}.";
        }
    }

    private IEnumerable<string> Assured()
    {
        if (facts.Assured is { } assured)
        {
            yield return $"Averaged over how large the effect may be ({Effect(facts.Effect!.Value)}, give or take {facts.Options.EffectSd}), the chance of a significant gain is {assured:0.00}; the power of {facts.Power:0.00} takes the effect for certain.";
        }
    }

    private IEnumerable<string> PartWeeks()
    {
        if (facts.Options.Days is { } days && days % 7 != 0)
        {
            yield return $"{days} days are no whole weeks: weekdays differ for most metrics, so {((days / 7) + 1) * 7} days would be safer.";
        }
    }
}
