using Gnomon.Methods.Inference;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Experiments;

/// <summary>Confidence sequences for means of values that lie in a known range, from a first unit on: no normal approximation, no start-up, any shape.</summary>
/// <remarks>
/// Source: Waudby-Smith and Ramdas 2024, Journal of the Royal Statistical Society B 86, theorem 3 (hedged capital) with the predictable plug-in bets of section 4.2. A gambler
/// bets on each next value lying above m, another below it; neither can win much when m is the mean, so a mean against which one of them multiplied the stake by 2 / alpha is
/// excluded at all looks together (Ville's inequality). Bets rest on earlier values alone, so the order of the values must not depend on the values.
/// Two arms are compared by the same game on differences of blocks, one block of each arm: they lie in a known range too, their mean is the difference itself, and one game
/// is played instead of two. Against two sequences at half of alpha each, subtracted, that is narrower by about two fifths; blocks are sized by the planned split, so that few units are left over.
/// Agrees with numpy (tests/reference/experiments/betting.json) to 1e-9.
/// </remarks>
public static class BettingSequence
{
    // The largest share of what could be lost on one value that is staked; the source finds 1/2 and 3/4 reasonable. 3/4 is far narrower for small spreads, about a tenth wider else.
    private const double LargestStake = 0.75;
    private const double Tolerance = 1e-13;
    private const int LargestBlock = 20;

    /// <summary>The mean of one sample.</summary>
    /// <param name="values">Values in the order in which they came, at least 1, within the range.</param>
    /// <param name="low">Smallest value that the metric can have.</param>
    /// <param name="high">Largest value that the metric can have.</param>
    /// <param name="level">Confidence level over all looks together.</param>
    /// <returns>The mean in the metric's unit; the p-value is that of a mean in the middle of the range. Rho is 0: no scale had to be chosen.</returns>
    /// <exception cref="TooFewRowsException">There is no value.</exception>
    /// <exception cref="NotEstimableException">Bets above and bets below one mean both won: the values cannot be independent with one mean.</exception>
    public static AlwaysValidResult Mean(ReadOnlySpan<double> values, double low, double high, double level = 0.95)
    {
        InferenceGuard.Level(level);
        Range(low, high);
        if (values.IsEmpty)
            throw new TooFewRowsException("The sample", 0, 1);
        var unit = new double[values.Length];
        var sum = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            Within(values[i], low, high);
            unit[i] = (values[i] - low) / (high - low);
            sum += unit[i];
        }
        return Play(unit, sum / values.Length, low, high - low, 0.5, level);
    }

    /// <summary>Difference of the means of two arms, treatment minus control, with an always-valid p-value of "no difference".</summary>
    /// <param name="treatment">Values of the treatment arm in the order in which they came.</param>
    /// <param name="control">Values of the control arm in the order in which they came.</param>
    /// <param name="low">Smallest value that the metric can have.</param>
    /// <param name="high">Largest value that the metric can have.</param>
    /// <param name="treatmentShare">Planned share of the treatment arm, positive: with the control's it sizes the blocks, and it must not be read from the data.</param>
    /// <param name="controlShare">Planned share of the control arm, positive.</param>
    /// <param name="level">Confidence level over all looks together.</param>
    /// <returns>The estimate is the difference of all values' means; the interval rests on complete blocks. Rho is 0: no scale had to be chosen.</returns>
    /// <exception cref="TooFewRowsException">An arm has not filled its first block.</exception>
    /// <exception cref="NotEstimableException">Bets above and bets below one difference both won: the values cannot be independent with one difference.</exception>
    public static AlwaysValidResult Difference(
        ReadOnlySpan<double> treatment, ReadOnlySpan<double> control, double low, double high, double treatmentShare = 0.5, double controlShare = 0.5, double level = 0.95)
    {
        InferenceGuard.Level(level);
        Range(low, high);
        var (a, b) = Blocks(treatmentShare, controlShare);
        if (treatment.Length < a)
            throw new TooFewRowsException("The treatment arm", treatment.Length, a);
        if (control.Length < b)
            throw new TooFewRowsException("The control arm", control.Length, b);
        var (first, second) = (Average(treatment, low, high), Average(control, low, high));
        var width = high - low;
        var unit = new double[Math.Min(treatment.Length / a, control.Length / b)];
        for (var k = 0; k < unit.Length; k++)
            unit[k] = ((Sum(treatment.Slice(k * a, a)) / a - Sum(control.Slice(k * b, b)) / b) / width + 1) / 2;
        return Play(unit, ((first - second) / width + 1) / 2, -width, 2 * width, 0.5, level);
    }

    /// <summary>Units of each arm in a block: the ratio of the planned shares, in whole units of at most 20.</summary>
    /// <param name="treatmentShare">Planned share of the treatment arm, positive.</param>
    /// <param name="controlShare">Planned share of the control arm, positive.</param>
    public static (int Treatment, int Control) Blocks(double treatmentShare, double controlShare)
    {
        if (!(treatmentShare > 0) || !(controlShare > 0) || !double.IsFinite(treatmentShare / controlShare))
            throw new ArgumentOutOfRangeException(nameof(treatmentShare), treatmentShare, "Both planned shares must be positive.");
        var wanted = Math.Log(treatmentShare / controlShare);
        var (best, off) = ((1, 1), double.PositiveInfinity);
        for (var a = 1; a <= LargestBlock; a++)
        {
            for (var b = 1; b <= LargestBlock; b++)
            {
                var distance = Math.Abs(Math.Log((double)a / b) - wanted);
                if (distance < off - 1e-9)
                    (best, off) = ((a, b), distance);
            }
        }
        return best;
    }

    // Values in 0..1, a mean of all of them to report, and the way back to the metric's unit.
    static AlwaysValidResult Play(double[] unit, double mean, double origin, double width, double none, double level)
    {
        var alpha = 1 - level;
        var stakes = Stakes(unit, alpha);
        var limit = Math.Log(2 / alpha);
        var low = Above(unit, stakes, 0) <= limit ? 0 : Brent.Root(m => Above(unit, stakes, m) - limit, 0, 1, Tolerance).X;
        var high = Below(unit, stakes, 1) <= limit ? 1 : Brent.Root(m => Below(unit, stakes, m) - limit, 0, 1, Tolerance).X;
        if (low > high)
            throw new NotEstimableException("no mean fits: bets above and below it both won, so the values are not independent with one mean in the order given");
        // A mean outside, after a drift say, is taken in: a wider interval is as valid.
        (low, high) = (Math.Min(low, mean), Math.Max(high, mean));
        var logE = Math.Max(Above(unit, stakes, none), Below(unit, stakes, none)) - Math.Log(2);
        return new(origin + width * mean, origin + width * low, origin + width * high, Math.Min(1, Math.Exp(-logE)), logE, 0, level);
    }

    // The bets before they are held to what can be lost at m: from the mean and spread of earlier values, half a value of 1/2 and a variance of 1/4 to begin with.
    static double[] Stakes(double[] x, double alpha)
    {
        var stakes = new double[x.Length];
        var (sum, squares) = (0.5, 0.25);
        for (var i = 0; i < x.Length; i++)
        {
            double t = i + 1;
            // The variance of earlier values is squares / t, and the source divides by it times t.
            stakes[i] = Math.Sqrt(2 * Math.Log(2 / alpha) / (squares * Math.Log(t + 1)));
            sum += x[i];
            var mean = sum / (t + 1);
            squares += (x[i] - mean) * (x[i] - mean);
        }
        return stakes;
    }

    // Logarithm of what the gambler on "above m" has; it falls with m. Factors are multiplied and a logarithm taken now and then.
    static double Above(double[] x, double[] stakes, double m)
    {
        var most = m > 0 ? LargestStake / m : double.PositiveInfinity;
        var (log, product) = (0.0, 1.0);
        for (var i = 0; i < x.Length; i++)
        {
            product *= 1 + Math.Min(stakes[i], most) * (x[i] - m);
            if (product is > 1e100 or < 1e-100)
                (log, product) = (log + Math.Log(product), 1);
        }
        return log + Math.Log(product);
    }

    static double Below(double[] x, double[] stakes, double m)
    {
        var most = m < 1 ? LargestStake / (1 - m) : double.PositiveInfinity;
        var (log, product) = (0.0, 1.0);
        for (var i = 0; i < x.Length; i++)
        {
            product *= 1 - Math.Min(stakes[i], most) * (x[i] - m);
            if (product is > 1e100 or < 1e-100)
                (log, product) = (log + Math.Log(product), 1);
        }
        return log + Math.Log(product);
    }

    static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum;
    }

    static double Average(ReadOnlySpan<double> values, double low, double high)
    {
        foreach (var value in values)
            Within(value, low, high);
        return Numerics.Moments.Of(values).Mean;
    }

    static void Range(double low, double high)
    {
        if (!(low < high) || !double.IsFinite(high - low))
            throw new ArgumentOutOfRangeException(nameof(low), low, $"The range must have a finite low < high; got {low} and {high}.");
    }

    static void Within(double value, double low, double high)
    {
        if (!(value >= low && value <= high))
            throw new ArgumentOutOfRangeException(nameof(value), value, $"Every value must lie within {low} and {high}.");
    }
}
