using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Methods.Data;

namespace Gnomon.Studies.Profile.Looks;

/// <summary>Rows that few random cuts set apart from all others, on the normal scores of the numbers: combinations that do not occur elsewhere, whatever the shape of the bulk.</summary>
internal static class IsolatedRows
{
    private const int MostColumns = 30;
    private const int MostShown = 20;
    private const int MostShownColumns = 6;
    private const int FewestRows = 100;
    private const int FewestLevels = 10;

    /// <exception cref="GnomonError">Fewer than two columns of numbers, or too few complete rows.</exception>
    public static IEnumerable<ProfilePart> Of(ProfileFacts facts, IReadOnlyList<SampleColumn> columns, StudyContext context)
    {
        if (!facts.Options.Isolated)
        {
            yield break;
        }

        var numbers = columns.Where(c => c.Facts.Role == Role.Number && c.Facts.IsNumber && c.Facts.Scan.Distinct >= FewestLevels).Take(MostColumns).ToList();
        var rows = numbers.Count < 2 ? [] : Enumerable.Range(0, numbers[0].Rows).Where(i => numbers.TrueForAll(c => !c.IsMissing(i))).ToArray();
        if (numbers.Count < 2 || rows.Length < FewestRows)
        {
            throw new GnomonError(
                "too-few-columns", $"{facts.Source} has {Figures.Count(numbers.Count, "column")} of numbers with {FewestLevels} values or more and {Figures.Count(rows.Length, "row")} complete in them; 2 columns and {FewestRows} rows are needed.",
                "--isolated", "Leave --isolated out.");
        }

        context.Progress?.Report(new StudyProgress("setting rows apart", null));
        var x = new double[rows.Length * numbers.Count];
        for (var j = 0; j < numbers.Count; j++)
        {
            var scores = RowFeatures.Scores(Array.ConvertAll(rows, i => numbers[j].Numbers[i]));
            for (var i = 0; i < rows.Length; i++)
            {
                x[(i * numbers.Count) + j] = scores[i];
            }
        }

        var forest = IsolationForest.Score(x, numbers.Count, seed: (ulong)facts.Options.Seed, threads: context.Threads);
        var found = Enumerable.Range(0, rows.Length).Where(i => forest.Scores[i] > forest.Threshold).OrderByDescending(i => forest.Scores[i]).ThenBy(i => i).ToList();
        var shown = numbers.Take(MostShownColumns).ToList();
        yield return new ProfilePart
        {
            HoldsRows = ["isolated-rows"],
            Tables = found.Count == 0 ? [] : [new ResultTable("isolated-rows", "Rows that stand alone", ["row", "score", .. shown.Select(c => c.Name)],
                [.. found.Take(MostShown).Select(i => (IReadOnlyList<object?>)[(rows[i] * numbers[0].Sample.Step) + 1, forest.Scores[i], .. shown.Select(c => c.Facts.Show(c.Numbers[rows[i]]))])])],
            Limitations = [$"{Figures.Count(found.Count, "row stands", "rows stand")} alone by an isolation forest on {ProfileWords.List([.. numbers.Select(c => c.Name)], 4)}, of {Figures.Count(rows.Length, "row")} looked at; a clean table of this size would have about {Figures.Count((long)Math.Round((1 - IsolationForest.CleanShare) * rows.Length))}. Columns count by rank, so that a long tail alone is not alone."],
        };
    }
}
