using Gnomon.Core.Findings.Plots;
using Gnomon.Methods.Survival;

namespace Gnomon.Studies;

/// <summary>Points that draw a survival curve as the steps it is made of.</summary>
internal static class SurvivalCurves
{
    /// <param name="curve">The curve.</param>
    /// <param name="series">Its name.</param>
    /// <param name="mostSteps">Long curves are thinned to about so many steps.</param>
    public static IEnumerable<BandPoint> Points(KaplanMeier curve, string series, int mostSteps)
    {
        ArgumentNullException.ThrowIfNull(curve);
        var last = new BandPoint(0, 1, series, 1, 1);
        yield return last;
        var every = Math.Max(1, (curve.Steps.Count + mostSteps - 1) / mostSteps);
        for (var k = 0; k < curve.Steps.Count; k++)
        {
            if (k % every != 0 && k < curve.Steps.Count - 1)
            {
                continue;
            }

            var s = curve.Steps[k];
            yield return last with { X = s.Time };
            last = new BandPoint(s.Time, s.Survival, series, s.Survival > 0 ? s.Low : null, s.Survival > 0 ? s.High : null);
            yield return last;
        }

        if (curve.LastTime > last.X)
        {
            yield return last with { X = curve.LastTime };
        }
    }
}
