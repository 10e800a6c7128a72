using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Interference;

/// <summary>Communities of a graph.</summary>
/// <param name="Labels">Community of each unit, 0 to Count - 1, numbered by first appearance.</param>
/// <param name="Count">Communities.</param>
/// <param name="Modularity">Newman's modularity of the partition; 0 without edges.</param>
public sealed record Communities(int[] Labels, int Count, double Modularity);

/// <summary>Groups of units with many edges inside and few between them: what to randomise when effects travel along edges.</summary>
/// <remarks>
/// Source: Blondel, Guillaume, Lambiotte and Lefebvre 2008, Journal of Statistical Mechanics P10008; modularity: Newman and Girvan 2004, Physical Review E 69. Units are visited in a seeded random
/// order; a unit moves to the neighbouring community of the largest gain, ties to the smaller number. One thread, so the same bits everywhere; O(edges) per sweep.
/// </remarks>
public static class Louvain
{
    const int MostSweeps = 32;
    const int MostLevels = 24;

    // A sweep that moves fewer units than this share leaves the rest to the next level.
    const double FewMoves = 0.001;

    /// <param name="graph">The links.</param>
    /// <param name="seed">Seed of the order of visits.</param>
    public static Communities Find(UnitGraph graph, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var labels = Enumerable.Range(0, graph.Units).ToArray();
        var level = Level.Of(graph);
        for (var depth = 0; depth < MostLevels; depth++)
        {
            var (of, count) = level.Move(new Rng(seed).Stream("louvain", depth));
            for (var i = 0; i < labels.Length; i++)
                labels[i] = of[labels[i]];
            if (count == level.Nodes)
                break;
            level = level.Folded(of, count);
        }

        var total = Renumber(labels);
        return new Communities(labels, total, Modularity(graph, labels));
    }

    /// <summary>Share of edges inside groups, less the share expected when ends are drawn by degree.</summary>
    /// <param name="graph">The links.</param>
    /// <param name="labels">Group of each unit: any whole numbers from 0.</param>
    public static double Modularity(UnitGraph graph, ReadOnlySpan<int> labels)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (labels.Length != graph.Units)
            throw new ArgumentException("Every unit needs a label.", nameof(labels));
        if (graph.Edges == 0)
            return 0.0;
        var most = 0;
        foreach (var label in labels)
            most = Math.Max(most, label);
        var degree = new long[most + 1];
        var inside = 0L;
        for (var i = 0; i < labels.Length; i++)
        {
            degree[labels[i]] += graph.Degree(i);
            foreach (var j in graph.Neighbours(i))
                inside += labels[i] == labels[j] ? 1 : 0;
        }

        var ends = 2.0 * graph.Edges;
        var expected = 0.0;
        foreach (var d in degree)
            expected += d / ends * (d / ends);
        return inside / ends - expected;
    }

    static int Renumber(int[] labels)
    {
        var seen = new int[labels.Length];
        Array.Fill(seen, -1);
        var count = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            ref var name = ref seen[labels[i]];
            if (name < 0)
                name = count++;
            labels[i] = name;
        }

        return count;
    }

    /// <summary>A weighted graph whose nodes are communities of the level below.</summary>
    sealed record Level(int Nodes, long[] Start, int[] To, long[] Weight, long[] Degree)
    {
        public static Level Of(UnitGraph graph)
        {
            var start = new long[graph.Units + 1];
            var degree = new long[graph.Units];
            for (var i = 0; i < graph.Units; i++)
            {
                degree[i] = graph.Degree(i);
                start[i + 1] = start[i] + degree[i];
            }

            var to = new int[start[^1]];
            for (var i = 0; i < graph.Units; i++)
                graph.Neighbours(i).CopyTo(to.AsSpan((int)start[i]));
            return new Level(graph.Units, start, to, [], degree);
        }

        long WeightAt(long e) => Weight.Length == 0 ? 1 : Weight[e];

        public (int[] Of, int Count) Move(Rng rng)
        {
            var of = Enumerable.Range(0, Nodes).ToArray();
            var order = Enumerable.Range(0, Nodes).ToArray();
            rng.Shuffle<int>(order);
            var total = (long[])Degree.Clone();
            var links = new long[Nodes];
            var touched = new int[Nodes];
            var ends = (double)Degree.Sum();
            for (var sweep = 0; sweep < MostSweeps && ends > 0; sweep++)
            {
                var moves = 0L;
                foreach (var node in order)
                    moves += Visit(node, of, total, links, touched, ends) ? 1 : 0;
                if (moves <= FewMoves * Nodes)
                    break;
            }

            return (of, Renumber(of));
        }

        bool Visit(int node, int[] of, long[] total, long[] links, int[] touched, double ends)
        {
            var own = of[node];
            var count = 0;
            for (var e = Start[node]; e < Start[node + 1]; e++)
            {
                if (To[e] == node)
                    continue;
                var community = of[To[e]];
                if (links[community] == 0)
                    touched[count++] = community;
                links[community] += WeightAt(e);
            }

            total[own] -= Degree[node];
            var (best, gain) = (own, links[own] - total[own] * (Degree[node] / ends));
            for (var t = 0; t < count; t++)
            {
                var community = touched[t];
                var here = links[community] - total[community] * (Degree[node] / ends);
                if (here > gain || (here == gain && community < best && best != own))
                    (best, gain) = (community, here);
            }

            for (var t = 0; t < count; t++)
                links[touched[t]] = 0;
            total[best] += Degree[node];
            of[node] = best;
            return best != own;
        }

        public Level Folded(int[] of, int count)
        {
            var size = new int[count + 1];
            for (var i = 0; i < Nodes; i++)
                size[of[i] + 1]++;
            for (var c = 0; c < count; c++)
                size[c + 1] += size[c];
            var members = new int[Nodes];
            var next = size.AsSpan(0, count).ToArray();
            for (var i = 0; i < Nodes; i++)
                members[next[of[i]]++] = i;
            var (start, degree) = (new long[count + 1], new long[count]);
            var (to, weight) = (new List<int>(), new List<long>());
            var links = new long[count];
            var touched = new List<int>();
            for (var c = 0; c < count; c++)
            {
                touched.Clear();
                foreach (var node in members.AsSpan(size[c], size[c + 1] - size[c]))
                {
                    degree[c] += Degree[node];
                    for (var e = Start[node]; e < Start[node + 1]; e++)
                    {
                        var other = of[To[e]];
                        if (links[other] == 0)
                            touched.Add(other);
                        links[other] += WeightAt(e);
                    }
                }

                touched.Sort();
                foreach (var other in touched)
                {
                    to.Add(other);
                    weight.Add(links[other]);
                    links[other] = 0;
                }

                start[c + 1] = to.Count;
            }

            return new Level(count, start, [.. to], [.. weight], degree);
        }
    }
}
