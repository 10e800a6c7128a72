using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gnomon.Methods.Experiments;

/// <summary>Databases whose SQL gives the same arm.</summary>
public enum AssignmentDialect
{
    /// <summary>DuckDB.</summary>
    DuckDb,

    /// <summary>PostgreSQL.</summary>
    PostgreSql,

    /// <summary>ClickHouse.</summary>
    ClickHouse,
}

/// <summary>Which arm a unit belongs to: the same answer from C#, from SQL and from any language with MD5, without a table.</summary>
/// <remarks>
/// The place of a unit in [0, 1) is the first 32 bits of MD5(salt + ":" + unit), read as a number, over 2^32; arms take the line from 0 in their order. Text is UTF-8. MD5 is no secret here: it only has to mix
/// well and to be there everywhere. A salt of its own for every experiment makes two experiments independent; the same salt puts them on one line, which is how layers that exclude one another are cut
/// (Tang, Agarwal, O'Brien and Meyer 2010; Kohavi, Tang and Xu 2020, chapter 14).
/// </remarks>
public static class Assignment
{
    const double Places = 4_294_967_296.0;
    const int Digits = 15;

    /// <summary>Place of a unit on the line of a salt, in [0, 1): a multiple of 2^-32.</summary>
    /// <param name="salt">Name of the experiment, or of the layer.</param>
    /// <param name="unit">The unit's id, as text.</param>
    public static double Place(string salt, string unit)
    {
        ArgumentException.ThrowIfNullOrEmpty(salt);
        ArgumentNullException.ThrowIfNull(unit);
        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
        Hash(salt, unit, hash);
        return ((uint)hash[0] << 24 | (uint)hash[1] << 16 | (uint)hash[2] << 8 | hash[3]) / Places;
    }

    /// <summary>MD5(salt + ":" + unit), the text in UTF-8.</summary>
    internal static void Hash(string salt, string unit, Span<byte> hash)
    {
        const int shortText = 256;
        var longest = Encoding.UTF8.GetMaxByteCount(salt.Length + unit.Length + 1);
        Span<byte> text = longest <= shortText ? stackalloc byte[shortText] : new byte[longest];
        var n = Encoding.UTF8.GetBytes(salt, text);
        text[n++] = (byte)':';
        n += Encoding.UTF8.GetBytes(unit, text[n..]);
        if (n <= ShortMd5.MostBytes)
        {
            ShortMd5.Hash(text[..n], hash);
            return;
        }

#pragma warning disable CA5351 // MD5 mixes here; it protects nothing.
        MD5.HashData(text[..n], hash);
#pragma warning restore CA5351
    }

    /// <summary>Arm of a unit: its index among the shares; -1 beyond them, when they do not fill the line.</summary>
    /// <param name="salt">Name of the experiment, or of the layer.</param>
    /// <param name="unit">The unit's id, as text.</param>
    /// <param name="shares">Share of every arm, in order; they add up to at most 1.</param>
    /// <param name="from">Where on the line the first arm begins: experiments that exclude one another begin where the last one ended.</param>
    public static int Arm(string salt, string unit, ReadOnlySpan<double> shares, double from = 0.0)
    {
        var place = Place(salt, unit);
        var ends = Ends(shares, from);
        if (place < from)
        {
            return -1;
        }

        for (var a = 0; a < ends.Length; a++)
        {
            if (place < ends[a])
            {
                return a;
            }
        }

        return -1;
    }

    /// <summary>One SQL expression that gives the arm's name, NULL for units that are in none.</summary>
    /// <param name="dialect">The database.</param>
    /// <param name="salt">Name of the experiment, or of the layer; no quote characters.</param>
    /// <param name="column">Column with the unit's id, as SQL.</param>
    /// <param name="arms">Names of the arms; no quote characters.</param>
    /// <param name="shares">Their shares.</param>
    /// <param name="from">Where on the line the first arm begins.</param>
    public static string Sql(AssignmentDialect dialect, string salt, string column, IReadOnlyList<string> arms, ReadOnlySpan<double> shares, double from = 0.0)
    {
        ArgumentException.ThrowIfNullOrEmpty(salt);
        ArgumentException.ThrowIfNullOrEmpty(column);
        ArgumentNullException.ThrowIfNull(arms);
        if (arms.Count != shares.Length || arms.Append(salt).Any(t => t.Contains('\'', StringComparison.Ordinal)))
        {
            throw new ArgumentException("Every arm needs a share, and neither a salt nor an arm may hold a quote.", nameof(arms));
        }

        var place = PlaceSql(dialect, salt, column);
        var ends = Ends(shares, from);
        var cases = new StringBuilder("CASE");
        if (from > 0)
        {
            cases.Append(CultureInfo.InvariantCulture, $" WHEN {place} < {Number(from)} THEN NULL");
        }

        for (var a = 0; a < ends.Length; a++)
        {
            var isLast = a == ends.Length - 1 && ends[a] >= 1;
            cases.Append(CultureInfo.InvariantCulture, $" {(isLast ? "ELSE" : $"WHEN {place} < {Number(ends[a])} THEN")} '{Escaped(dialect, arms[a])}'");
        }

        return cases.Append(" END").ToString();
    }

    /// <summary>The place of a unit on the line of a salt, as SQL.</summary>
    internal static string PlaceSql(AssignmentDialect dialect, string salt, string column) => dialect switch
    {
        AssignmentDialect.PostgreSql => $"('x' || substr(md5('{salt}:' || {column}), 1, 8))::bit(32)::bigint / 4294967296.0",
        AssignmentDialect.ClickHouse => $"reinterpretAsUInt32(reverse(substring(MD5(concat('{Escaped(dialect, salt)}:', toString({column}))), 1, 4))) / 4294967296.0",
        _ => $"('0x' || substr(md5('{salt}:' || {column}), 1, 8))::BIGINT / 4294967296.0",
    };

    /// <summary>A text between quotes: a backslash means more than itself in ClickHouse.</summary>
    internal static string Escaped(AssignmentDialect dialect, string text) =>
        dialect == AssignmentDialect.ClickHouse ? text.Replace("\\", "\\\\", StringComparison.Ordinal) : text;

    // Shares are written with 15 digits in SQL, so they end at such numbers here as well.
    internal static double[] Ends(ReadOnlySpan<double> shares, double from)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        var ends = new double[shares.Length];
        var sum = from;
        for (var a = 0; a < shares.Length; a++)
        {
            if (!(shares[a] >= 0))
            {
                throw new ArgumentOutOfRangeException(nameof(shares), shares[a], "A share is 0 or more.");
            }

            sum += shares[a];
            ends[a] = Math.Round(sum, Digits);
        }

        return ends.Length > 0 && ends[^1] <= 1 ? ends : throw new ArgumentOutOfRangeException(nameof(shares), sum, "Shares add up to at most 1.");
    }

    internal static string Number(double value) => value.ToString("0.###############", CultureInfo.InvariantCulture);
}
