using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Gnomon.Data.DuckDb.Native;
using Gnomon.Data.Files.Conversion;
using Gnomon.Data.Pushdown;

namespace Gnomon.Data.Files.Csv;

/// <summary>
/// Reads delimited text into the engine. The head of each file settles delimiter, names and types; the engine then converts every cell
/// under guard. What the guard or the strict reader refuses leads to one careful pass over all rows, and to types that hold for all of them.
/// </summary>
internal sealed class CsvLoader(EngineSession session, SourceOptions options, List<ReadIssue> issues, CancellationToken cancellation)
{
    internal const int HeadBytes = 1 << 20;

    /// <summary>The engine's planner takes guards for this many columns in its stride; beyond, looking at every row first is quicker.</summary>
    private const int GuardedColumns = 500;

    private IReadOnlyList<string> _names = [];

    /// <summary>Every row is known to be what the head promises.</summary>
    public bool AreRowsSeen { get; init; }

    /// <summary>Too large to be held: every query reads the text again.</summary>
    public bool StaysText { get; private set; }

    /// <summary>Takes the rows as a SELECT instead of a table; called again when its types turn out not to hold.</summary>
    public Action<string>? Sink { get; init; }

    /// <summary>Where rows are listed that do not stand as the others do.</summary>
    public RejectFile? Rejects { get; init; }

    /// <summary>Creates <paramref name="table"/> from the files, matched by column name.</summary>
    public void Load(IReadOnlyList<SourceFile> files, string table)
    {
        var parts = files.Select(Begin).ToList();
        CheckHeaders(parts);
        _names = [.. parts.SelectMany(p => p.Layout.Names).Distinct(StringComparer.OrdinalIgnoreCase)];
        if (!AreRowsSeen && parts.Exists(p => !p.Survey.IsComplete) && (_names.Count > GuardedColumns || Decide(parts).Any(d => d.IsDoubtful)))
        {
            parts = [.. parts.Select(p => Finish(p, mustRewrite: false))];
        }

        var plainText = PlainText(parts);
        var decisions = Decide(parts);
        if (!TryCreate(table, parts, decisions) || !plainText.GetAwaiter().GetResult())
        {
            parts = [.. parts.Select(p => Finish(p, mustRewrite: true))];
            decisions = Decide(parts);
            if (!TryCreate(table, parts, decisions))
            {
                CreateOrThrow(table, parts, decisions);
            }
        }

        issues.AddRange(parts.SelectMany(p => p.Layout.Issues.Concat(p.Survey.Issues(p.Layout.Width))));
        issues.AddRange(decisions.Select(d => d.Issue).OfType<ReadIssue>());
    }

    private CsvPart Begin(SourceFile file)
    {
        var head = FileHead.Read(file.Path, HeadBytes);
        CheckText(file.Shown, head.Text.Span);
        var sniffer = new CsvSniffer(options, head.Text, head.IsWhole);
        var format = sniffer.Format();
        var layout = new HeaderFinder(file.Shown, format, sniffer.Records(format)).Find();
        var survey = CsvSurvey.Of(file.Shown, Bytes.Stream(head.Text), head.IsWhole, layout, options, cancellation);
        var part = new CsvPart(file.Shown, file.Path, layout, survey, IsRewritten: false) { MarkLength = head.MarkLength };
        return survey.NeedsRewrite || layout.IsOdd || EndsInBlankLines(file.Path, layout) ? Finish(part, mustRewrite: true) : part;
    }

    /// <summary>Surveys all rows, and writes them again where the strict reader would stumble.</summary>
    private CsvPart Finish(CsvPart part, bool mustRewrite)
    {
        if (part.IsRewritten)
        {
            return part;
        }

        var survey = part.Survey.IsComplete
            ? part.Survey
            : CsvSurvey.Of(part.Name, part.Open(), isWhole: true, part.Layout, options, cancellation);
        if (!survey.NeedsRewrite && !mustRewrite)
        {
            return part with { Survey = survey };
        }

        var plain = session.Scratch.NewFile(".csv");
        CsvRewriter.Rewrite(part.Open(), part.Layout, plain, cancellation, part.Name, Rejects);
        return part with { Path = plain, Survey = survey, IsRewritten = true };
    }

    private List<ColumnDecision> Decide(List<CsvPart> parts) =>
        [.. _names.Select(name => parts.Count == 1
            ? Decision(parts[0].Survey.Columns[IndexIn(parts[0], name)], name, parts)
            : Decision(Merged(parts, name), name, parts))];

    internal static ColumnDecision Decision(ColumnEvidence evidence, string name, List<CsvPart> parts)
    {
        var isComplete = parts.TrueForAll(p => p.Survey.IsComplete);
        var scope = isComplete ? "" : FormattableString.Invariant($" (of the first {RowsSeen(parts)} rows)");
        return ColumnDecision.From(evidence, name, parts.Count == 1 ? parts[0].Name : $"{parts[0].Name} and others", scope);
    }

    private static long RowsSeen(List<CsvPart> parts)
    {
        var rows = 0L;
        parts.ForEach(p => rows += p.Survey.Rows);
        return rows;
    }

    private static ColumnEvidence Merged(List<CsvPart> parts, string name)
    {
        var all = new ColumnEvidence();
        foreach (var part in parts)
        {
            var index = IndexIn(part, name);
            if (index < 0)
            {
                all.AddAbsent(part.Survey.Rows);
            }
            else
            {
                all.Add(part.Survey.Columns[index]);
            }
        }

        return all;
    }

    private static int IndexIn(CsvPart part, string name)
    {
        if (part.IndexOf.Count == 0)
        {
            for (var i = 0; i < part.Layout.Names.Count; i++)
            {
                part.IndexOf[part.Layout.Names[i]] = i;
            }
        }

        return part.IndexOf.TryGetValue(name, out var index) ? index : -1;
    }

    private bool TryCreate(string table, List<CsvPart> parts, List<ColumnDecision> decisions)
    {
        try
        {
            Create(table, parts, decisions, isSurveyed: AreRowsSeen || parts.TrueForAll(p => p.Survey.IsComplete));
            return true;
        }
        catch (EngineException e) when (!e.IsInterrupt)
        {
            return false;
        }
    }

    /// <summary>All rows have been surveyed; should engine and survey still disagree on a column, its text is kept.</summary>
    private void CreateOrThrow(string table, List<CsvPart> parts, List<ColumnDecision> decisions)
    {
        while (true)
        {
            try
            {
                Create(table, parts, decisions, isSurveyed: false);
                return;
            }
            catch (EngineException e) when (Refused(e) is { } column && decisions[column].As != ReadAs.Text)
            {
                decisions[column] = new ColumnDecision(
                    ReadAs.Text,
                    Issue: new("mixed-types", 1, $"{parts[0].Name}, column '{_names[column]}': a value did not convert to {decisions[column].As}; the column is kept as text."));
            }
            catch (EngineException e) when (!e.IsInterrupt)
            {
                throw new GnomonError("file-unreadable", $"{parts[0].Name} could not be read: {EngineMessages.Plain(e)}", parts[0].Name, "Check the file with a text editor; --delimiter and --format override what was found.", e);
            }
        }
    }

    private void Create(string table, List<CsvPart> parts, List<ColumnDecision> decisions, bool isSurveyed)
    {
        var select = CsvSql.Select(parts, _names, decisions, options, isSurveyed);
        if (Sink is { } sink)
        {
            sink(select);
            return;
        }

        var bytes = 0L;
        parts.ForEach(p => bytes += FollowedFile.At(p.Path).Length);
        StaysText = !session.HoldsInMemory(bytes);
        session.Execute($"CREATE OR REPLACE {(StaysText ? "VIEW" : "TABLE")} {table} AS {select}", cancellation);
        if (StaysText)
        {
            // Every cell is converted once, so that no later query meets a refusal.
            session.Execute($"SELECT {string.Join(", ", _names.Select(n => $"count({SqlText.Identifier(n)})"))} FROM {table}", cancellation);
        }
    }

    private static int? Refused(EngineException e)
    {
        var at = e.Message.IndexOf(CsvSql.Refusal, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        var digits = e.Message.AsSpan(at + CsvSql.Refusal.Length);
        var end = 0;
        while (end < digits.Length && char.IsAsciiDigit(digits[end]))
        {
            end++;
        }

        return int.TryParse(digits[..end], out var column) ? column : null;
    }

    private void CheckHeaders(List<CsvPart> parts)
    {
        if (parts.Count < 2)
        {
            return;
        }

        var first = parts[0].Layout.Names.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var others = parts.Where(p => !first.SetEquals(p.Layout.Names)).ToList();
        if (others.Count > 0)
        {
            var difference = first.Except(others[0].Layout.Names, StringComparer.OrdinalIgnoreCase).Concat(others[0].Layout.Names.Except(first, StringComparer.OrdinalIgnoreCase));
            issues.Add(new("different-columns", others.Count, $"{others[0].Name} has not the columns of {parts[0].Name} (different: {string.Join(", ", difference.Take(5))}); files are matched by name and missing columns have no value."));
        }
    }

    /// <summary>Files that were surveyed whole, or written by us, need no second look.</summary>
    private Task<bool> PlainText(List<CsvPart> parts)
    {
        var unseen = parts.Where(p => !p.Survey.IsComplete).Select(p => p.Path).ToList();
        return AreRowsSeen || unseen.Count == 0
            ? Task.FromResult(true)
            : Task.WhenAll(unseen.Select(p => FileHash.IsPlainText(p, cancellation))).ContinueWith(t => t.Result.All(r => r), cancellation, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>Control bytes beyond a few are not text.</summary>
    internal static void CheckText(string shown, ReadOnlySpan<byte> head)
    {
        var controls = 0;
        foreach (var b in head)
        {
            controls += b < 0x20 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or 0x0C or 0x1B or 0x1A) ? 1 : 0;
        }

        if (controls > head.Length / 50 && controls > 1)
        {
            throw new GnomonError("binary-file", $"{shown} is not text: {controls} of its first {head.Length} bytes are control bytes.", shown, "Name a CSV, JSON or Parquet file, or say with --format what it is.");
        }
    }

    private static bool EndsInBlankLines(string path, CsvLayout layout)
    {
        if (layout.Width > 1)
        {
            return false;
        }

        using var file = File.OpenRead(path);
        file.Seek(-Math.Min(2, file.Length), SeekOrigin.End);
        return file.ReadByte() is '\n' or '\r' && file.ReadByte() is '\n';
    }
}
