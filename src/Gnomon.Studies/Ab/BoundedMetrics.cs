using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;

namespace Gnomon.Studies.Ab;

/// <summary>Metrics whose range was declared, with their values in the order in which they came: their sequences rest on bets and need no normal approximation.</summary>
internal sealed class BoundedMetrics
{
    // So many rises without one fall are no chance of the draw: the rows were put in order by the outcome.
    private const int SortedRises = 8;
    private readonly Dictionary<string, Bounded> _byMetric = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Index, double Share)> _arms = new(StringComparer.Ordinal);

    private BoundedMetrics()
    {
    }

    public static bool IsNamed(AbDesign design, MetricSpec spec) => design.Options.Bounds.Any(b => Parse(b) is { } range && range.Name == spec.Name);

    public static IEnumerable<GnomonError> Validate(AbOptions options)
    {
        if (options.Bounds.Count == 0)
        {
            yield break;
        }

        foreach (var text in options.Bounds.Where(b => Parse(b) is null))
        {
            yield return new GnomonError("bad-bounds", $"--bounds must name a metric and its range, the lower end first; got '{text}'.", "--bounds", "Write --bounds rating=1..5.");
        }

        if (options.Bounds.Select(Parse).OfType<(string Name, double, double)>().GroupBy(b => b.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            yield return new GnomonError("bad-bounds", $"--bounds names '{twice.Key}' twice.", "--bounds", "Give each metric one range.");
        }

        if (!options.OpenEnded && options.Plan is null)
        {
            yield return new GnomonError("option-missing", "--bounds is for experiments without a planned end.", "--bounds", "Add --open-ended, or leave out --bounds.");
        }

        foreach (var (other, isGiven) in new[]
        {
            (options.Counts.Count > 0 ? "--counts" : "--stats", options.IsTyped), ("--pre", options.Pre.Count > 0), ("--predict", options.Predict.Count > 0), ("--post-stratify", options.PostStratify.Count > 0),
            ("--cluster", options.Cluster is not null), ("--edges", options.Edges is not null), ("--switchback", options.Switchback),
        })
        {
            if (isGiven)
            {
                yield return new GnomonError("options-conflict", $"--bounds is not offered with {other}: its bets are on the values of single units, one after the other.", $"--bounds, {other}", $"Leave out --bounds or {other}.");
            }
        }
    }

    /// <exception cref="GnomonError">A metric that is no primary mean of one row per unit, values outside the range, or rows sorted by the outcome.</exception>
    public static BoundedMetrics? Read(AbDesign design, AbInput input, AbReader reader)
    {
        if (design.Options.Bounds.Count == 0)
        {
            return null;
        }

        if (!design.Options.OpenEnded && design.Plan?.Stopping != PlannedLook.OpenEnded)
        {
            throw new GnomonError("option-missing", "--bounds is for experiments without a planned end, and the plan names one.", "--bounds", "Leave out --bounds.");
        }

        var read = new BoundedMetrics();
        var (arms, shares, _) = design.Shares(input.Arms);
        for (var i = 0; i < input.Arms.Count; i++)
        {
            read._arms[input.Arms[i]] = (i, shares[arms.ToList().IndexOf(input.Arms[i])]);
        }

        foreach (var (name, low, high) in design.Options.Bounds.Select(b => Parse(b)!.Value))
        {
            var metric = input.Metrics.FirstOrDefault(m => m.Spec.Name == name && m.Spec.Role == MetricRole.Primary)
                ?? throw new GnomonError("bad-bounds", $"--bounds names '{name}', which is no primary metric. Primary metrics: {string.Join(", ", design.Primaries.Select(m => m.Name))}.", "--bounds", "Name one of them.");
            if (metric.Spec.Kind != MetricKind.Value || metric.IsRatio || input.Repeated)
            {
                throw new GnomonError("bad-bounds", $"--bounds needs one value of {name} per unit; here it is {(input.Repeated ? "added up over the rows of a unit" : "no mean of single values")}.", "--bounds", "Give one row per unit, or leave out --bounds.");
            }

            var values = reader.ValuesInTime(metric.Spec, input.Arms);
            if (values.SelectMany(v => v).Cast<double?>().FirstOrDefault(v => !(v >= low && v <= high)) is { } outside)
            {
                throw new GnomonError("outside-bounds", $"{name} holds {Figures.Number(outside)}, outside the declared range {Figures.Number(low)} to {Figures.Number(high)}.", "--bounds", "Give the range that the metric can have, not the one that was seen.");
            }

            if (values.Any(IsSorted))
            {
                throw new GnomonError("sorted-by-outcome", $"The rows are sorted by {name}. Bets on the next value need the order in which the units came.", "--bounds", "Give the rows in the order of assignment, or name its date with --time.");
            }

            read._byMetric[name] = new(low, high, values);
        }

        return read;
    }

    /// <summary>The difference with an interval for all looks; null where the metric has no declared range, or an arm has not filled its first block.</summary>
    public LookAnswer? Answer(Comparison c, double level)
    {
        if (!_byMetric.TryGetValue(c.Spec.Name, out var bounded))
        {
            return null;
        }

        var (treatment, control) = (_arms[c.Arm], _arms[c.Control]);
        try
        {
            var (low, high, values) = bounded;
            var r = BettingSequence.Difference(values[treatment.Index], values[control.Index], low, high, treatment.Share > 0 ? treatment.Share : control.Share, control.Share > 0 ? control.Share : treatment.Share, level);
            return new LookAnswer(c.Fixed with { Low = r.Low, High = r.High, PValue = r.PValue, Method = $"betting confidence sequence, values in {Figures.Number(low)} to {Figures.Number(high)}" }, null);
        }
        catch (TooFewRowsException)
        {
            return WholeRange(c, bounded);
        }
        catch (NotEstimableException e)
        {
            throw new GnomonError("values-not-independent", $"{c.Spec.Name}: {e.Message}.", "--bounds", "Give the rows in the order of assignment, name its date with --time, or leave out --bounds.");
        }
    }

    public static IEnumerable<string> Sentences(AbDesign design, IEnumerable<Comparison> primaries)
    {
        foreach (var spec in primaries.Select(c => c.Spec).DistinctBy(s => s.Name).Where(s => IsNamed(design, s)))
        {
            yield return $"No end is planned: the interval of {spec.Name} holds at every look together and from the first unit on, because its values lie in the declared range. "
                + $"It rests on bets on the units in the order {(design.Options.Time is { } time ? $"of {time}, then of the rows" : "of the rows")}, so that order must not follow the outcome, and new rows belong below the old ones.";
        }
    }

    // Before the first block is full nothing is excluded.
    private static LookAnswer WholeRange(Comparison c, Bounded bounded)
    {
        var width = bounded.High - bounded.Low;
        return new LookAnswer(c.Fixed with { Low = -width, High = width, PValue = 1, Method = "betting confidence sequence, first block not full" }, null);
    }

    private static bool IsSorted(double[] values)
    {
        int rises = 0, falls = 0;
        for (var i = 1; i < values.Length; i++)
        {
            rises += values[i] > values[i - 1] ? 1 : 0;
            falls += values[i] < values[i - 1] ? 1 : 0;
        }

        return Math.Min(rises, falls) == 0 && Math.Max(rises, falls) >= SortedRises;
    }

    private static (string Name, double Low, double High)? Parse(string text)
    {
        var equals = text.LastIndexOf('=');
        var ends = equals > 0 ? text[(equals + 1)..].Split("..", StringSplitOptions.TrimEntries) : [];
        return ends.Length == 2 && Number(ends[0]) is { } low && Number(ends[1]) is { } high && low < high ? (text[..equals].Trim(), low, high) : null;
    }

    private static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private sealed record Bounded(double Low, double High, IReadOnlyList<double[]> Values);
}
