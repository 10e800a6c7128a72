using System.Globalization;
using System.Text.Json;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Render.Json;
using Gnomon.Studies.Ab;
using Gnomon.Studies.Design;
using Gnomon.Studies.Profile;
using Gnomon.Studies.Regress;
using Xunit;
using CompareOptions = Gnomon.Studies.Compare.CompareOptions;

namespace Gnomon.Tests.Data.Parity;

/// <summary>
/// Two data sets and the questions that the study verbs ask of them. A server must give the finding that the file gives: words equal, whole numbers equal, doubles within 1e-9. Provenance differs, as
/// it says where the data are, and so does a profile's table of what was read; nothing else may.
/// </summary>
internal static class FindingParity
{
    private const double Tolerance = 1e-9;

    private static readonly string[] Countries = ["DE", "France", "日本", "O'Land"];

    public static TheoryData<string> Names => new(Questions.Keys.Order(StringComparer.Ordinal));

    /// <summary>By name: the data set, and the question.</summary>
    public static IReadOnlyDictionary<string, (string Data, Func<string, Finding> Ask)> Questions { get; } = new Dictionary<string, (string, Func<string, Finding>)>(StringComparer.Ordinal)
    {
        ["ab"] = ("visits", d => Ask.Ab(new AbOptions { Data = d, Variant = "arm", Unit = "user_id", Metric = ["converted", "revenue"], Pre = ["before"], Time = "at", Segment = ["country"] })),
        ["ab with several rows per unit"] = ("orders", d => Ask.Ab(new AbOptions { Data = d, Variant = "arm", Unit = "user_id", Metric = ["amount"], Ratio = ["amount/items"], Time = "at" })),
        ["ab where a text counts"] = ("orders", d => Ask.Ab(new AbOptions { Data = d, Variant = "arm", Unit = "user_id", Metric = ["kind=gift"] })),
        ["ab with a condition"] = ("visits", d => Ask.Ab(new AbOptions { Data = d, Variant = "arm", Unit = "user_id", Metric = ["revenue"], Where = "sessions > 2" })),
        ["compare"] = ("visits", d => Ask.Compare(new CompareOptions { Data = d, Metric = "revenue", By = "arm" })),
        ["compare groups"] = ("visits", d => Ask.Compare(new CompareOptions { Data = d, Metric = "sessions", By = "country" })),
        ["compare shares"] = ("orders", d => Ask.Compare(new CompareOptions { Data = d, Metric = "gift", By = "arm" })),
        ["design"] = ("visits", d => Ask.Design(new DesignOptions { From = d, Metric = "revenue", Unit = "user_id", Mde = "5%" })),
        ["design over time"] = ("orders", d => Ask.Design(new DesignOptions { From = d, Metric = "amount", Unit = "user_id", Time = "at", Mde = "5%" })),
        ["profile"] = ("visits", d => Ask.Profile(new ProfileOptions { Data = d })),
        ["profile with a target"] = ("orders", d => Ask.Profile(new ProfileOptions { Data = d, Target = "gift", Time = "at", Key = ["order_id"] })),
        ["regress"] = ("visits", d => Ask.Regress(new RegressOptions { Data = d, Target = "revenue", On = ["sessions", "arm", "country"] })),
        ["regress with clusters"] = ("orders", d => Ask.Regress(new RegressOptions { Data = d, Target = "gift", On = ["amount", "arm"], Cluster = ["user_id"] })),
    };

    /// <summary>The rows of a data set, in an order that its first column keeps.</summary>
    public static Table Draw(string name)
    {
        var rng = new Rng(name == "visits" ? 11 : 12).Stream(name);
        var start = new DateTimeOffset(2025, 3, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        var n = name == "visits" ? 1_500 : 2_400;
        var ids = Enumerable.Range(0, n).Select(i => (long)(i + 1)).ToArray();
        var users = Enumerable.Range(0, n).Select(i => name == "visits" ? ids[i] : 1L + rng.NextInt(700)).ToArray();
        var isNew = users.Select(u => (u * 2_654_435_761 >> 7) % 2 == 0).ToArray();
        var at = new IntegerColumn("at", ColumnType.Timestamp, [.. ids.Select(_ => (start + rng.NextInt(28 * 86_400)) * 1_000_000)]);
        TextColumn Text(string column, Func<int, string?> value)
        {
            var table = new Table([]).And(column, Enumerable.Range(0, n).Select(value));
            return (TextColumn)table.Columns[0];
        }

        var arm = Text("arm", i => isNew[i] ? "new" : "old");
        IntegerColumn Whole(string column, Func<int, long> value) => new(column, ColumnType.Integer, [.. Enumerable.Range(0, n).Select(value)]);
        DoubleColumn Real(string column, Func<int, double> value, double gap)
        {
            var nulls = Enumerable.Range(0, n).Select(_ => rng.NextDouble() < gap).ToArray();
            return new DoubleColumn(column, [.. Enumerable.Range(0, n).Select(i => nulls[i] ? 0 : value(i))], nulls);
        }

        return name == "visits"
            ? new Table(
            [
                Whole("user_id", i => ids[i]), arm, at, Text("country", _ => rng.NextDouble() < 0.05 ? null : Countries[rng.NextInt(Countries.Length)]), Whole("sessions", _ => 1 + rng.NextInt(8)),
                Whole("converted", i => rng.NextDouble() < (isNew[i] ? 0.16 : 0.1) ? 1 : 0), Real("revenue", i => Math.Round(Math.Exp(3 + 0.8 * rng.NextNormal() + (isNew[i] ? 0.1 : 0)), 2), 0.02), Real("before", _ => Math.Round(Math.Exp(3 + rng.NextNormal()), 6), 0.1),
            ])
            : new Table(
            [
                Whole("order_id", i => ids[i]), Whole("user_id", i => users[i]), arm, at, Text("kind", _ => rng.NextInt(3) switch { 0 => "gift", 1 => "own", _ => "Own " }), Whole("items", _ => 1 + rng.NextInt(4)),
                Whole("gift", _ => rng.NextInt(4) == 0 ? 1 : 0), Real("amount", i => Math.Round(1e6 + 200 * rng.NextNormal() + (isNew[i] ? 20 : 0), 3), 0.03),
            ]);
    }

    /// <summary>The same rows as a file.</summary>
    public static string Csv(Table table)
    {
        var lines = Enumerable.Range(0, table.Rows).Select(r => string.Join(',', table.Columns.Select(c => c.Cell(r) switch
        {
            null => string.Empty,
            double x => x.ToString("R", CultureInfo.InvariantCulture),
            DateTimeOffset t => t.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            string s => $"\"{s}\"",
            var other => Convert.ToString(other, CultureInfo.InvariantCulture),
        })));
        return string.Join('\n', lines.Prepend(string.Join(',', table.Columns.Select(c => c.Name)))) + "\n";
    }

    /// <summary>Asks the file and the server.</summary>
    /// <param name="question">From <see cref="Names"/>.</param>
    /// <param name="file">Path of the file.</param>
    /// <param name="server">Address of the table.</param>
    public static void Same(string question, string file, string server)
    {
        var (_, ask) = Questions[question];
        var (here, there) = (ask(file), ask(server));
        var differences = new List<string>();
        Walk(JsonDocument.Parse(FindingJson.Write(WithoutSource(here))).RootElement, JsonDocument.Parse(FindingJson.Write(WithoutSource(there))).RootElement, string.Empty, here.Provenance.Data[0].Source, there.Provenance.Data[0].Source, differences);
        Assert.True(differences.Count == 0, $"{question}:\n{string.Join('\n', differences.Take(12))}");
        Assert.Equal(here.Provenance.Data[0].Rows, there.Provenance.Data[0].Rows);
        Assert.NotEmpty(here.Estimates.Count > 0 ? here.Estimates : here.Tables.Cast<object>());
    }

    // A file has bytes and a hash of them, which a profile tells; a table has none.
    private static Finding WithoutSource(Finding finding) => finding with { Tables = [.. finding.Tables.Where(t => t.Id != "source")] };

    private static void Walk(JsonElement a, JsonElement b, string where, string file, string server, List<string> differences)
    {
        if (a.ValueKind != b.ValueKind)
        {
            differences.Add($"{where}: {a} here, {b} there");
        }
        else if (a.ValueKind == JsonValueKind.Object)
        {
            var names = a.EnumerateObject().Select(p => p.Name).Union(b.EnumerateObject().Select(p => p.Name), StringComparer.Ordinal).Where(n => n != "provenance");
            foreach (var name in names)
            {
                if (a.TryGetProperty(name, out var x) && b.TryGetProperty(name, out var y))
                {
                    Walk(x, y, $"{where}/{name}", file, server, differences);
                }
                else
                {
                    differences.Add($"{where}/{name} is missing in one");
                }
            }
        }
        else if (a.ValueKind == JsonValueKind.Array)
        {
            if (a.GetArrayLength() != b.GetArrayLength())
            {
                differences.Add($"{where}: {a.GetArrayLength()} here, {b.GetArrayLength()} there");
                return;
            }

            foreach (var (x, y, i) in a.EnumerateArray().Zip(b.EnumerateArray()).Select((p, i) => (p.First, p.Second, i)))
            {
                Walk(x, y, $"{where}/{i}", file, server, differences);
            }
        }
        else if (a.ValueKind == JsonValueKind.Number ? !Near(a.GetDouble(), b.GetDouble()) : Plain(a.ToString(), file) != Plain(b.ToString(), server))
        {
            differences.Add($"{where}: {a} here, {b} there");
        }
    }

    // Whole numbers that a double holds exactly must be equal.
    private static bool Near(double x, double y) =>
        x == y || (!(double.IsInteger(x) && double.IsInteger(y) && Math.Abs(x) < 1e15) && Math.Abs(x - y) <= Tolerance * Math.Max(Math.Abs(x), Math.Abs(y)));

    private static string Plain(string text, string source) => text.Replace(source, "DATA", StringComparison.Ordinal).Replace(Path.GetFileName(source), "DATA", StringComparison.Ordinal);
}
