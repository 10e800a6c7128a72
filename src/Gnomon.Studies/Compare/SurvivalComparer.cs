using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Survival;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Compare;

/// <summary>One group's curve.</summary>
internal sealed record SurvivalGroup(string Name, KaplanMeier Curve, RestrictedMean Mean, long Units, long Events);

/// <summary>One group against another.</summary>
internal sealed record SurvivalContrast
{
    public required SurvivalGroup Group { get; init; }

    public required SurvivalGroup Reference { get; init; }

    /// <summary>Mean time without the event up to the horizon, group less reference; interval for the whole family of comparisons.</summary>
    public required double Difference { get; init; }

    public required double StandardError { get; init; }

    public required Interval Interval { get; init; }

    public required double OwnP { get; init; }

    /// <summary>Corrected by Bonferroni for the number of comparisons, as the intervals are.</summary>
    public double P { get; init; }

    /// <summary>Cox regression on the group (and strata); null where it has no finite answer.</summary>
    public CoxCoefficient? Hazard { get; init; }

    public (double? Early, double? Late) Halves { get; init; }

    public required LogRankResult? LogRank { get; init; }

    public string Name => $"{Group.Name} - {Reference.Name}";

    public bool IsClear(double alpha) => P < alpha && (Interval.Low > 0 || Interval.High < 0);
}

/// <summary>Curves, tests and contrasts.</summary>
internal sealed record SurvivalAnswer
{
    public required IReadOnlyList<SurvivalGroup> Groups { get; init; }

    public required double Horizon { get; init; }

    public required IReadOnlyList<SurvivalContrast> Contrasts { get; init; }

    /// <summary>All groups at once; null where no event could tell them apart.</summary>
    public required LogRankResult? LogRank { get; init; }

    public IReadOnlyList<string> Refusals { get; init; } = [];
}

/// <summary>Compares curves: restricted means first, log-rank and hazard ratios beside.</summary>
internal sealed class SurvivalComparer(CompareOptions options, SurvivalInput input)
{
    private const int MostStrata = 30;
    private const double StillWatched = 0.9;
    private readonly List<string> _refusals = [];

    public SurvivalAnswer Compare()
    {
        for (var g = 0; g < input.Groups.Count; g++)
        {
            if (input.Rows(g).Length < 2)
            {
                throw new GnomonError("too-few-rows", $"{input.By} = {input.Groups[g]} has 1 row; a curve needs 2.", "--by", "Pool the group, or leave it out with --where.");
            }
        }

        var horizon = Horizon();
        var groups = input.Groups.Select((name, g) => Group(name, input.Rows(g), horizon)).ToList();
        var pairs = Pairs().ToList();
        var family = options.Level < 1 ? 1 - (1 - options.Level) / pairs.Count : options.Level;
        var contrasts = pairs.ConvertAll(p => Contrast(groups, p.Group, p.Reference, horizon, family));
        var adjusted = Multiplicity.Bonferroni(contrasts.Select(c => c.OwnP).ToArray());
        return new SurvivalAnswer
        {
            Groups = groups, Horizon = horizon, LogRank = Test(Enumerable.Range(0, input.Times.Length).ToArray(), input.Group), Refusals = [.. _refusals.Distinct()],
            Contrasts = [.. contrasts.Select((c, i) => c with { P = adjusted[i] })],
        };
    }

    private IEnumerable<(int Group, int Reference)> Pairs() => input.HasControl
        ? Enumerable.Range(1, input.Groups.Count - 1).Select(g => (g, 0))
        : Enumerable.Range(0, input.Groups.Count).SelectMany(b => Enumerable.Range(b + 1, input.Groups.Count - b - 1).Select(a => (a, b)));

    // Up to where a tenth of every group (in every stratum) was still watched: beyond, one row moves the curve by much.
    private double Horizon()
    {
        var longest = Cells().Min(rows => rows.Max(i => input.Times[i]));
        if (options.Horizon is not { } asked)
        {
            var tenth = Cells().Min(rows => rows.Select(i => input.Times[i]).Order().ElementAt((int)(StillWatched * (rows.Length - 1))));
            return tenth > 0 ? tenth : longest > 0 ? longest : throw new GnomonError("not-estimable", $"Every {input.Time} of a group is 0: nothing was watched.", "--metric", "Check how the time was computed.");
        }

        var shortest = Cells().Where(rows => rows.Max(i => input.Times[i]) < asked && !rows.Where(i => input.Times[i] == rows.Max(r => input.Times[r])).All(i => input.Ended[i])).ToList();
        return shortest.Count == 0
            ? asked
            : throw new GnomonError("option-out-of-range", $"--horizon {Figures.Number(asked)} lies beyond the watch of a group{(input.Strata is null ? string.Empty : " in a stratum")}, which ends at {Figures.Number(longest)}.", "--horizon", $"Write --horizon {Figures.Number(Math.Floor(longest * 1000) / 1000)} or less.");
    }

    private List<int[]> Cells() => [.. Enumerable.Range(0, input.Times.Length).GroupBy(i => (input.Group[i], input.Strata?[i] ?? 0)).Select(g => g.ToArray())];

    private SurvivalGroup Group(string name, int[] rows, double horizon)
    {
        var curve = Curve(rows);
        return new SurvivalGroup(name, curve, curve.Mean(horizon), rows.Length, rows.LongCount(i => input.Ended[i]));
    }

    private KaplanMeier Curve(int[] rows) => KaplanMeier.Fit(Array.ConvertAll(rows, i => input.Times[i]), Array.ConvertAll(rows, i => input.Ended[i]), options.Level);

    private SurvivalContrast Contrast(IReadOnlyList<SurvivalGroup> groups, int group, int reference, double horizon, double level)
    {
        var (difference, error) = Means(groups, group, reference, horizon);
        var half = Normal.UpperQuantile((1 - level) / 2) * error;
        var rows = Enumerable.Range(0, input.Times.Length).Where(i => input.Group[i] == group || input.Group[i] == reference).ToArray();
        var codes = Array.ConvertAll(rows, i => input.Group[i] == group ? 1 : 0);
        var (hazard, halves) = Hazard(rows, codes, level, $"{groups[group].Name} - {groups[reference].Name}");
        return new SurvivalContrast
        {
            Group = groups[group], Reference = groups[reference], Difference = difference, StandardError = error, Interval = new Interval(difference - half, difference + half),
            OwnP = error > 0 ? Math.Min(1, 2 * Normal.Sf(Math.Abs(difference) / error)) : 1, LogRank = Test(rows, codes), Hazard = hazard, Halves = halves,
        };
    }

    private (double Difference, double Error) Means(IReadOnlyList<SurvivalGroup> groups, int group, int reference, double horizon)
    {
        if (input.Strata is not { } strata)
        {
            var (a, b) = (groups[group].Mean, groups[reference].Mean);
            return (a.Mean - b.Mean, Math.Sqrt(a.StandardError * a.StandardError + b.StandardError * b.StandardError));
        }

        double difference = 0, variance = 0, total = 0, outside = 0;
        foreach (var stratum in Enumerable.Range(0, input.Times.Length).GroupBy(i => strata[i]))
        {
            var a = stratum.Where(i => input.Group[i] == group).ToArray();
            var b = stratum.Where(i => input.Group[i] == reference).ToArray();
            if (a.Length < 2 || b.Length < 2)
            {
                outside += a.Length + b.Length;
                continue;
            }

            double weight = a.Length + b.Length;
            var (x, y) = (Curve(a).Mean(horizon), Curve(b).Mean(horizon));
            total += weight;
            difference += weight * (x.Mean - y.Mean);
            variance += weight * weight * (x.StandardError * x.StandardError + y.StandardError * y.StandardError);
        }

        if (total == 0)
        {
            throw new GnomonError("no-common-strata", $"No value of {string.Join(", ", options.Strata)} holds two rows of both {groups[group].Name} and {groups[reference].Name}.", "--strata", "Name fewer or coarser columns.");
        }

        if (outside > 0)
        {
            _refusals.Add($"{Figures.Count((long)outside, "row")} in strata that hold fewer than two rows of a group count for the curves and not for the difference");
        }

        return (difference / total, Math.Sqrt(variance) / total);
    }

    private LogRankResult? Test(int[] rows, int[] codes)
    {
        try
        {
            double[] times = Array.ConvertAll(rows, i => input.Times[i]);
            bool[] ended = Array.ConvertAll(rows, i => input.Ended[i]);
            return input.Strata is { } strata ? LogRank.Stratified(times, ended, codes, Array.ConvertAll(rows, i => strata[i])) : LogRank.Test(times, ended, codes);
        }
        catch (NotEstimableException wrong)
        {
            _refusals.Add($"Log-rank test: {wrong.Message}");
            return null;
        }
    }

    // Strata enter as columns: their curves are then taken to be powers of one another.
    private (CoxCoefficient? Hazard, (double? Early, double? Late) Halves) Hazard(int[] rows, int[] codes, double level, string name)
    {
        var levels = input.Strata is { } strata ? rows.Select(i => strata[i]).Distinct().Order().Skip(1).ToArray() : [];
        if (levels.Length > MostStrata)
        {
            _refusals.Add($"Hazard ratios: {levels.Length + 1} strata are too many columns for a Cox regression");
            return (null, (null, null));
        }

        var columns = 1 + levels.Length;
        var x = new double[rows.Length * columns];
        for (var i = 0; i < rows.Length; i++)
        {
            x[i * columns] = codes[i];
            for (var l = 0; l < levels.Length; l++)
            {
                x[i * columns + 1 + l] = input.Strata![rows[i]] == levels[l] ? 1 : 0;
            }
        }

        try
        {
            double[] times = Array.ConvertAll(rows, i => input.Times[i]);
            bool[] ended = Array.ConvertAll(rows, i => input.Ended[i]);
            var fit = CoxRegression.Fit(times, ended, x, columns, options: new CoxOptions { Level = level });
            var (early, late) = HazardHalves.Of(times, ended, x, columns);
            return (fit.Coefficients[0], (early?.Coefficients[0].HazardRatio, late?.Coefficients[0].HazardRatio));
        }
        catch (Exception wrong) when (wrong is NotEstimableException or TooFewRowsException)
        {
            _refusals.Add($"Hazard ratio of {name}: {wrong.Message}");
            return (null, (null, null));
        }
    }
}
