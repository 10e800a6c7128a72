using Gnomon.Core.Errors;

namespace Gnomon.Data.ClickHouse;

/// <summary>What a server can do, asked once a session: its version, functions and settings decide how questions are written, never a list of versions.</summary>
internal sealed record ClickHouseCapabilities(string Version, IReadOnlySet<string> Functions, IReadOnlyDictionary<string, string> Settings)
{
    public const string Question =
        "SELECT 'v', version(), '' UNION ALL SELECT 's', name, value FROM system.settings UNION ALL SELECT 'f', name, '' FROM system.functions";

    // What could make an answer partial without a word of it.
    private static readonly (string Limit, string Mode)[] Cuts =
    [
        ("max_rows_to_read", "read_overflow_mode"), ("max_bytes_to_read", "read_overflow_mode"), ("max_rows_to_group_by", "group_by_overflow_mode"), ("max_rows_to_sort", "sort_overflow_mode"),
        ("max_bytes_to_sort", "sort_overflow_mode"), ("max_result_rows", "result_overflow_mode"), ("max_result_bytes", "result_overflow_mode"), ("max_execution_time", "timeout_overflow_mode"),
        ("max_rows_in_distinct", "distinct_overflow_mode"), ("max_bytes_in_distinct", "distinct_overflow_mode"), ("max_rows_to_transfer", "transfer_overflow_mode"), ("max_bytes_to_transfer", "transfer_overflow_mode"),
        ("max_rows_in_set", "set_overflow_mode"), ("max_rows_in_join", "join_overflow_mode"),
    ];

    // Values that every question is asked under; a server that lacks one of them is not told of it.
    private static readonly (string Name, string Value)[] Wanted =
    [
        ("extremes", "0"), ("skip_unavailable_shards", "0"), ("distributed_group_by_no_merge", "0"), ("empty_result_for_aggregation_by_empty_set", "0"), ("join_use_nulls", "0"), ("count_distinct_implementation", "uniqExact"),
        ("aggregate_functions_null_for_empty", "0"), ("final", "0"), ("limit", "0"), ("offset", "0"), ("cancel_http_readonly_queries_on_client_close", "1"), ("send_progress_in_http_headers", "0"),
        ("http_write_exception_in_output_format", "0"), ("use_client_time_zone", "0"), ("session_timezone", string.Empty), ("distributed_product_mode", "global"),
    ];

    // Questions about many columns are long; a server that allows more keeps its limits.
    private static readonly (string Name, long AtLeast)[] Roomy = [("max_query_size", 1 << 24), ("max_ast_elements", 1_000_000), ("max_expanded_ast_elements", 10_000_000)];

    // Sorting and grouping go to the server's disk beyond this, rather than fail.
    private const string Spill = "2000000000";

    public bool HasExactQuantiles => Functions.Contains("quantileExactInclusive");

    public bool HasWideDecimals => Functions.Contains("toDecimal128");

    public bool HasTrim => Functions.Contains("trimBoth");

    public bool HasWindows => Functions.Contains("row_number");

    /// <summary>0: the user may write; 1: read only, no setting may change; 2: read only, settings may change.</summary>
    public int ReadOnly => int.TryParse(Settings.GetValueOrDefault("readonly"), out var level) ? level : 0;

    public bool MayChangeSettings => ReadOnly != 1;

    public static ClickHouseCapabilities From(IReadOnlyList<string[]> rows) => new(
        rows.Where(r => r is ["v", _, _]).Select(r => r[1]).FirstOrDefault() ?? string.Empty,
        rows.Where(r => r is ["f", _, _]).Select(r => r[1]).ToHashSet(StringComparer.Ordinal),
        rows.Where(r => r is ["s", _, _]).DistinctBy(r => r[1]).ToDictionary(r => r[1], r => r[2], StringComparer.Ordinal));

    /// <summary>The settings of every question, in the order in which they must be given: read-only comes last.</summary>
    public IEnumerable<(string Name, string Value)> For(ClickHouseAddress address)
    {
        if (!MayChangeSettings)
        {
            yield break;
        }

        foreach (var (name, value) in Wanted)
        {
            if (Settings.TryGetValue(name, out var now) && now != value)
            {
                yield return (name, value);
            }
        }

        foreach (var mode in Cuts.Select(c => c.Mode).Distinct(StringComparer.Ordinal))
        {
            if (Settings.TryGetValue(mode, out var now) && now != "throw")
            {
                yield return (mode, "throw");
            }
        }

        foreach (var (name, least) in Roomy)
        {
            if (long.TryParse(Settings.GetValueOrDefault(name), out var now) && now > 0 && now < least)
            {
                yield return (name, least.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        foreach (var name in new[] { "max_bytes_before_external_sort", "max_bytes_before_external_group_by" })
        {
            if (Settings.GetValueOrDefault(name) == "0")
            {
                yield return (name, Spill);
            }
        }

        yield return ("max_execution_time", address.Timeout.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (ReadOnly == 0)
        {
            yield return ("readonly", "2");
        }
    }

    /// <exception cref="GnomonError">The server cannot add exactly, or the user's profile cuts answers short without saying so.</exception>
    public void Refuse(ClickHouseAddress address)
    {
        if (Version.Length == 0)
        {
            throw ClickHouseErrors.Stranger(address, 200);
        }

        if (!HasWideDecimals)
        {
            throw new GnomonError("server-too-old", $"{address.Shown} runs ClickHouse {Version}, which has no Decimal128: sums could not be exact.", address.Shown, "Use ClickHouse 18.14 or later, or export the rows to a Parquet or CSV file.");
        }

        if (!MayChangeSettings)
        {
            var cut = Cuts.FirstOrDefault(c => Settings.GetValueOrDefault(c.Limit, "0") is not ("0" or "") && Settings.GetValueOrDefault(c.Mode, "throw") is not ("throw" or ""));
            if (cut.Mode is not null)
            {
                throw new GnomonError(
                    "answers-cut-short", $"{address.Shown}: this user's profile has {cut.Limit} = {Settings[cut.Limit]} with {cut.Mode} = {Settings[cut.Mode]} and may not change it: answers would be partial without saying so.", address.Shown,
                    $"Set {cut.Mode} to throw in the user's profile, or give it readonly = 2 instead of 1.");
            }
        }
    }
}
