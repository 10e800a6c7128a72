using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Special;

namespace Gnomon.Methods.Families;

/// <summary>What chance alone hands out when so many tests are run.</summary>
/// <param name="Tests">Tests run.</param>
/// <param name="ExpectedFalse">Expected significant results of either sign, when nothing has an effect.</param>
/// <param name="ExpectedFalseGood">Expected ones in the good direction: half of that.</param>
/// <param name="AtLeastOne">Chance of one significant result or more, of either sign: the error of the family.</param>
/// <param name="AtLeast">Chance of as many significant results as were seen, or more, of either sign.</param>
/// <param name="AtLeastGood">Chance of as many in the good direction as were seen, or more.</param>
public sealed record ChanceWinsResult(int Tests, double ExpectedFalse, double ExpectedFalseGood, double AtLeastOne, double AtLeast, double AtLeastGood);

/// <summary>The binomial tails of "k of m were significant", for independent tests without any effect.</summary>
/// <remarks>Closed form. It answers whether chance alone can be the whole story; it cannot say which results are real.</remarks>
public static class ChanceWins
{
    /// <param name="tests">Tests run, at least 1.</param>
    /// <param name="significant">Of them significant, of either sign.</param>
    /// <param name="good">Of those in the good direction.</param>
    /// <param name="alpha">Two-sided size of each test, in (0, 1).</param>
    public static ChanceWinsResult Of(int tests, int significant, int good, double alpha = 0.05)
    {
        if (tests < 1)
            throw new TooFewRowsException("The programme", tests, 1);
        if (significant < 0 || significant > tests)
            throw new ArgumentOutOfRangeException(nameof(significant), significant, $"Significant results lie between 0 and {tests}.");
        if (good < 0 || good > significant)
            throw new ArgumentOutOfRangeException(nameof(good), good, $"Good results lie between 0 and {significant}.");
        if (!(alpha > 0 && alpha < 1))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "alpha must lie between 0 and 1.");
        return new(
            tests, tests * alpha, tests * alpha / 2, -Elementary.Expm1(tests * Elementary.Log1p(-alpha)), Binomial.Sf(significant - 1, tests, alpha),
            Binomial.Sf(good - 1, tests, alpha / 2));
    }
}
