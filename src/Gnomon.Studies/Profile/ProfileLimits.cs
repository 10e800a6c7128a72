using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Studies.Profile.Scan;

namespace Gnomon.Studies.Profile;

/// <summary>What the profile did not look at, and what was sampled or estimated.</summary>
internal static class ProfileLimits
{
    public static IEnumerable<string> Of(ProfileFacts facts)
    {
        var sample = facts.Scan.Sample;
        if (sample.Step > 1)
        {
            yield return $"Counts, missing cells, ranges and means cover all rows. What compares columns or the order of rows is read from one row in {Figures.Count(sample.Step)}, {Figures.Count(sample.Count)} rows.";
        }

        if (!facts.Evidence.Any(e => e is PartsComparison))
        {
            yield return $"The rows of {facts.Source} come in no order that means anything, so change from the first rows to the last was not looked at. Name --time to look at it.";
        }

        var estimated = facts.Columns.Where(c => !c.Scan.DistinctIsExact).ToList();
        if (estimated.Count > 0)
        {
            var error = estimated.Max(c => c.Scan.Values?.RelativeError ?? 0);
            yield return $"Distinct values of {ProfileWords.List([.. estimated.Select(c => c.Name)], 3)} are estimated, within about {Figures.Percent(2 * error)}; their quantiles are within half a per cent of the distance from the middle.";
        }

        var hashed = facts.Columns.Where(c => c.Scan.Plan.Reading == Reading.HashedText).ToList();
        if (hashed.Count > 0)
        {
            yield return $"{ProfileWords.List([.. hashed.Select(c => c.Name)], 3)} {(hashed.Count == 1 ? "has" : "have")} too many different texts to keep: what they look like is judged from the first ones.";
        }

        foreach (var column in facts.Columns.Where(c => !c.IsModerate).Take(3))
        {
            yield return $"{column.Name} holds values too large to compute with (beyond 1e70): they are counted, not compared.";
        }

        if (facts.Columns.Any(c => c.Missing > 0))
        {
            yield return "Values that are missing because of what they would have been cannot be told from the data.";
        }

        if (facts.Little is { } little)
        {
            yield return $"Little's test of 'missing completely at random' on {ProfileWords.List(little.Columns, 4)}: {Figures.P(little.Test.PValue)}. It compares means only and leans on normal columns.";
        }

        foreach (var odd in facts.OddDates.Take(3))
        {
            yield return $"{odd.Column.Name}: {Figures.Count(odd.Before + odd.After, "row lies", "rows lie")} far from the bulk ({odd.Column.Show(odd.Low)} to {odd.Column.Show(odd.High)}); judged against the column itself, not against today.";
        }

        if (facts.Unusual is { Found.Count: > 0 } unusual)
        {
            yield return $"{Figures.Count(unusual.Found.Count)} of {Figures.Count(unusual.Rows, "complete row")} looked at {(unusual.Found.Count == 1 ? "combines" : "combine")} values of {ProfileWords.List(unusual.Columns, 4)} that do not go together in the others, though each alone may be ordinary: row {string.Join(", ", unusual.Found.Take(5).Select(r => r.Row))}{(unusual.Found.Count > 5 ? ", ..." : string.Empty)}. Means and correlations of these columns may lean on them.";
        }

        if (facts.Target is { Role: Role.Empty } empty)
        {
            yield return $"The target {empty.Name} has no value in any row: nothing was compared with it.";
        }
    }
}
