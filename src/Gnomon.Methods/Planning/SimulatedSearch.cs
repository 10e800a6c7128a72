using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Planning;

/// <summary>Where a simulated power reaches the one wanted.</summary>
/// <param name="At">The size's root, or the effect.</param>
/// <param name="StandardError">What the Monte Carlo error of the power there leaves open, in the unit of <paramref name="At"/>; 0 when the power there is 0 or 1.</param>
/// <param name="Power">The power there.</param>
public sealed record SimulatedCrossing(double At, double StandardError, SimulatedPower Power);

/// <summary>Finds the size, or the effect, at which a simulated power reaches the one wanted, with few simulations.</summary>
/// <remarks>
/// The normal quantile of the power of a test is close to a straight line in the effect and in the root of the size, through -z(alpha/2) at zero; each simulation so foretells where
/// to look next. A fifth of the runs find the place, all of them settle it; the search ends when the power there differs from the one wanted by less than half of its Monte Carlo
/// error, which no further search with as many runs could improve. For tests that are cheap <see cref="PowerSimulation.Size"/> halves its way to the last unit instead.
/// </remarks>
public static class SimulatedSearch
{
    const int MostCoarse = 30;
    const int MostFine = 8;
    const int FewestRuns = 100;
    const double LargestStep = 3;

    /// <param name="powerAt">Power by place and runs; rises with the place but for its Monte Carlo error.</param>
    /// <param name="power">Wanted power, above <paramref name="alpha"/>.</param>
    /// <param name="alpha">Two-sided size of the test.</param>
    /// <param name="start">Where to begin; any place is right, a near one is quick.</param>
    /// <param name="least">The smallest place there is, above 0.</param>
    /// <param name="most">The largest that is tried.</param>
    /// <param name="runs">Runs that settle the answer, at least 100.</param>
    /// <param name="snap">The nearest place that exists, such as the root of a whole size; every place exists when null.</param>
    /// <returns>Null when the power is not reached at <paramref name="most"/>.</returns>
    public static SimulatedCrossing? Find(Func<double, int, SimulatedPower> powerAt, double power, double alpha, double start, double least, double most, int runs, Func<double, double>? snap = null)
    {
        ArgumentNullException.ThrowIfNull(powerAt);
        SequentialArguments.Alpha(alpha);
        SizeSearch.Share(power, nameof(power));
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, FewestRuns);
        if (!(power > alpha))
            throw new ArgumentOutOfRangeException(nameof(power), power, "The wanted power lies above the size of the test.");
        if (!(least > 0) || !(most >= least) || !double.IsFinite(most))
            throw new ArgumentOutOfRangeException(nameof(most), most, "Places lie between a positive least one and a finite most one.");
        double Snap(double t) => Math.Clamp(snap?.Invoke(t) ?? t, least, most);
        var line = new Line(power, alpha);
        var at = Snap(double.IsFinite(start) && start > 0 ? start : least);
        var (low, high) = (0.0, double.PositiveInfinity);
        for (var i = 0; i < MostCoarse; i++)
        {
            var here = powerAt(at, Math.Max(FewestRuns, runs / 5));
            (low, high) = here.Power >= power ? (low, Math.Min(high, at)) : (Math.Max(low, at), high);
            if (Math.Abs(here.Power - power) <= here.StandardError || low >= high || high / low < 1.02 || high <= least || low >= most)
                break;
            var next = line.Next(at, here);
            at = Snap(next > low && next < high ? next : low > 0 ? Math.Sqrt(low * high) : high / 2);
        }
        return Settle(powerAt, line, at, least, most, runs, Snap);
    }

    static SimulatedCrossing? Settle(Func<double, int, SimulatedPower> powerAt, Line line, double at, double least, double most, int runs, Func<double, double> snap)
    {
        var tried = new SortedDictionary<double, SimulatedPower>();
        for (var i = 0; i < MostFine; i++)
        {
            var here = tried[at] = powerAt(at, runs);
            var isShort = here.Power < line.Power;
            if (Math.Abs(here.Power - line.Power) <= 0.5 * here.StandardError || (!isShort && at <= least))
                return line.Crossing(at, here);
            if (isShort && at >= most)
                return null;
            var next = snap(line.Next(at, here));
            if (tried.ContainsKey(next))
                break;
            at = next;
        }
        // Whole sizes: the power wanted lies between two of them, and the smallest that reaches it is the answer.
        foreach (var (place, found) in tried)
        {
            if (found.Power >= line.Power)
                return line.Crossing(place, found);
        }
        // All fell short by less than a step: the largest is nearest.
        var last = tried.Last();
        return line.Crossing(last.Key, last.Value);
    }

    // The normal quantile of the power by place.
    sealed class Line(double power, double alpha)
    {
        readonly double _critical = Normal.UpperQuantile(alpha / 2);

        public double Power => power;

        double Rise(SimulatedPower here) => _critical + Normal.Quantile(Math.Clamp(here.Power, 0.5 / here.Runs, 1 - 0.5 / here.Runs));

        public double Next(double at, SimulatedPower here)
        {
            var rise = Rise(here);
            var wanted = _critical + Normal.Quantile(power);
            // A power hardly above the size says little about the slope.
            return rise <= 0.2 * wanted ? LargestStep * at : at * Math.Clamp(wanted / rise, 1 / LargestStep, LargestStep);
        }

        public SimulatedCrossing Crossing(double at, SimulatedPower here)
        {
            var rise = Rise(here);
            var slope = Normal.Pdf(rise - _critical) * rise / at;
            return new(at, here.StandardError > 0 && slope > 0 ? here.StandardError / slope : 0, here);
        }
    }
}
