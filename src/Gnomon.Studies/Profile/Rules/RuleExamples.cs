using System.Globalization;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Profile.Rules;

/// <summary>The first rows that break a rule, with their values. Rows are read again, together for all rules, and only until each has its five.</summary>
internal sealed class RuleExamples(IDataset data, StudyContext context, OtherFiles others)
{
    public const int Most = 5;

    /// <summary>One list per outcome; empty where nothing is broken.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Of(IReadOnlyList<RuleOutcome> outcomes)
    {
        var found = outcomes.Select(_ => new List<string>()).ToList();
        var wanted = new List<(int At, Rule Rule, Scalar Broken)>();
        foreach (var (i, outcome) in outcomes.Index().Where(o => o.Item.NotAsked is null && o.Item.Broken > 0 && o.Item.Rule.Kind != RuleKind.Columns))
        {
            if (outcome.Rule.Kind == RuleKind.Increasing)
            {
                found[i].AddRange(RowOrder.Falls(data, outcome.Rule.Column, context.Cancellation).First.Select(Row));
            }
            else if (Condition(outcome.Rule) is { } broken)
            {
                wanted.Add((i, outcome.Rule, broken));
            }
        }

        Look(wanted, found);
        return found;
    }

    /// <summary>Rows counted by group and value of a dependency, then by group.</summary>
    public static Query Groups(Rule rule, params Projection[] select)
    {
        var keys = rule.Columns.SkipLast(1).Select((c, i) => (Name: string.Create(CultureInfo.InvariantCulture, $"k{i}"), Value: Scalar.Column(c).ToText())).ToList();
        var value = Scalar.Column(rule.Columns[^1]).ToText();
        var pairs = new Query
        {
            Select = [.. keys.Select(k => new Projection(k.Name, k.Value)), new("v", value), new("n", Scalar.Aggregate(AggregateFunction.RowCount))],
            Where = RuleSql.Asked(rule),
            GroupBy = [.. keys.Select(k => k.Value), value],
        };
        var names = keys.Select(k => Scalar.Column(k.Name)).ToList();
        return new Query { Select = [.. keys.Select(k => new Projection(k.Name, Scalar.Column(k.Name))), new("kinds", Scalar.Aggregate(AggregateFunction.RowCount)), .. select], From = pairs, GroupBy = names };
    }

    private static string Row(long row) => string.Create(CultureInfo.InvariantCulture, $"row {row}");

    private void Look(List<(int At, Rule Rule, Scalar Broken)> wanted, List<List<string>> found)
    {
        if (wanted.Count == 0)
        {
            return;
        }

        var select = new List<Projection>();
        var slots = new List<int>();
        foreach (var (at, rule, broken) in wanted)
        {
            slots.Add(select.Count);
            select.Add(new($"b{at}", Scalar.Case([(broken, Scalar.Value(1L))], Scalar.Value(0L))));
            select.AddRange(rule.Columns.Select((c, k) => new Projection($"v{at}x{k}", Scalar.Case([(broken, Scalar.Column(c).ToText())], Scalar.Value(null).ToText()))));
        }

        long row = 0;
        data.Scan(
            new Query { Select = select },
            chunk =>
            {
                for (var w = 0; w < wanted.Count; w++)
                {
                    Collect(chunk, row, slots[w], wanted[w].Rule, found[wanted[w].At]);
                }

                row += chunk.Rows;
                return wanted.Exists(w => found[w.At].Count < Most);
            },
            context.Cancellation);
    }

    private static void Collect(Chunk chunk, long before, int slot, Rule rule, List<string> into)
    {
        var flags = chunk.Integers(slot);
        for (var i = 0; i < chunk.Rows && into.Count < Most; i++)
        {
            if (flags[i] == 0 || chunk.IsNull(slot, i))
            {
                continue;
            }

            var cells = rule.Columns.Select((_, k) => chunk.Codes(slot + 1 + k)[i] is >= 0 and var code ? ProfileWords.Short(chunk.Dictionary(slot + 1 + k)[code], 40) : "empty");
            into.Add(rule.Kind == RuleKind.NotNull ? Row(before + i + 1) : $"{Row(before + i + 1)}: {string.Join(", ", cells)}");
        }
    }

    private Scalar? Condition(Rule rule) => rule.Kind switch
    {
        RuleKind.Unique => Repeats(rule),
        RuleKind.Depends => Minority(rule),
        RuleKind.Refers => Any(others.Unmatched(rule, data, context).First.Select(v => Scalar.Column(rule.Column).ToText().EqualTo(Scalar.Value(v)))),
        _ => RuleSql.Broken(rule, data.Schema),
    };

    // Rows of the keys that repeat most.
    private Scalar? Repeats(Rule rule)
    {
        var keys = rule.Columns.Select((c, i) => (Name: string.Create(CultureInfo.InvariantCulture, $"k{i}"), Value: Scalar.Column(c).ToText())).ToList();
        var counted = new Query
        {
            Select = [.. keys.Select(k => new Projection(k.Name, k.Value)), new("n", Scalar.Aggregate(AggregateFunction.RowCount))], Where = RuleSql.Asked(rule), GroupBy = [.. keys.Select(k => k.Value)],
        };
        var table = data.Read(
            new Query
            {
                Select = [.. keys.Select(k => Projection.Column(k.Name)), Projection.Column("n")], From = counted, Where = Scalar.Call(ScalarFunction.Greater, Scalar.Column("n"), Scalar.Value(1L)),
                OrderBy = [new(Scalar.Column("n"), Descending: true), .. keys.Select(k => new Ordering(Scalar.Column(k.Name)))], Limit = Most,
            }, context.Cancellation);
        return Any(Enumerable.Range(0, table.Rows).Select(r => rule.Columns.Select((c, k) => Same(c, table.Columns[k], r)).Aggregate((a, b) => a.And(b))));
    }

    private Scalar? Minority(Rule rule)
    {
        var usual = new Projection("usual", Scalar.AtSmallest(Scalar.Column("v"), Scalar.Value(0.0) - Scalar.Column("n").ToDouble()));
        var groups = Groups(rule, usual);
        var keys = rule.Columns.Count - 1;
        var table = data.Read(
            new Query
            {
                Select = [.. groups.Select.Select(p => Projection.Column(p.Name))], From = groups, Where = Scalar.Call(ScalarFunction.Greater, Scalar.Column("kinds"), Scalar.Value(1L)),
                OrderBy = [.. Enumerable.Range(0, keys).Select(k => new Ordering(Scalar.Column(string.Create(CultureInfo.InvariantCulture, $"k{k}"))))], Limit = Most,
            }, context.Cancellation);
        return Any(Enumerable.Range(0, table.Rows).Select(r =>
            rule.Columns.Take(keys).Select((c, k) => Same(c, table.Columns[k], r)).Aggregate((a, b) => a.And(b)).And(Same(rule.Columns[^1], table["usual"], r).Not())));
    }

    private static Scalar Same(string column, Column values, int row) => Scalar.Column(column).ToText().EqualTo(Scalar.Value((string?)values.Cell(row)));

    private static Scalar? Any(IEnumerable<Scalar> conditions)
    {
        var all = conditions.ToList();
        return all.Count == 0 ? null : all.Aggregate((a, b) => a.Or(b));
    }
}
