using Gnomon.Checks.Experiments;
using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;

namespace Gnomon.Trust.Paths;

/// <summary>What may be read at every look: plans with an end, sequences without one, harm, the split.</summary>
internal static class PeekingPaths
{
    private const int Days = 28;

    // Expected z of a fixed test with power 0.8: what a plan with looks is held against at the same size.
    private const double FixedPower = 2.8015852;
    private const double PowerLoss = 0.02;

    // Sizes of the split are judged as 1.2 % over four weeks of daily looks.
    private const double SplitAlpha = 0.0108;

    private static readonly double[] Daily = [.. Enumerable.Range(1, Days).Select(d => (double)d / Days)];
    private static readonly double[] Weekly = [0.25, 0.5, 0.75, 1];
    private static readonly double[] DailyBounds = Bounds(Daily, new StoppingRule { Spending = AlphaSpending.KimDeMets, Rho = 4 });
    private static readonly double[] FlemingBounds = Bounds(Daily, new StoppingRule());
    private static readonly double[] PetoBounds = Bounds(Daily, new StoppingRule { Spending = AlphaSpending.HaybittlePeto });
    private static readonly double[] WeeklyBounds = Bounds(Weekly, new StoppingRule());
    private static readonly SampleRatioMismatch SplitCheck = new();

    public static IReadOnlyList<TrustPath> All { get; } =
    [
        new("looks-daily", "Kim-DeMets spending, exponent 4", "28 daily looks at a plan with an end, any of them called (with an effect: one that a single reading of the same size finds in 80 %)", (rng, real) => Planned(rng, real, Daily, DailyBounds, interval: false))
            { HasInterval = false, LeastPower = 0.8 - PowerLoss },
        new("looks-daily-fleming", "O'Brien-Fleming spending", "the same 28 daily looks", (rng, real) => Planned(rng, real, Daily, FlemingBounds, interval: false)) { HasInterval = false, LeastPower = 0.8 - PowerLoss },
        new("looks-daily-peto", "Haybittle and Peto's rule, p below 0.001 before the end", "the same 28 daily looks", (rng, real) => Planned(rng, real, Daily, PetoBounds, interval: false))
            { HasInterval = false, LeastPower = 0.8 - PowerLoss },
        new("looks-weekly-estimate", "O'Brien-Fleming spending, stagewise interval after the stop", "4 weekly looks, stopped at the first that allows it", (rng, real) => Planned(rng, real, Weekly, WeeklyBounds, interval: true)) { LeastPower = 0.8 - PowerLoss },
        new("looks-open-ended", "asymptotic confidence sequence", "28 daily looks of 100 units, tuned for the size at day 9; rejected or missed at any of them", OpenEnded) { IsConservative = true },
        new("looks-small-counts", "beta-binomial confidence sequence", "28 daily looks of 10 and 10 units, 5 % and 5 % (with an effect: 20 %); rejected or missed at any of them", SmallCounts) { IsConservative = true },
        new("harm-any-look", "one-sided e-process of harm", "28 daily looks at a guardrail without harm (with an effect: harm that a single reading of all days finds in 98 %)", Harm)
            { Alpha = 0.025, HasInterval = false, IsConservative = true, LeastPower = 0.8 },
        new("split-daily", "chi-square and e-value of the split", "28 daily looks of 5,000 units at 50/50, any alarm (with an effect: 51/49, found within 7 days)", (rng, real) => Split(rng, 0.5, real ? 0.51 : 0.5, real ? 7 : Days))
            { Alpha = SplitAlpha, HasInterval = false, IsConservative = true, LeastPower = 0.5 },
        new("split-uneven", "chi-square and e-value of the split", "28 daily looks of 5,000 units at an intended 95/5, any alarm (with an effect: 6 % instead of 5 %)", (rng, real) => Split(rng, 0.05, real ? 0.06 : 0.05, real ? 7 : Days))
            { Alpha = SplitAlpha, HasInterval = false, IsConservative = true, LeastPower = 0.5 },
        new("split-tiny-loss", "severity of a split that is off", "50 million units at 50/50, any alarm (with an effect: 0.2 % of one arm lost, named in amber and not in red)", TinyLoss)
            { Alpha = 0.0015, HasInterval = false, IsConservative = true, LeastPower = 0.99 },
    ];

    private static double[] Bounds(double[] times, StoppingRule rule) => [.. GroupSequential.Bounds(times, 0.05, rule).Select(l => l.CriticalZ ?? 37)];

    private static TrustDraw Planned(Rng rng, bool real, double[] times, double[] bounds, bool interval)
    {
        var drift = real ? FixedPower : 0;
        var (b, last, k) = (0.0, 0.0, 0);
        for (; ; k++)
        {
            var step = times[k] - last;
            b += step * drift + Math.Sqrt(step) * rng.NextNormal();
            last = times[k];
            if (k + 1 == times.Length || Math.Abs(b) >= bounds[k] * Math.Sqrt(last))
            {
                break;
            }
        }

        var rejected = Math.Abs(b) >= bounds[k] * Math.Sqrt(last);
        if (!interval)
        {
            return new TrustDraw(rejected, true);
        }

        double[] low = [.. bounds.Take(k).Select(z => -z)];
        return new TrustDraw(rejected, StagewiseInference.PValue(times.AsSpan(0, k + 1), low, bounds.AsSpan(0, k), b / last, 1 / Math.Sqrt(last), drift) >= 0.05);
    }

    private static TrustDraw OpenEnded(Rng rng, bool real)
    {
        var effect = real ? 0.1 : 0;
        var (control, treatment) = (Moments.Empty, Moments.Empty);
        var (rejected, covered) = (false, true);
        for (var day = 1; day <= Days; day++)
        {
            control = Moments.Merge(control, Draws.Sample(rng, 100, r => r.NextNormal()));
            treatment = Moments.Merge(treatment, Draws.Sample(rng, 100, r => effect + r.NextNormal()));
            var error = Math.Sqrt(treatment.VarianceOfMean + control.VarianceOfMean);
            var now = AlwaysValid.Interval(treatment.Mean - control.Mean, error, 200.0 * day, 1_800);
            rejected |= now.PValue < 0.05;
            covered &= now.Low <= effect && effect <= now.High;
        }

        return new TrustDraw(rejected, covered);
    }

    private static TrustDraw SmallCounts(Rng rng, bool real)
    {
        var truth = real ? 0.20 : 0.05;
        var (t, c) = (0L, 0L);
        var (rejected, covered) = (false, true);
        for (var day = 1; day <= Days; day += 3)
        {
            var n = day == 1 ? 10 : 30;
            t += rng.NextBinomial(n, truth);
            c += rng.NextBinomial(n, 0.05);
            var now = BetaBinomialSequence.Difference(t, 10 * day, c, 10 * day);
            rejected |= now.PValue < 0.05;
            covered &= now.Low <= truth - 0.05 && truth - 0.05 <= now.High;
        }

        return new TrustDraw(rejected, covered);
    }

    private static TrustDraw Harm(Rng rng, bool real)
    {
        var sum = 0.0;
        for (var day = 1; day <= Days; day++)
        {
            var t = (double)day / Days;
            sum += (real ? -4.0 : 0) / Days + Math.Sqrt(1.0 / Days) * rng.NextNormal();
            if (HarmProcess.At(sum / t, 1 / Math.Sqrt(t), day, Days).EValue >= 40)
            {
                return new TrustDraw(true, true);
            }
        }

        return new TrustDraw(false, true);
    }

    private static TrustDraw Split(Rng rng, double planned, double actual, int days)
    {
        var (first, second) = (0L, 0L);
        for (var day = 1; day <= days; day++)
        {
            var second1 = rng.NextBinomial(5_000, actual);
            first += 5_000 - second1;
            second += second1;
            if (SplitCheck.Evaluate(Counts(first, second, planned, day)).Status != CheckStatus.Pass)
            {
                return new TrustDraw(true, true);
            }
        }

        return new TrustDraw(false, true);
    }

    private static TrustDraw TinyLoss(Rng rng, bool real)
    {
        var first = rng.NextBinomial(50_000_000, 0.5);
        var second = 50_000_000 - first;
        second -= real ? rng.NextBinomial(second, 0.002) : 0;
        var counts = Counts(first, second, 0.5, 1) with { Outcomes = [Share(first, 0.1), Share(second, 0.1)], Worthwhile = 0.005 };
        var status = SplitCheck.Evaluate(counts).Status;
        return new TrustDraw(real ? status == CheckStatus.Warn : status != CheckStatus.Pass, true);
    }

    private static AssignmentCounts Counts(long first, long second, double planned, int looks) => new()
    {
        Arms = ["A", "B"], Observed = [first, second], PlannedShares = [1 - planned, planned], SplitDeclared = true, Looks = looks,
    };

    private static Moments Share(long n, double share) => new(n, share, n * share * (1 - share), 0, 0) { Min = 0, Max = 1 };
}
