using Gnomon.Methods.Data;

namespace Gnomon.Methods.Heterogeneity;

/// <summary>Do the arms of a randomised experiment hold the same values of a column? A column that was settled before assignment does not know the arm.</summary>
/// <remarks>Pearson's chi-square of group by arm (<see cref="ContingencyTest"/>); groups with an expected count below 5 in some arm are counted as one.</remarks>
public static class ColumnBalance
{
    /// <summary>Below this p a column is taken as moved by the treatment, or the assignment as broken.</summary>
    public const double Threshold = 0.001;

    const double LeastExpected = 5;

    /// <param name="counts">Units by group, then by arm.</param>
    /// <returns>Null where fewer than two groups or arms hold units.</returns>
    public static ContingencyResult? Test(IReadOnlyList<IReadOnlyList<long>> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        if (counts.Count == 0)
        {
            return null;
        }

        var arms = counts[0].Count;
        var byArm = new long[arms];
        foreach (var group in counts)
        {
            for (var a = 0; a < arms; a++)
            {
                byArm[a] += group[a];
            }
        }

        var smallest = byArm.Where(n => n > 0).DefaultIfEmpty(0).Min() / (double)Math.Max(1, byArm.Sum());
        var (kept, rest) = (new List<long>(), new long[arms]);
        foreach (var group in counts)
        {
            if (group.Sum() * smallest >= LeastExpected)
            {
                kept.AddRange(group);
                continue;
            }

            for (var a = 0; a < arms; a++)
            {
                rest[a] += group[a];
            }
        }

        return ContingencyTest.ChiSquare([.. kept, .. rest], arms);
    }
}
