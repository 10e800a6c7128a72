using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;
using Gnomon.Numerics.Special;

namespace Gnomon.Methods.Bayes;

/// <summary>One rate pulled towards the others.</summary>
/// <param name="Rate">Posterior mean, in 0..1.</param>
/// <param name="Interval">Equal-tailed credible interval.</param>
/// <param name="Weight">Share of its own observed rate in it, 0 to 1.</param>
public sealed record ShrunkenRate(double Rate, Interval Interval, double Weight);

/// <summary>Many rates of alike things: shops, segments, sellers, hospitals.</summary>
/// <param name="Mean">Mean of the rates they come from.</param>
/// <param name="Spread">Standard deviation of the true rates around it.</param>
/// <param name="PriorUnits">How many units the common belief is worth beside a group's own; null where the groups differ by no more than chance and it has no bound.</param>
/// <param name="LogLikelihood">Marginal log-likelihood at these values (binomial coefficients included); null for the full posterior.</param>
/// <param name="Rates">One per group, in the order they came.</param>
public sealed record RateShrinkage(double Mean, double Spread, double? PriorUnits, double? LogLikelihood, IReadOnlyList<ShrunkenRate> Rates);

/// <summary>Beta-binomial shrinkage of many rates: the fewer units a group has, the more its rate takes from the others.</summary>
/// <remarks>
/// <see cref="EmpiricalBayes"/> takes mean and units of the common beta distribution by maximum marginal likelihood and then for known: its intervals are too short when groups are few.
/// <see cref="Full"/> integrates over both by quadrature; the prior is uniform on the mean and uniform on the correlation within groups, 1 / (1 + prior units), which is proper.
/// Sources: Morris 1983, Journal of the American Statistical Association 78; Gelman et al. 2013, section 5.3. Agreement with scipy (Nelder-Mead, dense grids): 1e-6.
/// </remarks>
public static class BetaBinomialShrinkage
{
    const int MostGroupsInFull = 5_000;
    const double LargestLogUnits = 23;
    const double SmallestLogUnits = -12;
    const double Drop = 23;
    const double Negligible = 1e-9;
    const double Plenty = 200;
    const double FarOut = 10;

    // A belief worth more units than this is a point; shapes beyond it only cost digits.
    const double MostUnits = 1e8;
    static readonly GaussLegendre Outer = new(12);
    static readonly GaussLegendre Inner = new(28);

    /// <param name="events">Events of each group, between 0 and its units.</param>
    /// <param name="units">Units of each group, at least 1; at least 3 groups.</param>
    /// <param name="level">Level of the intervals.</param>
    /// <exception cref="NotEstimableException">No events at all, or nothing but events.</exception>
    public static RateShrinkage EmpiricalBayes(ReadOnlySpan<long> events, ReadOnlySpan<long> units, double level = 0.95)
    {
        var data = Check(events, units, level);
        var total = (double)data.Events.Sum() / data.Units.Sum();
        if (total is 0 or 1)
            throw new NotEstimableException($"{(total == 0 ? "No group has an event" : "Every unit has the event")}: the likelihood has no largest value.");
        var best = Brent.Minimize(u => -data.Best(u).Value, SmallestLogUnits, LargestLogUnits, 1e-10);

        // Brent may end on one side of two humps; a coarse scan says whether another is higher.
        for (var u = SmallestLogUnits; u <= LargestLogUnits; u += 1)
        {
            if (data.Best(u).Value > -best.Value + 1e-7)
                best = Brent.Minimize(v => -data.Best(v).Value, u - 1, u + 1, 1e-10);
        }
        var mean = Logistic(data.Best(best.X).At);
        var limit = data.LogBinomial(total);
        if (limit >= -best.Value - 1e-7)
        {
            // Groups that differ by no more than chance: one rate for all, known as well as all units together know it.
            var interval = BetaMixture.Of(0.5 + data.Events.Sum(), 0.5 + data.Units.Sum() - data.Events.Sum()).Interval(level);
            return new(total, 0, null, limit + data.LogChoose, [.. data.Events.Select(_ => new ShrunkenRate(total, interval, 0))]);
        }
        var n0 = Math.Exp(best.X);
        return new(mean, Math.Sqrt(mean * (1 - mean) / (n0 + 1)), n0, -best.Value + data.LogChoose, [.. data.Events.Zip(data.Units, (k, n) =>
        {
            var after = BetaMixture.Of(mean * n0 + k, (1 - mean) * n0 + n - k);
            return new ShrunkenRate(after.Mean, after.Interval(level), n / (n + n0));
        })]);
    }

    /// <param name="events">Events of each group, between 0 and its units.</param>
    /// <param name="units">Units of each group, at least 1; 3 to 5,000 groups.</param>
    /// <param name="level">Level of the intervals.</param>
    public static RateShrinkage Full(ReadOnlySpan<long> events, ReadOnlySpan<long> units, double level = 0.95)
    {
        var data = Check(events, units, level);
        if (events.Length > MostGroupsInFull)
            throw new ArgumentOutOfRangeException(nameof(events), events.Length, $"The full posterior takes {MostGroupsInFull} groups at most; empirical Bayes loses nothing beyond.");
        var nodes = data.Posterior();
        double mean = 0, variance = 0, units0 = 0;
        foreach (var node in nodes)
        {
            mean += node.Weight * node.Mean;
            variance += node.Weight * node.Mean * (1 - node.Mean) / (1 + node.Units);
            units0 += node.Weight / (1 + node.Units);
        }
        var rates = new ShrunkenRate[events.Length];
        for (var j = 0; j < rates.Length; j++)
            rates[j] = Rate(nodes, data.Events[j], data.Units[j], level);
        return new(mean, Math.Sqrt(variance), 1 / units0 - 1, null, rates);
    }

    static ShrunkenRate Rate(HyperNode[] nodes, long k, long n, double level)
    {
        double mean = 0, square = 0, weight = 0;
        foreach (var node in nodes)
        {
            var (a, b) = (node.Mean * node.Units + k, node.Rest * node.Units + n - k);
            var m = a / (a + b);
            mean += node.Weight * m;
            square += node.Weight * (m * m + m * (1 - m) / (a + b + 1));
            weight += node.Weight * n / (n + node.Units);
        }
        var spread = Math.Sqrt(Math.Max(0, square - mean * mean));
        return new(mean, new(Quantile((1 - level) / 2), Quantile(1 - (1 - level) / 2)), weight);

        double Quantile(double p)
        {
            var low = Math.Max(0, mean - 6 * spread);
            var high = Math.Min(1, mean + 6 * spread);
            low = Cdf(low) < p ? low : 0;
            high = Cdf(high) > p ? high : 1;
            return Brent.Root(x => Cdf(x) - p, low, high, 1e-10).X;
        }

        double Cdf(double x)
        {
            if (x <= 0 || x >= 1)
                return x <= 0 ? 0 : 1;
            var sum = 0.0;
            foreach (var node in nodes)
            {
                var n0 = Math.Min(node.Units, MostUnits);
                var (a, b) = (Math.Max(node.Mean * n0, 1e-12) + k, Math.Max(node.Rest * n0, 1e-12) + n - k);
                var z = (x - a / (a + b)) / Math.Sqrt(a / (a + b) * (b / (a + b)) / (a + b + 1));

                // Nearly normal and far from its centre: nothing or everything.
                sum += Math.Min(a, b) > Plenty && Math.Abs(z) > FarOut ? z > 0 ? node.Weight : 0 : node.Weight * BetaDistribution.Cdf(x, a, b);
            }
            return sum;
        }
    }

    static RateData Check(ReadOnlySpan<long> events, ReadOnlySpan<long> units, double level)
    {
        BetaMixture.InferenceLevel(level);
        if (events.Length != units.Length)
            throw new ArgumentException("There must be one number of units per group.", nameof(units));
        if (events.Length < 3)
            throw new TooFewRowsException("The set of groups", events.Length, 3);
        for (var i = 0; i < events.Length; i++)
        {
            if (units[i] < 1 || events[i] < 0 || events[i] > units[i])
                throw new ArgumentOutOfRangeException(nameof(events), events[i], $"Group {i} needs units, and events between 0 and them.");
        }
        return new(events.ToArray(), units.ToArray());
    }

    static double Logistic(double x) => x > 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) is var e ? e / (1 + e) : 0;

    readonly record struct HyperNode(double Mean, double Rest, double Units, double Weight);

    readonly record struct Hump(double At, double Value);

    sealed class RateData
    {
        public RateData(long[] events, long[] units)
        {
            (Events, Units) = (events, units);
            LogChoose = events.Zip(units, (k, n) => Gamma.Log(n + 1.0) - Gamma.Log(k + 1.0) - Gamma.Log(n - k + 1.0)).Sum();
        }

        public long[] Events { get; }

        public long[] Units { get; }

        public double LogChoose { get; }

        // Log-likelihood of one common rate.
        public double LogBinomial(double rate) => Events.Zip(Units, (k, n) => k * Math.Log(rate) + (n - k) * Elementary.Log1p(-rate)).Sum();

        // The largest marginal log-likelihood over the mean, in log odds, at units exp(logUnits).
        public Hump Best(double logUnits)
        {
            var n0 = Math.Exp(logUnits);
            var found = Brent.Minimize(m => -Log(m, n0), -30, 30, 1e-9);
            return new(found.X, -found.Value);
        }

        // Every node of the posterior of mean and units, weights adding to 1.
        public HyperNode[] Posterior()
        {
            // u is the log odds of the correlation within groups, m those of the mean; the density carries both Jacobians.
            var top = Brent.Minimize(u => -Ridge(u).Value, -23, 12, 1e-6);
            var peak = -top.Value;
            var (low, high) = (Fall(u => Ridge(u).Value, top.X, -1, peak), Fall(u => Ridge(u).Value, top.X, 1, peak));
            var panels = Math.Max(8, (int)Math.Ceiling((high - low) / 2));
            var nodes = new List<HyperNode>();
            for (var panel = 0; panel < panels; panel++)
            {
                var half = 0.5 * (high - low) / panels;
                for (var i = 0; i < Outer.Nodes.Length; i++)
                {
                    var u = low + half * (2 * panel + 1 + Outer.Nodes[i]);
                    var ridge = Ridge(u);
                    var from = Fall(m => LogPosterior(m, u), ridge.At, -1, ridge.Value);
                    var to = Fall(m => LogPosterior(m, u), ridge.At, 1, ridge.Value);
                    Add(nodes, u, from, ridge.At, Outer.Weights[i] * half, peak);
                    Add(nodes, u, ridge.At, to, Outer.Weights[i] * half, peak);
                }
            }
            var total = nodes.Sum(n => n.Weight);
            var kept = nodes.Where(n => n.Weight > Negligible * total / nodes.Count).ToList();
            var sum = kept.Sum(n => n.Weight);
            return [.. kept.Select(n => n with { Weight = n.Weight / sum })];
        }

        // Two panels, the inner one where the density bends.
        void Add(List<HyperNode> nodes, double u, double from, double to, double outer, double peak)
        {
            var knee = Math.Abs(LogPosterior(from, u) - LogPosterior(to, u)) > 1 ? to + (from - to) * (from < to ? 0.35 : 0.65) : 0.5 * (from + to);
            foreach (var (a, b) in new[] { (from, knee), (knee, to) })
            {
                var half = 0.5 * (b - a);
                for (var k = 0; k < Inner.Nodes.Length; k++)
                {
                    var m = a + half * (1 + Inner.Nodes[k]);
                    var weight = outer * Math.Abs(half) * Inner.Weights[k] * Math.Exp(LogPosterior(m, u) - peak);
                    if (weight > 0)
                        nodes.Add(new(Logistic(m), Logistic(-m), Math.Exp(-u), weight));
                }
            }
        }

        Hump Ridge(double u)
        {
            var found = Brent.Minimize(m => -LogPosterior(m, u), -30, 30, 1e-7);
            return new(found.X, -found.Value);
        }

        // Uniform on mean and correlation: in log odds each density is p (1 - p).
        double LogPosterior(double m, double u) => Log(m, Math.Exp(-u)) - Softplus(m) - Softplus(-m) - Softplus(u) - Softplus(-u);

        // Where a log density has fallen far below its peak.
        static double Fall(Func<double, double> log, double at, int side, double peak)
        {
            var (inside, outside) = (at, at + side * 0.05);
            while (log(outside) > peak - Drop && Math.Abs(outside) < 60)
                (inside, outside) = (outside, at + 1.6 * (outside - at));
            for (var k = 0; k < 20; k++)
            {
                var middle = 0.5 * (inside + outside);
                if (log(middle) > peak - Drop)
                    inside = middle;
                else
                    outside = middle;
            }
            return outside;
        }

        double Log(double logOdds, double n0)
        {
            var (a, b) = (n0 * Logistic(logOdds), n0 * Logistic(-logOdds));
            var sum = 0.0;
            for (var j = 0; j < Events.Length; j++)
                sum += Rising(a, Events[j]) + Rising(b, Units[j] - Events[j]) - Rising(n0, Units[j]);
            return sum;
        }

        // log Gamma(a + k) - log Gamma(a): a sum where it is short, since the difference cancels for large a.
        static double Rising(double a, long k)
        {
            if (k > 12)
                return a > 1e6 * k ? k * Math.Log(a) + 0.5 * k * (k - 1.0) / a : Gamma.Log(a + k) - Gamma.Log(a);
            var product = 1.0;
            var logs = 0.0;
            for (var i = 0; i < k; i++)
            {
                product *= a + i;
                if (product is > 1e200 or < 1e-200)
                {
                    logs += Math.Log(product);
                    product = 1;
                }
            }
            return logs + Math.Log(product);
        }

        static double Softplus(double x) => x > 0 ? x + Elementary.Log1p(Math.Exp(-x)) : Elementary.Log1p(Math.Exp(x));
    }
}
