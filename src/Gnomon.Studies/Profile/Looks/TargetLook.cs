using Gnomon.Core.Evidence.Data;
using Gnomon.Methods.Data;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Profile.Scan;

namespace Gnomon.Studies.Profile.Looks;

/// <summary>What tells the target, too well or by its gaps; how many cases there are; whether row labels carry it.</summary>
internal sealed class TargetLook
{
    private const int MostClasses = 20;
    private const int MostParametersPerCategory = 10;
    private const int ManyValues = 10;
    private const int Bands = 20;
    private const int ProbeCount = 199;
    private const int FewInClass = 10;
    private const int MostLeaks = 20;

    private readonly SampleColumn _target;
    private readonly IReadOnlyList<SampleColumn> _others;
    private readonly long _seed;

    public TargetLook(SampleColumn target, IReadOnlyList<SampleColumn> columns, long seed)
    {
        _target = target;
        _others = [.. columns.Where(c => c != target && c.Facts.Role is not Role.Empty)];
        _seed = seed;
        IsClass = target.Facts.Scan.Distinct <= MostClasses || target.Facts.Scan.IsText;
    }

    /// <summary>True when the target is a class rather than an amount.</summary>
    public bool IsClass { get; }

    /// <summary>Classes with their rows in all data, largest first; empty for amounts and targets with too many classes.</summary>
    public IReadOnlyList<ClassCount> Classes()
    {
        if (!IsClass || _target.Facts.Scan.Distinct > 200)
        {
            return [];
        }

        var counts = _target.Facts.Scan.Texts is { IsComplete: true } t
            ? t.Texts.Zip(t.Counts, (text, n) => new ClassCount(text, n))
            : _target.Facts.Distribution.Counts?.Select(c => new ClassCount(_target.Facts.Show(c.Value), c.Count)) ?? [];
        return [.. counts.OrderByDescending(c => c.Rows).ThenBy(c => c.Value, StringComparer.Ordinal)];
    }

    public EventCounts? Events()
    {
        var classes = Classes();
        return classes.Count == 0 ? null : new EventCounts { Target = _target.Name, Classes = classes, Parameters = _others.Sum(Parameters) };
    }

    public LeakSuspects Leaks()
    {
        var candidates = _others.Where(c => c.Facts.Role is not (Role.Key or Role.Identifier or Role.Constant)).ToList();
        var strengths = candidates.Select(c => Strongest(c)).OfType<LeakStrength>().OrderByDescending(s => s.Low).ThenBy(s => s.Column, StringComparer.Ordinal).ToList();
        var patterns = IsClass ? candidates.SelectMany(Patterns).OrderByDescending(p => p.Low).ThenBy(p => p.Column, StringComparer.Ordinal).ToList() : [];
        return new LeakSuspects
        {
            Target = _target.Name, Rows = Enumerable.Range(0, _target.Rows).Count(i => !_target.IsMissing(i)), Tested = candidates.Count,
            Strengths = [.. strengths.Take(MostLeaks)], Patterns = [.. patterns.Take(MostLeaks)],
        };
    }

    /// <summary>For whole-number identifiers: does the label's order explain the target on rows held out, and how well do random labels?</summary>
    public IEnumerable<IdentifierSignal> Identifiers()
    {
        var outcome = Outcome();
        foreach (var id in _others.Where(c => c.Facts.Role is Role.Identifier or Role.Key && c.IsOrdered).Take(10))
        {
            var (labels, y) = Strength.Both(id.Numbers, outcome);
            if (y.Length < 100 || y.Distinct().Count() < 2)
            {
                continue;
            }

            var rng = new Rng((ulong)_seed).Stream("identifier-probes", id.Facts.Index);
            var probes = new double[ProbeCount];
            for (var k = 0; k < ProbeCount; k++)
            {
                probes[k] = HeldOutGain(Shuffled(y.Length, rng), y);
            }

            Array.Sort(probes);
            yield return new IdentifierSignal
            {
                Column = id.Name, Target = _target.Name, UniqueShare = id.Facts.UniqueShare, HeldOut = y.Length / 2, Gain = HeldOutGain(Order(labels), y), Probes = probes,
            };
        }
    }

    private int Parameters(SampleColumn column) => column.Facts.Role switch
    {
        Role.Category => (int)Math.Min(MostParametersPerCategory, column.Facts.Scan.Distinct - 1),
        Role.Flag or Role.Number or Role.Time => 1,
        _ => 0,
    };

    private LeakStrength? Strongest(SampleColumn column)
    {
        var measured = (IsClass, column.Facts.IsGrouping || column.Facts.Scan.IsText) switch
        {
            (true, true) => column.Facts.IsGrouping ? Strength.CramersV(_target, column) : null,
            (true, false) => _target.Facts.Scan.Distinct == 2 ? Auc(column) : Strength.ByGroups(_target, column),
            (false, true) => column.Facts.IsGrouping ? Strength.ByGroups(column, _target) : null,
            _ => Squared(column),
        };
        return measured is null ? null : new LeakStrength(column.Name, measured.Measure, measured.Value, measured.Low);
    }

    private Measured? Auc(SampleColumn column)
    {
        var groups = _target.Groups;
        var (a, b) = (new List<double>(), new List<double>());
        for (var i = 0; i < groups.Length; i++)
        {
            if (groups[i] >= 0 && !double.IsNaN(column.Numbers[i]))
            {
                (groups[i] == 0 ? a : b).Add(column.Numbers[i]);
            }
        }

        if (a.Count < FewInClass || b.Count < FewInClass)
        {
            return null;
        }

        var auc = AreaUnderCurve.Of(a.ToArray(), b.ToArray());
        return auc.Auc >= 0.5 ? new Measured("AUC", auc.Auc, auc.Low, a.Count + b.Count) : new Measured("AUC", 1 - auc.Auc, 1 - auc.High, a.Count + b.Count);
    }

    private Measured? Squared(SampleColumn column)
    {
        var r = new[] { Strength.Pearson(_target, column), Strength.Spearman(_target, column) }.OfType<CorrelationResult>().MaxBy(c => Math.Abs(c.Correlation));
        if (r is null)
        {
            return null;
        }

        var low = Math.Max(0, r.Correlation > 0 ? r.Low : -r.High);
        return new Measured("R squared", r.Correlation * r.Correlation, low * low, r.Count);
    }

    // Empty cells by class; zeros too where a column measures something.
    private IEnumerable<LeakPattern> Patterns(SampleColumn column)
    {
        var groups = _target.Groups;
        if (_target.GroupCount is < 2 or > MostClasses)
        {
            yield break;
        }

        if (column.Facts.Missing > 0 && Pattern(column, "empty", column.IsMissing, groups) is { } empty)
        {
            yield return empty;
        }

        if (column.Facts.IsNumber && column.Facts.Scan.Distinct > ManyValues && Pattern(column, "zero", i => column.Numbers[i] == 0, groups) is { } zero)
        {
            yield return zero;
        }
    }

    private LeakPattern? Pattern(SampleColumn column, string word, Func<int, bool> holds, int[] groups)
    {
        var hits = new long[_target.GroupCount + 1];
        var rows = new long[_target.GroupCount + 1];
        for (var i = 0; i < groups.Length; i++)
        {
            if (groups[i] >= 0)
            {
                rows[groups[i]]++;
                hits[groups[i]] += holds(i) ? 1 : 0;
            }
        }

        long allRows = rows.Sum(), allHits = hits.Sum();
        LeakPattern? strongest = null;
        if (allHits == 0 || allHits == allRows)
        {
            return null;
        }

        for (var g = 0; g < rows.Length; g++)
        {
            if (rows[g] < FewInClass || allRows - rows[g] < FewInClass)
            {
                continue;
            }

            var difference = TwoProportions.Score(hits[g], rows[g], allHits - hits[g], allRows - rows[g]);
            var low = Math.Max(0, Math.Max(difference.Low, -difference.High));
            if (low > (strongest?.Low ?? 0))
            {
                strongest = new LeakPattern(column.Name, word, _target.GroupName(g), (double)hits[g] / rows[g], (double)(allHits - hits[g]) / (allRows - rows[g]), low);
            }
        }

        return strongest;
    }

    // The target as a number: an amount itself, or 1 for its most frequent class.
    private double[] Outcome()
    {
        if (!IsClass)
        {
            return _target.Numbers;
        }

        var groups = _target.Groups;
        var largest = groups.Where(g => g >= 0).GroupBy(g => g).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).Select(g => g.Key).FirstOrDefault();
        return Array.ConvertAll(groups, g => g < 0 ? double.NaN : g == largest ? 1.0 : 0.0);
    }

    // Rows in the order of the label are cut into bands; means of the even rows of a band predict its odd rows.
    private static double HeldOutGain(int[] order, double[] y)
    {
        double sum = 0, n = 0;
        for (var i = 0; i < order.Length; i += 2)
        {
            sum += y[order[i]];
            n++;
        }

        var mean = sum / n;
        double plain = 0, banded = 0;
        for (var b = 0; b < Bands; b++)
        {
            var (from, to) = (BandStart(b, order.Length), BandStart(b + 1, order.Length));
            double bandSum = 0, bandN = 0;
            for (var i = from; i < to; i += 2)
            {
                bandSum += y[order[i]];
                bandN++;
            }

            for (var i = from + 1; i < to && bandN > 0; i += 2)
            {
                var value = y[order[i]];
                plain += (value - mean) * (value - mean);
                banded += (value - (bandSum / bandN)) * (value - (bandSum / bandN));
            }
        }

        return plain > 0 ? 1 - (banded / plain) : 0;
    }

    private static int BandStart(int band, int rows) => (int)((long)band * rows / Bands) & ~1;

    private static int[] Order(double[] labels)
    {
        var order = Enumerable.Range(0, labels.Length).ToArray();
        Array.Sort((double[])labels.Clone(), order);
        return order;
    }

    private static int[] Shuffled(int length, Rng rng)
    {
        var order = Enumerable.Range(0, length).ToArray();
        rng.Shuffle<int>(order);
        return order;
    }
}
