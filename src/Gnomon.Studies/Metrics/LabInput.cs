using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Numerics;

namespace Gnomon.Studies.Metrics;

/// <summary>What was read of past tests: effects on the goal and on every metric, and where units are there, their values.</summary>
internal sealed record LabInput
{
    /// <summary>The goal first, then the metrics in the order of the options.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>-1 where less is better.</summary>
    public required IReadOnlyList<int> Signs { get; init; }

    /// <summary>In the direction of the numbers, not of what is better.</summary>
    public required IReadOnlyList<PastTest> Tests { get; init; }

    /// <summary>Values per outcome and unit, ratios as their linear form; null when only effects are known.</summary>
    public IReadOnlyList<double[]>? Values { get; init; }

    /// <summary>Whether a unit belongs to a control arm; as long as the values.</summary>
    public IReadOnlyList<bool> IsControl { get; init; } = [];

    /// <summary>Denominators of ratios in the same tests, by outcome.</summary>
    public IReadOnlyDictionary<int, IReadOnlyList<PastTest>> Denominators { get; init; } = new Dictionary<int, IReadOnlyList<PastTest>>();

    /// <summary>What was left out or taken for granted, one sentence each.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    public int Count => Names.Count;

    public string Goal => Names[0];

    /// <summary>Users of a test in the middle of the list; null when they are not known.</summary>
    public double? TypicalUsers => Tests.Any(t => t.Users is null) ? null : Median([.. Tests.Select(t => (double)t.Users!.Value)]);

    public static double Median(double[] values)
    {
        Array.Sort(values);
        return values.Length % 2 == 1 ? values[values.Length / 2] : 0.5 * (values[values.Length / 2 - 1] + values[values.Length / 2]);
    }

    /// <summary>The joint moments of all control units; null when only effects are known.</summary>
    public CoMoments? Controls => Tests.All(t => t.Control is not null) ? Tests.Select(t => t.Control!).Distinct().Aggregate(CoMoments.Merge) : null;

    public static IReadOnlyList<int> SignsOf(MetricsOptions options, IReadOnlyList<string> names)
    {
        foreach (var (name, option) in options.LowerIsBetter.Select(n => (n, "--lower-is-better")).Concat(options.Primary is { } p ? [(p, "--primary")] : []))
        {
            if (!names.Contains(name, StringComparer.Ordinal))
            {
                throw new GnomonError("metric-not-found", $"{option} names '{name}', which is not judged here. Metrics: {string.Join(", ", names)}.", option, NearestName.To(name, names) is { } near ? $"Did you mean '{near}'?" : $"Add it to --metric, or leave out {option}.");
            }
        }

        return [.. names.Select(n => options.LowerIsBetter.Contains(n) ? -1 : 1)];
    }

    /// <exception cref="GnomonError"><c>too-few-tests</c>.</exception>
    public LabInput RequireTests(string source) => Tests.Count >= 2
        ? this
        : throw new GnomonError("too-few-tests", $"{source} holds {Tests.Count} past test with two arms and all metrics; a metric is judged over several.", "--test", "Give the units of all past tests in one file, with a column that names the test.");
}
