namespace Gnomon.Numerics.Distributions;

/// <summary>Bisection over whole numbers for the quantiles of discrete distributions.</summary>
internal static class DiscreteQuantile
{
    /// <summary>The smallest k of [low, high] that is enough; <paramref name="high"/> when none below it is.</summary>
    public static long Smallest(long low, long high, Func<long, bool> isEnough)
    {
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (isEnough(middle))
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
