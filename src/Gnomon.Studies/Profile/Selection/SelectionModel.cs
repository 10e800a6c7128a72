using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Regression;
using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile.Selection;

/// <summary>Heckman's model of an outcome that is a number, where a column is named that moved the decision and not the outcome.</summary>
internal sealed record SelectionModel(HeckmanFit Fit)
{
    private const int MostColumns = 60;

    /// <returns>Null where no such column is named, the outcome has two values, or the model cannot be fitted.</returns>
    public static SelectionModel? Of(bool isRate, IReadOnlyList<SampleColumn> features, IReadOnlyList<SampleColumn> movers, int[] rows, double[] y, double level)
    {
        if (isRate || movers.Count == 0)
        {
            return null;
        }

        var kept = Enumerable.Range(0, rows.Length).Where(k => features.Concat(movers).All(c => !c.IsMissing(rows[k]))).ToArray();
        var at = Array.ConvertAll(kept, k => rows[k]);
        List<(string Name, double[] Values)> outcome = [.. features.SelectMany(f => Terms(f, at)).Take(MostColumns)], decision = [.. outcome, .. movers.SelectMany(m => Terms(m, at)).Take(MostColumns)];
        try
        {
            return new SelectionModel(HeckmanTwoStep.Fit(
                DesignMatrix.WithIntercept([.. decision.Select(c => c.Values)], [.. decision.Select(c => c.Name)], at.Length), DesignMatrix.WithIntercept([.. outcome.Select(c => c.Values)], [.. outcome.Select(c => c.Name)], at.Length),
                Array.ConvertAll(kept, k => !double.IsNaN(y[k])), Array.ConvertAll(kept, k => y[k]), level));
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }

    public ResultTable Table(string target) => new("selection-model", $"What goes with {target}, selection allowed for", ["column", "slope", "low", "high", "p", "slope of the known rows alone"], [.. Rows()]);

    private IEnumerable<IReadOnlyList<object?>> Rows()
    {
        var plain = Plain();
        foreach (var (estimate, k) in Fit.Covariance.Table(Fit.Outcome).Select((e, k) => (e, k)))
        {
            yield return [estimate.Term, estimate.Value, estimate.Low, estimate.High, estimate.PValue, k < plain.Count ? plain[k] : null];
        }
    }

    // The same regression as if the known rows were all.
    private IReadOnlyList<double> Plain()
    {
        var design = Fit.Outcome.Design;
        return LeastSquares.Fit(new DesignMatrix([.. Enumerable.Range(0, design.Columns - 1).Select(j => design.Column(j).ToArray())], [.. design.Names.Take(design.Columns - 1)]), Fit.Outcome.Response).Coefficients;
    }

    // A number as it is; each value of a category but the most frequent one.
    private static IEnumerable<(string Name, double[] Values)> Terms(SampleColumn column, int[] rows)
    {
        if (!column.Facts.IsGrouping)
        {
            var values = Array.ConvertAll(rows, i => column.Numbers[i]);
            return values.Length > 0 && values.Min() < values.Max() ? [(column.Name, values)] : [];
        }

        var groups = Array.ConvertAll(rows, i => column.Groups[i]);
        return groups.GroupBy(g => g).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).Skip(1).Select(g => ($"{column.Name} = {column.GroupName(g.Key)}", Array.ConvertAll(groups, v => v == g.Key ? 1.0 : 0.0)));
    }
}
