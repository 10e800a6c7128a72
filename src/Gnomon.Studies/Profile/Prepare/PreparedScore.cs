using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Preparation;
using Gnomon.Numerics.Distributions;
using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile.Prepare;

/// <summary>Rows graded by steps and a model that were fitted before, elsewhere.</summary>
internal static class PreparedScore
{
    /// <exception cref="GnomonError">The file is no preparation, or these rows have not its columns.</exception>
    public static ProfilePart Of(ProfileFacts facts, IReadOnlyList<SampleColumn> columns, string path)
    {
        var file = PreparedFile.Read(path);
        var target = columns.First(c => c.Name == facts.Options.Target);
        var (y, positive, rows) = PreparedTable.Outcome(target, null);
        if (positive != file.Positive)
        {
            throw new GnomonError("columns-differ", $"{Path.GetFileName(path)} tells {(file.Positive is { } p ? $"{file.Target} = {p}" : $"the number {file.Target}")}; {target.Name} here is {(positive is { } q ? $"of two values, {q} the later one" : "a number")}.", "--prepared", "Name the target that the file was fitted for.");
        }

        var missing = file.Columns.Where(n => columns.All(c => c.Name != n)).ToList();
        if (missing.Count > 0)
        {
            throw new GnomonError("column-not-found", $"{facts.Source} lacks {Figures.Count(missing.Count, "column")} that {Path.GetFileName(path)} was fitted on: {ProfileWords.List(missing, 6)}.", "--prepared", "Bring the same columns.");
        }

        var used = file.Columns.Select(n => columns.First(c => c.Name == n)).ToList();
        if (used.Find(c => !c.IsOrdered) is { } text)
        {
            throw new GnomonError("columns-differ", $"{text.Name} is no number here.", "--prepared", "Bring it as the file was fitted on it.");
        }

        var scores = file.Pipeline.Score([.. used.Select(c => Array.ConvertAll(rows, i => c.Numbers[i]))]);
        var gaps = scores.Count(double.IsNaN);
        if (gaps > 0)
        {
            throw new GnomonError("not-estimable", $"{Figures.Count(gaps, "row has", "rows have")} gaps that no step of {Path.GetFileName(path)} fills.", "--prepared", "Fit the preparation with impute first.");
        }

        try
        {
            var one = new int[y.Length];
            var score = positive is null ? FoldScore.RSquared(scores, y, one) : FoldScore.Auc(scores, y, one);
            var (name, half) = (positive is null ? "R squared" : "AUC", Normal.UpperQuantile((1 - facts.Options.Level) / 2) * score.StandardError);
            return new ProfilePart
            {
                Lead = $"The kept steps and model of {Path.GetFileName(path)} have an {name} of {PrepareLook.Fixed(score.Value)} on these rows; out of fold they had {PrepareLook.Fixed(file.OutOfFold.Value)}.",
                Estimates = [new Estimate { Name = $"{name} of the kept model", Metric = target.Name, Value = score.Value, Low = score.Value - half, High = score.Value + half, Level = facts.Options.Level, Unit = name, N = y.Length, Method = positive is null ? "linearised ratio" : "DeLong", Role = "primary" }],
                Limitations = ["Steps and model were taken from the file as they are; on the rows that they were fitted on the score flatters them."],
            };
        }
        catch (Exception wrong) when (wrong is TooFewRowsException or NotEstimableException)
        {
            throw new GnomonError("not-estimable", wrong.Message, "--prepared", "Bring rows of both classes.", wrong);
        }
    }
}
