using System.Globalization;

namespace Gnomon.Data.ClickHouse;

/// <summary>Aggregates as ClickHouse SQL. Over no rows they are NULL there only for nullable arguments, so every argument is made one.</summary>
internal sealed class ClickHouseAggregates(ClickHouseCapabilities can)
{
    // Decimal128 holds 38 digits.
    private const string Widest = "9e37";

    public static string RowCount(string? filter) => filter is null ? "toInt64(count())" : $"toInt64(sum(multiIf({filter}, 1, 0)))";

    public static string Count(string x, string? filter) => $"toInt64(count({Kept(x, filter)}))";

    public static string CountDistinct(string x, string? filter) => $"toInt64(ifNull(uniqExact({Kept(x, filter)}), 0))";

    /// <param name="function">min or max.</param>
    /// <param name="x">The argument.</param>
    /// <param name="mayBeNaN">NaN is greater than every number, as in the other engines, and no value in an answer.</param>
    /// <param name="filter">Rows that count.</param>
    public static string Extreme(string function, string x, bool mayBeNaN, string? filter)
    {
        if (!mayBeNaN)
        {
            return $"{function}({Kept(x, filter)})";
        }

        var numbers = $"{function}({Kept($"multiIf(isNaN({x}), NULL, {x})", filter)})";
        return function == "min" ? numbers : $"multiIf(sum({Kept($"toUInt8(isNaN({x}))", filter)}) > 0, NULL, {numbers})";
    }

    /// <summary>Whole numbers add exactly in 128 bits, in any order.</summary>
    public static string WholeSum(string x, string? filter) =>
        $"multiIf(count({Kept(x, filter)}) = 0, NULL, toFloat64(sum(toDecimal128(toInt64(ifNull({Kept(x, filter)}, 0)), 0))))";

    /// <summary>
    /// Each value times a power of two is rounded to a whole number, which 128 bits add exactly; under a NULL the server may keep anything, so 0 is put there first. What 128 bits cannot hold is added as
    /// doubles are.
    /// </summary>
    public static string FixedPointSum(string x, string? filter, double exponent)
    {
        var kept = Kept(x, filter);
        var value = $"ifNull({kept}, 0.)";
        var scaled = exponent == 0 ? value : $"{value} * {ClickHouseText.Number(Math.ScaleB(1, (int)exponent))}";
        var sum = $"toFloat64(sum(toDecimal128(round(multiIf(abs({scaled}) < {Widest}, {scaled}, 0.)), 0)))";
        var back = exponent == 0 ? sum : $"{sum} * {ClickHouseText.Number(Math.ScaleB(1, -(int)exponent))}";
        return $"multiIf(count({kept}) = 0, NULL, max(abs({scaled})) * count() < {Widest}, {back}, sum({value}))";
    }

    public string Quantile(string x, string? filter, double probability)
    {
        var p = probability.ToString("R", CultureInfo.InvariantCulture);
        if (can.HasExactQuantiles)
        {
            return $"multiIf(count({Kept(x, filter)}) = 0, NULL, quantileExactInclusive({p})({Kept(x, filter)}))";
        }

        // Old servers give a neighbour instead of the point between two.
        var all = $"arraySort(groupArray({Kept(x, filter)}))";
        var place = $"((length({all}) - 1) * {p})";
        var low = $"{all}[toInt64(floor({place})) + 1]";
        var high = $"{all}[toInt64(ceil({place})) + 1]";
        return $"multiIf(length({all}) = 0, NULL, {low} + ({high} - {low}) * ({place} - floor({place})))";
    }

    /// <summary>In sorted values the running count of each value reaches its largest first at the smallest such value.</summary>
    public static string Mode(string x, string? filter)
    {
        var all = $"arraySort(groupArray({Kept(x, filter)}))";
        var counts = $"arrayEnumerateUniq({all})";
        return $"multiIf(length({all}) = 0, NULL, {all}[indexOf({counts}, arrayReduce('max', {counts}))])";
    }

    /// <summary>Rows are compared by order first, then by the tie expression (what is not there comes last) and the argument, so that ties have one answer.</summary>
    /// <param name="x">What is read.</param>
    /// <param name="order">What decides.</param>
    /// <param name="tie">What decides among equals.</param>
    /// <param name="zero">A value of the tie expression's kind, for rows that have none.</param>
    /// <param name="filter">Rows that count.</param>
    public static string AtSmallest(string x, string order, string? tie, string zero, string? filter)
    {
        var rank = $"tuple(assumeNotNull({order}), {(tie is null ? string.Empty : $"isNull({tie}), ifNull({tie}, {zero}), ")}assumeNotNull({x}))";
        var counts = $"isNotNull({order}) AND isNotNull({x}){(filter is null ? string.Empty : $" AND ifNull({filter}, 0)")}";
        return $"multiIf(sum({counts}) = 0, NULL, argMinIf(toNullable({x}), {rank}, {counts}))";
    }

    private static string Kept(string x, string? filter) => filter is null ? $"toNullable({x})" : $"multiIf({filter}, {x}, NULL)";
}
