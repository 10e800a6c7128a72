using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gnomon.Methods.Experiments;

/// <summary>Arms in their shares within every stratum: units of a stratum stand in the order of their hash and are dealt out evenly.</summary>
/// <remarks>
/// The k-th of n units of a stratum, by MD5(salt + ":" + unit), stands at (k - 1 + u) / n of the line, u the place of the stratum's own name: a systematic sample with a random start, so that every unit has each arm
/// with exactly its share, also in strata of odd size or of one unit. The counts of a stratum miss their shares by less than one unit per arm. A window function gives the same in SQL, over the same list of units.
/// </remarks>
public static class StratifiedAssignment
{
    /// <summary>Arm of every unit: its index among the shares.</summary>
    /// <param name="salt">Name of the experiment.</param>
    /// <param name="units">Ids, each once.</param>
    /// <param name="strata">Stratum of each unit, as text.</param>
    /// <param name="shares">Share of every arm, in order; they add up to 1.</param>
    public static int[] Arms(string salt, IReadOnlyList<string> units, IReadOnlyList<string> strata, ReadOnlySpan<double> shares)
    {
        ArgumentException.ThrowIfNullOrEmpty(salt);
        ArgumentNullException.ThrowIfNull(units);
        ArgumentNullException.ThrowIfNull(strata);
        if (units.Count != strata.Count)
        {
            throw new ArgumentException($"{strata.Count} strata for {units.Count} units.", nameof(strata));
        }

        var ends = Assignment.Ends(shares, 0);
        if (ends[^1] < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(shares), ends[^1], "Shares of a stratified assignment add up to 1.");
        }

        var keys = units.Select(u => Hash(salt, u)).ToArray();
        var arms = new int[units.Count];
        foreach (var stratum in Enumerable.Range(0, units.Count).GroupBy(i => strata[i], StringComparer.Ordinal))
        {
            int[] order = [.. stratum.OrderBy(i => keys[i]).ThenBy(i => units[i], StringComparer.Ordinal)];
            var start = Assignment.Place(StartSalt(salt), stratum.Key);
            for (var k = 0; k < order.Length; k++)
            {
                var place = (k + start) / order.Length;
                var arm = 0;
                while (place >= ends[arm])
                {
                    arm++;
                }

                arms[order[k]] = arm;
            }
        }

        return arms;
    }

    /// <summary>An SQL expression over the list of units that gives the arm's name.</summary>
    /// <param name="dialect">The database.</param>
    /// <param name="salt">Name of the experiment; no quote characters.</param>
    /// <param name="column">Column with the unit's id, as SQL.</param>
    /// <param name="strata">Columns of the strata, as SQL; the stratum is their texts joined by |.</param>
    /// <param name="arms">Names of the arms; no quote characters.</param>
    /// <param name="shares">Their shares, adding up to 1.</param>
    /// <param name="slot">Stretch of a layer that the experiment has; units outside it are NULL and counted in no stratum.</param>
    public static string Sql(AssignmentDialect dialect, string salt, string column, IReadOnlyList<string> strata, IReadOnlyList<string> arms, ReadOnlySpan<double> shares, LayerSlot? slot = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(salt);
        ArgumentNullException.ThrowIfNull(strata);
        ArgumentNullException.ThrowIfNull(arms);
        if (arms.Count != shares.Length || arms.Append(salt).Any(t => t.Contains('\'', StringComparison.Ordinal)))
        {
            throw new ArgumentException("Every arm needs a share, and neither a salt nor an arm may hold a quote.", nameof(arms));
        }

        var isClickHouse = dialect == AssignmentDialect.ClickHouse;
        string[] texts = [.. strata.Select(s => isClickHouse ? $"ifNull(toString({s}), '')" : $"coalesce(CAST({s} AS VARCHAR), '')")];
        var key = string.Join(isClickHouse ? ", '|', " : " || '|' || ", texts);
        var stratum = strata.Count == 1 ? key : isClickHouse ? $"concat({key})" : $"({key})";
        var hash = isClickHouse ? $"MD5(concat('{Assignment.Escaped(dialect, salt)}:', toString({column})))" : $"md5('{salt}:' || {column})";
        var by = string.Join(", ", slot is null ? texts : texts.Prepend($"({slot.Sql(dialect, column)})"));
        var place = $"(row_number() OVER (PARTITION BY {by} ORDER BY {hash}) - 1 + {Assignment.PlaceSql(dialect, StartSalt(salt), stratum)}) / count(*) OVER (PARTITION BY {by})";
        var ends = Assignment.Ends(shares, 0);
        var cases = new StringBuilder("CASE");
        for (var a = 0; a < ends.Length; a++)
        {
            cases.Append(CultureInfo.InvariantCulture, $" {(a == ends.Length - 1 ? "ELSE" : $"WHEN {place} < {Assignment.Number(ends[a])} THEN")} '{Assignment.Escaped(dialect, arms[a])}'");
        }

        cases.Append(" END");
        return slot is null ? cases.ToString() : $"CASE WHEN {slot.Sql(dialect, column)} THEN {cases} END";
    }

    static string StartSalt(string salt) => salt + "/stratum";

    static UInt128 Hash(string salt, string unit)
    {
        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
        Assignment.Hash(salt, unit, hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
