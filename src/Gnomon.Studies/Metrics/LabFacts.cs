using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Resampling;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Metrics;

/// <summary>What past tests say of one metric; directions are those of what is better.</summary>
internal sealed record JudgedMetric
{
    public required string Name { get; init; }

    /// <summary>Place among the outcomes.</summary>
    public required int Index { get; init; }

    /// <summary>Root mean square of t over the tests, the 1 that noise alone gives taken out.</summary>
    public required double TypicalT { get; init; }

    /// <summary>The same per root of a user; null without users.</summary>
    public double? Signal { get; init; }

    /// <summary>Tests whose effect on it is below the size.</summary>
    public required int Detected { get; init; }

    /// <summary>Tests whose effect has the sign of the goal's.</summary>
    public required int Agree { get; init; }

    /// <summary>Exact interval of the share that agrees.</summary>
    public required Interval Agreement { get; init; }

    /// <summary>Tests in which both effects are beyond noise, and those of them that agree.</summary>
    public required int Settled { get; init; }

    public required int SettledAgree { get; init; }

    /// <summary>Tests that made the metric better beyond noise and the goal worse beyond noise.</summary>
    public required IReadOnlyList<string> Against { get; init; }

    /// <summary>Null below three tests, and where the effects stand out too little from their noise to bound it on either side.</summary>
    public EffectCorrelationResult? Correlation { get; init; }

    /// <summary>Correlation of the metric as a test of middle size measures it with the true effect on the goal.</summary>
    public double? Quality { get; init; }

    /// <summary>Mean over control units.</summary>
    public double? Mean { get; init; }

    /// <summary>Standard deviation over control units.</summary>
    public double? Deviation { get; init; }

    /// <summary>Users of each arm that find the smallest change worth having with power 0.8.</summary>
    public double? NeededUsers { get; init; }

    /// <summary>Shares of A/A tests that call a difference.</summary>
    public NullCalibrationResult? Relabelled { get; init; }

    /// <summary>Smallest harm that a test of middle size rules out with power 0.8, as a share of the mean.</summary>
    public double? Margin { get; init; }
}

/// <summary>Every metric judged on the past tests.</summary>
internal sealed class LabFacts
{
    public const double Level = 0.95;
    public const double LimitLevel = 0.95;
    public const int FewestTests = 10;
    public const double LeastCorrelation = 0.5;
    private const double Power = 0.8;
    private readonly double[]? _controlMeans;

    private LabFacts(MetricsOptions options, LabInput input)
    {
        (Options, Input) = (options, input);
        Tests = [.. input.Tests.Select(t => t.Signed(input.Signs))];
        Controls = input.Controls;
        _controlMeans = Controls?.Means.ToArray();
    }

    public MetricsOptions Options { get; }

    public LabInput Input { get; }

    /// <summary>Past tests in the direction of what is better.</summary>
    public IReadOnlyList<PastTest> Tests { get; }

    public CoMoments? Controls { get; }

    public required JudgedMetric Goal { get; init; }

    /// <summary>In the order of the options.</summary>
    public required IReadOnlyList<JudgedMetric> Metrics { get; init; }

    /// <summary>Metrics that at least ten tests tie to the goal, best first.</summary>
    public IReadOnlyList<JudgedMetric> Carried => [.. Metrics.Where(m => Tests.Count >= FewestTests && m.Correlation?.Low >= LeastCorrelation).OrderByDescending(m => m.Quality)];

    /// <summary>The metric to decide on; null when past tests tie none to the goal.</summary>
    public JudgedMetric? Chosen => Carried.Count > 0 ? Carried[0] : null;

    /// <summary>The metric that somebody wants; null when nobody said.</summary>
    public JudgedMetric? Wanted => Options.Primary is { } name ? Metrics.FirstOrDefault(m => m.Name == name) : null;

    /// <summary>The metric whose record is told when none is carried: wanted, else the nearest to the goal.</summary>
    public JudgedMetric Lead => Wanted ?? Chosen ?? Metrics.OrderByDescending(m => m.Quality ?? double.NegativeInfinity).First();

    public static LabFacts Of(MetricsOptions options, LabInput input, int threads, CancellationToken cancellation)
    {
        var shell = new LabFacts(options, input) { Goal = null!, Metrics = [] };
        return new LabFacts(options, input) { Goal = shell.Judge(0, threads, cancellation), Metrics = [.. Enumerable.Range(1, input.Count - 1).Select(j => shell.Judge(j, threads, cancellation))] };
    }

    private JudgedMetric Judge(int j, int threads, CancellationToken cancellation)
    {
        var z = Normal.UpperQuantile(Options.Alpha / 2);
        bool Beyond(PastTest t, int outcome) => t.Variance(outcome) > 0 && Math.Abs(t.T(outcome)) > z;
        var usable = Tests.Where(t => t.Variance(j) > 0).ToList();
        var agree = Tests.Count(t => t.Effects[j] * t.Effects[0] > 0);
        var settled = Tests.Where(t => Beyond(t, j) && Beyond(t, 0)).ToList();
        var pairs = Tests.Select(t => t.Pair(j, 0)).Where(p => p is not null).Select(p => new EffectPair(p!.Proxy, p.Goal, p.ProxyVariance, p.GoalVariance, p.Covariance)).ToList();
        var correlation = j == 0 || pairs.Count < 3 ? null : EffectCorrelation.Of(pairs, LimitLevel) is (not { Low: <= -1, High: >= 1 }) and var bounded ? bounded : null;
        var (mean, deviation) = (_controlMeans?[j], Controls is { Count: >= 2 } ? Math.Sqrt(Controls.Variance(j)) : (double?)null);
        var middle = usable.Count == 0 ? 0 : LabInput.Median([.. usable.Select(t => t.Variance(j))]);
        return new JudgedMetric
        {
            Name = Input.Names[j],
            Index = j,
            TypicalT = usable.Count == 0 ? 0 : Math.Sqrt(Math.Max(0, usable.Average(t => t.T(j) * t.T(j)) - 1)),
            Signal = usable.Count == 0 || usable.Exists(t => t.Users is null) ? null : Math.Sqrt(Math.Max(0, usable.Average(t => (t.T(j) * t.T(j) - 1) / t.Users!.Value))),
            Detected = Tests.Count(t => Beyond(t, j)),
            Agree = agree,
            Agreement = OneProportion.ClopperPearson(agree, Tests.Count, Level),
            Settled = settled.Count,
            SettledAgree = settled.Count(t => t.Effects[j] * t.Effects[0] > 0),
            Against = [.. settled.Where(t => t.Effects[j] > 0 && t.Effects[0] < 0).Select(t => t.Name)],
            Correlation = correlation,
            Quality = correlation is null ? null : correlation.Correlation * Math.Sqrt(correlation.ProxySpread * correlation.ProxySpread / (correlation.ProxySpread * correlation.ProxySpread + middle)),
            Mean = mean,
            Deviation = deviation,
            NeededUsers = Needed(mean, deviation),
            Relabelled = j == 0 ? null : Relabel(j, threads, cancellation),
            Margin = mean is { } m && m != 0 && middle > 0 ? (z + Normal.Quantile(Power)) * Math.Sqrt(middle) / Math.Abs(m) : null,
        };
    }

    private double? Needed(double? mean, double? deviation)
    {
        if (mean is not { } m || deviation is not { } sd || m == 0 || !(sd > 0))
        {
            return null;
        }

        try
        {
            return PowerTwoMeans.SampleSize(Options.Mde * Math.Abs(m), sd, Power, new PowerOptions { Alpha = Options.Alpha }).First;
        }
        catch (ArgumentOutOfRangeException)
        {
            return null; // no real number of users finds so small a share of such a mean
        }
    }

    private NullCalibrationResult? Relabel(int j, int threads, CancellationToken cancellation)
    {
        if (Input.Values is not { } values)
        {
            return null;
        }

        double[] controls = [.. values[j].Where((_, i) => Input.IsControl[i])];
        try
        {
            return NullCalibration.Welch(controls, 0.5, (int)Options.Relabel, Options.Alpha, (ulong)Options.Seed, threads, cancellation);
        }
        catch (Exception none) when (none is NotEstimableException or TooFewRowsException)
        {
            return null; // nothing varies among the control units; the table leaves it out
        }
    }
}
