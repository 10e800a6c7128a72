using System.Runtime.InteropServices;
using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Counts;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;

namespace Gnomon.Studies.Profile.Question;

/// <summary>One way to say that a unit is gone, with how many it says are.</summary>
/// <param name="Name">In words.</param>
/// <param name="Gone">For each unit that can be judged.</param>
internal sealed record OutcomeDefinition(string Name, bool[] Gone)
{
    public static readonly int[] Days = [30, 60, 90];

    public long Events => Gone.LongCount(g => g);

    public double Rate => Events / (double)Gone.Length;

    public Interval Limits(double level) => OneProportion.Wilson(Events, Gone.Length, level);

    /// <summary>
    /// Units without an event for so many days before the as-of day. Units first seen less than the longest of these days before it cannot be judged by all and are left out, so that every
    /// definition judges the same ones.
    /// </summary>
    public static List<OutcomeDefinition> Inactive(EventLog log, double asOf, IReadOnlyList<int> days)
    {
        var longest = days.Max();
        var units = Enumerable.Range(0, log.Units).Where(u => asOf - log.First(u) >= longest).ToArray();
        return units.Length == 0 ? [] : [.. days.Select(d => new OutcomeDefinition($"no event for {d} days", Array.ConvertAll(units, u => asOf - log.Last(u) >= d)))];
    }

    /// <summary>Units that had not had the outcome by the as-of day, and whether it came within the horizon.</summary>
    public static OutcomeDefinition? Explicit(EventLog log, double asOf, int horizon, string name)
    {
        var units = Enumerable.Range(0, log.Units).Where(u => log.First(u) <= asOf && log.Outcome(u) > asOf).ToArray();
        return units.Length == 0 ? null : new OutcomeDefinition(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name} within {horizon} days"), Array.ConvertAll(units, u => log.Outcome(u) <= asOf + horizon));
    }

    /// <summary>Every pair of definitions with its kappa; pairs that chance alone explains are left out.</summary>
    public static List<Agreement> Agreements(IReadOnlyList<OutcomeDefinition> all, double level)
    {
        var found = new List<Agreement>();
        for (var i = 0; i < all.Count; i++)
        {
            for (var j = i + 1; j < all.Count; j++)
            {
                var counts = new long[4];
                for (var u = 0; u < all[i].Gone.Length; u++)
                {
                    counts[(all[i].Gone[u] ? 2 : 0) + (all[j].Gone[u] ? 1 : 0)]++;
                }

                try
                {
                    var kappa = CohenKappa.Test(counts, 2, level: level);
                    found.Add(new Agreement(all[i].Name, all[j].Name, kappa.Value, kappa.Low, kappa.High, counts[1] + counts[2], counts.Sum()));
                }
                catch (NotEstimableException)
                {
                    continue;
                }
            }
        }

        return found;
    }
}

/// <summary>How far two definitions name the same units.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Agreement(string First, string Second, double Kappa, double Low, double High, long Differ, long Units)
{
    public string Says => $"'{First}' and '{Second}' agree with a kappa of {Figures.Number(Kappa)} ({Figures.Number(Low)} to {Figures.Number(High)}); {Figures.Count(Differ, "unit")} of {Figures.Count(Units)} change sides";
}
