using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Ledger;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Ab.Special;

/// <summary>What was assigned in a design that is read by a method of its own, and how the ledger knows it again: a column of ids with their arms.</summary>
/// <param name="Name">The design, for the record.</param>
/// <param name="Column">What was assigned; null where rows have no name (choices of a bandit).</param>
/// <param name="Arm">Column of its arm.</param>
/// <param name="IsByFirstArm">Everybody gets both arms: the first one tells them apart.</param>
internal sealed record AssignedColumn(string Name, string? Column, string Arm, bool IsByFirstArm = false)
{
    public static AssignedColumn Of(AbOptions options) => options switch
    {
        { Geo: true } => new("geo", options.Cluster, options.Variant!),
        { Crossover: true } => new("crossover", options.Unit, options.Variant!, IsByFirstArm: true),
        { Saturation: { } share } => new("saturation", options.Cluster, share),
        { Buyers: { } buyers } => new("market", buyers.Split(':')[0].Trim(), buyers.Split(':')[1].Trim()),
        { Ego: not null } => new("ego", options.Unit, options.Variant!),
        _ => new("bandit", null, options.Variant!),
    };

    /// <summary>Its ids and arms, and how many there are; null when nothing is remembered, or there are no ids.</summary>
    public (ArmedSketch Ids, long Count)? Sketch(AbOptions options, StudyContext context)
    {
        if (context.Ledger.Location is null || Column is null)
        {
            return null;
        }

        var data = context.RequireData();
        var (id, arm) = (Scalar.Column(data.Schema.Require(Column).Name), Scalar.Column(data.Schema.Require(Arm).Name).ToText());
        var usable = id.IsNull().Not().And(arm.IsNull().Not());
        var (least, most) = (Scalar.Aggregate(AggregateFunction.Min, arm), Scalar.Aggregate(AggregateFunction.Max, arm));
        var one = IsByFirstArm ? Scalar.AtSmallest(arm, When(data.Schema.Require(options.Time!))) : least;
        var (sketch, count) = (new ArmedSketch(), 0L);
        data.Scan(
            new Query { Select = [new("arm", one), new("id", id.Hash()), new("several", Scalar.Call(ScalarFunction.NotEqual, least, most))], Where = usable, GroupBy = [id] },
            chunk =>
            {
                var codes = chunk.Codes(0);
                var hashes = chunk.Hashes(1);
                var several = chunk.Integers(2);
                count += chunk.Rows;
                for (var i = 0; i < chunk.Rows; i++)
                {
                    if (codes[i] >= 0)
                    {
                        sketch.Add(hashes[i], several[i] != 0 && !IsByFirstArm ? -1 : codes[i]);
                    }
                }

                return true;
            },
            context.Cancellation);
        return (sketch, count);
    }

    private static Scalar When(Field time) => time.IsNumeric ? Scalar.Column(time.Name).ToDouble() : time.IsTemporal ? Scalar.Call(ScalarFunction.ToMicroseconds, Scalar.Column(time.Name)) : Scalar.Column(time.Name).ToText();
}

/// <summary>A look at an experiment of a design of its own: counted with the earlier ones, and left in the ledger with its name, what was assigned, and the result that decides.</summary>
internal static class DesignLook
{
    /// <summary>The report with its place in the history of the experiment.</summary>
    /// <param name="report">As the design made it.</param>
    /// <param name="options">The question.</param>
    /// <param name="context">Ledger and data.</param>
    /// <param name="rule">A rule under which it may be read at any time; null without one.</param>
    public static StudyReport Remember(StudyReport report, AbOptions options, StudyContext context, string? rule = null)
    {
        var assigned = AssignedColumn.Of(options);
        var results = report.Evidence.OfType<PrimaryResult>().ToList();
        var hypotheses = Hypotheses(report, results);
        var sketch = assigned.Sketch(options, context);
        var count = sketch is null ? results.Select(r => r.TreatmentUnits + r.ControlUnits).DefaultIfEmpty(0).Max() : sketch.Value.Count;
        var state = State(options, context, string.Join("|", report.Estimates.Select(e => FormattableString.Invariant($"{e.N},{e.Value:R}"))));
        var key = Key(assigned, options, state, sketch?.Ids, count);
        var earlier = Earlier(key, context);
        var looks = earlier.Count + 1;
        return report with
        {
            Evidence = [.. report.Evidence.Select(e => e is AssignmentCounts counts ? counts with { Looks = looks } : e), History(results, hypotheses, earlier, count, 1 - options.Level, rule)],
            Limitations = [.. report.Limitations, .. Sentences(options, context, assigned, earlier, key)],
            Trace = new LedgerTrace { Experiment = key, DataState = state, Hypotheses = hypotheses },
        };
    }

    /// <summary>What earlier looks at a log of choices read, for a sequence that holds at all of them together.</summary>
    /// <param name="options">The question; rows of a log have no unit, so its name links them.</param>
    /// <param name="context">Ledger and data.</param>
    public static IReadOnlyList<PastLook> Past(AbOptions options, StudyContext context)
    {
        var key = Key(AssignedColumn.Of(options), options, State(options, context, string.Empty), null, 0);
        return PastLook.Read(Earlier(key, context), context.Ledger, key, options);
    }

    private static ExperimentKey Key(AssignedColumn assigned, AbOptions options, string state, ArmedSketch? ids, long count) =>
        new($"ab|unit={assigned.Column ?? "row"}|variant={assigned.Arm}|design={assigned.Name}{ExperimentRoles.Less(options.LowerIsBetter)}", options.Experiment, ids?.Hashes ?? [], count) { Arms = ids?.Arms() ?? [], DataState = state };

    private static string State(AbOptions options, StudyContext context, string otherwise) => AbHistory.Fingerprint(context.RequireData().Identify(context.Cancellation).Sha256 ?? otherwise, options);

    private static List<Look> Earlier(ExperimentKey key, StudyContext context)
    {
        var linked = context.Ledger.LooksAt(key);
        var first = linked.ToList().FindIndex(l => l.DataState == key.DataState);
        return [.. (first >= 0 ? linked.Take(first) : linked).DistinctBy(l => l.DataState)];
    }

    // The comparison that decides is the primary one of the programme; where a report has several, those that it does not decide by stand beside it.
    private static IReadOnlyList<Hypothesis> Hypotheses(StudyReport report, IReadOnlyList<PrimaryResult> results)
    {
        var told = report.Estimates.Where(e => e is { P: not null, Metric: not null, Role: "primary" or "secondary", Name: not "lift" }).ToList();
        var decides = told.Where(e => e.Role == "primary" && results.Any(r => r.Difference == e.Value && r.PValue == e.P)).ToList();
        return [.. told.Select(e => new Hypothesis(e.Metric!, e.Contrast ?? e.Name, e.P, decides.Count == 0 || decides.Contains(e) || results.Any(r => r.SelectedFromSeveral) ? e.Role : "secondary"))];
    }

    // The statistic that gives the p-value, also where it comes from drawing the assignment again; several arms are one look at their best.
    private static LookHistory History(IReadOnlyList<PrimaryResult> results, IReadOnlyList<Hypothesis> hypotheses, IReadOnlyList<Look> earlier, long units, double alpha, string? rule)
    {
        var primary = hypotheses.Where(h => h is { Role: "primary", PValue: not null }).ToList();
        double? z = primary.Count == 0 ? null
            : Math.CopySign(Normal.UpperQuantile(Math.Clamp(primary.Min(h => h.PValue!.Value) * primary.Count, 1e-300, 1) / 2), results.Select(r => r.Difference).FirstOrDefault());
        return new LookHistory { Looks = earlier.Count + 1, Units = units, EarlierUnits = [.. earlier.Select(l => l.UnitCount)], Z = z, Alpha = alpha, Rule = rule, SequentialRule = rule is not null };
    }

    private static IEnumerable<string> Sentences(AbOptions options, StudyContext context, AssignedColumn assigned, IReadOnlyList<Look> earlier, ExperimentKey key)
    {
        if (earlier.Count > 0)
        {
            yield return $"This is look {earlier.Count + 1} at this experiment: {Figures.Count(earlier.Count, "earlier look")} at other states of the data {(earlier.Count == 1 ? "is" : "are")} in the ledger.";
        }

        var others = earlier.Select(l => l.Name).OfType<string>().Where(n => n != key.Name).Distinct(StringComparer.Ordinal).ToList();
        if (others.Count > 0)
        {
            yield return $"Earlier looks are on record as {string.Join(", ", others.Take(3).Select(n => $"'{n}'"))}: the same {assigned.Column} in the same arms.";
        }

        if (options.Experiment is null && assigned.Column is null && context.Ledger.Location is not null)
        {
            yield return "Rows of this log have no unit and the experiment no name (--experiment), so only a look at the very same data would be recognised as an earlier one.";
        }
    }
}
