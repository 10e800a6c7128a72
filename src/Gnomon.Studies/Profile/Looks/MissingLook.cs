using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Data;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;

namespace Gnomon.Studies.Profile.Looks;

/// <summary>Which cells are missing together, and what missing cells go with.</summary>
internal sealed class MissingLook
{
    private const long FewestMissing = 30;
    private const double SmallestShare = 0.01;
    private const int MostColumns = 50;
    private const int MostOthers = 100;
    private const int MostPatterns = 10;
    private const int MostInLittle = 10;
    private const int MostLinks = 5;

    // An interval beyond 0.55 is out of reach for estimates nearer to 0.5 than this.
    private const double Worthless = 0.04;

    private readonly IReadOnlyList<SampleColumn> _columns;
    private readonly double _level;

    public MissingLook(IReadOnlyList<SampleColumn> columns, double level) => (_columns, _level) = (columns, level);

    /// <summary>One piece of evidence per column with enough missing cells.</summary>
    public IReadOnlyList<MissingnessLinks> Links()
    {
        var gaps = _columns.Where(c => c.Facts.Missing >= FewestMissing && c.Facts.MissingShare >= SmallestShare && c.Facts.Present > 0)
            .OrderByDescending(c => c.Facts.Missing).Take(MostColumns).ToList();
        var others = _columns.Where(IsComparable).Take(MostOthers).ToList();
        var tests = (from gap in gaps from other in others where other != gap let test = Test(gap, other) where test is not null select (Gap: gap, Other: other, Test: test)).ToList();
        var adjusted = Multiplicity.Holm(tests.Select(t => t.Test.P).ToArray());
        return [.. gaps.Select(gap => new MissingnessLinks
        {
            Column = gap.Name,
            Missing = gap.Facts.Missing,
            Rows = gap.Facts.Rows,
            Tested = tests.Count(t => t.Gap == gap),
            Links = [.. tests.Index().Where(t => t.Item.Gap == gap)
                .Select(t => new MissingnessLink(t.Item.Other.Name, adjusted[t.Index], t.Item.Test.IsMaterial, t.Item.Test.Auc, t.Item.Test.Says))
                .OrderByDescending(l => l.IsMaterial).ThenBy(l => l.AdjustedP).Take(MostLinks)],
        })];
    }

    /// <summary>The most frequent combinations of missing columns in the sample.</summary>
    public IReadOnlyList<Pattern> Patterns()
    {
        var gaps = _columns.Where(c => c.Facts.Missing > 0).ToList();
        if (gaps.Count == 0 || _columns[0].Rows == 0)
        {
            return [];
        }

        var rows = _columns[0].Rows;
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < rows; i++)
        {
            var row = i;
            var key = string.Join(", ", gaps.Where(g => g.IsMissing(row)).Select(g => g.Name));
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        return [.. counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Take(MostPatterns).Select(c => new Pattern(c.Key, (double)c.Value / rows))];
    }

    /// <summary>Little's test over the numeric columns with the most missing cells and the most complete ones; null when it cannot be asked.</summary>
    public LittleLook? Little()
    {
        var numeric = _columns.Where(c => c.Facts.IsNumber && c.Facts.Present > FewestMissing && c.Facts.Scan.Distinct > 2).ToList();
        var gaps = numeric.Where(c => c.Facts.Missing >= FewestMissing).OrderByDescending(c => c.Facts.Missing).Take(MostInLittle / 2).ToList();
        var full = numeric.Where(c => c.Facts.Missing == 0).Take(MostInLittle - gaps.Count).ToList();
        if (gaps.Count == 0 || gaps.Count + full.Count < 2)
        {
            return null;
        }

        var columns = gaps.Concat(full).Select(Standardised).ToArray();
        var patterns = new SortedDictionary<int, CoMomentsAccumulator>();
        for (var i = 0; i < columns[0].Length; i++)
        {
            var mask = 0;
            var row = new List<double>();
            for (var c = 0; c < columns.Length; c++)
            {
                if (!double.IsNaN(columns[c][i]))
                {
                    mask |= 1 << c;
                    row.Add(columns[c][i]);
                }
            }

            if (mask != 0)
            {
                if (!patterns.TryGetValue(mask, out var sums))
                {
                    patterns[mask] = sums = new CoMomentsAccumulator(new double[row.Count]);
                }

                sums.Add(row.ToArray());
            }
        }

        var seen = patterns.Keys.Aggregate(0, (a, b) => a | b);
        if (patterns.Count < 2 || seen != (1 << columns.Length) - 1)
        {
            return null;
        }

        var test = LittleMcar.Test(
            [.. patterns.Select(p => new MissingPattern([.. Enumerable.Range(0, columns.Length).Where(c => (p.Key & (1 << c)) != 0)], p.Value.ToCoMoments()))], columns.Length);
        return test is { Converged: true } && double.IsFinite(test.PValue) ? new LittleLook([.. gaps.Concat(full).Select(c => c.Name)], test) : null;
    }

    private static bool IsComparable(SampleColumn c) => c.Facts.Present > 1 && (c.Facts.IsGrouping || c.Facts.IsNumber || (c.Facts.Role == Role.Time && c.IsOrdered));

    // Mean 0 and spread 1, so that EM's tolerances mean the same for every column.
    private static double[] Standardised(SampleColumn column)
    {
        var present = Array.FindAll(column.Numbers, v => !double.IsNaN(v));
        var moments = Moments.MeanVariance(present);
        var sd = moments.Count > 1 && moments.M2 > 0 ? moments.StandardDeviation : 1;
        return Array.ConvertAll(column.Numbers, v => (v - moments.Mean) / sd);
    }

    private PairTest? Test(SampleColumn gap, SampleColumn other) => other.Facts.IsGrouping ? ByGroup(gap, other) : ByOrder(gap, other);

    private PairTest? ByOrder(SampleColumn gap, SampleColumn other)
    {
        double sum = 0;
        long missing = 0, present = 0;
        var ranks = other.Ranks;
        for (var i = 0; i < ranks.Length; i++)
        {
            if (!double.IsNaN(ranks[i]))
            {
                var isMissing = gap.IsMissing(i);
                sum += isMissing ? ranks[i] : 0;
                missing += isMissing ? 1 : 0;
                present += isMissing ? 0 : 1;
            }
        }

        if (missing < 2 || present < 2)
        {
            return null;
        }

        var auc = ((sum / missing) - ((missing + 1) / 2.0)) / present;
        if (Math.Abs(auc - 0.5) < Worthless)
        {
            return new PairTest(1, false, auc, string.Empty);
        }

        var test = MissingnessDependence.Numeric(Where(gap, other, true), Where(gap, other, false), _level);
        return test is null ? null : new PairTest(test.PValue, test.IsMaterial, test.Separation.Auc, Describe(gap, other, test));
    }

    private PairTest? ByGroup(SampleColumn gap, SampleColumn other)
    {
        var groups = other.Groups;
        var missing = new long[other.GroupCount + 1];
        var present = new long[other.GroupCount + 1];
        for (var i = 0; i < groups.Length; i++)
        {
            if (groups[i] >= 0)
            {
                (gap.IsMissing(i) ? missing : present)[groups[i]]++;
            }
        }

        if (MissingnessDependence.Category(missing, present, _level) is not { } test || test.Test.SmallestExpected < 1)
        {
            return null;
        }

        // A group of leftovers says nothing to the reader while a value of its own can be named.
        var worst = test.Rates.OrderBy(r => other.IsLeftover(r.Category)).ThenByDescending(r => Math.Max(r.Difference.Low, -r.Difference.High)).First();
        return new PairTest(
            test.PValue, test.IsMaterial, null,
            $"{gap.Name} is missing in {Figures.Percent(worst.Rate)} of rows with {other.Name} = {other.GroupName(worst.Category)} and in {Figures.Percent(worst.RateElsewhere)} of the others");
    }

    private static double[] Where(SampleColumn gap, SampleColumn other, bool missing)
    {
        var values = new List<double>();
        for (var i = 0; i < other.Numbers.Length; i++)
        {
            if (!double.IsNaN(other.Numbers[i]) && gap.IsMissing(i) == missing)
            {
                values.Add(other.Numbers[i]);
            }
        }

        return [.. values];
    }

    private static string Describe(SampleColumn gap, SampleColumn other, NumericMissingness test)
    {
        var higher = test.Separation.Auc > 0.5;
        var word = other.Facts.Role == Role.Time ? (higher ? "later" : "earlier") : higher ? "higher" : "lower";
        var chance = higher ? test.Separation.Auc : 1 - test.Separation.Auc;
        return $"{other.Name} is {word} where {gap.Name} is missing, in {Figures.WholePercent(chance)} of pairs of rows (50 % would be chance)";
    }

    private sealed record PairTest(double P, bool IsMaterial, double? Auc, string Says);
}

/// <param name="Columns">Names of the columns missing together; empty for complete rows.</param>
/// <param name="Share">Share of sample rows.</param>
internal sealed record Pattern(string Columns, double Share);

/// <param name="Columns">Columns compared.</param>
/// <param name="Test">Little's test.</param>
internal sealed record LittleLook(IReadOnlyList<string> Columns, LittleMcarResult Test);
