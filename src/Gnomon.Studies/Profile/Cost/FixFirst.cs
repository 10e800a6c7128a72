using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Data;
using Gnomon.Numerics;
using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile.Cost;

/// <summary>What to mend, most costly first. Costs are measured on these data: the mean with and without, the error with and without, rows lost.</summary>
internal sealed class FixFirst(ProfileFacts facts, IReadOnlyList<IEvidence> more, IReadOnlyList<SampleColumn> samples, IDataset data, CancellationToken cancellation)
{
    private const double WorthAWord = 0.001;
    private const double Half = 0.5;
    private const int MostNext = 3;
    private const int MostRepeatColumns = 5;
    private const double MostlyEmpty = 0.6;
    private const double FewIncomplete = 0.02;

    public ProfilePart Of()
    {
        List<FixItem> items =
        [
            .. Units(), .. Leaks(), .. Future(), .. Rules(), .. Codes(), .. Repeats(), .. Incomplete(), .. Spellings(), .. Lost(), .. Labels(), .. Dates(),
        ];
        var ordered = items.OrderByDescending(i => i.Stops).ThenByDescending(i => i.Cost ?? 0).ThenByDescending(i => i.Share).ThenBy(i => i.Where, StringComparer.Ordinal).ToList();
        return ordered.Count == 0
            ? ProfilePart.None
            : new ProfilePart
            {
                Tables =
                [
                    new ResultTable(
                        "fix-first", "What to mend first, and what it costs not to", ["problem", "where", "rows", "share", "error over reported", "otherwise"],
                        [.. ordered.Select(i => (IReadOnlyList<object?>)[i.Problem, i.Where, i.Rows, i.Share, i.Cost, i.Consequence])]),
                ],
                Next = [.. ordered.Take(MostNext).Select((i, at) => $"{(at == 0 ? "Mend first" : "Then")}: {i.Problem}{(i.Where.Length > 0 ? $" ({i.Where})" : string.Empty)}. Otherwise {i.Consequence}.")],
            };
    }

    private IEnumerable<FixItem> Units()
    {
        foreach (var u in more.OfType<UnitComparison>())
        {
            double[] part = [.. u.PartValues.Order()], rest = [.. u.RestValues.Order()];
            if (UnitShift.CompareSorted(part, rest) is not { Conversion: { } known } shift)
            {
                continue;
            }

            double Convert(double v) => shift.IsLarger ? (v - known.Offset) / known.Factor : (v * known.Factor) + known.Offset;
            var (before, after) = (Moments.MeanVariance([.. part, .. rest]), Moments.MeanVariance([.. part.Select(Convert), .. rest]));
            var share = (double)part.Length / (part.Length + rest.Length);
            yield return new FixItem(
                $"two units: {known.Name}", u.Column, (long)Math.Round(share * facts.Rows), share, FixItem.CostOf(before.Mean - after.Mean, after.StandardError, before.StandardError),
                $"the mean of {u.Column} reads {Figures.Number(before.Mean)} where it is {Figures.Number(after.Mean)}", Stops: true);
        }
    }

    private IEnumerable<FixItem> Leaks() => (facts.Leaks?.Patterns ?? []).Where(p => p.Low > Half).DistinctBy(p => p.Column).Select(p => new FixItem(
        "a column that knows the outcome", p.Column, facts.Rows, 1, null, $"a model scores on what is {p.Pattern} by class ({Figures.Percent(p.Rate)} against {Figures.Percent(p.RateElsewhere)}), which is not there when it is used", Stops: true));

    private IEnumerable<FixItem> Future() =>
        from f in more.OfType<FutureColumns>()
        from l in f.Later
        where l.After > WorthAWord * l.Rows
        select new FixItem("a time that lies after its row", l.Column, l.After, (double)l.After / Math.Max(1, l.Rows), null, $"a model learns from what was not known at {f.TimeColumn}", Stops: true);

    private IEnumerable<FixItem> Rules() => more.OfType<ContractReview>().SelectMany(r => r.Rules).Where(r => r.IsBroken).Select(r => new FixItem(
        "a broken rule", r.Id, r.Broken, r.Asked == 0 ? 1 : (double)r.Broken / r.Asked, null, $"it no longer holds that {r.Says.Split(": ")[0]}", Stops: true));

    // Codes only: a cap or many zeros are measurements of their kind.
    private IEnumerable<FixItem> Codes()
    {
        foreach (var spikes in facts.Evidence.OfType<ValueSpikes>())
        {
            var column = facts.Columns.First(c => c.Name == spikes.Column);
            if (column.IsTemporal || column.Scan.Moments is not { Count: > 10 } all)
            {
                continue;
            }

            var counts = spikes.Values.Select((v, i) => new ValueCount(v, spikes.Counts[i])).ToArray();
            foreach (var code in SentinelScan.Find(counts).Where(s => s.Value != 0 && s.Kind != SentinelKind.EndOfRange).Take(1))
            {
                var n = (double)all.Count;
                var k = code.Share * n;
                var mean = ((n * all.Mean) - (k * code.Value)) / (n - k);
                var m2 = Math.Max(0, all.M2 - (k * (code.Value - all.Mean) * (code.Value - all.Mean) * n / (n - k)));
                var error = Math.Sqrt(m2 / (n - k - 1) / (n - k));
                yield return new FixItem(
                    $"{column.Show(code.Value)} as a code", column.Name, (long)Math.Round(k), k / facts.Rows, FixItem.CostOf(all.Mean - mean, error, all.StandardError),
                    $"if it means no value, the mean reads {Figures.Number(all.Mean)} where it is {Figures.Number(mean)}");
            }
        }
    }

    // Means and errors of one row each, asked of the engine only where rows repeat.
    private IEnumerable<FixItem> Repeats()
    {
        var rows = facts.Repeats.First(r => !r.IsKey);
        var share = rows.RowsSeen == 0 ? 0 : (double)rows.Repeats / rows.RowsSeen;
        if (share <= WorthAWord || rows.Repeats <= 2 * rows.ExpectedByChance)
        {
            yield break;
        }

        var extra = (long)Math.Round(share * facts.Rows);
        var measured = facts.Columns.Where(c => c is { IsNumber: true, Role: Role.Number } && c.Scan.Moments is { Count: > 10 }).Take(MostRepeatColumns).ToList();
        var narrow = $"standard errors come out {Figures.Percent(1 - Math.Sqrt(1 - share))} too small";
        if (measured.Count == 0)
        {
            yield return new FixItem("rows written more than once", string.Empty, extra, share, 1 / Math.Sqrt(1 - share), $"counts are {Figures.Percent(share / (1 - share))} too high and {narrow}");
            yield break;
        }

        var once = Once(measured);
        var worst = measured.Select((c, i) => (Column: c, All: c.Scan.Moments!, Mean: once[i], Cost: FixItem.CostOf(c.Scan.Moments!.Mean - once[i], c.Scan.Moments.StandardError / Math.Sqrt(1 - share), c.Scan.Moments.StandardError)))
            .MaxBy(w => w.Cost ?? 0);
        yield return new FixItem(
            "rows written more than once", string.Empty, extra, share, worst.Cost,
            $"totals count {Figures.Count(extra, "row")} again, the mean of {worst.Column.Name} reads {Figures.Number(worst.All.Mean)} where it is {Figures.Number(worst.Mean)}, and {narrow}");
    }

    private double[] Once(List<ColumnFacts> measured)
    {
        var row = RowText.Hash(facts.Columns, canonical: false);
        var one = new Query
        {
            Select = [new("g", row), .. measured.Select((c, i) => new Projection($"v{i}", Scalar.Aggregate(AggregateFunction.Min, Scalar.Column(c.Name).ToDouble())))], GroupBy = [row],
        };
        var table = data.Read(
            new Query
            {
                Select = [.. measured.SelectMany((_, i) => new Projection[] { new($"s{i}", Scalar.Aggregate(AggregateFunction.FixedPointSum, Scalar.Column($"v{i}"), null, 20)), new($"n{i}", Scalar.Aggregate(AggregateFunction.Count, Scalar.Column($"v{i}"))) })],
                From = one,
            }, cancellation);
        return [.. measured.Select((_, i) => ((DoubleColumn)table[$"s{i}"]).Values[0] / Math.Max(1, ((IntegerColumn)table[$"n{i}"]).Values[0]))];
    }

    // Rows lost when every row with a gap is dropped, and what that does to the columns without gaps.
    private IEnumerable<FixItem> Incomplete()
    {
        var gaps = samples.Where(s => s.Facts is { Missing: > 0, MissingShare: < MostlyEmpty, Role: not Role.Empty }).ToList();
        var rows = samples.Count == 0 ? 0 : samples[0].Rows;
        if (gaps.Count == 0 || rows < 50)
        {
            yield break;
        }

        bool[] complete = [.. Enumerable.Range(0, rows).Select(i => gaps.TrueForAll(g => !g.IsMissing(i)))];
        var kept = complete.Count(c => c);
        var lost = 1 - ((double)kept / rows);
        if (lost <= FewIncomplete)
        {
            yield break;
        }

        var where = ProfileWords.List([.. gaps.OrderByDescending(g => g.Facts.Missing).Select(g => g.Name)], 3);
        if (kept < 30)
        {
            yield return new FixItem("missing values", where, (long)Math.Round(lost * facts.Rows), lost, null, $"dropping incomplete rows leaves {Figures.Count(kept)} of {Figures.Count(rows)} looked at");
            yield break;
        }

        var moved = samples.Where(s => s.Facts is { Missing: 0, IsNumber: true, Role: Role.Number }).Select(s => Moved(s, complete)).OrderByDescending(m => m.Cost ?? 0).FirstOrDefault();
        var wider = 1 / Math.Sqrt(1 - lost);
        var rest = moved.Cost is { } c && c > 2 ? $", and the mean of {moved.Name} moves from {Figures.Number(moved.All)} to {Figures.Number(moved.Kept)}" : string.Empty;
        yield return new FixItem(
            "missing values", where, (long)Math.Round(lost * facts.Rows), lost, Math.Max(wider, moved.Cost ?? 0),
            $"dropping incomplete rows loses {Figures.Percent(lost)} of them: standard errors grow by {Figures.Percent(wider - 1)}{rest}");
    }

    private static (string Name, double All, double Kept, double? Cost) Moved(SampleColumn column, bool[] complete)
    {
        var (all, kept) = (Moments.MeanVariance(column.Numbers), Moments.MeanVariance([.. column.Numbers.Where((_, i) => complete[i])]));
        return (column.Name, all.Mean, kept.Mean, FixItem.CostOf(kept.Mean - all.Mean, kept.StandardError, kept.StandardError));
    }

    private IEnumerable<FixItem> Spellings() => facts.Spellings.GroupBy(s => s.Column).Select(g =>
    {
        var (cells, column) = (g.Sum(s => s.Rows), facts.Columns.First(c => c.Name == g.Key));
        var worst = g.MaxBy(s => s.Rows)!;
        double n = Math.Max(1, column.Present), p = worst.Values[0].Count / n, whole = worst.Values.Sum(v => v.Count) / n;
        return new FixItem(
            "one value in several spellings", g.Key, cells, cells / n, FixItem.CostOf(whole - p, Math.Sqrt(whole * (1 - whole) / n), Math.Sqrt(p * (1 - p) / n)),
            $"{Figures.Count(g.Sum(s => s.Values.Count - 1), "group")} too many, and {ProfileWords.Short(worst.Values[0].Text.Trim(), 30)} counts {Figures.Count(worst.Values[0].Count, "row")} instead of {Figures.Count(worst.Values.Sum(v => v.Count))}");
    });

    private IEnumerable<FixItem> Lost() => facts.Evidence.OfType<ReadingLosses>().SelectMany(l => l.Losses).Where(l => l.IsIrreversible ? l.Cells > 0 : l.Share > WorthAWord).Select(l => new FixItem(
        l.Kind.Replace('-', ' '), string.Empty, l.Cells, l.Share, null, ProfileWords.Short(l.Says.TrimEnd('.'), 160)));

    private IEnumerable<FixItem> Labels() => more.OfType<LabelConflicts>().Where(l => l.RowsInConflict > Math.Max(4, WorthAWord * l.Rows) && l.NamedBy is null && l.PairsAlike > 100 * l.PairsByChance).Select(l => new FixItem(
        "rows alike with another label", l.Target, l.RowsInConflict, (double)l.RowsInConflict / l.Rows, null, $"no model gets below {Figures.Percent((double)l.FewestErrors / l.Rows)} wrong on these rows"));

    private IEnumerable<FixItem> Dates() => facts.OddDates.Select(o => new FixItem(
        "dates far from all others", o.Column.Name, o.Before + o.After, (double)(o.Before + o.After) / facts.Rows, null, $"spans run from {o.Column.Show(o.Column.Distribution.Min)} to {o.Column.Show(o.Column.Distribution.Max)} where the bulk lies between {o.Column.Show(o.Low)} and {o.Column.Show(o.High)}"));
}
