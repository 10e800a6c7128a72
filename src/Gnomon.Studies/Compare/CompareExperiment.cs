using System.Security.Cryptography;
using System.Text;
using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Ledger;
using Gnomon.Core.Studies;
using Gnomon.Studies.Ab;

namespace Gnomon.Studies.Compare;

/// <summary>A comparison that belongs to a named experiment: earlier looks, the plan on record, and what this look leaves behind.</summary>
internal sealed class CompareExperiment
{
    private readonly CompareOptions _options;
    private readonly CompareInput _input;
    private readonly CompareAnswer _answer;
    private readonly ExperimentKey _key;
    private readonly string _state;
    private readonly IReadOnlyList<Look> _earlier;
    private readonly AbPlan? _plan;
    private readonly bool _planCameFirst;

    private CompareExperiment(CompareOptions options, CompareInput input, CompareAnswer answer, StudyContext context)
    {
        (_options, _input, _answer) = (options, input, answer);
        _key = new ExperimentKey($"compare|by={input.By}|unit={options.Unit ?? "row"}|control={input.Groups[0].Name}", options.Experiment, [], input.N);
        _state = State(options, input, context);
        var linked = context.Ledger.LooksAt(_key);
        var first = linked.ToList().FindIndex(l => l.DataState == _state);
        _earlier = first >= 0 ? [.. linked.Take(first)] : linked;
        var recorded = context.Ledger.PlanFor(_key);
        _plan = recorded is null ? null : AbPlan.Parse(recorded.Json, "the plan in the ledger");
        _planCameFirst = recorded is { BeforeFirstLook: true };
        Stop = CompareStop.First(Past(), context.Ledger.FindingsAt(_key), input.Metric, answer.Contrasts);
    }

    /// <summary>The earlier look at which the rule of the plan ended the test; null when it has not ended.</summary>
    public CompareStop? Stop { get; }

    /// <summary>Null when the comparison names no experiment.</summary>
    public static CompareExperiment? Of(CompareOptions options, CompareInput input, CompareAnswer answer, StudyContext context) =>
        options.Experiment is null ? null : new CompareExperiment(options, input, answer, context);

    public IEnumerable<IEvidence> Evidence()
    {
        yield return new PlanStatement
        {
            Exists = _plan is not null,
            BeforeFirstLook = _planCameFirst,
            LooksBefore = _plan is null || _planCameFirst ? 0 : _earlier.Select(l => l.DataState).Distinct().Count(),
            Missing = _plan?.Missing ?? [],
            Deviations = _plan is null ? [] : [.. Deviations(_plan)],
        };
        yield return History;
    }

    public LookHistory History => At(_input.N, [.. _earlier.DistinctBy(l => l.DataState).Select(l => l.UnitCount)]);

    public IEnumerable<string> Limitations() => [.. AbDeviations.Exclusions(_plan, _options.Where), .. Stop?.Sentences(_input.N) ?? []];

    public LedgerTrace Trace() => new()
    {
        Experiment = _key,
        DataState = _state,
        Hypotheses = [.. _answer.Contrasts.Select(c => new Hypothesis(c.Category is null ? _input.Metric : $"{_input.Metric}={c.Category}", c.Contrast, c.Main.PValue, "primary"))],
        Exclusions = _input.Exclusions,
    };

    // Looks before this one under the rule of the plan, each as it stood then.
    private IEnumerable<(string State, LookHistory Look)> Past()
    {
        if (!_planCameFirst || _plan is not { Sequential: true })
        {
            yield break;
        }

        var units = new List<long>();
        foreach (var look in _earlier.DistinctBy(l => l.DataState))
        {
            yield return (look.DataState, At(look.UnitCount, [.. units]));
            units.Add(look.UnitCount);
        }
    }

    private LookHistory At(long units, IReadOnlyList<long> earlier) => new()
    {
        Looks = earlier.Count + 1,
        Units = units,
        EarlierUnits = earlier,
        PlannedUnits = _plan?.Total(_input.Groups.Count),
        PlannedDays = _plan?.Days,
        SequentialRule = _planCameFirst && (_plan?.Sequential ?? false),
        Rule = _plan?.Rule,
        Z = _answer.Contrasts.Where(c => c.Main.StandardError > 0).Select(c => (c.Main.Value - c.Null) / c.Main.StandardError).OrderByDescending(Math.Abs).Cast<double?>().FirstOrDefault(),
        Alpha = _options.Alpha,
    };

    private int Looks => _earlier.Select(l => l.DataState).Distinct().Count() + 1;

    private IEnumerable<string> Deviations(AbPlan plan)
    {
        if (plan.Unit is not null && plan.Unit != _options.Unit && plan.Unit != _options.Paired)
        {
            yield return $"planned unit {plan.Unit}, analysed by {_options.Unit ?? "row"}";
        }

        if (plan.Primary.Count > 0 && !plan.Primary.Contains(_input.Metric) && !plan.Primary.Contains(_options.Metric ?? string.Empty))
        {
            yield return $"planned primary {string.Join(", ", plan.Primary)}, compared by {_input.Metric}";
        }

        if (plan.Control is not null && plan.Control != _input.Groups[0].Name)
        {
            yield return $"planned control {plan.Control}, compared with {_input.Groups[0].Name}";
        }

        if (plan.Guardrails.Count > 0)
        {
            yield return $"planned guardrails are not read by a comparison: {string.Join(", ", plan.Guardrails)}";
        }

        if (_options.Margin is not null && plan.Mde is not null && _options.Margin != plan.Mde)
        {
            yield return $"worthwhile difference {_options.Margin} instead of the planned {plan.Mde}";
        }

        if (plan.Level is { } level && Math.Abs(level - _options.Level) > 1e-9)
        {
            yield return $"level {Figures.Confidence(_options.Level)} instead of the planned {Figures.Confidence(level)}";
        }

        if (_options.Where is not null && plan.Exclusions.Count == 0)
        {
            yield return $"rows are left out by --where {_options.Where}, and the plan leaves nobody out";
        }

        var allowed = plan.Sequential ? plan.Looks ?? int.MaxValue : 1;
        if (Looks > allowed)
        {
            yield return allowed == 1 ? $"read {Looks} times, where the plan reads once" : $"look {Looks}, where {allowed} were planned";
        }

        if (!plan.Sequential && plan.Total(_input.Groups.Count) is { } planned and > 0 && _input.N < PlannedLook.Reached * planned)
        {
            yield return $"{Figures.Count(_input.N)} of {Figures.Count(planned)} planned units are in";
        }
    }

    // The bytes of the data and what was kept of them; typed counts stand for themselves.
    private static string State(CompareOptions options, CompareInput input, StudyContext context)
    {
        var text = context.Data?.Identify(context.Cancellation).Sha256
            ?? string.Join('|', input.Groups.Select(g => FormattableString.Invariant($"{g.Name},{g.Events},{g.N}")));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{text}|{options.Where}|{options.Query}")));
    }
}
