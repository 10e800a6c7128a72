using Gnomon.Numerics.Kernels;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Ranks;

/// <summary>The k-th smallest of all sums x[i] + z[j] without forming them: differences of two samples, or averages of pairs of one.</summary>
/// <remarks>
/// Rows and columns rise, so a limit cuts the table along a staircase that one walk finds. Two pivots from a sample of what is left bracket the wanted rank
/// (after Floyd and Rivest 1975); a handful of rounds leaves few enough sums to sort. Exact, whatever the pivots: they only set the speed.
/// </remarks>
internal sealed class SumSelection
{
    const int SampleSize = 2000;
    const long AlwaysSorted = 1 << 16;

    readonly double[] _x;
    readonly double[] _z;
    readonly bool _isTriangle;

    SumSelection(double[] x, double[] z, bool isTriangle)
    {
        _x = x;
        _z = z;
        _isTriangle = isTriangle;
    }

    /// <summary>All differences of two rising samples.</summary>
    public static SumSelection Differences(double[] sortedX, double[] sortedY)
    {
        var negated = new double[sortedY.Length];
        for (var j = 0; j < negated.Length; j++)
        {
            negated[j] = -sortedY[negated.Length - 1 - j];
        }

        return new(sortedX, negated, isTriangle: false);
    }

    /// <summary>All sums of two values of a rising sample, each value with itself included: twice the Walsh averages.</summary>
    public static SumSelection Pairs(double[] sorted) => new(sorted, sorted, isTriangle: true);

    public long Count => _isTriangle ? (long)_x.Length * (_x.Length + 1) / 2 : (long)_x.Length * _z.Length;

    /// <summary>The middle sum, or the mean of the two middle ones.</summary>
    public double Median() => Count % 2 == 1 ? Smallest((Count + 1) / 2) : 0.5 * Smallest(Count / 2) + 0.5 * Smallest(Count / 2 + 1);

    /// <summary>The k-th smallest sum, k from 1.</summary>
    public double Smallest(long k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, Count);
        var rows = _x.Length;
        var from = new int[rows];
        var to = new int[rows];
        var edge = new int[rows];
        for (var i = 0; i < rows; i++)
        {
            from[i] = _isTriangle ? i : 0;
            to[i] = _z.Length;
        }

        var rank = k - 1;
        var alive = Count;
        var enough = Math.Max(AlwaysSorted, 2L * (rows + _z.Length));
        var rng = new Rng(1).Stream("sum-selection");
        while (alive > enough)
        {
            var sample = Sample(from, to, alive, rng);
            var place = (double)rank / alive * sample.Length;
            var slack = 3.0 * Math.Sqrt(sample.Length * 0.25) + 1.0;
            var lower = sample[(int)Math.Clamp(place - slack, 0, sample.Length - 1)];
            var upper = sample[(int)Math.Clamp(place + slack, 0, sample.Length - 1)];
            if (Cut(lower, from, to, edge, ref rank, ref alive) || (upper != lower && Cut(upper, from, to, edge, ref rank, ref alive)))
            {
                return _found;
            }
        }

        return FromRest(from, to, alive, rank);
    }

    double _found;

    // Keeps the side of the pivot that holds the rank; true when the pivot itself has it.
    bool Cut(double pivot, int[] from, int[] to, int[] edge, ref long rank, ref long alive)
    {
        var below = Edges(pivot, from, to, edge, inclusive: false);
        if (rank < below)
        {
            edge.CopyTo(to, 0);
            alive = below;
            return false;
        }

        var atMost = Edges(pivot, from, to, edge, inclusive: true);
        if (rank < atMost)
        {
            _found = pivot;
            return true;
        }

        edge.CopyTo(from, 0);
        rank -= atMost;
        alive -= atMost;
        return false;
    }

    // For each row the first living column whose sum is not below (or is above) the pivot; returns how many living sums lie before these.
    long Edges(double pivot, int[] from, int[] to, int[] edge, bool inclusive)
    {
        var count = 0L;
        var j = _z.Length;
        for (var i = 0; i < _x.Length; i++)
        {
            var x = _x[i];
            if (inclusive)
            {
                while (j > 0 && x + _z[j - 1] > pivot)
                {
                    j--;
                }
            }
            else
            {
                while (j > 0 && x + _z[j - 1] >= pivot)
                {
                    j--;
                }
            }

            edge[i] = Math.Clamp(j, from[i], Math.Max(from[i], to[i]));
            count += edge[i] - from[i];
        }

        return count;
    }

    double[] Sample(int[] from, int[] to, long alive, Rng rng)
    {
        var places = new double[SampleSize];
        for (var s = 0; s < places.Length; s++)
        {
            places[s] = Math.Floor(rng.NextDouble() * alive);
        }

        Array.Sort(places);
        var before = 0L;
        var row = 0;
        for (var s = 0; s < places.Length; s++)
        {
            var place = Math.Min((long)places[s], alive - 1);
            while (place - before >= to[row] - from[row])
            {
                before += to[row] - from[row];
                row++;
            }

            places[s] = _x[row] + _z[from[row] + (int)(place - before)];
        }

        Array.Sort(places);
        return places;
    }

    double FromRest(int[] from, int[] to, long alive, long rank)
    {
        var rest = new double[alive];
        var k = 0;
        for (var i = 0; i < _x.Length; i++)
        {
            for (var j = from[i]; j < to[i]; j++)
            {
                rest[k++] = _x[i] + _z[j];
            }
        }

        RadixSort.Sort(rest);
        return rest[rank];
    }
}
