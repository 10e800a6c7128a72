using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Gnomon.Data.DuckDb.Native;
using Gnomon.Data.Pushdown;

namespace Gnomon.Data.Files.Merging;

/// <summary>
/// Brings rows into a Parquet file by key. Rows of the file keep their places, new rows follow in their own order. The whole is written beside the file and renamed over it at the end; a file that somebody
/// changed meanwhile is left alone.
/// </summary>
internal sealed class FileMerger(EngineSession session, MergeOrder order, CancellationToken cancellation)
{
    private const string New = "\"merge incoming\"";
    private const string One = "\"merge one per key\"";
    private const string Row = "\"merge row\"";
    private const string Base = "\"merge base\"";
    private const string BaseRow = "file_row_number";

    private List<Field> _incoming = [];
    private List<Field> _base = [];
    private List<Field> _common = [];
    private List<Field> _added = [];

    private IReadOnlyList<string> Keys => [.. order.Key.Select(SqlText.Identifier)];

    private string Key(string alias) => string.Join(", ", Keys.Select(k => $"{alias}.{k}"));

    private string SameKey => string.Join(" AND ", Keys.Select(k => $"n.{k} = b.{k}"));

    public MergeReport Run()
    {
        var (exists, stamp) = (File.Exists(order.Into), Stamp());
        Shape(exists);
        var counts = Prepare();
        var (added, changed, unchanged) = exists ? Compare() : (Whole($"SELECT count(*) FROM {One}"), 0, 0);
        var before = exists ? Whole($"SELECT count(*) FROM {Base}") : 0;
        var cells = exists ? Cells() : [];
        var first = exists ? Changes() : session.Read("SELECT '' AS \"key\", '' AS \"column\", '' AS \"before\", '' AS \"after\" WHERE false", cancellation);
        if (!exists || added + changed > 0 || _added.Count > 0)
        {
            Write(exists, stamp);
        }

        return counts with
        {
            Before = before, After = Whole($"SELECT CAST(num_rows AS BIGINT) FROM parquet_file_metadata({SqlText.Text(order.Into)})"), Added = added, Changed = changed, Unchanged = unchanged,
            ChangedColumns = cells, NewColumns = exists ? [.. _added.Select(f => f.Name)] : [], KeptColumns = [.. _base.Where(b => _incoming.TrueForAll(n => n.Name != b.Name)).Select(b => b.Name)], FirstChanges = first,
        };
    }

    private void Shape(bool exists)
    {
        _incoming = Fields($"SELECT * FROM {SqlText.Identifier(order.Table)}");
        Require(_incoming, "the incoming rows");
        if (exists)
        {
            session.Execute($"CREATE OR REPLACE VIEW {Base} AS SELECT * FROM read_parquet({SqlText.Text(order.Into)}, file_row_number = true)", cancellation);
            _base = [.. Fields($"SELECT * FROM {Base}").Where(f => f.Name != BaseRow)];
            Require(_base, FileFinder.Shown(order.Into));
            if (_incoming.Find(f => f.Name == BaseRow) is not null)
            {
                throw new GnomonError("column-not-usable", $"A column called {BaseRow} cannot be merged.", BaseRow, "Give it another name in --query.");
            }
        }

        // Names are compared as they are written: a column that differs by a capital alone would stand beside its double.
        if (exists && _incoming.Find(n => _base.TrueForAll(b => b.Name != n.Name) && _base.Exists(b => string.Equals(b.Name, n.Name, StringComparison.OrdinalIgnoreCase))) is { } near)
        {
            throw new GnomonError("column-not-found", $"The incoming column '{near.Name}' is written with other capitals in {FileFinder.Shown(order.Into)}.", near.Name, "Give it the file's name in --query.");
        }

        _common = [.. _incoming.Where(n => _base.Exists(b => b.Name == n.Name))];
        _added = exists ? [.. _incoming.Where(n => _base.TrueForAll(b => b.Name != n.Name))] : [];
    }

    private MergeReport Prepare()
    {
        var others = _incoming.Where(f => !order.Key.Contains(f.Name)).Select(f => SqlText.Identifier(f.Name)).ToList();
        var cast = _incoming.Select(f => $"{Cast(f)} AS {SqlText.Identifier(f.Name)}");
        session.Execute($"CREATE OR REPLACE TABLE {New} AS SELECT *, row_number() OVER () AS {Row} FROM {SqlText.Identifier(order.Table)}", cancellation);
        RefuseOtherTypes();
        var keyed = string.Join(" AND ", Keys.Select(k => $"{k} IS NOT NULL"));
        var latest = order.Latest is { } time ? Required(time) : null;
        var whole = others.Count == 0 ? "1" : $"row({string.Join(", ", others)})";
        session.Execute(
            $"CREATE OR REPLACE TABLE \"merge keys\" AS SELECT {string.Join(", ", Keys)}, count(*) AS rows_in, count(DISTINCT {whole}) AS kinds, min({Row}) AS first_row FROM (SELECT * FROM {New} WHERE {keyed}{(latest is null ? string.Empty : $" QUALIFY {latest} IS NOT DISTINCT FROM max({latest}) OVER (PARTITION BY {string.Join(", ", Keys)})")}) GROUP BY {string.Join(", ", Keys)}",
            cancellation);
        session.Execute($"CREATE OR REPLACE TABLE {One} AS SELECT {string.Join(", ", cast)}, {Row} FROM {New} WHERE {Row} IN (SELECT first_row FROM \"merge keys\" WHERE kinds = 1)", cancellation);
        var incoming = Whole($"SELECT count(*) FROM {New}");
        var noKey = Whole($"SELECT count(*) FROM {New} WHERE NOT ({keyed})");
        var considered = Whole("SELECT CAST(coalesce(sum(rows_in), 0) AS BIGINT) FROM \"merge keys\"");
        return new MergeReport
        {
            Incoming = incoming, Before = 0, After = 0, Added = 0, Changed = 0, Unchanged = 0, NoKey = noKey, Superseded = incoming - noKey - considered,
            Duplicates = Whole("SELECT CAST(coalesce(sum(rows_in - 1), 0) AS BIGINT) FROM \"merge keys\" WHERE kinds = 1"),
            ConflictRows = Whole("SELECT CAST(coalesce(sum(rows_in), 0) AS BIGINT) FROM \"merge keys\" WHERE kinds > 1"), ConflictKeys = Whole("SELECT count(*) FROM \"merge keys\" WHERE kinds > 1"),
            ChangedColumns = [], NewColumns = [], KeptColumns = [], FirstChanges = session.Read("SELECT 1 AS n", cancellation),
            FirstConflicts = session.Read($"SELECT {KeyText("k")} AS \"key\", rows_in AS \"rows\" FROM \"merge keys\" AS k WHERE kinds > 1 ORDER BY first_row LIMIT {order.Shown}", cancellation),
        };
    }

    private (long Added, long Changed, long Unchanged) Compare()
    {
        var repeated = Whole($"SELECT count(*) FROM (SELECT 1 FROM {Base} AS b WHERE {string.Join(" AND ", Keys.Select(k => $"b.{k} IS NOT NULL"))} GROUP BY {Key("b")} HAVING count(*) > 1)");
        if (repeated > 0)
        {
            throw new GnomonError(
                "key-not-unique", FormattableString.Invariant($"{FileFinder.Shown(order.Into)} holds {repeated:N0} values of {string.Join(", ", order.Key)} more than once, so it is not clear which row an incoming one changes."), "--key",
                "Name more columns with --key, or make the file's rows unique first: --recipe dedupe --key ... --out FILE.parquet.");
        }

        var matched = Whole($"SELECT count(*) FROM {One} AS n JOIN {Base} AS b ON {SameKey}");
        var changed = _common.Count + _added.Count == order.Key.Count ? 0 : Whole($"SELECT count(*) FROM {One} AS n JOIN {Base} AS b ON {SameKey} WHERE {Differs}");
        return (Whole($"SELECT count(*) FROM {One}") - matched, changed, matched - changed);
    }

    private string Differs => string.Join(" OR ", Values.Select(f => $"n.{SqlText.Identifier(f.Name)} IS DISTINCT FROM b.{SqlText.Identifier(f.Name)}").Concat(_added.Select(f => $"n.{SqlText.Identifier(f.Name)} IS NOT NULL")).DefaultIfEmpty("false"));

    private IEnumerable<Field> Values => _common.Where(f => !order.Key.Contains(f.Name));

    private List<ChangedCells> Cells()
    {
        List<Field> all = [.. Values, .. _added];
        if (all.Count == 0)
        {
            return [];
        }

        var counts = all.Select((f, i) => FormattableString.Invariant($"count(*) FILTER (WHERE n.{SqlText.Identifier(f.Name)} IS {(_added.Contains(f) ? "NOT NULL" : $"DISTINCT FROM b.{SqlText.Identifier(f.Name)}")}) AS c{i}"));
        var table = session.Read($"SELECT {string.Join(", ", counts)} FROM {One} AS n JOIN {Base} AS b ON {SameKey}", cancellation);
        return [.. all.Select((f, i) => new ChangedCells(f.Name, (long)table.Columns[i].Cell(0)!)).Where(c => c.Cells > 0)];
    }

    private Table Changes()
    {
        var parts = Values.Concat(_added).Select(f => $"SELECT b.{BaseRow} AS place, {KeyText("n")} AS \"key\", {SqlText.Text(f.Name)} AS \"column\", {(_added.Contains(f) ? "CAST(NULL AS VARCHAR)" : $"CAST(b.{SqlText.Identifier(f.Name)} AS VARCHAR)")} AS \"before\", CAST(n.{SqlText.Identifier(f.Name)} AS VARCHAR) AS \"after\" FROM {One} AS n JOIN {Base} AS b ON {SameKey} WHERE n.{SqlText.Identifier(f.Name)} IS {(_added.Contains(f) ? "NOT NULL" : $"DISTINCT FROM b.{SqlText.Identifier(f.Name)}")}").ToList();
        return session.Read($"SELECT \"key\", \"column\", \"before\", \"after\" FROM ({string.Join(" UNION ALL ", parts.DefaultIfEmpty("SELECT 0 AS place, '' AS \"key\", '' AS \"column\", '' AS \"before\", '' AS \"after\" WHERE false"))}) ORDER BY place, \"column\" LIMIT {order.Shown}", cancellation);
    }

    private void Write(bool exists, string stamp)
    {
        var partial = order.Into + ".partial";
        var select = !exists
            ? $"SELECT {string.Join(", ", _incoming.Select(f => SqlText.Identifier(f.Name)))} FROM {One} ORDER BY {Row}"
            : $"SELECT {string.Join(", ", _base.Select(f => Taken(f, "b")).Concat(_added.Select(f => $"n.{SqlText.Identifier(f.Name)}")))} FROM {Base} AS b LEFT JOIN {One} AS n ON {SameKey} ORDER BY b.{BaseRow}";
        var tail = exists ? $" UNION ALL SELECT * FROM (SELECT {string.Join(", ", _base.Select(f => Taken(f, null)).Concat(_added.Select(f => $"n.{SqlText.Identifier(f.Name)}")))} FROM {One} AS n ANTI JOIN {Base} AS b ON {SameKey} ORDER BY n.{Row})" : string.Empty;
        try
        {
            session.Execute($"COPY (SELECT * FROM ({select}){tail}) TO {SqlText.Text(partial)} (FORMAT parquet, COMPRESSION zstd)", cancellation);
            if (Stamp() != stamp)
            {
                throw new GnomonError("file-changed", $"{FileFinder.Shown(order.Into)} was changed by somebody else during the merge; it was left as they have it.", "--into", "Merge again.");
            }

            File.Move(partial, order.Into, overwrite: true);
        }
        catch (Exception wrong) when (wrong is EngineException { IsInterrupt: false } or IOException or UnauthorizedAccessException)
        {
            throw new GnomonError("file-not-written", $"The merged rows could not be written to {order.Into}: {wrong.Message}", "--into", "Name a file in a folder that can be written.", wrong);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    // A row that was met takes the incoming value, also where that is NULL; columns that do not come in keep theirs.
    private string Taken(Field field, string? from)
    {
        var name = SqlText.Identifier(field.Name);
        var comes = _incoming.Exists(n => n.Name == field.Name);
        return from is null ? (comes ? $"n.{name}" : $"CAST(NULL AS {field.NativeType}) AS {name}")
            : comes ? $"CASE WHEN n.{Row} IS NOT NULL THEN n.{name} ELSE b.{name} END AS {name}" : $"b.{name}";
    }

    // The file's types stay; a value that does not fit them as it is would be another value.
    private void RefuseOtherTypes()
    {
        foreach (var field in _common)
        {
            var (name, type) = (SqlText.Identifier(field.Name), _base.Find(b => b.Name == field.Name)!.NativeType);
            if (type == field.NativeType)
            {
                continue;
            }

            var lost = session.Read($"SELECT count(*) AS n, min(CAST({name} AS VARCHAR)) AS example FROM {New} WHERE {name} IS NOT NULL AND (TRY_CAST({name} AS {type}) IS NULL OR TRY_CAST(TRY_CAST({name} AS {type}) AS {field.NativeType}) IS DISTINCT FROM {name})", cancellation);
            if ((long)lost["n"].Cell(0)! > 0)
            {
                throw new GnomonError(
                    "types-differ", FormattableString.Invariant($"Column '{field.Name}' is {type} in {FileFinder.Shown(order.Into)}, and {lost["n"].Cell(0):N0} incoming values ({field.NativeType}, for example '{lost["example"].Cell(0)}') cannot be that without change."), field.Name,
                    $"Convert the column in --query, or write the file again with a wider type: --query \"SELECT * REPLACE (CAST({name} AS {field.NativeType}) AS {name}) FROM data\" --out NEW.parquet.");
            }
        }
    }

    private string Cast(Field field) => _base.Find(b => b.Name == field.Name) is { } there && there.NativeType != field.NativeType ? $"CAST({SqlText.Identifier(field.Name)} AS {there.NativeType})" : SqlText.Identifier(field.Name);

    private string KeyText(string alias) => string.Join(" || ', ' || ", Keys.Select(k => $"CAST({alias}.{k} AS VARCHAR)"));

    private string Required(string name) => _incoming.Exists(f => f.Name == name) ? SqlText.Identifier(name) : throw new GnomonError("column-not-found", $"The incoming rows have no column '{name}'. Columns: {string.Join(", ", _incoming.Select(f => f.Name))}.", "--time", "Name the column with the time of a row.");

    private void Require(List<Field> fields, string where)
    {
        if (order.Key.FirstOrDefault(k => !fields.Exists(f => f.Name == k)) is { } missing)
        {
            var nearest = NearestName.To(missing, [.. fields.Select(f => f.Name)]);
            throw new GnomonError("column-not-found", $"{where} has no column '{missing}'. Columns: {string.Join(", ", fields.Select(f => f.Name))}.", "--key", nearest is null ? "Name a column that both have." : $"Did you mean '{nearest}'?");
        }
    }

    private string Stamp() => FollowedFile.At(order.Into) is { Exists: true } file ? FormattableString.Invariant($"{file.Length} {file.LastWriteTimeUtc.Ticks}") : "none";

    private long Whole(string sql) => ((IntegerColumn)session.Read(sql, cancellation).Columns[0]).Values[0];

    private List<Field> Fields(string sql)
    {
        using var connection = session.Connect();
        using var statement = connection.Prepare(sql);
        return [.. statement.Columns().Select(c => new Field(c.Name, c.Type, c.NativeType))];
    }
}
