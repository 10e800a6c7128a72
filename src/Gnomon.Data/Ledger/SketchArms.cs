using Gnomon.Core.Ledger;

namespace Gnomon.Data.Ledger;

/// <summary>Were the units that two sketches share assigned to the same arms? Tells another look at an experiment from another experiment on the same users.</summary>
/// <remarks>
/// Arms are compared as partitions, so that renamed arms and another control are still the same assignment. The measure is the adjusted Rand index (Hubert and Arabie 1985,
/// "Comparing partitions"): 1 for the same assignment, about 0 for independent ones, however uneven the split is. One half lies far from both: a tenth of the units
/// assigned anew leaves 0.64 of an even split, and independent assignments of 30 shared units pass it less often than once in 1,000.
/// </remarks>
public static class SketchArms
{
    /// <summary>Least agreement of one assignment read twice.</summary>
    public const double SameAssignment = 0.5;

    private const byte Several = 255;
    private const int MostArms = 250;

    /// <param name="units">Ascending hashes of the first sketch.</param>
    /// <param name="arms">Arm of each of them, as a number; 255 for none or several.</param>
    /// <param name="otherUnits">Ascending hashes of the second sketch.</param>
    /// <param name="otherArms">As <paramref name="arms"/>.</param>
    /// <returns>Null when too few shared units lie in two or more arms on both sides to tell.</returns>
    public static bool? SameAssigned(ReadOnlySpan<ulong> units, ReadOnlySpan<byte> arms, ReadOnlySpan<ulong> otherUnits, ReadOnlySpan<byte> otherArms)
    {
        if (arms.Length != units.Length || otherArms.Length != otherUnits.Length)
        {
            return null;
        }

        var cells = new Dictionary<(byte, byte), long>();
        var n = 0L;
        for (int i = 0, j = 0; i < units.Length && j < otherUnits.Length;)
        {
            if (units[i] == otherUnits[j])
            {
                if (arms[i] != Several && otherArms[j] != Several)
                {
                    cells[(arms[i], otherArms[j])] = cells.GetValueOrDefault((arms[i], otherArms[j])) + 1;
                    n++;
                }

                (i, j) = (i + 1, j + 1);
            }
            else if (units[i] < otherUnits[j])
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return Agreement(cells, n) is { } agreement ? agreement >= SameAssignment : null;
    }

    /// <summary>The arms of a key's sketch as stored: a byte each, nothing when they are not known or too many to tell apart.</summary>
    internal static byte[] Bytes(ExperimentKey key)
    {
        if (key.Arms.Count == 0 || key.Arms.Any(a => a >= MostArms))
        {
            return [];
        }

        return key.Arms.Count == key.Units.Count
            ? [.. key.Arms.Select(a => a < 0 ? Several : (byte)a)]
            : throw new ArgumentException($"A sketch of {key.Units.Count} units has {key.Arms.Count} arms.", nameof(key));
    }

    private static double? Agreement(Dictionary<(byte A, byte B), long> cells, long n)
    {
        var first = cells.GroupBy(c => c.Key.A).Select(g => g.Sum(c => c.Value)).ToList();
        var second = cells.GroupBy(c => c.Key.B).Select(g => g.Sum(c => c.Value)).ToList();
        if (n < SketchContainment.MinimumComparable || first.Count < 2 || second.Count < 2)
        {
            return null;
        }

        var (together, a, b) = (cells.Values.Sum(Pairs), first.Sum(Pairs), second.Sum(Pairs));
        var expected = a * b / Pairs(n);
        var most = (a + b) / 2;
        return most - expected is > 0 and var room ? (together - expected) / room : 1; // every unit in an arm of its own, both times
    }

    private static double Pairs(long n) => n * (n - 1) / 2.0;
}
