using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Methods;
using Gnomon.Methods.Data;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics;

namespace Gnomon.Studies.Profile.Explore;

/// <summary>What the checks should know of the patterns that held: differences that turn round, and changes that a mixture makes.</summary>
internal static class PatternEvidence
{
    private const int Most = 3;

    public static IEnumerable<IEvidence> Of(PatternSearch search, IReadOnlyList<PatternEffect> effects, double level)
    {
        foreach (var pattern in effects.Select(e => e.Tested.Pattern).Where(p => p.Kind == PatternKind.Reversal).Take(Most))
        {
            var strata = ReversalScan.Strata(search.Confirm, pattern);
            yield return new StratifiedComparison
            {
                Metric = $"{pattern.Second!.Metric} by {pattern.First.Name}", Stratifier = pattern.Within!.Name, Strata = pattern.Within.Names, Treatment = [.. strata.Select(s => s.First)], Control = [.. strata.Select(s => s.Second)], Level = level,
            };
            if (Split([.. strata.Select(s => s.Second)], [.. strata.Select(s => s.First)]) is { } mix)
            {
                yield return Evidence(mix, pattern.Second!.Metric, $"high - low {pattern.First.Name}", pattern.Within, strata.Sum(s => s.First.Count + s.Second.Count));
            }
        }

        foreach (var pattern in effects.Select(e => e.Tested.Pattern).Where(p => p.Kind == PatternKind.Step).Take(Most))
        {
            if (Mixture(search, pattern) is { } change)
            {
                yield return change;
            }
        }
    }

    // Which column makes the mixture is chosen by the half that explored, and measured on the other.
    private static MixChange? Mixture(PatternSearch search, Pattern step)
    {
        var chosen = search.Columns.Where(c => c != step.First && ReversalScan.CanBeWithin(c)).Select(c => (Column: c, Mix: Change(search, search.Explore, step, c)))
            .Where(c => c.Mix is not null).OrderByDescending(c => Math.Abs(c.Mix!.Mix.Value)).Select(c => c.Column).FirstOrDefault();
        return chosen is null || Change(search, search.Confirm, step, chosen) is not { } mix ? null : Evidence(mix, step.First.Metric, "after - before", chosen, search.Confirm.Count - mix.RowsOutside);
    }

    private static MixDecompositionResult? Change(PatternSearch search, PatternHalf half, Pattern step, PatternColumn groups)
    {
        var (before, after) = search.Cut(half, step);
        return Split(ByGroup(before, step.First, groups), ByGroup(after, step.First, groups));
    }

    private static Moments[] ByGroup(int[] rows, PatternColumn outcome, PatternColumn groups)
    {
        var values = groups.Names.Select(_ => new List<double>()).ToArray();
        foreach (var i in rows)
        {
            if (groups.Groups![i] >= 0 && !double.IsNaN(outcome.Outcome(i)))
            {
                values[groups.Groups[i]].Add(outcome.Outcome(i));
            }
        }

        return [.. values.Select(v => v.Count == 0 ? Moments.Empty : Moments.MeanVariance(v.ToArray()))];
    }

    private static MixDecompositionResult? Split(Moments[] first, Moments[] second)
    {
        try
        {
            return MixDecomposition.Of(first, second);
        }
        catch (Exception e) when (e is TooFewRowsException or NotEstimableException)
        {
            return null;
        }
    }

    private static MixChange Evidence(MixDecompositionResult mix, string metric, string contrast, PatternColumn groups, long rows) => new()
    {
        Metric = metric, Contrast = contrast, Category = groups.Name, Groups = mix.GroupsUsed, Rows = rows, Total = mix.Total.Value, Mix = mix.Mix.Value, MixStandardError = mix.Mix.StandardError, Within = mix.Within.Value,
    };
}
