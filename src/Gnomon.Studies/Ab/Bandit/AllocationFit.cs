using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Bandits;

namespace Gnomon.Studies.Ab.Bandit;

/// <summary>Were the arms shown with the probabilities that the log holds? Rows without an outcome were shown too, and count.</summary>
internal static class AllocationFit
{
    /// <summary>p of the arms as they were shown, and where they fit the log least.</summary>
    public static (double P, string Misfit) Of(BanditInput input)
    {
        var drawn = input.Drawn;
        var whole = ChosenChances.Fit(input.Arms.Count, drawn.Chosen, drawn.Propensity);
        var says = whole.Arm < 0 ? string.Empty : $"{input.Arms[whole.Arm]} has {Figures.Count(whole.Shown)} of {Figures.Count(drawn.Chosen.Length, "row")} where they expect {Figures.Count((long)Math.Round(whole.Expected))}";
        if (ByMoment(input) is not { } byMoment)
        {
            return (whole.PValue, says);
        }

        // Two looks at one log share the size.
        var p = Math.Min(1, 2 * Math.Min(whole.PValue, byMoment.PValue));
        return byMoment.PValue <= whole.PValue ? (p, Misfit(input, byMoment)) : (p, says);
    }

    /// <summary>A day since 1970 as people write it.</summary>
    public static string DayText(long day) => DateTimeOffset.FromUnixTimeSeconds(day * 86_400).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    // Null where probabilities change within a moment, so that those of the arms that were not chosen are not known.
    private static LoggedChancesResult? ByMoment(BanditInput input)
    {
        try
        {
            var drawn = input.Drawn;
            return LoggedChances.Fit(ChoiceLog.OfChosen(input.Arms.Count, drawn.Chosen, new double[drawn.Chosen.Length], drawn.Propensity, drawn.Batch), drawn.Batch);
        }
        catch (NotEstimableException)
        {
            return null;
        }
    }

    private static string Misfit(BanditInput input, LoggedChancesResult fit)
    {
        var where = input is not { Drawn.Day: { } day, DaysAreDates: true } ? string.Empty : $"on {DayText(day.Distinct().Order().ElementAt(fit.Batch))} ";
        return $"{where}{input.Arms[fit.Arm]} has {Figures.Count(fit.Shown)} of {Figures.Count(fit.Rows, "row")} where they expect {Figures.Count((long)Math.Round(fit.Expected))}";
    }
}
