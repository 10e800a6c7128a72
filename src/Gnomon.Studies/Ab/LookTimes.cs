namespace Gnomon.Studies.Ab;

/// <summary>The looks of a plan on the scale of its information, in the order in which they were taken.</summary>
/// <remarks>
/// A look with about as much information as the one before it (99 % or more) stands in its place. A look with less than had been read before adds nothing that could be
/// spent: nothing may be stopped at it.
/// </remarks>
internal sealed record LookTimes
{
    // At the end of the plan the whole size is spent; an earlier look keeps a little for it.
    private const double LatestEarlier = 0.99;
    private const double Earliest = 0.001;

    /// <summary>Information at the looks that count, increasing; the last is this look unless <see cref="IsBackward"/>.</summary>
    public required IReadOnlyList<double> Taken { get; init; }

    /// <summary>For each earlier look its place in <see cref="Taken"/>; null for one that had less than was read before it.</summary>
    public required IReadOnlyList<int?> Places { get; init; }

    /// <summary>Information now.</summary>
    public required double Now { get; init; }

    /// <summary>More was read at an earlier look than there is now.</summary>
    public bool IsBackward { get; init; }

    /// <param name="information">Share of the planned information reached now; more than planned counts as what it is.</param>
    /// <param name="units">Units now.</param>
    /// <param name="earlier">Units at the earlier looks, in the order in which these were taken.</param>
    public static LookTimes Of(double information, long units, IEnumerable<long> earlier)
    {
        var now = Math.Max(information, Earliest);
        var taken = new List<double>();
        var places = new List<int?>();
        foreach (var u in earlier)
        {
            var time = units == 0 ? 0 : information * u / units;
            places.Add(Place(time < now ? Math.Min(Math.Max(LatestEarlier, now * LatestEarlier), time) : time));
        }

        var isBackward = Place(now) is null;
        return new LookTimes { Taken = taken, Places = places, Now = now, IsBackward = isBackward };

        int? Place(double time)
        {
            if (time <= 0 || (taken.Count > 0 && time < taken[^1] * LatestEarlier))
            {
                return null;
            }

            if (taken.Count > 0 && taken[^1] >= time * LatestEarlier)
            {
                taken[^1] = Math.Max(taken[^1], time);
            }
            else
            {
                taken.Add(time);
            }

            return taken.Count - 1;
        }
    }
}
