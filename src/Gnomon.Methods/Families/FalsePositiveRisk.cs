namespace Gnomon.Methods.Families;

/// <summary>How often a significant win is no effect at all, given how often ideas of this kind work.</summary>
/// <remarks>
/// Source: Kohavi, Deng and Vermeer 2022, KDD: risk = (alpha/2)(1 - s) / ((alpha/2)(1 - s) + power s), with s the share of ideas that work and wins read in the good direction only.
/// Their table: 5.9, 11.1, 15.0, 22.0, 26.4 % for s of 1/3, 20, 15, 10, 8 % at alpha 0.05 and power 0.8.
/// </remarks>
public static class FalsePositiveRisk
{
    /// <param name="successRate">Share of ideas tested that truly work, in [0, 1].</param>
    /// <param name="power">Chance that a test of a working idea is significant, in (0, 1].</param>
    /// <param name="alpha">Two-sided size of each test, in (0, 1).</param>
    /// <returns>Share of significant wins that are false, in [0, 1].</returns>
    public static double Of(double successRate, double power = 0.8, double alpha = 0.05)
    {
        if (!(successRate >= 0 && successRate <= 1))
            throw new ArgumentOutOfRangeException(nameof(successRate), successRate, "A share lies between 0 and 1.");
        Check(power, alpha);
        var false_ = alpha / 2 * (1 - successRate);
        return false_ / (false_ + power * successRate);
    }

    /// <summary>The share of ideas that work behind an observed share of wins: wins = power s + (alpha/2)(1 - s), solved for s and held to [0, 1].</summary>
    /// <param name="winRate">Share of tests with a significant result in the good direction, in [0, 1].</param>
    /// <param name="power">Chance that a test of a working idea is significant, above alpha/2.</param>
    /// <param name="alpha">Two-sided size of each test.</param>
    public static double SuccessRate(double winRate, double power = 0.8, double alpha = 0.05)
    {
        if (!(winRate >= 0 && winRate <= 1))
            throw new ArgumentOutOfRangeException(nameof(winRate), winRate, "A share lies between 0 and 1.");
        Check(power, alpha);
        return Math.Clamp((winRate - alpha / 2) / (power - alpha / 2), 0, 1);
    }

    static void Check(double power, double alpha)
    {
        if (!(alpha > 0 && alpha < 1))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "alpha must lie between 0 and 1.");
        if (!(power > alpha / 2 && power <= 1))
            throw new ArgumentOutOfRangeException(nameof(power), power, "Power lies above half of alpha and is at most 1.");
    }
}
