using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Sampling;

/// <summary>Agreement of two annotators beyond chance in the whole.</summary>
/// <param name="Value">Cohen's kappa.</param>
/// <param name="Low">Lower limit.</param>
/// <param name="High">Upper limit, at most 1.</param>
/// <param name="StandardError">Standard error.</param>
/// <param name="Rows">Rows with both labels.</param>
/// <param name="Differ">Of these, rows on which the two differ.</param>
public sealed record WholeAgreement(double Value, double Low, double High, double StandardError, long Rows, long Differ);

/// <summary>Cohen's kappa of two annotators from rows that were drawn with unequal chances and go together in groups.</summary>
/// <remarks>
/// Source: Cohen 1960; each row counts for one over its chance (Horvitz and Thompson 1952). Kappa is linearised in its weighted shares (Särndal, Swensson and Wretman 1992, 5.5) and its standard error comes from how
/// groups differ; the interval is Student's with groups less one degrees of freedom. Without any row on which the two differ the lower limit is that of Wilson's interval of the share that differs, for as
/// many rows as the unequal weights are worth (Kish 1965).
/// </remarks>
public static class GroupedKappa
{
    /// <param name="first">The first annotator's label of each row, 0 or 1.</param>
    /// <param name="second">The second annotator's.</param>
    /// <param name="weights">One over the chance of each row to be drawn.</param>
    /// <param name="groups">Group of each row, from 0 on.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="NotEstimableException">Fewer than two groups, or all labels are one and the same.</exception>
    public static WholeAgreement Of(ReadOnlySpan<int> first, ReadOnlySpan<int> second, ReadOnlySpan<double> weights, ReadOnlySpan<int> groups, double level = 0.95)
    {
        InferenceGuard.Level(level);
        var rows = first.Length;
        if (second.Length != rows || weights.Length != rows || groups.Length != rows)
            throw new ArgumentException("Every row has two labels, a weight and a group.", nameof(second));
        double all = 0, squares = 0, agree = 0, a = 0, b = 0;
        long differ = 0;
        for (var i = 0; i < rows; i++)
        {
            var w = weights[i];
            (all, squares, a, b) = (all + w, squares + (w * w), a + (w * first[i]), b + (w * second[i]));
            agree += first[i] == second[i] ? w : 0;
            differ += first[i] == second[i] ? 0 : 1;
        }

        (agree, a, b) = (agree / all, a / all, b / all);
        var other = 1 - (a * b) - ((1 - a) * (1 - b));
        if (!(other > 0))
            throw new NotEstimableException("All labels are one and the same, so there is no agreement beyond chance.");
        var parts = new Dictionary<int, double>();
        for (var i = 0; i < rows; i++)
        {
            var chance = (((2 * b) - 1) * (first[i] - a)) + (((2 * a) - 1) * (second[i] - b));
            var part = (((first[i] == second[i] ? 1 : 0) - agree) / other) - ((1 - agree) / (other * other) * chance);
            parts[groups[i]] = parts.GetValueOrDefault(groups[i]) + (weights[i] / all * part);
        }

        if (parts.Count < 2)
            throw new NotEstimableException("Rows of one group have no spread between groups.");
        var kappa = 1 - ((1 - agree) / other);
        var error = Math.Sqrt(parts.Values.Sum(p => p * p) * parts.Count / (parts.Count - 1));
        if (differ == 0)
        {
            var z = Normal.Quantile(0.5 * (1 + level));
            return new(1, 1 - Math.Min(1, z * z / ((all * all / squares) + (z * z)) / other), 1, 0, rows, 0);
        }

        var reach = StudentT.UpperQuantile(0.5 * (1 - level), parts.Count - 1) * error;
        return new(kappa, kappa - reach, Math.Min(1, kappa + reach), error, rows, differ);
    }
}
