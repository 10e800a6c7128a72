namespace Gnomon.Methods.Families;

/// <summary>One test of a stream.</summary>
/// <param name="PValue">Its p-value.</param>
/// <param name="Threshold">The size it was tested at, fixed before its p-value was seen.</param>
/// <param name="Rejected">Whether p was at most the threshold.</param>
public sealed record OnlineTest(double PValue, double Threshold, bool Rejected);

/// <summary>Hypotheses that come one after the other, without an end: each is decided on arrival, and the false discovery rate over all of them stays below alpha.</summary>
/// <remarks>
/// Each test spends wealth, each discovery earns some back. LORD++: Ramdas, Yang, Wainwright and Jordan 2017 (NIPS), with the spending sequence of Javanmard and Montanari 2018.
/// SAFFRON: Ramdas, Zrnic, Wainwright and Jordan 2018 (ICML), which spends on p-values below lambda only and so wastes less on clear nulls. The rate is kept for independent
/// p-values; both are monotone rules, so the order is part of the design and must not follow the results.
/// </remarks>
public static class OnlineFdr
{
    // Makes the spending sequence of LORD add to 1 over infinitely many tests (Javanmard and Montanari 2018).
    const double LordConstant = 0.07720838;
    const double SaffronPower = 1.6;

    // 1 / zeta(1.6).
    const double SaffronConstant = 0.4374901657744737;

    /// <param name="pValues">p-values in order of arrival.</param>
    /// <param name="alpha">Wanted false discovery rate.</param>
    /// <param name="startingShare">Share of alpha that is there before any discovery, in (0, 1).</param>
    public static IReadOnlyList<OnlineTest> Lord(ReadOnlySpan<double> pValues, double alpha = 0.05, double startingShare = 0.1)
    {
        Check(alpha, startingShare);
        var start = startingShare * alpha;
        var tests = new List<OnlineTest>(pValues.Length);
        var discoveries = new List<int>();
        for (var t = 1; t <= pValues.Length; t++)
        {
            var threshold = start * LordSpend(t);
            for (var j = 0; j < discoveries.Count; j++)
                threshold += (j == 0 ? alpha - start : alpha) * LordSpend(t - discoveries[j]);
            Decide(tests, discoveries, Probability(pValues[t - 1]), threshold, t);
        }
        return tests;
    }

    /// <param name="pValues">p-values in order of arrival.</param>
    /// <param name="alpha">Wanted false discovery rate.</param>
    /// <param name="lambda">p-values above it cost nothing, in (0, 1).</param>
    /// <param name="startingShare">Share of the wealth that is there before any discovery, in (0, 1).</param>
    public static IReadOnlyList<OnlineTest> Saffron(ReadOnlySpan<double> pValues, double alpha = 0.05, double lambda = 0.5, double startingShare = 0.5)
    {
        Check(alpha, startingShare);
        if (!(lambda > 0 && lambda < 1))
            throw new ArgumentOutOfRangeException(nameof(lambda), lambda, "lambda must lie between 0 and 1.");
        var wealth = (1 - lambda) * alpha;
        var start = startingShare * wealth;
        var tests = new List<OnlineTest>(pValues.Length);
        var discoveries = new List<int>();

        // Candidates among the first t tests; those behind a discovery are a difference of two entries.
        var candidates = new List<int> { 0 };
        for (var t = 1; t <= pValues.Length; t++)
        {
            var threshold = start * SaffronSpend(t - candidates[t - 1]);
            for (var j = 0; j < discoveries.Count; j++)
            {
                var behind = candidates[t - 1] - candidates[discoveries[j]];
                threshold += (j == 0 ? wealth - start : wealth) * SaffronSpend(t - discoveries[j] - behind);
            }
            var p = Probability(pValues[t - 1]);
            Decide(tests, discoveries, p, Math.Min(lambda, threshold), t);
            candidates.Add(candidates[t - 1] + (p <= lambda ? 1 : 0));
        }
        return tests;
    }

    static void Decide(List<OnlineTest> tests, List<int> discoveries, double p, double threshold, int t)
    {
        var isRejected = p <= threshold;
        tests.Add(new(p, threshold, isRejected));
        if (isRejected)
            discoveries.Add(t);
    }

    static double LordSpend(int t) => LordConstant * Math.Log(Math.Max(t, 2)) / (t * Math.Exp(Math.Sqrt(Math.Log(t))));

    static double SaffronSpend(int t) => SaffronConstant / Math.Pow(t, SaffronPower);

    static void Check(double alpha, double startingShare)
    {
        if (!(alpha > 0 && alpha < 1))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "alpha must lie between 0 and 1.");
        if (!(startingShare > 0 && startingShare < 1))
            throw new ArgumentOutOfRangeException(nameof(startingShare), startingShare, "The starting share must lie between 0 and 1.");
    }

    static double Probability(double p) => p >= 0 && p <= 1 ? p : throw new ArgumentOutOfRangeException(nameof(p), p, "A p-value lies in 0 to 1.");
}
