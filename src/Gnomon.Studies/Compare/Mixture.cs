using Gnomon.Core.Evidence.Inference;
using Gnomon.Methods;
using Gnomon.Methods.Data;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Compare;

/// <summary>One column beside the comparison: how unlike the groups are in it, and what is left of the difference inside its values.</summary>
internal sealed record ColumnLook(int Column, string Name, double StandardisedDifference, double PValue, double MetricP, StratifiedResult? Within)
{
    private const double Unlike = 0.1;
    private const double Clear = 0.01;

    /// <summary>The groups hold different shares of its values.</summary>
    public bool IsUnlike => StandardisedDifference > Unlike && PValue < Clear;
}

/// <summary>Looks through the other columns for mixtures that make, hide or turn the difference.</summary>
internal sealed record Mixture(GroupContrast Contrast, IReadOnlyList<ColumnLook> Columns, IReadOnlyList<ColumnLook> HeldFixed, StratifiedResult? Joint)
{
    private const double Clear = 0.01;
    private const int MostHeld = 3;
    private const double MostOutside = 0.1;

    /// <summary>The looks of one contrast; null where there is no other column.</summary>
    public static Mixture? Look(GroupContrast contrast, CompareInput input, double level)
    {
        var others = Enumerable.Range(input.StrataCount, input.Others.Count - input.StrataCount).ToList();
        if (others.Count == 0 || input.IsPaired || input.Kind == MetricKind.Category)
        {
            return null;
        }

        var looks = others.Select(c => One(contrast, input, c, level)).ToList();
        var adjusted = Multiplicity.Holm([.. looks.Select(l => l.PValue)]);
        looks = [.. looks.Select((l, i) => l with { PValue = adjusted[i] })];
        var suspects = looks.Where(l => l.IsUnlike && l.MetricP < Clear && l.Within is not null)
            .OrderByDescending(l => Math.Abs(l.Within!.MixEffect.Value)).ThenBy(l => l.Column).ToList();
        var (held, joint) = Hold(contrast, input, suspects, level);
        return new(contrast, looks, held, joint);
    }

    /// <summary>The contrast inside the cells of some columns, put together by the mix of both groups; null where no cell holds both.</summary>
    public static StratifiedResult? Within(GroupContrast contrast, CompareInput input, IReadOnlyList<int> columns, double level)
    {
        var (x, y) = Scores(contrast, input);
        return Within(Cells(contrast.Group, x, columns, input), Cells(contrast.Reference, y, columns, input), level);
    }

    /// <summary>Moments by the values of one column that either group holds.</summary>
    public static LevelMoments ByLevel(GroupContrast contrast, CompareInput input, int column)
    {
        var (x, y) = Scores(contrast, input);
        var first = Cells(contrast.Group, x, [column], input);
        var second = Cells(contrast.Reference, y, [column], input);
        int[] used = [.. Enumerable.Range(0, first.Length).Where(k => first[k].Count + second[k].Count > 0)];
        return new([.. used.Select(k => input.Others[column].Levels[k])], [.. used.Select(k => first[k])], [.. used.Select(k => second[k])]);
    }

    private static StratifiedResult? Within(Moments[] first, Moments[] second, double level)
    {
        StratumMoments[] strata = [.. first.Zip(second, (a, b) => new StratumMoments(a, b)).Where(s => s.First.Count + s.Second.Count > 0)];
        try
        {
            return Stratified.Means(strata, level);
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }

    /// <summary>Events and units of both groups by the cells of the first <paramref name="columns"/> columns.</summary>
    public static IReadOnlyList<Methods.Counts.Stratum> Tables(GroupContrast contrast, CompareInput input, int columns)
    {
        int[] all = [.. Enumerable.Range(0, columns)];
        var first = Cells(contrast.Group, contrast.Group.Values, all, input);
        var second = Cells(contrast.Reference, contrast.Reference.Values, all, input);
        return [.. first.Zip(second, (x, y) => new Methods.Counts.Stratum(Ones(x), x.Count, Ones(y), y.Count)).Where(s => s.Xn + s.Yn > 0)];

        static long Ones(Moments m) => (long)Math.Round(m.Mean * m.Count);
    }

    // Suspects are crossed, strongest first, as long as nine tenths of the units keep cases to be compared with.
    private static (IReadOnlyList<ColumnLook> Held, StratifiedResult? Joint) Hold(GroupContrast contrast, CompareInput input, List<ColumnLook> suspects, double level)
    {
        var held = new List<ColumnLook>();
        StratifiedResult? joint = null;
        foreach (var suspect in suspects)
        {
            if (held.Count < MostHeld && Within(contrast, input, [.. held.Select(h => h.Column), suspect.Column], level) is { } next && next.UnitsOutside <= MostOutside * contrast.N)
            {
                held.Add(suspect);
                joint = next;
            }
        }

        return (held, joint);
    }

    private static ColumnLook One(GroupContrast contrast, CompareInput input, int column, double level)
    {
        var levels = input.Others[column].Levels.Count;
        var x = Counts(contrast.Group.Columns[column], levels);
        var y = Counts(contrast.Reference.Columns[column], levels);
        var table = ContingencyTest.ChiSquare([.. x, .. y], levels);
        double nx = x.Sum(), ny = y.Sum();
        var largest = 0.0;
        for (var k = 0; k < levels && nx > 0 && ny > 0; k++)
        {
            var (p, q) = (x[k] / nx, y[k] / ny);
            var spread = Math.Sqrt(0.5 * (p * (1 - p) + q * (1 - q)));
            largest = Math.Max(largest, spread > 0 ? Math.Abs(p - q) / spread : p == q ? 0 : double.MaxValue);
        }

        var (scoresX, scoresY) = Scores(contrast, input);
        var cellsX = Cells(contrast.Group, scoresX, [column], input);
        var cellsY = Cells(contrast.Reference, scoresY, [column], input);
        return new(column, input.Others[column].Name, Math.Min(largest, 1e6), table?.PValue ?? 1, MetricP([cellsX, cellsY]), Within(cellsX, cellsY, level));
    }

    // Does the metric differ over the column's values, inside the groups?
    private static double MetricP(Moments[][] cellsByGroup)
    {
        double between = 0, within = 0, cells = 0, n = 0, groups = 0;
        foreach (var parts in cellsByGroup.Select(c => c.Where(m => m.Count > 0).ToList()).Where(p => p.Count > 0))
        {
            var all = parts.Aggregate(Moments.Merge);
            between += parts.Sum(m => m.Count * (m.Mean - all.Mean) * (m.Mean - all.Mean));
            within += parts.Sum(m => m.M2);
            cells += parts.Count;
            groups++;
            n += all.Count;
        }

        var (df1, df2) = (cells - groups, n - cells);
        return df1 < 1 || df2 < 1 ? 1 : within > 0 ? FisherF.Sf(between / df1 / (within / df2), df1, df2) : between > 0 ? 0 : 1;
    }

    private static long[] Counts(int[] codes, int levels)
    {
        var counts = new long[levels];
        foreach (var code in codes)
        {
            if (code >= 0)
            {
                counts[code]++;
            }
        }

        return counts;
    }

    // Ordered scores become their midranks among both groups over the number of values: the difference of their means is the chance of the higher value less one half.
    private static (double[] X, double[] Y) Scores(GroupContrast contrast, CompareInput input)
    {
        if (input.Kind != MetricKind.Ordered)
        {
            return (contrast.Group.Values, contrast.Reference.Values);
        }

        double[] pooled = [.. contrast.Group.Values, .. contrast.Reference.Values];
        var ranks = Midranks.Of(pooled);
        double n = ranks.Length;
        return ([.. ranks.Take(contrast.Group.Values.Length).Select(r => r / n)], [.. ranks.Skip(contrast.Group.Values.Length).Select(r => r / n)]);
    }

    // Values gathered cell by cell, then one pass over each: the same order of addition on every machine.
    private static Moments[] Cells(GroupData group, double[] scores, IReadOnlyList<int> columns, CompareInput input)
    {
        var count = columns.Aggregate(1, (product, c) => product * input.Others[c].Levels.Count);
        var cell = new int[scores.Length];
        var starts = new int[count + 1];
        for (var i = 0; i < cell.Length; i++)
        {
            var index = 0;
            foreach (var c in columns)
            {
                var code = group.Columns[c][i];
                index = index < 0 || code < 0 ? -1 : index * input.Others[c].Levels.Count + code;
            }

            cell[i] = index;
            if (index >= 0)
            {
                starts[index + 1]++;
            }
        }

        for (var k = 0; k < count; k++)
        {
            starts[k + 1] += starts[k];
        }

        var gathered = new double[starts[count]];
        var next = (int[])starts.Clone();
        for (var i = 0; i < cell.Length; i++)
        {
            if (cell[i] >= 0)
            {
                gathered[next[cell[i]]++] = scores[i];
            }
        }

        var moments = new Moments[count];
        for (var k = 0; k < count; k++)
        {
            moments[k] = starts[k] == starts[k + 1] ? Moments.Empty : Moments.MeanVariance(gathered.AsSpan(starts[k], starts[k + 1] - starts[k]));
        }

        return moments;
    }

    public AdjustedComparison Evidence(CompareInput input) => new()
    {
        Metric = input.Metric,
        Contrast = Contrast.Contrast,
        Randomised = false,
        Units = Contrast.N,
        Columns = [.. Columns.Select(c => new ColumnBalance(c.Name, c.StandardisedDifference, c.PValue))],
        Crude = Joint?.Pooled.Value ?? Contrast.Main.Value - Contrast.Null,
        CrudeError = Joint?.Pooled.StandardError ?? Contrast.Main.StandardError,
        CrudeLow = Joint?.Pooled.Low ?? Contrast.Main.Low - Contrast.Null,
        CrudeHigh = Joint?.Pooled.High ?? Contrast.Main.High - Contrast.Null,
        Adjusted = Joint?.Stratified.Value,
        AdjustedLow = Joint?.Stratified.Low ?? 0,
        AdjustedHigh = Joint?.Stratified.High ?? 0,
        ChangeError = Joint?.MixEffect.StandardError ?? 0,
        HeldFixed = [.. HeldFixed.Select(h => h.Name)],
    };
}

/// <summary>Moments of both groups by the values of a column.</summary>
internal sealed record LevelMoments(IReadOnlyList<string> Names, IReadOnlyList<Moments> Group, IReadOnlyList<Moments> Reference);
