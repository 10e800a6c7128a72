using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Experiments;

/// <summary>What an experiment whose units met both arms still says, treated minus control, of one value per row.</summary>
/// <param name="Assigned">By the arm met first, whatever was shown later: what this muddled roll-out did (intention to treat).</param>
/// <param name="ShareOwn">Share of treated units' rows that showed the treatment.</param>
/// <param name="ShareOther">Share of control units' rows that showed the treatment.</param>
/// <param name="Shown">Effect of the treatment in a row against control in that row, the arm met first as the instrument; null where the first arm hardly changes what is shown.</param>
/// <param name="Lower">Smallest effect of everybody always treated against nobody, when each row that showed the other arm may have held any value; with <paramref name="Upper"/> it needs the range of values.</param>
/// <param name="Upper">Largest such effect.</param>
/// <param name="Bounds">Interval that covers the effect: the two bounds, each with its own error.</param>
public sealed record MixedExposureResult(ContrastResult Assigned, double ShareOwn, double ShareOther, ContrastResult? Shown, double? Lower, double? Upper, Interval? Bounds);

/// <summary>Units that were assigned once and met both arms.</summary>
/// <remarks>
/// Totals per unit, units as clusters, errors by the delta method (Deng, Knoblich and Lu 2018). The instrumental estimate is Wald's, two-stage least squares of rows on the arm shown with the arm met first as instrument and errors
/// by unit (Angrist, Imbens and Rubin 1996): it needs that a row answers to the arm it shows and to no earlier one. The bounds are Manski's (1990) for the rows that showed the other arm; they need the same and no model of who switches.
/// Carry-over is the test of Grizzle (1965): a unit's two means, summed, do not depend on which arm came first unless the first one lasts.
/// </remarks>
public static class MixedExposure
{
    /// <summary>Columns of the moments, per unit: total in rows that showed the treatment, number of those rows, total in rows that showed control, number of those.</summary>
    public const int Columns = 4;

    // A weak instrument bends both estimate and interval: the difference in what is shown is then under ten standard errors (Staiger and Stock 1997 ask for F above 10; this asks for 100).
    private const double Strong = 10;

    /// <param name="treated">Units that met the treatment first.</param>
    /// <param name="control">Units that met control first.</param>
    /// <param name="range">Smallest and largest value a row can have; null when there is none.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">An arm has fewer than 2 units.</exception>
    /// <exception cref="NotEstimableException">An arm has no rows, or nothing varies.</exception>
    public static MixedExposureResult Of(CoMoments treated, CoMoments control, (double Low, double High)? range = null, double level = 0.95)
    {
        InferenceGuard.Rows(treated, 2, Columns, "The treated arm");
        InferenceGuard.Rows(control, 2, Columns, "The control arm");
        InferenceGuard.Level(level);
        var (x, y) = (new Arm(treated), new Arm(control));
        var (outcomeX, outcomeY) = (x.Share(1, 0, 1, 0), y.Share(1, 0, 1, 0));
        var (shownX, shownY) = (x.Share(0, 1, 0, 0), y.Share(0, 1, 0, 0));
        var assigned = NormalContrast.Of(outcomeX.Value - outcomeY.Value, Math.Sqrt(x.Variance(outcomeX) + y.Variance(outcomeY)), level, "ratio of totals by the arm met first");
        var moved = shownX.Value - shownY.Value;
        var movedError = Math.Sqrt(x.Variance(shownX) + y.Variance(shownY));
        ContrastResult? shown = null;
        if (moved > Strong * movedError)
        {
            var wald = assigned.Value / moved;
            var error = Math.Sqrt(x.Variance(outcomeX.Minus(shownX, wald)) + y.Variance(outcomeY.Minus(shownY, wald))) / moved;
            shown = error > 0 ? NormalContrast.Of(wald, error, level, "two-stage least squares, the arm met first as instrument, errors by unit") : null;
        }

        if (range is not { } r)
        {
            return new(assigned, shownX.Value, shownY.Value, shown, null, null, null);
        }

        // Rows of the other arm hold the worst or the best value in the place of what they would have held.
        var (lowX, highX) = (x.Share(1, 0, 0, r.Low), x.Share(1, 0, 0, r.High));
        var (lowY, highY) = (y.Share(0, r.Low, 1, 0), y.Share(0, r.High, 1, 0));
        var (lower, upper) = (lowX.Value - highY.Value, highX.Value - lowY.Value);
        var reach = Normal.UpperQuantile((1 - level) / 2);
        return new(
            assigned, shownX.Value, shownY.Value, shown, lower, upper,
            new Interval(lower - reach * Math.Sqrt(x.Variance(lowX) + y.Variance(highY)), upper + reach * Math.Sqrt(x.Variance(highX) + y.Variance(lowY))));
    }

    /// <summary>Does the arm met first last? The sum of a unit's two means, units that met the treatment first less those that met control first.</summary>
    /// <param name="treatedFirst">Mean in rows of the treatment plus mean in rows of control, per unit that met both, treatment first.</param>
    /// <param name="controlFirst">The same, control first.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 such units in one order.</exception>
    /// <exception cref="NotEstimableException">Nothing varies.</exception>
    public static ContrastResult CarryOver(Moments treatedFirst, Moments controlFirst, double level = 0.95) => WelchT.Test(treatedFirst, controlFirst, level);

    // A weighted sum of a unit's four totals over its number of rows, and what each unit adds to its error.
    private readonly record struct Form(double Value, double A, double B, double C, double D)
    {
        public Form Minus(Form other, double times) => new(Value - times * other.Value, A - times * other.A, B - times * other.B, C - times * other.C, D - times * other.D);
    }

    private readonly struct Arm(CoMoments units)
    {
        private readonly double _rows = units.Mean(1) + units.Mean(3) is > 0 and var rows ? rows : throw new NotEstimableException("An arm has no rows.");

        public Form Share(double a, double b, double c, double d)
        {
            var value = (a * units.Mean(0) + b * units.Mean(1) + c * units.Mean(2) + d * units.Mean(3)) / _rows;
            return new Form(value, a / _rows, (b - value) / _rows, c / _rows, (d - value) / _rows);
        }

        public double Variance(Form f)
        {
            Span<double> w = [f.A, f.B, f.C, f.D];
            var sum = 0.0;
            for (var i = 0; i < Columns; i++)
            {
                for (var j = 0; j < Columns; j++)
                {
                    sum += w[i] * w[j] * units.Covariance(i, j);
                }
            }

            return Math.Max(0, sum) / units.Count;
        }
    }
}
