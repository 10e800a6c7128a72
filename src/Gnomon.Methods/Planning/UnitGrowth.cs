namespace Gnomon.Methods.Planning;

/// <summary>How many distinct units a number of days brings: the same people come back, so the curve bends.</summary>
/// <param name="Days">Days observed.</param>
/// <param name="Observed">Distinct units after 1, 2, ... days of history.</param>
/// <param name="Exponent">b of units(d) = a d^b: 1 when every day brings new units only, below 1 when they return.</param>
/// <param name="Scale">a, in units.</param>
public sealed record UnitGrowthFit(int Days, IReadOnlyList<double> Observed, double Exponent, double Scale)
{
    /// <summary>Distinct units after so many days: what was seen while history lasts, the fitted curve, joined to it, beyond.</summary>
    public double Units(double days)
    {
        if (!(days >= 0))
            throw new ArgumentOutOfRangeException(nameof(days), days, "A run has at least 0 days.");
        if (days <= Days)
        {
            var whole = (int)Math.Floor(days);
            var before = whole == 0 ? 0 : Observed[whole - 1];
            return whole == Days ? before : before + (days - whole) * (Observed[whole] - before);
        }

        return Observed[^1] * Math.Pow(days / Days, Exponent);
    }

    /// <summary>Days until so many distinct units were seen; null when the curve is flat below them.</summary>
    public double? DaysFor(double units)
    {
        if (units <= 0)
            return 0;
        if (units > Observed[^1])
            return Exponent > 0 ? Days * Math.Pow(units / Observed[^1], 1 / Exponent) : null;
        var day = 0;
        while (Observed[day] < units)
            day++;
        var before = day == 0 ? 0 : Observed[day - 1];
        return day + (units - before) / (Observed[day] - before);
    }
}

/// <summary>Fits the growth of distinct units over time.</summary>
/// <remarks>Heaps 1978: units = a days^b, by least squares of logarithms over the second half of the history, where the curve has settled.</remarks>
public static class UnitGrowth
{
    const int FewestDays = 4;

    /// <param name="newUnits">Units seen for the first time on each day of history, in order, at least 4 days; days without any count 0.</param>
    public static UnitGrowthFit Fit(ReadOnlySpan<double> newUnits)
    {
        if (newUnits.Length < FewestDays)
            throw new TooFewRowsException("The history", newUnits.Length, FewestDays);
        var observed = new double[newUnits.Length];
        var total = 0.0;
        for (var d = 0; d < newUnits.Length; d++)
        {
            if (!(newUnits[d] >= 0) || !double.IsFinite(newUnits[d]))
                throw new ArgumentOutOfRangeException(nameof(newUnits), newUnits[d], "A day cannot bring fewer than 0 units.");
            observed[d] = total += newUnits[d];
        }
        if (!(observed[0] > 0))
            throw new NotEstimableException("The first day of the history must bring at least one unit.");
        var from = Math.Max(0, newUnits.Length / 2 - 1);
        double n = 0, sumX = 0, sumY = 0;
        for (var d = from; d < observed.Length; d++)
        {
            n++;
            sumX += Math.Log(d + 1);
            sumY += Math.Log(observed[d]);
        }
        double sxx = 0, sxy = 0;
        for (var d = from; d < observed.Length; d++)
        {
            var x = Math.Log(d + 1) - sumX / n;
            sxx += x * x;
            sxy += x * (Math.Log(observed[d]) - sumY / n);
        }
        var exponent = Math.Clamp(sxy / sxx, 0, 1);
        return new(observed.Length, observed, exponent, Math.Exp(sumY / n - exponent * sumX / n));
    }
}
