using Gnomon.Core.Findings;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;

namespace Gnomon.Studies.Profile.Selection;

/// <summary>The mean of all rows, nothing assumed of the outcomes that are not known.</summary>
internal sealed record OutcomeBounds(double Lowest, double Highest, double Low, double High, bool IsRate)
{
    public double Middle => (Lowest + Highest) / 2;

    /// <returns>Null when nothing is missing or the known outcomes are all one number.</returns>
    public static OutcomeBounds? Of(double[] y, bool isRate, double level)
    {
        var known = Array.FindAll(y, v => !double.IsNaN(v));
        if (known.Length < 2 || known.Length == y.Length || (!isRate && known.Min() == known.Max()))
        {
            return null;
        }

        var (smallest, largest) = isRate ? (0, 1) : (known.Min(), known.Max());
        var bounds = MissingOutcomeBounds.Of(Moments.MeanVariance(known), y.Length - known.Length, smallest, largest, level);
        return new OutcomeBounds(bounds.Lowest, bounds.Highest, bounds.Interval.Low, bounds.Interval.High, isRate);
    }

    public string Show(double x) => IsRate ? Figures.Percent(x) : Figures.Number(x);
}
