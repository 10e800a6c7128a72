using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Studies;
using Gnomon.Methods.Bandits;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;

namespace Gnomon.Studies.Design;

/// <summary>A bandit before launch: what it earns, what its numbers will look like, and what a fixed split would cost instead.</summary>
internal sealed class BanditDesign
{
    private const int MostRuns = 2_000;
    private const int FewestRuns = 200;

    // Rows that all runs of one rule may draw together: a second or two.
    private const double RowsAtMost = 2e7;
    private readonly DesignOptions _options;
    private readonly double _baseline;
    private readonly double _effect;
    private readonly int _perDay;
    private readonly int _days;
    private readonly int _runs;
    private readonly BanditPolicy _policy;
    private readonly BanditBehaviour _real;
    private readonly BanditBehaviour _null;
    private readonly IReadOnlyList<(string Name, BanditBehaviour Real)> _others;

    public BanditDesign(DesignOptions options, StudyContext context)
    {
        _options = options;
        _baseline = options.Baseline!.Value;
        _effect = EffectSize.Parse(options.Mde!, "--mde").Absolute(_baseline, "--mde");
        if (_baseline + _effect is not (> 0 and < 1))
        {
            throw new GnomonError("bad-effect", $"{_baseline} and an effect of {_effect} leave no share between 0 and 1.", "--mde", "Write a smaller effect.");
        }

        _days = (int)options.Days!.Value;
        _perDay = (int)Math.Max(1, Math.Round(TrafficRate.Parse(options.Traffic!).Units(1)));
        _runs = (int)Math.Clamp(RowsAtMost / ((double)_perDay * _days), FewestRuns, MostRuns);
        _policy = new BanditPolicy(RuleOf(options.Rule), options.Floor);
        double[] real = [_baseline, .. Enumerable.Repeat(_baseline, (int)options.Arms - 2), _baseline + _effect], alike = [.. Enumerable.Repeat(_baseline, (int)options.Arms)];
        BanditBehaviour Run(BanditPolicy policy, double[] rates, bool weighs) =>
            BanditSimulation.Run(new BanditPlan(policy, rates, _perDay, _days, Weighs: weighs), Math.Abs(_effect), _runs, (ulong)options.Seed, context.Threads, context.Cancellation);

        _real = Run(_policy, real, true);
        _null = Run(_policy, alike, true);
        _others = [.. new[] { BanditRule.Thompson, BanditRule.UpperBound, BanditRule.EpsilonGreedy, BanditRule.Even }.Where(r => r != _policy.Rule).Select(r => (Name(r), Run(new BanditPolicy(r, r == BanditRule.Even ? 0 : options.Floor), real, false)))];
    }

    private string Rule => Name(_policy.Rule);

    private string Gap => Figures.Effect(Math.Abs(_effect), "proportion").TrimStart('+');

    private SampleSizeResult Fixed => PowerTwoProportions.SampleSize(_baseline, _baseline + _effect, _options.Power, new PowerOptions { Alpha = _options.Alpha / (_options.Arms - 1) });

    public static IEnumerable<GnomonError> Validate(DesignOptions o)
    {
        if (ContextualDesign.IsLinear(o))
        {
            foreach (var wrong in ContextualDesign.Validate(o))
            {
                yield return wrong;
            }

            yield break;
        }

        if (o.Contexts is not null || o.ContextSd is not null || o.Context.Count > 0 || o.Variant is not null || o.Exploration != 1)
        {
            yield return new GnomonError("options-conflict", $"--rule {o.Rule} sees no context.", "--contexts, --context-sd, --context, --variant, --exploration", "Add --rule linear-ucb or --rule linear-thompson.");
        }

        foreach (var (option, given, example) in new[]
        {
            ("--baseline", o.Baseline is not null, "--baseline 0.21"), ("--mde", o.Mde is not null, "--mde 0.02"), ("--traffic", o.Traffic is not null, "--traffic 300/day"), ("--days", o.Days is not null, "--days 21"),
        })
        {
            if (!given)
            {
                yield return new GnomonError("option-missing", $"A bandit is simulated from a rate, an effect, traffic and days; {option} is missing.", option, $"Write {example}.");
            }
        }

        if (o.Baseline is not (null or (> 0 and < 1)))
        {
            yield return new GnomonError("option-out-of-range", $"--baseline must be a share between 0 and 1; got {o.Baseline}.", "--baseline", "Write --baseline 0.21.");
        }

        if (o.Floor > 1.0 / o.Arms)
        {
            yield return new GnomonError("option-out-of-range", $"A floor of {o.Floor} for each of {o.Arms} arms is more than there is.", "--floor", $"Write at most {Math.Floor(1000.0 / o.Arms) / 1000}.");
        }

        foreach (var (option, given) in new[]
        {
            ("DATA", o.HasHistory), ("--plan", o.Plan is not null), ("--units", o.Units is not null), ("--looks", o.Looks != 1), ("--sd", o.Sd is not null), ("--margin", o.Margin is not null), ("--width", o.Width is not null),
            ("--split", o.Split is not null), ("--metrics", o.Metrics != 1),
        })
        {
            if (given)
            {
                yield return new GnomonError("options-conflict", $"{option} does not go with --kind bandit.", option, $"Leave out {option}.");
            }
        }
    }

    public StudyReport Finding() => new()
    {
        Question = "design",
        Title = $"What will {Rule} do with {_options.Arms} arms over {_days} days?",
        Propose = _ => new Proposal(DecisionAction.Answer, Summary()),
        Estimates = [.. Estimates()],
        Limitations = [.. Limitations()],
        Next = [.. Next()],
        Plots = [Picture()],
        Tables = [Rules()],
    };

    private string Summary()
    {
        var each = Figures.Count((long)Math.Ceiling(Fixed.First));
        return $"Against always showing the best arm, {Rule} loses {Figures.Number(Math.Round(_real.Regret))} outcomes over {_days} days at {Figures.Count(_perDay)} a day; even shares lose {Figures.Number(Math.Round(_real.EvenRegret))}. "
            + $"The better arm ends ahead in {Figures.WholePercent(_real.BestLeads)} of runs. With arms that are alike, plain means still differ by {Gap} or more in {Figures.WholePercent(_null.GapShare)}: they are no test. "
            + $"To see {Gap} with {Figures.WholePercent(_options.Power)} power takes a fixed split of {each} per arm.";
    }

    private IEnumerable<Estimate> Estimates()
    {
        Estimate Share(string name, double share, string role)
        {
            var interval = OneProportion.Wilson((long)Math.Round(share * _runs), _runs);
            return new Estimate
            {
                Name = name, Value = share, Low = interval.Low, High = interval.High, Level = 0.95, Unit = "proportion", N = _runs, Method = $"simulation of {Rule}, Wilson", Role = role,
            };
        }

        yield return Share("chance that the better arm leads", _real.BestLeads, "primary");
        yield return Share($"chance of a gap of {Gap} between arms that are alike", _null.GapShare, "primary");
        if (_real.WeightedRejects is { } power)
        {
            yield return Share("power of the weighted test", power, "secondary");
        }
    }

    private IEnumerable<string> Limitations()
    {
        yield return $"{Figures.Count(_runs)} simulated runs per rule, seed {_options.Seed}; beliefs are updated each night{(_policy.Rule == BanditRule.UpperBound ? ", the upper bound after each row" : string.Empty)}, {(_policy.Floor > 0 ? $"{Figures.WholePercent(_policy.Floor)} is" : "nothing is")} kept for every arm.";
        yield return $"Outcomes are yes or no, known the same day, with rates that do not move; plain means lie {Figures.Effect(_null.Bias, "proportion", 0.005)} off on average when arms are alike.";
        if (_null.WeightedRejects is { } size)
        {
            yield return $"Weighted by the logged chances, arms that are alike are told apart in {Figures.Percent(size)} of runs (5 % is right); plain tests do so in {Figures.Percent(_null.NaiveRejects)}.";
        }
        else
        {
            yield return "This rule leaves moments without a chance for some arm, so its log supports no later comparison: a floor mends that.";
        }
    }

    private IEnumerable<string> Next()
    {
        if (_options.Floor < 0.1)
        {
            yield return "Keep --floor 0.1 for every arm when the answer will be asked for later.";
        }

        yield return "Log the chance of every choice, and read the log with: gnomon ab LOG --variant ARM --metric M --time DAY --propensity CHANCE";
    }

    private Plot Picture()
    {
        const string title = "Outcomes lost beside always showing the best arm";
        return new Plot("regret", title, BarPlot.Build([new Bar(Rule, _real.Regret), .. _others.Select(o => new Bar(o.Name, o.Real.Regret))], title, new PlotUnit("outcomes")));
    }

    private ResultTable Rules() => new("rules", "Rules beside each other, with the effect planned for", ["rule", "outcomes lost", "better arm leads", "largest share", "off on average", "gap or more"],
        [.. _others.Prepend((Rule, _real)).Select(o => (IReadOnlyList<object?>)[o.Item1, o.Item2.Regret, o.Item2.BestLeads, o.Item2.LargestShare, o.Item2.Bias, o.Item2.GapShare])]);

    private static BanditRule RuleOf(string name) => name switch
    {
        "upper-bound" => BanditRule.UpperBound,
        "epsilon-greedy" => BanditRule.EpsilonGreedy,
        "even" => BanditRule.Even,
        _ => BanditRule.Thompson,
    };

    private static string Name(BanditRule rule) => rule switch
    {
        BanditRule.UpperBound => "the upper-bound rule",
        BanditRule.EpsilonGreedy => "the epsilon-greedy rule",
        BanditRule.Even => "an even split",
        _ => "Thompson sampling",
    };
}
