using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Methods.Preparation;
using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile.Prepare;

/// <summary>The rows with a known target: their columns as numbers, the target as a number, their folds.</summary>
internal sealed record PreparedTable
{
    private const int FewestRows = 40;

    public required string TargetName { get; init; }

    /// <summary>The value of the target that counts as 1; null for a linear model.</summary>
    public required string? Positive { get; init; }

    public required double[] Target { get; init; }

    public required IReadOnlyList<string> Names { get; init; }

    public required IReadOnlyList<double[]> Columns { get; init; }

    public required int[] Folds { get; init; }

    /// <summary>Columns that are no numbers.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }

    /// <summary>Distance between rows looked at.</summary>
    public required long Step { get; init; }

    public bool IsLogistic => Positive is not null;

    public static PreparedTable Of(ProfileFacts facts, IReadOnlyList<SampleColumn> columns)
    {
        var target = columns.First(c => c.Name == facts.Options.Target);
        var fold = facts.Options.Fold is { } name ? columns.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase)) ?? throw new GnomonError("column-not-found", $"There is no column '{name}'.", "--fold", "Name a column that says in which fold a row is.") : null;
        var (y, positive, rows) = Outcome(target, fold);
        var others = columns.Where(c => c != target && c != fold && c.Name != facts.Options.Time && !facts.Options.Key.Contains(c.Name)).ToList();
        var features = others.Where(IsFeature).ToList();
        if (features.Count == 0)
        {
            throw new GnomonError("no-columns", $"{facts.Source} has no column of numbers beside {target.Name}.", "--prepare", "Write categories as numbers or as columns of 0 and 1 first.");
        }

        return new PreparedTable
        {
            TargetName = target.Name, Positive = positive, Target = y, Names = [.. features.Select(f => f.Name)], Columns = [.. features.Select(f => Array.ConvertAll(rows, i => f.Numbers[i]))],
            Folds = fold is null ? ScopeComparison.Deal(y, positive is not null, facts.Options.Folds, facts.Options.Seed) : Given(fold, rows),
            LeftOut = [.. others.Except(features).Where(c => c.Facts.Role is not (Role.Empty or Role.Constant)).Select(c => c.Name)], Step = target.Sample.Step,
        };
    }

    /// <summary>The target as 0 and 1, or as a number, with the rows that know it.</summary>
    public static (double[] Target, string? Positive, int[] Rows) Outcome(SampleColumn target, SampleColumn? fold)
    {
        int[] rows = [.. Enumerable.Range(0, target.Rows).Where(i => !target.IsMissing(i) && (fold is null || !fold.IsMissing(i)))];
        if (rows.Length < FewestRows)
        {
            throw new GnomonError("too-few-rows", $"{Figures.Count(rows.Length, "row")} with a value of {target.Name}; a preparation is compared on {FewestRows} at least.", "--target", "Bring more rows.");
        }

        if (target.Facts.Scan.Distinct == 2)
        {
            // The later of two texts, the larger of two numbers: whatever the order of the rows.
            var groups = Array.ConvertAll(rows, i => target.Groups[i]);
            int[] used = [.. groups.Distinct().OrderBy(g => target.IsOrdered ? g : 0).ThenBy(target.GroupName, StringComparer.Ordinal)];
            return (Array.ConvertAll(groups, g => g == used[^1] ? 1.0 : 0.0), target.GroupName(used[^1]), rows);
        }

        return target.Facts.IsNumber
            ? (Array.ConvertAll(rows, i => target.Numbers[i]), null, rows)
            : throw new GnomonError("not-a-target", $"{target.Name} is neither a number nor of two values.", "--target", "Name a column of two values (a logistic model is graded by AUC) or of numbers (a linear one by R squared).");
    }

    private static bool IsFeature(SampleColumn column) => column.Facts.Present > 0 && column.Facts.IsNumber;

    private static int[] Given(SampleColumn fold, int[] rows)
    {
        var groups = Array.ConvertAll(rows, i => fold.Groups[i]);
        List<int> used = [.. groups.Distinct().Order()];
        return used.Count is < 2 or > 40
            ? throw new GnomonError("option-out-of-range", $"{fold.Name} has {Figures.Count(used.Count, "value")}; a column of folds has 2 to 40.", "--fold", "Write a column with the numbers 1 to 5.")
            : Array.ConvertAll(groups, g => used.IndexOf(g));
    }
}
