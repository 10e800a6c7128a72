using Gnomon.Core.Evidence.Regression;
using Gnomon.Core.Findings;
using Gnomon.Methods.Regression;
using Gnomon.Numerics;

namespace Gnomon.Studies.Regress.Families;

/// <summary>Tables, effects and evidence that families with a linear predictor share.</summary>
internal static class FamilyTables
{
    public static ResultTable Coefficients(IEnumerable<CoefficientEstimate> rows, string title, string id = "coefficients") => new(
        id, title, ["term", "coefficient", "standard error", "low", "high", "t", "df", "p"],
        [.. rows.Select(c => (IReadOnlyList<object?>)[c.Term, c.Value, c.StandardError, c.Low, c.High, c.Statistic, double.IsPositiveInfinity(c.DegreesOfFreedom) ? null : c.DegreesOfFreedom, c.PValue])]);

    public static ResultTable Fit(params (string What, object? Value)[] rows) =>
        new("fit", "Fit", ["what", "value"], [.. rows.Where(r => r.Value is not null).Select(r => (IReadOnlyList<object?>)[r.What, r.Value])]);

    /// <summary>Effects of every column, from coefficients and their covariance.</summary>
    public static IEnumerable<FamilyEffect> Effects(FamilyInput input, IReadOnlyList<CoefficientEstimate> coefficients, CoefficientCovariance covariance, string about, string unit, bool isRatio, string method)
    {
        double[] values = [.. coefficients.Select(c => c.Value)];
        string[] terms = [.. coefficients.Select(c => c.Term)];
        foreach (var contrast in input.Contrasts.All())
        {
            if (input.Contrasts.Weights(contrast, terms) is { } weights)
            {
                yield return new FamilyEffect(contrast.Column, contrast.Contrast, about, unit, covariance.Contrast(values, weights, contrast.Contrast, input.Options.Level), isRatio, method);
            }
        }
    }

    /// <summary>Columns that say the same, judged by the errors of this fit.</summary>
    public static ColumnOverlap? Overlap(FamilyInput input, IReadOnlyList<CoefficientEstimate> coefficients)
    {
        var names = input.Data.Columns.Values.Where(c => input.Design.IsSimple(c.Name) && !c.IsFactor).Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        var own = coefficients.Where(c => names.Contains(c.Term)).ToList();
        var plain = LeastSquares.Fit(input.Matrix, input.Data.Y);
        var determined = RegressWords.Determined(ExactCombination.Of(input.Matrix, plain), names);
        if (determined.Count > 0)
        {
            return new ColumnOverlap { Outcome = input.Data.Outcome, Rows = input.Data.Rows, ConditionIndex = double.PositiveInfinity, Terms = [], Determined = determined };
        }

        if (own.Count == 0 || coefficients.Count(c => c.Term != DesignMatrix.InterceptName) < 2)
        {
            return null;
        }

        var inflation = Collinearity.VarianceInflation(plain);
        return new ColumnOverlap
        {
            Outcome = input.Data.Outcome, Rows = input.Data.Rows, ConditionIndex = Collinearity.Conditions(plain.Design)[^1].Index,
            Terms = [.. own.Where(c => plain.Design.Names.Contains(c.Term)).Select(c => new InflatedTerm(
                c.Term, inflation[plain.IndexOf(c.Term)] ?? 1, c.StandardError > 0 ? Numerics.Distributions.Normal.Sf(Math.Abs(c.Value) / c.StandardError) : 0)).OrderByDescending(t => t.Inflation).Take(20)],
        };
    }

    public static double[] Fitted(DesignMatrix matrix, IReadOnlyList<CoefficientEstimate> coefficients)
    {
        var fitted = new double[matrix.Rows];
        foreach (var c in coefficients)
        {
            var column = matrix.Column(Array.IndexOf([.. matrix.Names], c.Term));
            for (var i = 0; i < fitted.Length; i++)
            {
                fitted[i] += c.Value * column[i];
            }
        }

        return fitted;
    }

    /// <summary>Value of the linear predictor at a row, with its interval.</summary>
    public static (double Value, Interval Interval) Predict(double[] row, IReadOnlyList<CoefficientEstimate> coefficients, CoefficientCovariance covariance, double level)
    {
        double[] values = [.. coefficients.Select(c => c.Value)];
        var at = covariance is ScoreTestedCovariance tested ? tested.Plain(values, row, level) : covariance.Contrast(values, row, "prediction", level);
        return (at.Value, new Interval(at.Low, at.High));
    }
}
