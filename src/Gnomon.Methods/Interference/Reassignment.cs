using Gnomon.Numerics;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Interference;

/// <summary>Runs an assignment again, in every way or in drawn ways: so many of all units, or one of every pair.</summary>
sealed class Reassignment
{
    const double TieTolerance = 1e-9;
    readonly bool[] _treated;
    readonly int[]? _partner;
    readonly RerandomisationOptions _options;

    /// <param name="treated">What happened.</param>
    /// <param name="partner">For each unit the other one of its pair; null where any unit could have been treated.</param>
    /// <param name="options">Settings.</param>
    public Reassignment(bool[] treated, int[]? partner, RerandomisationOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Draws, 99);
        (_treated, _partner, _options) = (treated, partner, options);
        var ones = treated.Count(t => t);
        var ways = partner is null ? Subsets.Count(treated.Length, ones) : Math.Pow(2, ones);
        IsExact = ways <= options.MostEnumerated;
        Run = IsExact ? (long)ways : options.Draws;
        SmallestP = !IsExact ? 1.0 / (options.Draws + 1.0) : partner is null ? ClusterRandomisation.SmallestP(ones, treated.Length - ones) : Math.Min(1.0, 2.0 / ways);
    }

    public bool IsExact { get; }

    public long Run { get; }

    public double SmallestP { get; }

    /// <summary>Share of assignments whose statistic is at least that of the one that happened.</summary>
    public double P(Func<bool[], double> statistic)
    {
        var bound = statistic(_treated) * (1.0 - TieTolerance);
        var (count, arms) = (0L, new bool[_treated.Length]);
        for (var i = 0L; i < Run; i++)
        {
            Next(arms, i);
            count += statistic(arms) >= bound ? 1 : 0;
        }

        return IsExact ? (double)count / Run : (count + 1.0) / (Run + 1.0);
    }

    /// <summary>All assignments that are run, in order.</summary>
    public IEnumerable<bool[]> All()
    {
        var arms = new bool[_treated.Length];
        for (var i = 0L; i < Run; i++)
        {
            Next(arms, i);
            yield return arms;
        }
    }

    /// <summary>The effects, the same for every unit, with p above alpha; null where none can be rejected or no end is found.</summary>
    public Interval? Invert(Func<double, double> p, double centre, double step, double alpha)
    {
        if (SmallestP > alpha * (1.0 + TieTolerance))
            return null;
        return RandomisationInterval.Invert(p, centre, step, alpha);
    }

    int[] _members = [];

    void Next(bool[] arms, long index)
    {
        if (!IsExact)
        {
            Draw(arms, new Rng(_options.Seed).Stream("reassign", index));
            return;
        }

        if (_partner is not null)
        {
            var bit = 0;
            for (var i = 0; i < arms.Length; i++)
            {
                if (_treated[i])
                {
                    var swap = (index >> bit++ & 1) == 1;
                    (arms[i], arms[_partner[i]]) = (!swap, swap);
                }
            }

            return;
        }

        if (index == 0)
            _members = [.. Enumerable.Range(0, _treated.Count(t => t))];
        else
            Subsets.Advance(_members, arms.Length);
        Array.Clear(arms);
        foreach (var m in _members)
            arms[m] = true;
    }

    void Draw(bool[] arms, Rng rng)
    {
        if (_partner is not null)
        {
            for (var i = 0; i < arms.Length; i++)
            {
                if (_treated[i])
                {
                    var swap = rng.NextInt(2) == 1;
                    (arms[i], arms[_partner[i]]) = (!swap, swap);
                }
            }

            return;
        }

        _treated.CopyTo(arms, 0);
        rng.Shuffle(arms.AsSpan());
    }
}
