using Gnomon.Core.Tables;
using Gnomon.Data.Pushdown;

namespace Gnomon.Data.Files.Csv;

/// <summary>The statements that read text files: every cell comes as text and is converted here, losslessly or with an error that names the column.</summary>
internal static class CsvSql
{
    /// <summary>Begins the engine's error when a cell of column N does not convert; N follows.</summary>
    public const string Refusal = "gnomon-column-";

    private const int MinLineBytes = 2_000_000;

    private const string IsoTimestamp = @"\d{4}-\d\d-\d\d([ T]\d\d?:\d\d(:\d\d(\.\d{1,9})?)?)?";
    private const string IsoInstant = @"\d{4}-\d\d-\d\d[ T]\d\d?:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d(:\d\d)?)";
    private const string ClockTime = @"\d\d?:\d\d(:\d\d(\.\d{1,9})?)?";

    /// <summary>All rows with every column converted.</summary>
    /// <param name="parts">The files.</param>
    /// <param name="names">All columns, in order.</param>
    /// <param name="decisions">How to read each of them.</param>
    /// <param name="options">Decimal mark and texts for no value.</param>
    /// <param name="isSurveyed">All cells have been seen: plain types are left to the engine's reader, without a guard.</param>
    public static string Select(IReadOnlyList<CsvPart> parts, IReadOnlyList<string> names, IReadOnlyList<ColumnDecision> decisions, SourceOptions options, bool isSurveyed)
    {
        var direct = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; isSurveyed && i < names.Count; i++)
        {
            if (DirectType(decisions[i], options.Decimal) is { } type)
            {
                direct[names[i]] = type;
            }
        }

        var columns = names.Select((name, i) => direct.ContainsKey(name)
            ? SqlText.Identifier(name)
            : $"{Convert(name, i, decisions[i], options.Decimal)} AS {SqlText.Identifier(name)}");
        return $"SELECT {string.Join(", ", columns)} FROM {Rows(parts, direct, options.NullText)}";
    }

    private static string? DirectType(ColumnDecision decision, char decimalMark) => decision switch
    {
        { IsPadded: true } or { MissingWords.Count: > 0 } => null,
        { As: ReadAs.Integer } => "BIGINT",
        { As: ReadAs.Big } => "HUGEINT",
        { As: ReadAs.Double } when decimalMark == '.' => "DOUBLE",
        { As: ReadAs.Date } => "DATE",
        { As: ReadAs.Nothing } => "VARCHAR",
        _ => null,
    };

    private static string Rows(IReadOnlyList<CsvPart> parts, Dictionary<string, string> types, IReadOnlyList<string> nullTexts) => parts.Count == 1
        ? Rows(parts[0], [parts[0].Path], parts[0].Survey.LongestRecord, types, nullTexts)
        : "(" + string.Join(" UNION ALL BY NAME ", Runs(parts).Select(r => $"SELECT * FROM {Rows(r[0], [.. r.Select(p => p.Path)], r.Max(p => p.Survey.LongestRecord), types, nullTexts)}")) + ")";

    // Files in a row that are laid out alike share a reader: thousands of readers would take the planner longer than the rows.
    private static List<List<CsvPart>> Runs(IReadOnlyList<CsvPart> parts)
    {
        var runs = new List<List<CsvPart>>();
        foreach (var part in parts)
        {
            if (runs.Count > 0 && IsLike(runs[^1][0], part))
            {
                runs[^1].Add(part);
            }
            else
            {
                runs.Add([part]);
            }
        }

        return runs;
    }

    private static bool IsLike(CsvPart one, CsvPart other) =>
        one.IsRewritten == other.IsRewritten && (one.IsRewritten || (one.Layout.DataLine == other.Layout.DataLine && one.Layout.Format.Escape == other.Layout.Format.Escape
            && one.Layout.Format.Delimiter.AsSpan().SequenceEqual(other.Layout.Format.Delimiter))) && one.Layout.Names.SequenceEqual(other.Layout.Names, StringComparer.Ordinal);

    private static string Rows(CsvPart part, string[] paths, long longestRecord, Dictionary<string, string> types, IReadOnlyList<string> nullTexts)
    {
        var layout = part.Layout;
        var isPlain = part.IsRewritten;
        var format = isPlain ? CsvRewriter.Plain : layout.Format;
        var columns = string.Join(", ", layout.Names.Select(n => $"{SqlText.Text(n)}: '{types.GetValueOrDefault(n, "VARCHAR")}'"));
        var longest = Math.Max(MinLineBytes, longestRecord + 16);
        var skip = isPlain ? 0 : layout.DataLine - 1;
        return $"read_csv({(paths.Length == 1 ? SqlText.Text(paths[0]) : SqlText.List(paths))}, auto_detect = false, header = false, columns = {{{columns}}}, "
            + $"delim = {SqlText.Text(System.Text.Encoding.UTF8.GetString(format.Delimiter))}, quote = '\"', escape = {SqlText.Text(((char)format.Escape).ToString())}, "
            + FormattableString.Invariant($"skip = {skip}, max_line_size = {longest}, compression = 'none', ")
            + $"nullstr = {SqlText.List(new[] { "" }.Concat(nullTexts))})";
    }

    private static string Convert(string name, int index, ColumnDecision decision, char decimalMark)
    {
        var column = SqlText.Identifier(name);
        var error = $"error({SqlText.Text(FormattableString.Invariant($"{Refusal}{index}"))})";
        var cell = decision is { As: not ReadAs.Text, MissingWords.Count: > 0 }
            ? $"CASE WHEN trim({column}) IN ({string.Join(", ", decision.MissingWords.Select(SqlText.Text))}) THEN NULL ELSE {column} END"
            : column;
        if (decision is { As: not ReadAs.Text, IsPadded: true })
        {
            cell = $"trim({cell})";
        }

        return decision.As switch
        {
            ReadAs.Text => column,
            ReadAs.Nothing => $"CASE WHEN {column} IS NULL THEN NULL ELSE CAST({error} AS VARCHAR) END",
            ReadAs.Boolean => $"CASE lower({cell}) WHEN 'true' THEN true WHEN 'false' THEN false ELSE CASE WHEN ({cell}) IS NOT NULL THEN CAST({error} AS BOOLEAN) END END",
            ReadAs.Integer => RoundTrip("BIGINT"),
            ReadAs.Big => RoundTrip("HUGEINT"),
            ReadAs.Date => RoundTrip("DATE"),
            ReadAs.Double => Number(decimalMark == ',' ? $"replace({cell}, ',', '.')" : cell),
            ReadAs.LocalTimestamp => Shaped("TIMESTAMP", IsoTimestamp),
            ReadAs.Timestamp => Shaped("TIMESTAMPTZ", IsoInstant),
            ReadAs.Time => Shaped("TIME", ClockTime),
            ReadAs.RegionalDate => $"CAST({Parsed()} AS DATE)",
            _ => Parsed(),
        };

        // What is written back as it was read has lost nothing.
        string RoundTrip(string type)
        {
            var value = $"TRY_CAST({cell} AS {type})";
            return $"CASE WHEN CAST({value} AS VARCHAR) IS NOT DISTINCT FROM ({cell}) THEN {value} ELSE CAST({error} AS {type}) END";
        }

        string Number(string text)
        {
            var value = $"TRY_CAST({text} AS DOUBLE)";
            return $"CASE WHEN isfinite({value}) THEN {value} WHEN ({cell}) IS NOT NULL THEN CAST({error} AS DOUBLE) END";
        }

        string Shaped(string type, string pattern) =>
            $"CASE WHEN ({cell}) IS NULL THEN NULL WHEN regexp_full_match({cell}, {SqlText.Text(pattern)}) THEN coalesce(TRY_CAST({cell} AS {type}), CAST({error} AS {type})) ELSE CAST({error} AS {type}) END";

        string Parsed() =>
            $"CASE WHEN ({cell}) IS NULL THEN NULL ELSE coalesce(try_strptime({cell}, {SqlText.Text(decision.Pattern!)}), CAST({error} AS TIMESTAMP)) END";
    }
}
