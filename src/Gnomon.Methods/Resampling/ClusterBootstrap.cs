using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Resampling;

/// <summary>A statistic of some rows, given by their indexes; a row may occur several times.</summary>
public delegate double RowStatistic(ReadOnlySpan<int> rows);

/// <summary>Bootstrap intervals for rows that belong together: whole clusters are drawn, with all their rows.</summary>
/// <remarks>
/// Sources: Davison and Hinkley 1997, section 3.8 (clusters drawn with replacement, their rows kept); Field and Welsh 2007, JRSS B 69; BCa with the acceleration of clusters left out (Efron 1987). Draw i comes from its own stream, so
/// the bits do not depend on threads. With fewer than about 20 clusters intervals are too short.
/// </remarks>
public static class ClusterBootstrap
{
    /// <param name="clusters">Cluster of each row: any whole numbers.</param>
    /// <param name="statistic">Called from several threads at once; finite on every draw.</param>
    /// <param name="options">Settings; null for the defaults. Studentised is refused.</param>
    /// <exception cref="TooFewRowsException">Fewer than 3 clusters.</exception>
    /// <exception cref="NotEstimableException">The statistic does not vary over draws or over clusters left out.</exception>
    public static BootstrapResult Statistic(ReadOnlySpan<int> clusters, RowStatistic statistic, BootstrapOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(statistic);
        options ??= new();
        options.Check();
        if (options.Kind == BootstrapKind.Studentised)
        {
            throw new ArgumentException("A studentised interval needs a standard error of each resample; take BCa or percentile.", nameof(options));
        }

        var rows = clusters.Length;
        var members = RowGroups.Of(clusters.ToArray(), rows);
        if (members.Length < 3)
        {
            throw new TooFewRowsException("The cluster bootstrap (clusters)", members.Length, 3);
        }

        var estimate = Bootstrap.Finite(statistic(RowGroups.All(rows)));
        var deviations = Bootstrap.Draw(options, rng => statistic(Drawn(members, rng)) - estimate);
        Array.ForEach(deviations, d => Bootstrap.Finite(d));
        double second = 0.0, third = 0.0;
        if (options.Kind == BootstrapKind.BiasCorrectedAccelerated)
        {
            var jackknife = Jackknife.Rows(rows, kept => statistic(kept), clusters.ToArray(), options.Level, options.Threads);
            var mean = jackknife.LeftOut.Average();
            foreach (var left in jackknife.LeftOut)
            {
                var influence = mean - left;
                second += influence * influence;
                third += influence * influence * influence;
            }
        }

        return Bootstrap.Percentiles(options, estimate, deviations, third, second, $"the statistic, {members.Length} clusters drawn whole");
    }

    static int[] Drawn(int[][] members, Rng rng)
    {
        var picks = new int[members.Length];
        var count = 0;
        for (var g = 0; g < picks.Length; g++)
        {
            picks[g] = rng.NextInt(members.Length);
            count += members[picks[g]].Length;
        }

        var rows = new int[count];
        var at = 0;
        foreach (var pick in picks)
        {
            members[pick].CopyTo(rows, at);
            at += members[pick].Length;
        }

        return rows;
    }
}
