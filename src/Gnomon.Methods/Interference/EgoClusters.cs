using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Interference;

/// <summary>Egos with their alters, cut out of a graph.</summary>
/// <param name="Egos">Egos, ascending.</param>
/// <param name="EgoOf">By unit, the ego of its cluster (an ego is its own); -1 where a unit is in no cluster.</param>
/// <param name="KeptShare">Links of egos to alters of their own cluster, over all links of egos.</param>
/// <param name="SmallestKept">The same of the ego that keeps the smallest share.</param>
/// <param name="EgoDegree">Mean number of links of an ego.</param>
/// <param name="LinkedDegree">Mean number of links of all units that have any.</param>
public sealed record EgoClusterSet(IReadOnlyList<int> Egos, IReadOnlyList<int> EgoOf, double KeptShare, double SmallestKept, double EgoDegree, double LinkedDegree)
{
    /// <summary>Units in clusters that are no egos.</summary>
    public int Alters => EgoOf.Count(e => e >= 0) - Egos.Count;
}

/// <summary>Ego clusters: units whose neighbours can be given an arm together, with little overlap between them.</summary>
/// <remarks>
/// Source: Saint-Jacques, Varshney, Simpson and Xu 2019, Using Ego-Clusters to Measure Network Effects at LinkedIn. Units are visited in an order drawn by chance. A unit that is still free becomes an ego when at
/// least the wanted share of its neighbours is still free; they become its alters. An order by chance keeps egos close to what units are; those with many links are cut out less often all the same, and their mean
/// number of links tells by how much.
/// </remarks>
public static class EgoClusters
{
    const int None = -1;

    /// <param name="graph">Who is linked to whom.</param>
    /// <param name="kept">Share of an ego's neighbours that must be its own alters, in (0, 1].</param>
    /// <param name="seed">Seed of the order.</param>
    /// <exception cref="NotEstimableException">No unit has a neighbour.</exception>
    public static EgoClusterSet Find(UnitGraph graph, double kept = 0.8, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (!(kept > 0 && kept <= 1))
            throw new ArgumentOutOfRangeException(nameof(kept), kept, "Lies between 0 and 1.");
        if (graph.Edges == 0)
            throw new NotEstimableException("no unit is linked to another.");
        int[] order = [.. Enumerable.Range(0, graph.Units)];
        new Rng(seed).Stream("egos").Shuffle<int>(order);
        var of = new int[graph.Units];
        Array.Fill(of, None);
        var (egos, own, all, smallest) = (new List<int>(), 0L, 0L, 1.0);
        foreach (var unit in order)
        {
            var degree = graph.Degree(unit);
            if (of[unit] != None || degree == 0)
                continue;
            var free = 0;
            foreach (var other in graph.Neighbours(unit))
                free += of[other] == None ? 1 : 0;
            if (free < kept * degree - 1e-9)
                continue;
            of[unit] = unit;
            foreach (var other in graph.Neighbours(unit))
                of[other] = of[other] == None ? unit : of[other];
            egos.Add(unit);
            own += free;
            all += degree;
            smallest = Math.Min(smallest, (double)free / degree);
        }

        egos.Sort();
        var (links, linked) = (0L, 0L);
        for (var i = 0; i < graph.Units; i++)
        {
            links += graph.Degree(i);
            linked += graph.Degree(i) > 0 ? 1 : 0;
        }

        return new(egos, of, (double)own / all, smallest, (double)all / egos.Count, (double)links / linked);
    }
}
