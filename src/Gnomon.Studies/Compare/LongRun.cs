using Gnomon.Core.Errors;
using Gnomon.Methods.Bayes;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Studies.Compare;

/// <summary>How often each way of reading is right over many trials of this design, without a difference and with the observed one.</summary>
/// <param name="Runs">Simulated trials of each truth.</param>
/// <param name="Looks">Readings of a trial that is read as it goes.</param>
/// <param name="Rows">One per truth.</param>
internal sealed record LongRun(int Runs, int Looks, IReadOnlyList<LongRunRow> Rows)
{
    private const int LooksTaken = 10;
    private const double FewestEvents = 10;

    public static LongRun Simulate(PriorSpec prior, double weight, GroupData x, GroupData y, int runs, double level, long seed)
    {
        var control = y.Moments.Mean;
        if (new[] { x, y }.Any(g => Math.Min(g.Events, g.N - g.Events) < FewestEvents))
        {
            throw new GnomonError("too-few-rows", $"--simulate repeats this trial at its own rates, which takes {FewestEvents} events and non-events in each group.", "--simulate", "Leave it out for so few events.");
        }

        return new(runs, LooksTaken, [Run("no difference", control, 0), Run("the observed difference", x.Moments.Mean, 1)]);

        LongRunRow Run(string truth, double rate, int stream)
        {
            var counts = new LongRunRow(truth, rate - control, 0, 0, 0, 0, 0, 0, 0, 0);
            var limit = ChiSquared.UpperQuantile(1 - level, 1);
            for (var run = 0; run < runs; run++)
            {
                var rng = new Rng((ulong)seed).Stream("long-run", 2L * run + stream);
                long ex = 0, ey = 0, nx = 0, ny = 0;
                bool peeked = false, called = false;
                var chance = 0.0;
                for (var look = 1; look <= LooksTaken; look++)
                {
                    var (ux, uy) = (x.N * look / LooksTaken - nx, y.N * look / LooksTaken - ny);
                    (ex, nx, ey, ny) = (ex + rng.NextBinomial(ux, rate), nx + ux, ey + rng.NextBinomial(uy, control), ny + uy);
                    chance = Above(0);
                    called = Math.Max(chance, 1 - chance) > 1 - (1 - level) / 2;
                    peeked |= called;
                }

                var test = TwoProportions.Compare(ex, nx, ey, ny, level);
                var delta = rate - control;
                var inPosterior = Above(delta);
                var takes = chance > 0.5;
                var wins = test.PValue < 1 - level && test.Value > 0;
                counts = counts.With(
                    test.Low <= delta && delta <= test.High, LikelihoodInterval.DevianceAt(ex, nx, ey, ny, delta) <= limit, Math.Min(inPosterior, 1 - inPosterior) >= (1 - level) / 2,
                    test.PValue < 1 - level, called, peeked, Lost(wins, delta), Lost(takes, delta));

                // The posterior by its exact mean and spread: its shape is normal at these counts.
                double Above(double d)
                {
                    var (a, b) = (Part(x.Name, ex, nx), Part(y.Name, ey, ny));
                    return Normal.Sf((d - (a.Mean - b.Mean)) / Math.Sqrt(a.Variance + b.Variance));
                }
            }

            return counts.Per(runs);
        }

        (double Mean, double Variance) Part(string group, long events, long units)
        {
            var (a, b) = prior.Kind == PriorKind.Trial && prior.Trial.First(t => t.Name == group) is var t ? (1 + weight * t.Events, 1 + weight * (t.Units - t.Events)) : (prior.First, prior.Second);
            (a, b) = (a + events, b + units - events);
            return (a / (a + b), a * b / ((a + b) * (a + b) * (a + b + 1)));
        }
    }

    // What is lost against choosing rightly: the difference, when the worse group is taken.
    private static double Lost(bool takes, double delta) => takes ? Math.Max(0, -delta) : Math.Max(0, delta);
}

/// <summary>Shares over the runs of one truth.</summary>
/// <param name="Truth">In words.</param>
/// <param name="Difference">True difference.</param>
/// <param name="TestCovers">Share of confidence intervals that hold it.</param>
/// <param name="LikelihoodCovers">Share of profile likelihood intervals that hold it.</param>
/// <param name="PosteriorCovers">Share of credible intervals that hold it.</param>
/// <param name="TestCalls">Share of trials in which the test, read once at the end, calls a difference.</param>
/// <param name="PosteriorCalls">Share in which the posterior, read once at the end, does.</param>
/// <param name="PosteriorCallsEver">Share in which the posterior does at one of the looks.</param>
/// <param name="TestLoss">Mean loss of taking the new group when the test calls it better.</param>
/// <param name="PosteriorLoss">Mean loss of taking the group with the larger posterior mean.</param>
internal sealed record LongRunRow(
    string Truth, double Difference, double TestCovers, double LikelihoodCovers, double PosteriorCovers, double TestCalls, double PosteriorCalls, double PosteriorCallsEver, double TestLoss, double PosteriorLoss)
{
    public LongRunRow With(bool test, bool likelihood, bool posterior, bool testCalls, bool calls, bool ever, double testLoss, double loss) => this with
    {
        TestCovers = TestCovers + (test ? 1 : 0), LikelihoodCovers = LikelihoodCovers + (likelihood ? 1 : 0), PosteriorCovers = PosteriorCovers + (posterior ? 1 : 0), TestCalls = TestCalls + (testCalls ? 1 : 0),
        PosteriorCalls = PosteriorCalls + (calls ? 1 : 0), PosteriorCallsEver = PosteriorCallsEver + (ever ? 1 : 0), TestLoss = TestLoss + testLoss, PosteriorLoss = PosteriorLoss + loss,
    };

    public LongRunRow Per(int runs) => this with
    {
        TestCovers = TestCovers / runs, LikelihoodCovers = LikelihoodCovers / runs, PosteriorCovers = PosteriorCovers / runs, TestCalls = TestCalls / runs,
        PosteriorCalls = PosteriorCalls / runs, PosteriorCallsEver = PosteriorCallsEver / runs, TestLoss = TestLoss / runs, PosteriorLoss = PosteriorLoss / runs,
    };
}
