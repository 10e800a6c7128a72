using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Studies;
using Gnomon.Methods;
using Gnomon.Methods.Bandits;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Gnomon.Studies.Ab.Bandit;

namespace Gnomon.Studies.Design;

/// <summary>A bandit that sees a context, before launch: what contexts earn, during the run and after it, beside rules without them and beside a fixed test of the same traffic.</summary>
internal sealed class ContextualDesign
{
    private const int MostRuns = 400;
    private const int FewestRuns = 100;

    // Features times features times arms times rows that all runs of one rule may cost together: a second or two.
    private const double CostAtMost = 3e8;
    private const double Thousand = 1_000;
    private static readonly ContextualRule[] Rules = [ContextualRule.LinearUpperBound, ContextualRule.LinearThompson, ContextualRule.Thompson, ContextualRule.TestThenWinner, ContextualRule.TestThenLines];
    private readonly DesignOptions _options;
    private readonly IReadOnlyList<string> _arms;
    private readonly ContextualPlan _plan;
    private readonly int _runs;
    private readonly ContextualRule _rule;
    private readonly Dictionary<ContextualRule, ContextualBehaviour> _real = [];
    private readonly Dictionary<ContextualRule, ContextualBehaviour> _uniform = [];
    private readonly Dictionary<ContextualRule, ContextualBehaviour> _null = [];
    private readonly ContextualWorld? _log;
    private readonly double _baseline;
    private readonly double _effect;

    public ContextualDesign(DesignOptions options, StudyContext context)
    {
        _options = options;
        _rule = options.Rule == "linear-ucb" ? ContextualRule.LinearUpperBound : ContextualRule.LinearThompson;
        var features = (int)(options.Contexts ?? 0);
        Func<Rng, ContextualWorld> real, uniform, alike;
        if (context.Data is not null)
        {
            (_log, _arms) = Log(options, context);
            (_baseline, features) = (Level(_log, 0), _log.Features[0].Length);
            _effect = Enumerable.Range(0, _arms.Count).Max(a => Level(_log, a)) - _baseline;
            var overall = _log.Rates.Average(r => r.Average());
            var (flat, equal) = (_log with { Rates = [.. _log.Rates.Select(_ => _arms.Select((_, a) => Level(_log, a)).ToArray())] }, _log with { Rates = [.. _log.Rates.Select(_ => _arms.Select(_ => overall).ToArray())] });
            (real, uniform, alike) = (_ => _log, _ => flat, _ => equal);
        }
        else
        {
            _baseline = options.Baseline!.Value;
            _effect = EffectSize.Parse(options.Mde!, "--mde").Absolute(_baseline, "--mde");
            if (_baseline + _effect is not (> 0 and < 1))
            {
                throw new GnomonError("bad-effect", $"{_baseline} and an effect of {_effect} leave no share between 0 and 1.", "--mde", "Write a smaller effect.");
            }

            _arms = [.. Enumerable.Range(0, (int)options.Arms).Select(a => a == 0 ? "control" : $"arm {a + 1}")];
            var (groups, arms) = (features, (int)options.Arms);
            ContextualWorld Of(double effect, double spread, Rng rng) => ContextualWorlds.Groups(groups, arms, _baseline, effect, spread, rng);
            (real, uniform, alike) = (r => Of(_effect, options.ContextSd!.Value, r), r => Of(_effect, 0, r), r => Of(0, 0, r));
        }

        var days = (int)options.Days!.Value;
        _plan = new ContextualPlan((int)Math.Max(1, Math.Round(TrafficRate.Parse(options.Traffic!).Units(1))), days, options.Exploration, Math.Abs(_effect));
        _runs = (int)Math.Clamp(CostAtMost / ((double)_plan.PerDay * days * _arms.Count * features * features), FewestRuns, MostRuns);
        foreach (var rule in Rules)
        {
            ContextualBehaviour Run(Func<Rng, ContextualWorld> world) => ContextualSimulation.Run(rule, world, _plan, _runs, (ulong)options.Seed, context.Threads, context.Cancellation);
            (_real[rule], _uniform[rule], _null[rule]) = (Run(real), Run(uniform), Run(alike));
        }
    }

    public static bool IsLinear(DesignOptions o) => o.Rule is "linear-ucb" or "linear-thompson";

    public static IEnumerable<GnomonError> Validate(DesignOptions o)
    {
        var isLog = o.HasHistory;
        foreach (var (option, given, example) in new (string, bool, string)[]
        {
            ("--traffic", o.Traffic is not null, "--traffic 300/day"), ("--days", o.Days is not null, "--days 21"),
        }.Concat(isLog
                ? [ ("--context", o.Context.Count > 0, "--context device,hour"), ("--variant", o.Variant is not null, "--variant item"), ("--metric", o.Metric is not null, "--metric click")]
                : new (string, bool, string)[] { ("--baseline", o.Baseline is not null, "--baseline 0.21"), ("--mde", o.Mde is not null, "--mde 0.02"), ("--contexts", o.Contexts is not null, "--contexts 4"), ("--context-sd", o.ContextSd is not null, "--context-sd 0.03") }))
        {
            if (!given)
            {
                yield return new GnomonError("option-missing", $"A bandit with contexts is simulated from {(isLog ? "the columns of a log" : "a rate, an effect and how it differs between groups")}, traffic and days; {option} is missing.", option, $"Write {example}.");
            }
        }

        if (!isLog && o.Baseline is not (null or (> 0 and < 1)))
        {
            yield return new GnomonError("option-out-of-range", $"--baseline must be a share between 0 and 1; got {o.Baseline}.", "--baseline", "Write --baseline 0.21.");
        }

        foreach (var (option, given) in new (string, bool)[]
        {
            ("--floor", o.Floor != 0), ("--plan", o.Plan is not null), ("--units", o.Units is not null), ("--looks", o.Looks != 1), ("--sd", o.Sd is not null), ("--margin", o.Margin is not null), ("--width", o.Width is not null), ("--split", o.Split is not null),
            ("--metrics", o.Metrics != 1),
        }.Concat(isLog ? [ ("--baseline", o.Baseline is not null), ("--mde", o.Mde is not null), ("--contexts", o.Contexts is not null), ("--context-sd", o.ContextSd is not null), ("--arms", o.Arms != 2)]
                : new (string, bool)[] { ("--context", o.Context.Count > 0), ("--variant", o.Variant is not null) }))
        {
            if (given)
            {
                yield return new GnomonError("options-conflict", $"{option} does not go with --rule {o.Rule} {(isLog ? "and a log" : "without a log")}.", option, $"Leave out {option}.");
            }
        }
    }

    public StudyReport Finding() => new()
    {
        Question = "design",
        Title = $"What will {Name(_rule)} do with {_arms.Count} arms{(_log is null ? $" and {_options.Contexts} groups" : string.Empty)} over {_plan.Days} days?",
        Propose = _ => new Proposal(DecisionAction.Answer, Summary()),
        Estimates = [.. Estimates()],
        Limitations = [.. Limitations()],
        Next = ["Log the context and the chance of every choice, and replay other rules on a log of even shares: gnomon ab LOG --variant ARM --metric M --replay linear:COLUMNS"],
        Plots = [Picture("Outcomes lost in the run beside the best arm of every context", "regret", b => b.Regret), Picture("Outcomes lost in 1,000 rows after the run", "after", b => Thousand * b.LossAfter)],
        Tables = [Table("rules", "Rules beside each other", _real), Table("uniform", "The same where the effect is alike in all contexts", _uniform)],
    };

    private string Summary()
    {
        var (own, plain, test, lines) = (_real[_rule], _real[ContextualRule.Thompson], _real[ContextualRule.TestThenWinner], _real[ContextualRule.TestThenLines]);
        return $"Beside the best arm of every context, {Name(_rule)} loses {Count(own.Regret)} outcomes over {_plan.Days} days at {Figures.Count(_plan.PerDay)} a day, Thompson sampling without contexts {Count(plain.Regret)}, an even split {Count(own.EvenRegret)}; "
            + $"knowing the one best arm for everybody would lose {Count(own.BestArmRegret)}. It shows the best arm of the context in {Figures.WholePercent(own.BestShare)} of rows. "
            + $"Afterwards what it learned loses {Loss(own)} in 1,000 rows; a fixed test of the same traffic {Loss(test)} with one winner for everybody, {Loss(lines)} with a winner by context. "
            + $"Where arms are alike, a plain test of its log calls a winner in {Figures.Percent(_null[_rule].PlainRejects)} of runs, of the fixed split in {Figures.Percent(_null[ContextualRule.TestThenWinner].PlainRejects)} (5 % is right).";
    }

    private IEnumerable<Estimate> Estimates()
    {
        Estimate Share(string name, double share, string role)
        {
            var interval = OneProportion.Wilson((long)Math.Round(share * _runs), _runs);
            return new Estimate { Name = name, Value = share, Low = interval.Low, High = interval.High, Level = 0.95, Unit = "proportion", N = _runs, Method = "simulation, Wilson", Role = role };
        }

        yield return Share($"chance that {Name(_rule)} ends better than one arm for everybody", _real[_rule].BeatsBestArm, "primary");
        yield return Share("chance that a fixed test with a winner by context does", _real[ContextualRule.TestThenLines].BeatsBestArm, "primary");
        yield return Share("false winners: a plain test of its log where arms are alike", _null[_rule].PlainRejects, "primary");
        yield return Share("power of the plain test of a fixed split for some arm", _real[ContextualRule.TestThenWinner].PlainRejects, "secondary");
    }

    private IEnumerable<string> Limitations()
    {
        yield return $"{Figures.Count(_runs)} simulated runs per rule, seed {_options.Seed}; rules learn each night; exploration {_options.Exploration:0.##}. The Monte Carlo error of the outcomes lost by {Name(_rule)} is {Figures.Number(_real[_rule].RegretError)}.";
        yield return _log is null
            ? $"Each run draws which groups an arm is better in: its effect has mean {Figures.Effect(_effect, "proportion")} for the last arm, 0 for the others, and a standard deviation of {Figures.Effect(_options.ContextSd!.Value, "proportion").TrimStart('+')} over {_options.Contexts} equally large groups, which the rule tells apart without error."
            : $"Contexts are those of the log; what an arm earns in them is a straight line on {string.Join(", ", _options.Context)}, learned from the log, with the part of its spread taken off that noise alone would make. Truth that bends, or follows something else, is not in the simulation, and neither is anything that kept arms from some contexts in the log.";
        if (_log is { LossOfBestArm: < 1e-9 })
        {
            yield return "In this log one arm is best in every context, as far as lines beyond their noise tell: a rule with contexts has nothing to gain here.";
        }

        var cost = _uniform[_rule].Regret - _uniform[ContextualRule.Thompson].Regret;
        yield return cost > 0
            ? $"Contexts that tell nothing cost: where the effect is alike in all of them, {Name(_rule)} loses {Count(_uniform[_rule].Regret)} outcomes and Thompson sampling without contexts {Count(_uniform[ContextualRule.Thompson].Regret)}."
            : $"Where the effect is alike in all contexts, {Name(_rule)} loses no more than Thompson sampling without them ({Count(_uniform[_rule].Regret)} against {Count(_uniform[ContextualRule.Thompson].Regret)} outcomes).";
        if (_real[_rule].PlainRejects > _real[ContextualRule.TestThenWinner].PlainRejects)
        {
            yield return $"The rule shows each arm where it does well, so plain means of its log compare contexts, not arms: such a test calls a winner in {Figures.WholePercent(_real[_rule].PlainRejects)} of runs, where that of a fixed split does in {Figures.WholePercent(_real[ContextualRule.TestThenWinner].PlainRejects)}.";
        }

        yield return "A fixed test pays during the test and is done; a bandit pays less and goes on learning. Outcomes are yes or no, known the same day, and what arms earn does not move.";
        if (_real[ContextualRule.TestThenLines].LossAfter < _real[_rule].LossAfter)
        {
            yield return $"After the run the even split knows more: its winner by context loses less than what {Name(_rule)} learned, because every arm was seen in every context.";
        }
    }

    private Plot Picture(string title, string id, Func<ContextualBehaviour, double> of) => new(id, title, BarPlot.Build([.. Rules.Select(r => new Bar(Name(r), of(_real[r])))], title, new PlotUnit("outcomes")));

    private static ResultTable Table(string id, string title, Dictionary<ContextualRule, ContextualBehaviour> of) => new(
        id, title, ["rule", "outcomes lost in the run", "best arm shown", "lost in 1,000 rows after", "ends better than one arm for all", "plain test calls a winner"],
        [.. Rules.Select(r => (IReadOnlyList<object?>)[Name(r), Math.Round(of[r].Regret, 1), of[r].BestShare, Math.Round(Thousand * of[r].LossAfter, 2), of[r].BeatsBestArm, of[r].PlainRejects])]);

    private static double Level(ContextualWorld world, int arm) => world.Rates.Average(r => r[arm]);

    private static string Count(double outcomes) => Figures.Number(Math.Round(outcomes));

    private static string Loss(ContextualBehaviour b) => Figures.Number(Math.Round(Thousand * b.LossAfter, 1));

    private static (ContextualWorld World, IReadOnlyList<string> Arms) Log(DesignOptions options, StudyContext context)
    {
        var log = new BanditReader(new AbOptions { Variant = options.Variant, Metric = [options.Metric!], Control = options.Control, Time = options.Time }, context).ReadLog(options.Context, out var columns, out var rows);
        if (Array.Exists(log.Reward, r => r is not (0 or 1)))
        {
            throw new GnomonError("not-binary", $"{log.Metric} holds other values than 0 and 1.", "--metric", "Name a yes/no metric.");
        }

        var contexts = ReplayContexts.Of(columns, options.Context, rows);
        try
        {
            return (ContextualWorlds.OfLog(contexts.Rows, log.Chosen, log.Reward, log.Arms.Count), log.Arms);
        }
        catch (TooFewRowsException wrong)
        {
            throw new GnomonError("too-few-rows", $"{wrong.Message} Lines on {Figures.Count(contexts.Names.Count, "feature")} need more.", "--context", "Bring a longer log, or name fewer columns.", wrong);
        }
        catch (NotEstimableException wrong)
        {
            throw new GnomonError("not-estimable", $"No lines can be learned: {wrong.Message}", "--context", "Leave out a column that follows from the others.", wrong);
        }
    }

    private static string Name(ContextualRule rule) => rule switch
    {
        ContextualRule.LinearUpperBound => "LinUCB",
        ContextualRule.LinearThompson => "linear Thompson sampling",
        ContextualRule.Thompson => "Thompson sampling, no context",
        ContextualRule.TestThenWinner => "even split, then one winner",
        _ => "even split, then a winner by context",
    };
}
