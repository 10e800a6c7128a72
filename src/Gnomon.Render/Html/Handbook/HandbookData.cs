using Gnomon.Core.Findings;

namespace Gnomon.Render.Html.Handbook;

/// <summary>The tables of an <c>onboard</c> finding, as the page looks things up in them.</summary>
internal sealed class HandbookData
{
    private readonly Dictionary<string, ResultTable> _tables;
    private readonly Dictionary<string, HandbookAsset> _assets;
    private readonly ILookup<string, string> _from;
    private readonly ILookup<string, string> _to;
    private readonly ILookup<string, (string Kind, string Says)> _gaps;
    private readonly ILookup<string, IReadOnlyList<string?>> _columns;
    private readonly ILookup<string, HandbookEvent> _eventsOf;
    private readonly HashSet<string> _people;

    public HandbookData(Finding finding)
    {
        _tables = finding.Tables.ToDictionary(t => t.Id, StringComparer.Ordinal);
        Assets = [.. Rows("assets").Select(r => new HandbookAsset(r[0]!, r[1]!, r[2], r[3], r[4], r[5]))];
        _assets = Assets.ToDictionary(a => a.Id, StringComparer.Ordinal);
        var lineage = Rows("lineage").Select(r => (From: r[0]!, To: r[1]!)).ToList();
        Lineage = [.. lineage.Where(l => _assets.ContainsKey(l.From) && _assets.ContainsKey(l.To))];
        _from = Lineage.ToLookup(l => l.To, l => l.From, StringComparer.Ordinal);
        _to = Lineage.ToLookup(l => l.From, l => l.To, StringComparer.Ordinal);
        _gaps = Rows("gaps").ToLookup(r => r[0]!, r => (r[1]!, r[2]!), StringComparer.Ordinal);
        _columns = Rows("columns").ToLookup(r => r[0]!, r => r, StringComparer.Ordinal);
        Events = [.. Rows("timeline").Select(r => new HandbookEvent(r[0]!, r[1]!, r[2]!, r[3]!, r[4]?.Split(", ") ?? [], r[5]))];
        _eventsOf = Events.SelectMany(e => e.About.Select(a => (a, e))).ToLookup(p => p.a, p => p.e, StringComparer.Ordinal);
        _people = Rows("people").Select(r => r[0]!).ToHashSet(StringComparer.Ordinal);
    }

    public IReadOnlyList<HandbookAsset> Assets { get; }

    /// <summary>Pairs of which both are registered.</summary>
    public IReadOnlyList<(string From, string To)> Lineage { get; }

    public IReadOnlyList<HandbookEvent> Events { get; }

    public string Name => About("name").FirstOrDefault() ?? "this project";

    public bool Has(string table) => _tables.ContainsKey(table);

    public ResultTable Table(string id) => _tables[id];

    /// <summary>Cells as text; none where the finding has no such table.</summary>
    public IEnumerable<IReadOnlyList<string?>> Rows(string table) => _tables.TryGetValue(table, out var t)
        ? t.Rows.Select(r => (IReadOnlyList<string?>)[.. r.Select((c, i) => c is null ? null : Words.CellText.Of(c, t.Columns[i]))])
        : [];

    public IEnumerable<string> About(string what) => Rows("project").Where(r => r[0] == what).Select(r => r[1]!);

    public HandbookAsset? Asset(string id) => _assets.GetValueOrDefault(id);

    public IEnumerable<string> From(string id) => _from[id];

    public IEnumerable<string> To(string id) => _to[id];

    public IEnumerable<(string Kind, string Says)> Gaps(string id) => _gaps[id];

    public IEnumerable<IReadOnlyList<string?>> Columns(string table) => _columns[table];

    public IEnumerable<HandbookEvent> EventsOf(string id) => _eventsOf[id];

    public bool IsPerson(string id) => _people.Contains(id);

    public bool IsEvent(string id) => Events.Any(e => e.Id == id && !e.IsLedger);
}

internal sealed record HandbookAsset(string Id, string Kind, string? Owner, string? Description, string? Details, string? Caveats);

internal sealed record HandbookEvent(string Date, string Kind, string Id, string Title, IReadOnlyList<string> About, string? Text)
{
    public bool IsLedger => Kind.StartsWith("ledger", StringComparison.Ordinal);
}
