using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Privacy;

namespace Gnomon.Studies.Privacy;

/// <summary>What each column is for an outsider, and which combinations single people out.</summary>
internal sealed class PrivacyScan
{
    private const double MostlyOne = 0.001;
    private const double LabelFrom = 0.9;
    private const int MostInCombination = 3;
    private const int MostCombinations = 300;
    private const int MostShown = 12;

    private static readonly string[] NamesOfPeople =
        ["name", "firstname", "lastname", "surname", "fullname", "givenname", "familyname", "email", "mail", "phone", "telephone", "mobile", "address", "street", "ssn", "passport", "iban", "card", "cardnumber", "licence", "license", "username", "login"];

    private List<(string Names, int Count, AnonymityResult Result)>? _few;

    private PrivacyScan(PrivacyTable table, IReadOnlyList<SensitiveColumn> direct, IReadOnlyList<PrivacyColumn> quasi) => (Table, Direct, Quasi) = (table, direct, quasi);

    public PrivacyTable Table { get; }

    /// <summary>Columns that name a person or open a door.</summary>
    public IReadOnlyList<SensitiveColumn> Direct { get; }

    /// <summary>Columns that an outsider may know.</summary>
    public IReadOnlyList<PrivacyColumn> Quasi { get; }

    public static PrivacyScan Of(PrivacyTable table, PrivacyOptions options)
    {
        var named = options.Identifiers.Select(i => table.Find(i, "--identifiers").Name).ToHashSet(StringComparer.Ordinal);
        if (options.Unit is { } unit)
        {
            named.Add(table.Find(unit, "--unit").Name);
        }

        var direct = table.Columns.Select(c => Kind(c, named.Contains(c.Name))).OfType<SensitiveColumn>().ToList();
        var aside = direct.Select(d => d.Column).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, option) in new[] { (options.Target, "--target"), (options.Sensitive, "--sensitive") })
        {
            if (name is not null)
            {
                aside.Add(table.Find(name, option).Name);
            }
        }

        var quasi = options.Quasi.Count > 0
            ? options.Quasi.Select(q => table.Find(q, "--quasi")).Distinct().ToList()
            : table.Columns.Where(c => !aside.Contains(c.Name) && c.Distinct > 1 && c.Type is not (Core.Tables.ColumnType.Double or Core.Tables.ColumnType.Decimal)).ToList();
        return new PrivacyScan(table, [.. direct.Where(d => quasi.TrueForAll(q => q.Name != d.Column))], quasi);
    }

    public AnonymityResult Measure(int k, PrivacyColumn? sensitive)
    {
        var (classes, count) = Anonymity.Classes([.. Quasi.Select(q => q.Codes)], Table.Rows);
        return Anonymity.Measure(classes, count, k, sensitive is null ? [] : sensitive.Codes);
    }

    /// <summary>Up to three columns at a time, those that leave most rows alone first.</summary>
    public IReadOnlyList<(string Names, int Count, AnonymityResult Result)> Few => _few ??= Combine();

    /// <summary>Which few columns are enough to single people out; no rows when none are.</summary>
    public ResultTable Combinations() => new("combinations", "What singles people out", ["known of a person", "combinations", "rows alone", "alone share", "rows in groups below 5"],
        [.. Few.Where(f => f.Result.Below > 0).Take(MostShown).Select(f => (IReadOnlyList<object?>)[f.Names, f.Result.Classes, f.Result.Unique, f.Result.Unique / (double)Table.Rows, f.Result.Below])]);

    private List<(string Names, int Count, AnonymityResult Result)> Combine()
    {
        var found = new List<(string Names, int Count, AnonymityResult Result)>();
        foreach (var set in Sets())
        {
            var (classes, count) = Anonymity.Classes([.. set.Select(q => q.Codes)], Table.Rows);
            found.Add((string.Join(", ", set.Select(q => q.Name)), set.Count, Anonymity.Measure(classes, count, 5)));
        }

        return [.. found.OrderByDescending(f => f.Result.Unique).ThenBy(f => f.Count).ThenBy(f => f.Names, StringComparer.Ordinal)];
    }

    private IEnumerable<List<PrivacyColumn>> Sets()
    {
        var sets = new List<List<PrivacyColumn>>();
        for (var size = 1; size <= Math.Min(MostInCombination, Quasi.Count); size++)
        {
            Choose([], 0, size);
        }

        return sets;

        void Choose(List<PrivacyColumn> chosen, int from, int size)
        {
            if (chosen.Count == size)
            {
                sets.Add(chosen);
                return;
            }

            for (var i = from; i < Quasi.Count && sets.Count < MostCombinations; i++)
            {
                Choose([.. chosen, Quasi[i]], i + 1, size);
            }
        }
    }

    // Values first, names second: a column called name that holds three products is no name.
    private static SensitiveColumn? Kind(PrivacyColumn column, bool isNamed)
    {
        var (kinds, present) = Kinds(column);
        var top = kinds.OrderByDescending(k => k.Value).ThenBy(k => k.Key, StringComparer.Ordinal).FirstOrDefault();
        if (top.Key is not null && top.Value > MostlyOne * present && !(column.IsNumber && top.Key == "payment card" && top.Value < 0.5 * present))
        {
            return new SensitiveColumn(column.Name, Plural(top.Key), top.Value / (double)present, top.Key is "credential" or "payment card" or "bank account");
        }

        if (isNamed)
        {
            return new SensitiveColumn(column.Name, "identifiers, as you say", 1, IsSecret: false);
        }

        var plain = string.Concat(column.Name.Where(char.IsLetter)).ToLowerInvariant();
        var isLabel = column.Distinct >= LabelFrom * column.Codes.Length && column.Codes.Length >= 20;
        return NamesOfPeople.Contains(plain) && column.Distinct > Math.Min(20, column.Codes.Length / 2) ? new SensitiveColumn(column.Name, "names by their heading", 1, IsSecret: false)
            : isLabel && (column.Numbers is null || NameHints.IsIdentifier(column.Name)) ? new SensitiveColumn(column.Name, "a label of nearly every row", 1, IsSecret: false)
            : null;
    }

    private static (Dictionary<string, long> Kinds, long Present) Kinds(PrivacyColumn column)
    {
        var counts = new long[column.Values.Count];
        foreach (var code in column.Codes)
        {
            counts[code]++;
        }

        var kinds = new Dictionary<string, long>(StringComparer.Ordinal);
        long present = 0;
        for (var v = 0; v < counts.Length; v++)
        {
            if (column.Values[v].Length == 0)
            {
                continue;
            }

            present += counts[v];
            if ((column.Numbers is null || column.Type == Core.Tables.ColumnType.Integer) && DirectIdentifier.Kind(column.Values[v]) is { } kind)
            {
                kinds[kind] = kinds.GetValueOrDefault(kind) + counts[v];
            }
        }

        return (kinds, Math.Max(1, present));
    }

    private static string Plural(string kind) => kind.EndsWith("ss", StringComparison.Ordinal) ? kind + "es" : kind + "s";
}
