using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;
using Gnomon.Studies;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>How often a plan with looks calls an effect that is not there, when it is read to the end and beyond whatever its looks said.</summary>
[Trait("speed", "slow")]
public sealed class LookSizeTests(ITestOutputHelper output)
{
    private const int Draws = 40_000;

    // 3.3 binomial errors of a rate near the one that is meant.
    private static double Slack(double rate) => 3.3 * Math.Sqrt(rate * (1 - rate) / Draws);

    // rpact 3.3.4 with 2,000,000 draws (asOF, bsOF, four looks, one side of 0.025): bounds kept lowered 0.0294, bounds without credit from the crossing on 0.0280, the stop kept 0.0250.
    [Fact]
    public void A_binding_futility_that_is_passed_keeps_the_size()
    {
        var rates = Simulate("obrien-fleming", "binding", [0.25, 0.5, 0.75, 1], arms: 1, shared: 0);
        output.WriteLine($"gain {rates.AnyGain}, any {rates.Any}");
        Assert.Equal(0.025, rates.AnyGain, Slack(0.025));
        Assert.InRange(rates.Any, 0, 0.05 + Slack(0.05));
    }

    // Looks beyond the planned end can neither take a stop back nor add one.
    [Theory]
    [InlineData("obrien-fleming")]
    [InlineData("pocock")]
    public void A_test_that_is_read_on_after_its_stop_keeps_the_size(string rule)
    {
        var rates = Simulate(rule, "none", [0.25, 0.5, 0.75, 1, 1.2, 1.5], arms: 1, shared: 0);
        output.WriteLine($"{rule}: any {rates.Any}, gain {rates.AnyGain}");
        Assert.Equal(0.05, rates.Any, Slack(0.05));
        Assert.Equal(0.025, rates.AnyGain, Slack(0.025));
    }

    // Three arms against one control (correlation 0.5), and three comparisons that know nothing of each other, where shares of the size are sharp: a gain in 1 - (1 - 0.05 / 6)^3 = 0.0248.
    // The smallest p-value of a look times three, held against the bound of the whole size, errs in 0.054 of those: that is why each comparison has bounds of its own.
    [Theory]
    [InlineData("obrien-fleming", 0.5)]
    [InlineData("pocock", 0.5)]
    [InlineData("pocock", 0)]
    public void Several_comparisons_keep_the_size_of_the_family(string rule, double shared)
    {
        var rates = Simulate(rule, "none", [0.2, 0.4, 0.6, 0.8, 1], arms: 3, shared);
        output.WriteLine($"{rule}, correlation {shared}: family {rates.Family}, a gain {rates.AnyGain}; nominal p times 3 against the whole bound {rates.Nominal}");
        Assert.InRange(rates.Family, 0.03, 0.05 + Slack(0.05));
        Assert.InRange(rates.AnyGain, shared == 0 ? 0.0248 - Slack(0.0248) : 0.015, 0.025 + Slack(0.025));
        Assert.Equal(shared == 0, rates.Nominal > 0.05 + Slack(0.05));
    }

    // Two of three arms work. What a decided arm leaves to the others is gained over bounds that stay those of three.
    [Fact]
    public void A_decided_comparison_leaves_its_share_to_the_others()
    {
        var rates = Simulate("obrien-fleming", "none", [0.25, 0.5, 0.75, 1], arms: 3, shared: 0.5, drift: [3.2, 3.2, 0]);
        output.WriteLine($"one found {rates.One}, nominal p times 3 {rates.OneNominal}; both found {rates.Both}, by bounds of three alone {rates.BothBonferroni}; a false one beside them {rates.False}");
        Assert.True(rates.Both > rates.BothBonferroni + 0.01);
        Assert.InRange(rates.False, 0, 0.025 + Slack(0.025));
    }

    private sealed record Rates(double AnyGain, double Any, double Family, double Nominal, double One, double OneNominal, double Both, double BothBonferroni, double False);

    private static Rates Simulate(string rule, string futility, double[] times, int arms, double shared, double[]? drift = null)
    {
        drift ??= new double[arms];
        var plan = AbPlan.Parse($$"""{ "unitsPerArm": 1000, "looks": {{times.Count(t => t <= 1)}}, "power": 0.8, "stopping": "{{rule}}", "futility": "{{futility}}" }""", "test");
        var stopping = StoppingText.With(StoppingText.Parse(rule)!, plan.Futility);
        long[] units = [.. times.Select(t => (long)Math.Round(t * 2_000))];
        var looks = LookTimes.Of(times[^1], units[^1], units[..^1]);
        var bounds = new LookBounds([.. looks.Taken], stopping, plan, 0.05, arms);
        var rng = new Rng(20).Stream($"looks-{rule}-{futility}-{arms}-{shared}");
        var (gain, any, family, nominal, one, oneNominal, both, bonferroni, wrong) = (0, 0, 0, 0, 0, 0, 0, 0, 0);
        for (var draw = 0; draw < Draws; draw++)
        {
            var z = Paths(rng, times, arms, shared, drift);
            var past = Enumerable.Range(0, times.Length - 1).Select(k => new PastLook(k + 1, $"{k}", units[k]) { Results = [.. Enumerable.Range(0, arms).Select(a => Past(a, z[k][a], arms))] }).ToList();
            LookPath[] paths = [.. Enumerable.Range(0, arms).Select(a => new LookPath(Made(a, z[^1][a])))];
            new LookReplay(bounds, looks, paths).Run(past);
            var outcomes = paths.Select(p => p.Stop?.Outcome ?? p.Now).ToArray();
            gain += outcomes.Contains(LookOutcome.Gain) ? 1 : 0;
            any += outcomes.Any(o => o is LookOutcome.Gain or LookOutcome.Harm) ? 1 : 0;
            family += paths.Any(p => p.IsRejected) ? 1 : 0;
            nominal += Enumerable.Range(0, times.Length).Any(k => bounds.Of(1)[k].CriticalZ is { } c && arms * z[k].Min(x => 2 * Normal.Sf(Math.Abs(x))) < 2 * Normal.Sf(c)) ? 1 : 0;
            one += outcomes[0] == LookOutcome.Gain ? 1 : 0;
            oneNominal += Enumerable.Range(0, times.Length).Any(k => z[k][0] > 0 && bounds.Of(1)[k].CriticalZ is { } c && Multiplicity.Holm([.. z[k].Select(x => 2 * Normal.Sf(Math.Abs(x)))])[0] < 2 * Normal.Sf(c)) ? 1 : 0;
            both += outcomes.Take(2).All(o => o == LookOutcome.Gain) ? 1 : 0;
            bonferroni += Enumerable.Range(0, Math.Min(2, arms)).All(a => Enumerable.Range(0, times.Length).Any(k => bounds.Of(arms)[k].CriticalZ is { } c && z[k][a] >= c)) ? 1 : 0;
            wrong += outcomes[^1] == LookOutcome.Gain && drift[^1] == 0 ? 1 : 0;
        }

        double Share(int count) => (double)count / Draws;
        return new Rates(Share(gain), Share(any), Share(family), Share(nominal), Share(one), Share(oneNominal), Share(both), Share(bonferroni), Share(wrong));
    }

    private static double[][] Paths(Rng rng, double[] times, int arms, double shared, double[] drift)
    {
        var score = new double[arms];
        var z = new double[times.Length][];
        var at = 0.0;
        for (var k = 0; k < times.Length; k++)
        {
            var step = times[k] - at;
            at = times[k];
            var common = rng.NextNormal();
            for (var a = 0; a < arms; a++)
            {
                score[a] += drift[a] * step + Math.Sqrt(step) * (Math.Sqrt(shared) * common + Math.Sqrt(1 - shared) * rng.NextNormal());
            }

            z[k] = [.. score.Select(s => s / Math.Sqrt(at))];
        }

        return z;
    }

    private static string Arm(int a) => ((char)('B' + a)).ToString();

    private static ContrastResult Result(double z) => new(z, z - 1.96, z + 1.96, 1, z, null, 2 * Normal.Sf(Math.Abs(z)), 0.95, "simulated");

    private static PastResult Past(int a, double z, int family) => new() { Metric = "m", Contrast = $"{Arm(a)} - A", Once = Result(z), Shown = Result(z), Units = 1, Family = family };

    private static Comparison Made(int a, double z)
    {
        var arm = new ArmMetric { Values = Moments.Empty };
        return new Comparison
        {
            Metric = new MetricInput { Spec = new MetricSpec { Name = "m", Kind = MetricKind.Value, Column = "m" }, Arms = [arm, arm], Binary = false },
            Arm = Arm(a), Control = "A", Treatment = arm, Baseline = arm, Raw = Result(z), Lift = new LiftResult(null, null, "simulated"),
        };
    }
}
