using Gnomon.Core.Tables;
using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile.Rules;

/// <summary>Rules that span columns: keys, order, dependencies, references. Candidates come from the sample; the engine confirms them over all rows.</summary>
internal sealed class TableRules(ProfileFacts facts, IReadOnlyList<SampleColumn> samples, IDataset data, CancellationToken cancellation)
{
    private const long FewestRows = 100;
    private const long ManyRows = 1_000;
    private const int MostColumns = 40;
    private const int MostCandidates = 60;
    private const int MostKeys = 3;

    // A key or a dependency that as few collisions could have broken by chance proves nothing.
    private const double ByChance = 20;
    private static readonly string[][] Ends = [["min", "max"], ["low", "high"], ["lower", "upper"], ["start", "end"], ["from", "to"], ["first", "last"], ["begin", "end"]];

    public IReadOnlyList<Rule> All() => facts.Rows < FewestRows ? [] : [.. Unique(), .. Order(), .. Depends()];

    private IEnumerable<Rule> Unique()
    {
        var singles = facts.Columns.Where(c => c.Role is Role.Identifier or Role.Key && c.Missing == 0 && c.Type is not ColumnType.Double && c.UniqueShare >= 1 && IsLabel(c)).ToList();
        var keys = Confirmed([.. singles.Select(c => new[] { c.Name })]).ToList();
        if (keys.Count == 0)
        {
            keys.AddRange(Confirmed([.. Pairs().Take(MostCandidates)]).Take(MostKeys));
        }

        return keys.Select(k => new Rule { Id = $"{string.Join("-", k)}-unique", Kind = RuleKind.Unique, Columns = k, Learned = new Support(facts.Rows, 0) });
    }

    // Labels by name are keys from the start; others must have been unique over many rows.
    private bool IsLabel(ColumnFacts c) => c.Role == Role.Key || NameHints.IsIdentifier(c.Name) || facts.Rows >= ManyRows;

    private IEnumerable<string[]> Pairs()
    {
        double all = facts.Rows * (facts.Rows - 1.0) / 2;
        var parts = facts.Columns.Where(c => c.Missing == 0 && c.Role is Role.Identifier or Role.Category or Role.Time or Role.Number && c.Type is not (ColumnType.Double or ColumnType.Decimal or ColumnType.Nested) && c.Scan.Distinct > 1).Take(MostColumns).ToList();
        return from i in Enumerable.Range(0, parts.Count)
               from j in Enumerable.Range(i + 1, parts.Count - i - 1)
               let alike = parts[i].Scan.PairsAlike() / all * parts[j].Scan.PairsAlike()
               where alike >= ByChance && parts[i].Scan.PairsAlike() > 0 && parts[j].Scan.PairsAlike() > 0 && !RepeatsInSample(parts[i], parts[j])
               orderby alike descending, parts[i].Index, parts[j].Index
               select new[] { parts[i].Name, parts[j].Name };
    }

    private bool RepeatsInSample(ColumnFacts a, ColumnFacts b)
    {
        var seen = new HashSet<(double, double)>();
        var (x, y) = (Keys(samples[a.Index]), Keys(samples[b.Index]));
        return x is null || y is null || Enumerable.Range(0, x.Length).Any(i => !seen.Add((x[i], y[i])));
    }

    private IEnumerable<string[]> Confirmed(IReadOnlyList<string[]> candidates)
    {
        if (candidates.Count == 0)
        {
            return [];
        }

        var table = data.Read(new Query { Select = [.. candidates.Select((c, i) => new Projection($"d{i}", Scalar.Aggregate(AggregateFunction.CountDistinct, RuleSql.Together(c))))] }, cancellation);
        return candidates.Where((_, i) => ((IntegerColumn)table.Columns[i]).Values[0] == facts.Rows);
    }

    // Pairs of times, and pairs of numbers whose names differ by the two words of a span.
    private IEnumerable<Rule> Order()
    {
        var ordered = samples.Where(s => s.IsOrdered && s.Facts.Present >= FewestRows && (s.Facts.IsTemporal || s.Facts.Role == Role.Number)).Take(MostColumns).ToList();
        foreach (var a in ordered)
        {
            foreach (var b in ordered.Where(b => b != a && (a.Facts.IsTemporal ? b.Facts.IsTemporal && SameClock(a.Facts, b.Facts) : !b.Facts.IsTemporal && IsSpan(a.Name, b.Name))))
            {
                if (Both(a, b) is { } both && both.Less >= both.Rows / 2 && both.More == 0 && both.Rows >= FewestRows && Counted(a.Facts, b.Facts) is { More: 0 } all)
                {
                    yield return new Rule { Id = $"{a.Name}-{b.Name}-order", Kind = RuleKind.Order, Columns = [a.Name, b.Name], Learned = new Support(all.Rows, 0) };
                }
            }
        }
    }

    private static bool SameClock(ColumnFacts a, ColumnFacts b) => a.Type == b.Type || a.Type == ColumnType.Date || b.Type == ColumnType.Date;

    private static bool IsSpan(string a, string b) => Array.Exists(Ends, w => a.Contains(w[0], StringComparison.OrdinalIgnoreCase) && string.Equals(a.Replace(w[0], w[1], StringComparison.OrdinalIgnoreCase), b, StringComparison.OrdinalIgnoreCase));

    private static (int Rows, int Less, int More)? Both(SampleColumn a, SampleColumn b)
    {
        int rows = 0, less = 0, more = 0;
        var (sa, sb) = (a.Facts.Type == ColumnType.Date ? 86_400e6 : 1, b.Facts.Type == ColumnType.Date ? 86_400e6 : 1);
        for (var i = 0; i < a.Rows; i++)
        {
            if (!double.IsNaN(a.Numbers[i]) && !double.IsNaN(b.Numbers[i]))
            {
                rows++;
                less += a.Numbers[i] * sa < b.Numbers[i] * sb ? 1 : 0;
                more += sa == sb && a.Numbers[i] > b.Numbers[i] ? 1 : 0;
            }
        }

        return rows == 0 ? null : (rows, less, more);
    }

    private (long Rows, long More) Counted(ColumnFacts a, ColumnFacts b)
    {
        var rule = new Rule { Id = string.Empty, Kind = RuleKind.Order, Columns = [a.Name, b.Name] };
        var table = data.Read(
            Query.Of(new("n", Scalar.Aggregate(AggregateFunction.RowCount, null, RuleSql.Asked(rule))), new("b", Scalar.Aggregate(AggregateFunction.RowCount, null, RuleSql.Broken(rule, data.Schema)!))), cancellation);
        return (((IntegerColumn)table["n"]).Values[0], ((IntegerColumn)table["b"]).Values[0]);
    }

    private List<Rule> Depends()
    {
        var parts = samples.Where(s => s.Facts.Present >= FewestRows && s.Facts.Role is Role.Category or Role.Flag or Role.Identifier or Role.Text or Role.Number && s.Facts.Type is not (ColumnType.Double or ColumnType.Nested) && s.Facts.Scan.Distinct > 1 && Keys(s) is not null).Take(MostColumns).ToList();
        var found = (from a in parts where a.Facts.UniqueShare < 0.9 && a.Facts.Scan.Distinct > 2 from b in parts where a != b && Settles(a, b) select (a, b)).Take(MostCandidates).ToList();
        if (found.Count == 0)
        {
            return [];
        }

        var rules = found.Select(f => new Rule { Id = $"{f.a.Name}-settles-{f.b.Name}", Kind = RuleKind.Depends, Columns = [f.a.Name, f.b.Name] }).ToList();
        var table = data.Read(
            new Query
            {
                Select =
                [
                    .. rules.Select((r, i) => new Projection($"d{i}", Scalar.Aggregate(AggregateFunction.CountDistinct, RuleSql.Together(r.Columns), RuleSql.Asked(r)))),
                    .. rules.Select((r, i) => new Projection($"e{i}", Scalar.Aggregate(AggregateFunction.CountDistinct, RuleSql.Together([r.Columns[0]]), RuleSql.Asked(r)))),
                    .. rules.Select((r, i) => new Projection($"n{i}", Scalar.Aggregate(AggregateFunction.RowCount, null, RuleSql.Asked(r)))),
                ],
            }, cancellation);
        long Value(string name) => ((IntegerColumn)table[name]).Values[0];
        return [.. rules.Where((_, i) => Value($"d{i}") == Value($"e{i}")).Select((r, i) => r with { Learned = new Support(Value($"n{rules.IndexOf(r)}"), 0) })];
    }

    // Exact in the sample, and often put to the test: pairs of rows that agree on the first and would, if it said nothing, differ on the second.
    private static bool Settles(SampleColumn a, SampleColumn b)
    {
        var (x, y) = (Keys(a)!, Keys(b)!);
        var first = new Dictionary<double, double>();
        var (pairs, rows) = (0.0, 0.0);
        var sizes = new Dictionary<double, int>();
        var others = new Dictionary<double, int>();
        for (var i = 0; i < x.Length; i++)
        {
            if (double.IsNaN(x[i]) || double.IsNaN(y[i]))
            {
                continue;
            }

            if (!first.TryAdd(x[i], y[i]) && first[x[i]] != y[i])
            {
                return false;
            }

            rows++;
            pairs += sizes[x[i]] = sizes.GetValueOrDefault(x[i]) + 1;
            pairs--;
            others[y[i]] = others.GetValueOrDefault(y[i]) + 1;
        }

        var alike = others.Values.Sum(n => n / rows * (n / rows));
        return rows >= FewestRows && sizes.Count < rows / 2 && pairs * (1 - alike) >= ByChance && rows - sizes.Count >= FewestRows / 2;
    }

    private static double[]? Keys(SampleColumn c) => !c.Facts.Scan.IsText
        ? c.IsOrdered ? c.Numbers : null
        : c.Facts.Scan.Texts is { IsComplete: true } ? Array.ConvertAll(c.Sample.Codes(c.Facts.Index).ToArray(), code => code < 0 ? double.NaN : code) : null;
}
