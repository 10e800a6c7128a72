using Gnomon.Numerics;

namespace Gnomon.Methods.Interference;

/// <summary>The effects that a randomisation test does not reject, found by walking away from the estimate and halving the bracket.</summary>
static class RandomisationInterval
{
    const int MostDoublings = 40;
    const int Halvings = 50;

    /// <summary>Both outermost effects with p above alpha; null where one is not found within 2^40 steps.</summary>
    public static Interval? Invert(Func<double, double> p, double centre, double step, double alpha) =>
        Bound(p, centre, step, -1, alpha) is { } low && Bound(p, centre, step, 1, alpha) is { } high ? new Interval(low, high) : null;

    static double? Bound(Func<double, double> p, double centre, double step, int side, double alpha)
    {
        var (inside, outside) = (centre, centre + side * step);
        for (var doubling = 0; p(outside) > alpha; doubling++)
        {
            if (doubling == MostDoublings)
                return null;
            inside = outside;
            step *= 2;
            outside = centre + side * step;
        }

        for (var i = 0; i < Halvings && Math.Abs(outside - inside) > 1e-7 * step; i++)
        {
            var middle = 0.5 * (inside + outside);
            if (p(middle) > alpha)
                inside = middle;
            else
                outside = middle;
        }

        return outside;
    }
}
