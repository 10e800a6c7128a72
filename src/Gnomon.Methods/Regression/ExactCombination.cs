using Gnomon.Methods.Inference;

namespace Gnomon.Methods.Regression;

/// <summary>A column that other columns determine exactly.</summary>
/// <param name="Term">The column without a coefficient of its own.</param>
/// <param name="Parts">What it is made of: columns with their factors, in the order of the model, the intercept included.</param>
public sealed record ExactCombination(string Term, IReadOnlyList<(string Term, double Factor)> Parts)
{
    // A factor whose part moves the column by less than this share of its spread is rounding.
    const double Rounding = 1e-7;

    /// <summary>Says for every column that was set aside which of the kept ones determine it.</summary>
    /// <param name="full">The columns as asked for.</param>
    /// <param name="fit">The fit that set some of them aside.</param>
    public static IReadOnlyList<ExactCombination> Of(DesignMatrix full, RegressionFit fit)
    {
        ArgumentNullException.ThrowIfNull(full);
        ArgumentNullException.ThrowIfNull(fit);
        RegressionGuard.SameRows(full.Rows, fit.Design.Rows, "columns");
        var found = new List<ExactCombination>();
        foreach (var name in fit.SetAside)
        {
            double[] column = [.. full.Column(IndexOf(full, name))];
            var by = LeastSquares.Fit(fit.Design, column);
            var reach = Reach(column);
            var parts = new List<(string, double)>();
            for (var j = 0; j < by.Design.Columns; j++)
            {
                if (Math.Abs(by.Coefficients[j]) * Reach(by.Design.Column(j)) > Rounding * reach)
                {
                    parts.Add((by.Design.Names[j], by.Coefficients[j]));
                }
            }

            found.Add(new ExactCombination(name, parts));
        }

        return found;
    }

    static int IndexOf(DesignMatrix design, string name)
    {
        for (var j = 0; j < design.Columns; j++)
        {
            if (design.Names[j] == name)
            {
                return j;
            }
        }

        throw new ArgumentException($"No column is called {name}.", nameof(name));
    }

    static double Reach(ReadOnlySpan<double> values)
    {
        var largest = 0.0;
        foreach (var v in values)
        {
            largest = Math.Max(largest, Math.Abs(v));
        }

        return largest;
    }
}
