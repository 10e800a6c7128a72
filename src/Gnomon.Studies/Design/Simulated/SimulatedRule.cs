using Gnomon.Core.Errors;
using Gnomon.Methods.Planning;
using Gnomon.Numerics.Special;

namespace Gnomon.Studies.Design.Simulated;

/// <summary>Size, power and detectable effect by simulation. All sizes and effects share their random streams, so the answer depends on the seed alone.</summary>
internal sealed class SimulatedRule(SimulatedTest test, double alpha, int runs, ulong seed, int? threads, CancellationToken cancellation) : SizeRule
{
    // More failures than this and the power is that of another model.
    private const double MostFailures = 0.5;
    private readonly Dictionary<(int Size, double Effect, int Runs), (SimulatedPower Power, long Failures)> _known = [];

    public SimulatedTest Test => test;

    public int Runs => runs;

    public override string Method => $"{test.Method}, by simulation ({runs} runs, seed {seed})";

    /// <summary>What the Monte Carlo error leaves open of the last answer that was searched for; null when nothing was.</summary>
    public double? Give { get; private set; }

    /// <summary>Runs whose data could not be fitted, as a share, at a size and an effect.</summary>
    public double Failures(int size, double effect) => (double)Known(size, effect, runs).Failures / runs;

    /// <summary>Power with its Monte Carlo error.</summary>
    public SimulatedPower At(int size, double effect) => Known(size, effect, runs).Power;

    public override double Power(double size, double effect) => At(Whole(size), effect).Power;

    public override double Size(double effect, double power)
    {
        var scaled = Math.Abs(Scaled(effect));
        var start = test.ErrorPerRoot * Reach(power) / scaled;
        if (start * start > 3.0 * test.Most)
        {
            throw TooSmall(power, start * start);
        }

        var found = SimulatedSearch.Find(
            (t, r) => Known(Whole(t * t), effect, r).Power, power, alpha, start, Math.Sqrt(test.Fewest), Math.Sqrt(test.Most), runs, t => Math.Sqrt(Math.Ceiling(t * t - 1e-9)));
        if (found is null)
        {
            throw TooSmall(power, test.Most);
        }

        Give = 2 * found.At * found.StandardError;
        return Whole(found.At * found.At);
    }

    public override double? Detectable(double size, double power, bool rise)
    {
        var n = Whole(size);
        var sign = rise ? 1 : -1;
        double Effect(double t) => test.IsRatio ? Elementary.Expm1(sign * t) : sign * t;
        var start = test.ErrorPerRoot * Reach(power) / Math.Sqrt(n);
        var most = Math.Min(Math.Min(test.Furthest, 1e3 * start), test.IsRatio ? 20 : double.PositiveInfinity);
        var found = SimulatedSearch.Find((t, r) => Known(n, Effect(t), r).Power, power, alpha, start, 1e-6 * start, most, runs);
        if (found is null)
        {
            return null;
        }

        Give = test.IsRatio ? Math.Exp(sign * found.At) * found.StandardError : found.StandardError;
        return Effect(found.At);
    }

    /// <summary>Size that would do when another one was named: searched for where it is within reach, else told from how the normal quantile of the power grows with the root of the size.</summary>
    public double Needed(double size, double effect, double power)
    {
        var here = At(Whole(size), effect);
        var rise = Reach(Math.Clamp(here.Power, 0.5 / runs, 1 - 0.5 / runs));
        var told = size * Math.Pow(Reach(power) / Math.Max(rise, 0.05), 2);
        return told <= test.Most / 2.0 && told <= 20 * size ? Size(effect, power) : told;
    }

    private GnomonError TooSmall(double power, double size) => new(
        "effect-too-small", $"About {Core.Findings.Figures.Count((long)size)} {test.Noun} or more would be needed for power {power:0.##}; samples up to {Core.Findings.Figures.Count(test.Most)} are simulated.", "--mde", "Name a larger effect.");

    private int Whole(double size) => (int)Math.Clamp(Math.Round(size), test.Fewest, int.MaxValue / 64);

    private double Scaled(double effect) => test.IsRatio ? Elementary.Log1p(effect) : effect;

    private double Reach(double power) => Numerics.Distributions.Normal.UpperQuantile(alpha / 2) + Numerics.Distributions.Normal.Quantile(power);

    private (SimulatedPower Power, long Failures) Known(int size, double effect, int count)
    {
        if (_known.TryGetValue((size, effect, count), out var known))
        {
            return known;
        }

        var failed = 0L;
        var draw = test.Draw(size, effect);
        var power = PowerSimulation.Run(
            rng =>
            {
                var p = draw(rng);
                if (p is null)
                {
                    Interlocked.Increment(ref failed);
                }

                return p < alpha;
            },
            count, seed, threads, cancellation);
        if (failed > MostFailures * count)
        {
            throw new GnomonError(
                "not-estimable", $"In {failed} of {count} simulated data sets of {size} {test.Noun} the model could not be fitted: no power can be stated.", "--units, --mde", "Plan a larger sample, a smaller effect, or a simpler model.");
        }

        return _known[(size, effect, count)] = (power, failed);
    }
}
