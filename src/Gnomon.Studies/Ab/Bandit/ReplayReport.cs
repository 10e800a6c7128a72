using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Bandits;
using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Ab.Bandit;

/// <summary>The finding of "what would this rule have earned?", replayed on a log of arms shown at random.</summary>
internal sealed class ReplayReport
{
    private const int Seeds = 20;
    private const int FewKept = 200;
    private const int Resamples = 50;
    private readonly AbOptions _options;
    private readonly ReplaySpec _spec;
    private readonly BanditInput _log;
    private readonly IReadOnlyList<BanditReplayResult> _runs;
    private readonly ReplayContexts? _contexts;
    private readonly double _value;
    private readonly double _difference;

    public ReplayReport(AbOptions options, StudyContext context)
    {
        (_options, _spec) = (options, ReplaySpec.Parse(options.Replay!));
        (_log, _contexts) = Read(context);
        if (!_spec.IsLinear && Array.Exists(_log.Reward, r => r is not (0 or 1)))
        {
            throw new GnomonError("not-binary", $"{_log.Metric} holds other values than 0 and 1, which {_spec.Words} counts.", "--metric", "Name a yes/no metric, or replay linear:COLUMNS.");
        }

        RequireEven();
        try
        {
            _runs = [Run(0, context.Threads, Resamples), .. _spec.Draws ? Enumerable.Range(1, Seeds - 1).Select(seed => Run(seed, context.Threads, 0)) : []];
        }
        catch (TooFewRowsException wrong)
        {
            throw new GnomonError("too-few-rows", $"{wrong.Message} With {Figures.Count(_log.Arms.Count)} arms about one row in {Figures.Count(_log.Arms.Count)} can agree.", "DATA", "Bring a longer log, or fewer arms with --where.", wrong);
        }
        catch (NotEstimableException wrong)
        {
            throw new GnomonError("not-estimable", $"{_log.Metric}: {wrong.Message}", "--metric", "Name a metric that varies.", wrong);
        }

        (_value, _difference) = (_runs.Average(r => r.Value.Value), _runs.Average(r => r.Difference.Value));
    }

    private double Kept => _runs.Average(r => r.Kept);

    private bool IsThin => Kept < FewKept;

    private bool IsShare => _log.Unit == "proportion";

    // The mean of all replays with the interval of one: they share the rows of one log, so their mean is taken to be no surer than one of them.
    private (double Low, double High) ValueRange => IsShare ? ShareRange : Moved(_value, _runs[0].Value);

    // A share near 0 has no symmetrical interval: the score interval of as many rows as its error is worth.
    private (double Low, double High) ShareRange
    {
        get
        {
            var range = OneProportion.Wilson(_value, Kept / (_runs[0].Widening * _runs[0].Widening), _options.Level);
            return (range.Low, range.High);
        }
    }

    // Newcombe's square-and-add, as in one replay.
    private (double Low, double High) DifferenceRange
    {
        get
        {
            if (!IsShare)
            {
                return Moved(_difference, _runs[0].Difference);
            }

            var (rule, log) = (ShareRange, _runs[0].Logged);
            return (
                _difference - double.Hypot(_value - rule.Low, log.High - log.Value),
                _difference + double.Hypot(rule.High - _value, log.Value - log.Low));
        }
    }

    public StudyReport Finding() => new()
    {
        Question = "ab",
        Title = $"What would {_spec.Words} have earned in {_log.Metric}?",
        Propose = _ => Propose(),
        Estimates = [.. Estimates()],
        Evidence = [Shares()],
        Limitations = [.. Limitations()],
        Next = ["A replay ranks rules; let the best one run beside an even split with logged chances, and read that with --propensity."],
        Plots = [Picture()],
        Tables = [ByArm()],
    };

    private (BanditInput Log, ReplayContexts? Contexts) Read(StudyContext context)
    {
        var log = new BanditReader(_options with { Propensity = _options.Propensity, Policy = null }, context).ReadLog(_spec.Columns, out var columns, out var rows);
        return (log, _spec.IsLinear ? ReplayContexts.Of(columns, _spec.Columns, rows) : null);
    }

    private BanditReplayResult Run(int seed, int threads, int resamples)
    {
        var k = _log.Arms.Count;
        ReplayedRule New() => _spec.Name switch
        {
            "linear" => ReplayedRule.Of(new LinearBandit(k, _contexts!.Names.Count, LinearRule.UpperBound), _contexts.Rows),
            "linear-thompson" => ReplayedRule.Of(new LinearBandit(k, _contexts!.Names.Count, LinearRule.Thompson), _contexts.Rows),
            "ucb" => ReplayedRule.Of(new BanditPolicy(BanditRule.UpperBound), k),
            "epsilon" => ReplayedRule.Of(new BanditPolicy(BanditRule.EpsilonGreedy, Epsilon: _spec.Epsilon), k),
            _ => ReplayedRule.Of(new BanditPolicy(BanditRule.Thompson), k),
        };
        return BanditReplay.Run(New, k, _log.Chosen, _log.Reward, new() { Level = _options.Level, Resamples = resamples, Seed = (ulong)_options.Seed + (ulong)seed, Threads = threads });
    }

    // The rows kept stand for the rule's own history only when every arm was as likely as any other.
    private void RequireEven()
    {
        var even = 1.0 / _log.Arms.Count;
        if (_options.Propensity is not null && Array.FindIndex(_log.Propensity, p => Math.Abs(p - even) > 1e-6 * even) is >= 0 and var off)
        {
            throw new GnomonError("log-not-even", $"{_options.Propensity} is {_log.Propensity[off]:G4} in some rows, and a log is replayed where each of {Figures.Count(_log.Arms.Count)} arms had the chance {even:G4}.", "--replay",
                "Value a fixed policy with --policy instead, which weights rows by their chances.");
        }
    }

    private Proposal Propose()
    {
        var (low, high) = DifferenceRange;
        var value = ValueRange;
        var said = $"{char.ToUpperInvariant(_spec.Words[0])}{_spec.Words[1..]} earns {Figures.Level(_value, _log.Unit, value.Low, value.High)} of {_log.Metric} per row over its first {Figures.Count((long)Math.Round(Kept))} rows ({Figures.Confidence(_options.Level)} interval {LevelRange()}), "
            + $"against {Figures.Level(_runs[0].Logged.Value, _log.Unit, value.Low, value.High)} for even shares: {Figures.Effect(_difference, _log.Unit, high - low)} ({Figures.Range(low, high, _log.Unit)})";
        return low > 0 || high < 0
            ? new Proposal(DecisionAction.Answer, $"{said}.")
            : new Proposal(DecisionAction.Inconclusive, $"{(IsThin ? "Too few rows agree to tell" : "No clear difference")}. {said}.");
    }

    private string LevelRange() => Figures.Interval(Estimates().First()).Range;

    private static (double Low, double High) Moved(double value, ContrastResult one) => (value - (one.Value - one.Low), value + (one.High - one.Value));

    private IEnumerable<Estimate> Estimates()
    {
        Estimate Of(string name, double value, (double Low, double High) range, string role, string? contrast = null) => new()
        {
            Name = name, Metric = _log.Metric, Contrast = contrast, Value = value, Low = range.Low, High = range.High, Level = _options.Level, Unit = _log.Unit, N = (long)Math.Round(Kept), Role = role,
            Method = $"replay on a log of even shares{(_spec.Draws ? $", mean of {Seeds} replays" : string.Empty)}",
        };

        yield return Of("value of the rule", _value, ValueRange, "primary");
        yield return Of("difference", _difference, DifferenceRange, "primary", $"{_options.Replay} - even shares");
        var logged = _runs[0].Logged;
        yield return Of("value of even shares", logged.Value, (logged.Low, logged.High), "descriptive") with { N = _log.Chosen.Length, Method = "mean of the log" };
    }

    private AssignmentCounts Shares() => new()
    {
        Arms = _log.Arms, Observed = [.. Enumerable.Range(0, _log.Arms.Count).Select(a => _log.Chosen.LongCount(c => c == a))], PlannedShares = [.. _log.Arms.Select(_ => 1.0 / _log.Arms.Count)], SplitDeclared = true, Looks = 1,
    };

    private IEnumerable<string> Limitations()
    {
        yield return $"{Figures.Count((long)Math.Round(Kept))} of {Figures.Count(_log.Chosen.Length)} rows are kept{(_spec.Draws ? $" on average over {Seeds} replays, which gave {Figures.Number(_runs.Min(r => r.Value.Value))} to {Figures.Number(_runs.Max(r => r.Value.Value))}" : string.Empty)}: those where the log showed the arm that the rule asks for. The log must have shown every arm with the same chance.";
        var (first, second) = (_runs.Average(r => r.FirstHalf), _runs.Average(r => r.SecondHalf));
        yield return $"The answer is for a history of that length, learning included: {Figures.Level(first, _log.Unit, ValueRange.Low, ValueRange.High)} in the first half of the rows kept, {Figures.Level(second, _log.Unit, ValueRange.Low, ValueRange.High)} in the second. A rule that runs longer learns more. The interval allows for what another log of the same length would have taught it ({Resamples} logs drawn anew from these rows).";
        if (_contexts is { } c)
        {
            yield return $"Every arm learns a line on {Figures.Count(c.Names.Count, "feature")} (ridge 1, exploration 1); numbers are in units of their spread over the log.";
        }

        if (IsThin)
        {
            yield return $"So few rows leave the interval wide: with {Figures.Count(_log.Arms.Count)} arms, {Figures.Count((long)_log.Arms.Count * 1_000)} rows of the log give about 1,000 to learn from.";
        }

        if (_log.RowsRead > _log.Chosen.Length)
        {
            yield return $"{Figures.Count(_log.RowsRead - _log.Chosen.Length, "row")} with a gap left out.";
        }

        if (_options.Time is null)
        {
            yield return "No --time was named: rows are taken in the order of the file.";
        }
    }

    private Plot Picture()
    {
        var title = $"{_log.Metric} per row";
        var value = ValueRange;
        return new Plot("value", title, IntervalPlot.Build([new(_options.Replay!, _value, value.Low, value.High), new("even shares", _runs[0].Logged.Value, _runs[0].Logged.Low, _runs[0].Logged.High)], title, new PlotUnit(_log.Unit)));
    }

    private ResultTable ByArm() => new("arms", "Rows of each arm", ["arm", "rows in the log", $"{_log.Metric} in the log", "rows kept"],
        [.. _log.Arms.Select((arm, a) =>
        {
            var rows = Enumerable.Range(0, _log.Chosen.Length).Where(i => _log.Chosen[i] == a).ToList();
            return (IReadOnlyList<object?>)[arm, (long)rows.Count, rows.Average(i => _log.Reward[i]), _runs.Average(r => r.ByArm[a])];
        })]);
}
