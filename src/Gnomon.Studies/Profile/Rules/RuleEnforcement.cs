using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods.Data;

namespace Gnomon.Studies.Profile.Rules;

/// <summary>
/// Holds a table against its rules: every rule about rows, keys and dependencies is counted by the engine in one question over all rows; examples are looked for only where a rule is broken.
/// </summary>
internal sealed class RuleEnforcement
{
    private const double FamilyRate = 0.01;
    private readonly IReadOnlyList<Rule> _rules;
    private readonly IDataset _data;
    private readonly StudyContext _context;
    private readonly OtherFiles _others;
    private readonly bool _hasOrder;

    /// <param name="rules">The rules.</param>
    /// <param name="data">The rows.</param>
    /// <param name="context">Where other files are opened.</param>
    /// <param name="others">Files that rules refer to.</param>
    /// <param name="hasOrder">Rows have an order of their own, as in a file.</param>
    public RuleEnforcement(IReadOnlyList<Rule> rules, IDataset data, StudyContext context, OtherFiles others, bool hasOrder) =>
        (_rules, _data, _context, _others, _hasOrder) = (rules, data, context, others, hasOrder);

    public IReadOnlyList<RuleOutcome> Run()
    {
        var counts = Count();
        var learned = _rules.Count(r => r.Learned is not null);
        var outcomes = _rules.Select((rule, i) => Outcome(rule, counts, i, learned)).ToList();
        return [.. outcomes.Zip(new RuleExamples(_data, _context, _others).Of(outcomes), (o, examples) => examples.Count > 0 ? o with { Examples = examples } : o)];
    }

    /// <summary>Rows that may break a rule: the share it states or, where it was learned, what a second sample of the source would break with a chance of 1 % over all rules.</summary>
    public static long Most(Rule rule, long asked, int rules)
    {
        var stated = (long)Math.Floor(rule.Allow * asked);
        var cuts = rule is { Kind: RuleKind.Range, Min: not null, Max: not null } ? 2 : 1;

        // A key is a key by what it means: one row that repeats is one too many.
        return rule.Learned is not { } l || l.Rows < l.Broken + cuts || rule.Kind is RuleKind.Unique or RuleKind.Increasing
            ? stated
            : Math.Max(stated, ExceedancePrediction.MostBroken(FamilyRate / Math.Max(1, rules), asked, l.Rows, l.Broken, cuts));
    }

    private Dictionary<string, long> Count()
    {
        var select = new List<Projection> { new("rows", Scalar.Aggregate(AggregateFunction.RowCount)) };
        foreach (var (i, rule) in _rules.Index().Where(r => Missing(r.Item) is null && r.Item.Kind != RuleKind.Columns))
        {
            var asked = RuleSql.Asked(rule);
            if (asked is not null)
            {
                select.Add(new($"n{i}", Scalar.Aggregate(AggregateFunction.RowCount, null, asked)));
            }

            if (RuleSql.Broken(rule, _data.Schema) is { } broken)
            {
                select.Add(new($"b{i}", Scalar.Aggregate(AggregateFunction.RowCount, null, broken)));
            }
            else if (rule.Kind is RuleKind.Unique or RuleKind.Depends)
            {
                select.Add(new($"d{i}", Scalar.Aggregate(AggregateFunction.CountDistinct, RuleSql.Together(rule.Columns), asked)));
            }

            if (rule.Kind == RuleKind.Depends)
            {
                select.Add(new($"e{i}", Scalar.Aggregate(AggregateFunction.CountDistinct, RuleSql.Together([.. rule.Columns.SkipLast(1)]), asked)));
            }
        }

        _context.Progress?.Report(new StudyProgress("asking the rules", null));
        var table = _data.Read(new Query { Select = select }, _context.Cancellation);
        return table.Columns.ToDictionary(c => c.Name, c => ((IntegerColumn)c).Values[0], StringComparer.Ordinal);
    }

    private RuleOutcome Outcome(Rule rule, Dictionary<string, long> counts, int i, int learned)
    {
        var demand = RuleWords.Demand(rule);
        if (rule.Kind == RuleKind.Columns)
        {
            var wrong = ColumnFaults(rule).ToList();
            return new RuleOutcome(rule, demand, wrong.Count, Math.Max(wrong.Count, rule.Columns.Count), 0, null) { Examples = wrong };
        }

        if (Missing(rule) is { } missing)
        {
            return new RuleOutcome(rule, demand, 0, 0, 0, $"there is no column '{missing}'");
        }

        var rows = counts["rows"];
        var asked = rule.Kind == RuleKind.NotNull ? rows : counts[$"n{i}"];
        if (rule.Kind == RuleKind.Increasing && !_hasOrder)
        {
            return new RuleOutcome(rule, demand, 0, asked, 0, "rows of a server have no order");
        }

        var broken = rule.Kind switch
        {
            RuleKind.Unique => asked - counts[$"d{i}"],
            RuleKind.Depends => counts[$"d{i}"] > counts[$"e{i}"] ? Minorities(rule) : 0,
            RuleKind.Refers => _others.Unmatched(rule, _data, _context).Rows,
            RuleKind.Increasing => RowOrder.Falls(_data, rule.Column, _context.Cancellation).Falls,
            _ => counts[$"b{i}"],
        };
        return new RuleOutcome(rule, demand, broken, asked, Most(rule, asked, learned), null);
    }

    // Rows that are not of the most frequent value of their group.
    private long Minorities(Rule rule)
    {
        var query = Query.Of(new Projection("rows", Scalar.Aggregate(AggregateFunction.FixedPointSum, Scalar.Column("all") - Scalar.Column("most"), null, 0))) with
        {
            From = RuleExamples.Groups(rule, new Projection("all", Scalar.Aggregate(AggregateFunction.FixedPointSum, Scalar.Column("n"), null, 0)), new Projection("most", Scalar.Aggregate(AggregateFunction.Max, Scalar.Column("n").ToDouble()))),
        };
        return (long)((DoubleColumn)_data.Read(query, _context.Cancellation)["rows"]).Values[0];
    }

    private string? Missing(Rule rule) => rule.Columns.FirstOrDefault(c => _data.Schema.Find(c) is null);

    private IEnumerable<string> ColumnFaults(Rule rule)
    {
        foreach (var missing in rule.Columns.Where(c => _data.Schema.Find(c) is null))
        {
            var near = NearestName.To(missing, _data.Schema.Select(f => f.Name).Where(n => !rule.Columns.Contains(n)));
            yield return near is null ? $"'{missing}' is missing" : $"'{missing}' is missing ('{near}' is new)";
        }

        if (rule.AllowsOthers)
        {
            yield break;
        }

        foreach (var added in _data.Schema.Where(f => !rule.Columns.Any(c => string.Equals(c, f.Name, StringComparison.OrdinalIgnoreCase))))
        {
            yield return $"'{added.Name}' is not in the rules";
        }

        var there = rule.Columns.Where(c => _data.Schema.Find(c) is not null).ToList();
        var order = _data.Schema.Select(f => f.Name).Where(n => there.Exists(c => string.Equals(c, n, StringComparison.OrdinalIgnoreCase))).ToList();
        if (there.Count == order.Count && there.Index().FirstOrDefault(c => !string.Equals(c.Item, order[c.Index], StringComparison.OrdinalIgnoreCase)) is { Item: { } moved })
        {
            yield return $"'{moved}' stands in another place";
        }
    }
}
