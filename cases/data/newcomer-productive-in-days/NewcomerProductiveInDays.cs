using System.Text.Json.Nodes;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Onboard;

namespace Gnomon.Cases.Data;

/// <summary>A newcomer has to learn a project and ship a small safe change soon.</summary>
public sealed class NewcomerProductiveInDays : Case
{
    private const string Line = "onboard project.json --sandbox sandbox";
    private static readonly string[] People = ["ada", "ben", "cem", "dia"];

    // Table, what one row is, its columns with the words of the data dictionary; the last five are features.
    private static readonly (string Id, string Grain, (string Name, string Says)[] Columns)[] Tables =
    [
        ("customers", "customer", [("customer_id", "Number of the customer"), ("email", "Address for receipts"), ("age", "Years, as stated at sign-up"), ("tenure_months", "Months since sign-up"), ("visits_per_month", "Visits to the shop, mean of the last six months"), ("basket_items", "Items in a usual basket"), ("spend_per_month", "Euro, mean of the last six months")]),
        ("orders", "order", [("order_id", "Number of the order"), ("items", "Items in the parcel"), ("weight_kg", "Weight of the parcel"), ("distance_km", "From the depot to the door"), ("packing_minutes", "From payment to packed"), ("delivery_hours", "From packed to the door")]),
        ("products", "product", [("product_id", "Number of the product"), ("price", "Euro, with tax"), ("rating", "Stars, mean of all reviews"), ("stock_days", "Days until the shelf is empty"), ("reviews", "Reviews so far"), ("sales_per_week", "Pieces, mean of four weeks")]),
        ("stores", "store and week", [("store_week", "Store and week"), ("staff", "People on the shift plan"), ("floor_m2", "Sales floor"), ("opening_hours", "Hours open in the week"), ("parking_lots", "Places in front of the door"), ("revenue", "Thousand euro in the week")]),
        ("calls", "call to the help line", [("call_id", "Number of the call"), ("wait_minutes", "Until somebody answered"), ("length_minutes", "Of the talk"), ("earlier_calls", "Of the same customer in the month"), ("agent_years", "Experience of the agent"), ("satisfaction", "0 to 100, asked afterwards")]),
        ("campaigns", "campaign", [("campaign_id", "Number of the campaign"), ("budget", "Thousand euro"), ("reach", "Thousand people"), ("days", "Days it ran"), ("clicks", "Thousand clicks"), ("sales", "Thousand euro of sales that named it")]),
        ("returns", "returned parcel", [("return_id", "Number of the return"), ("days_kept", "Days between delivery and return"), ("value", "Euro of the parcel"), ("refund_days", "Until the money was back"), ("photos", "Photos sent with it"), ("handling_cost", "Euro")]),
        ("days", "day", [("day", "Day, local time"), ("temperature", "Degrees at noon"), ("rain_mm", "In the day"), ("visitors", "Of the site"), ("price_index", "Competitors' basket, 100 in January"), ("orders", "In the day")]),
    ];

    // A model, the table it is fitted on, its outcome and columns; the first column's slope is on record.
    private static readonly (string Id, string Table, string Outcome, string[] On)[] Models =
    [
        ("delivery-time", "orders", "delivery_hours", ["distance_km", "weight_kg"]), ("monthly-spend", "customers", "spend_per_month", ["visits_per_month", "tenure_months"]),
        ("weekly-sales", "products", "sales_per_week", ["price", "rating"]), ("store-revenue", "stores", "revenue", ["staff", "floor_m2"]), ("call-satisfaction", "calls", "satisfaction", ["wait_minutes", "length_minutes"]),
    ];

    public override CaseCard Card { get; } = new(
        "data/newcomer-productive-in-days", CaseLevel.Basic,
        "A newcomer should be productive in days",
        "A data scientist starts on Monday. Eight tables, forty features, five models and three incidents are spread over files and heads; somebody says that the new handbook makes people a quarter faster.",
        "A handbook that is made from what is registered, runs what it tells and lists what nobody wrote down can be trusted on the first day; one hire is no evidence of its speed.")
    {
        Verbs = ["onboard", "ledger"],
        Keywords = ["onboarding", "handbook", "data dictionary", "lineage", "documentation", "owner", "reproducible", "sandbox", "first task", "incident", "glossary", "new hire"],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "Eight tables, 40 features, 5 models with their jobs and 3 incidents; six things have no owner, and a claim of 25 % rests on one hire.", DecisionAction.Investigate, Line)
        {
            Fires = ["incomplete-documentation", "relative-effect-without-absolute"],
            Files = d => Files(d, ownerless: true, Claim("Newcomers are productive 25 % faster with the handbook", null, [9], [12, 11, 13, 12]), changed: false),
            InCode = InCode.Of(() => new OnboardOptions { Data = "project.json", Sandbox = "sandbox" }),
        },
        new("changed-table", "The same project, fully described; ten orders were added to a table after the run that is on record.", DecisionAction.DoNotDeploy, Line)
        {
            Fires = ["not-reproducible"],
            Files = d => Files(d, ownerless: false, null, changed: true),
        },
    ];

    public override Scene Twin { get; } = new(Scene.TwinName, "The same project, fully described, as it was recorded; the claim gives days, and the hires behind them.", DecisionAction.Answer, Line)
    {
        Files = d => Files(d, ownerless: false, Hires(d), changed: false),
    };

    // The records are those of runs: the project is run once, as it was on the day of the record.
    private static List<CaseFile> Files(Draw d, bool ownerless, JsonObject? claim, bool changed)
    {
        var tables = Tables.ToDictionary(t => t.Id, t => Rows(d, t.Id, t.Columns).ToList(), StringComparer.Ordinal);
        var folder = Directory.CreateTempSubdirectory("gnomon-project-").FullName;
        try
        {
            foreach (var (name, lines) in tables)
            {
                File.WriteAllText(Path.Combine(folder, $"{name}.csv"), string.Join('\n', lines) + "\n");
            }

            File.WriteAllText(Path.Combine(folder, "draft.json"), Project(d, ownerless, claim).ToJsonString());
            _ = Ask.Onboard(
                new OnboardOptions { Data = Path.Combine(folder, "draft.json"), Sandbox = Path.Combine(folder, "copies"), Record = Path.Combine(folder, "project.json"), Examples = 0 }, new AskSettings { Clock = new RecordDay() });
            var project = File.ReadAllLines(Path.Combine(folder, "project.json"));
            if (changed)
            {
                tables["orders"].AddRange(Enumerable.Range(0, 10).Select(i => FormattableString.Invariant($"o{900_000 + i},3,2.5,{20 + i},12,{30 + i}")));
            }

            return [.. tables.Select(t => new CaseFile($"{t.Key}.csv", t.Value)), new CaseFile("project.json", project)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<string> Rows(Draw d, string table, (string Name, string Says)[] columns)
    {
        var rng = d.Stream(table);
        var rows = d.Of(400, 120);
        yield return string.Join(',', columns.Select(c => c.Name));
        for (var i = 0; i < rows; i++)
        {
            var x = Enumerable.Range(0, columns.Length - 1).Select(_ => 5 + (20 * rng.NextDouble())).ToArray();
            var outcome = 10 + x.Select((v, c) => (c % 2 == 0 ? 0.8 : -0.3) * v).Sum() + (3 * rng.NextNormal());
            var key = table == "days" ? new DateOnly(2025, 1, 1).AddDays(i).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) : $"{table[0]}{100_000 + i}";
            yield return string.Join(',', columns.Select((c, at) => at == 0 ? key : c.Name == "email" ? $"person{i}@example.org" : FormattableString.Invariant($"{(at == columns.Length - 1 ? outcome : x[at - 1]):0.00}")));
        }
    }

    private static JsonObject Project(Draw d, bool ownerless, JsonObject? claim)
    {
        var rng = d.Stream("project");
        var tables = new JsonArray([.. Tables.Select(t => Asset(t.Id, $"One row for each {t.Grain}.", rng, ("path", $"{t.Id}.csv"), ("grain", $"one {t.Grain}"), ("refresh", "every night at 03:00 UTC"), ("reviewed", "2026-09-01"),
            ("caveats", new JsonArray($"The last night may be missing from {t.Id} until 06:00.")), ("columns", new JsonArray([.. t.Columns.Select(c => Column(t.Id, c))]))))]);
        var features = new JsonArray([.. Tables.SelectMany(t => t.Columns[^5..].Select(c => Asset($"{t.Id}-{c.Name.Replace('_', '-')}", $"{c.Says}.", rng, ("from", new JsonArray($"{t.Id}.{c.Name}")))))]);
        var models = new JsonArray([.. Models.Select(m => Asset(m.Id, $"Says what moves {Words(m.Outcome)}.", rng, ("features", new JsonArray([.. m.On.Select(c => (JsonNode)$"{m.Table}-{c.Replace('_', '-')}")])),
            ("intendedUse", "Planning of the next quarter, not single cases."), ("window", "2025-01 to 2026-08"), ("failureModes", "Sale weeks, and places opened after the window.")))]);
        var jobs = new JsonArray([.. Models.Select(m => Asset($"fit-{m.Id}", $"Fits {m.Id} anew.", rng, ("from", new JsonArray([m.Table, .. m.On.Select(c => (JsonNode)$"{m.Table}-{c.Replace('_', '-')}")])), ("outputs", new JsonArray(m.Id)),
            ("command", $"regress {m.Table}.csv --target {m.Outcome} --on {string.Join(',', m.On)}"), ("record", new JsonObject { ["metric"] = new JsonObject { ["of"] = "slope", ["metric"] = m.On[0] } })))]);
        if (ownerless)
        {
            Strip(tables, 1, rng);
            Strip(features, 3, rng);
            Strip(models, 1, rng);
            Strip(jobs, 1, rng);
        }

        return new JsonObject
        {
            ["schema"] = "gnomon.project/1",
            ["name"] = "Planning models of the shop",
            ["purpose"] = "Five small models tell the planners what moves delivery, spend, sales, revenue and satisfaction.",
            ["standards"] = new JsonArray("Every number that leaves the team comes from a recorded run.", "A change to a model is reviewed by its owner.", "No row of a customer leaves the warehouse."),
            ["people"] = new JsonArray([.. People.Select((p, i) => new JsonObject { ["id"] = p, ["name"] = $"{char.ToUpperInvariant(p[0])}{p[1..]}", ["role"] = i == 0 ? "lead" : "data scientist", ["contact"] = $"#planning, @{p}" })]),
            ["tables"] = tables, ["features"] = features, ["models"] = models, ["jobs"] = jobs,
            ["incidents"] = new JsonArray(
                Event("late-orders", "2026-02-11", "Orders of a night counted twice", "orders", ("cause", "The nightly load was started again by hand."), ("impact", "412 orders, one weekly report."), ("test", "duplicate-records on orders every morning.")),
                Event("mixed-units", "2026-05-03", "Weights in grams for a week", "orders", ("cause", "A new scale in the depot."), ("impact", "1,930 parcels."), ("test", "unit-mismatch on orders.weight_kg.")),
                Event("empty-calls", "2026-07-20", "No calls on a Sunday", "calls", ("cause", "The export had no Sundays."), ("impact", "Four Sundays."), ("test", "stale-data on calls."))),
            ["decisions"] = new JsonArray(
                Event("plain-models", "2026-01-15", "Linear models only", "delivery-time", ("by", "ada")),
                Event("hours-not-days", "2026-03-02", "Delivery is told in hours", "delivery-time", ("by", "ben"))),
            ["glossary"] = new JsonArray(
                new JsonObject { ["term"] = "depot", ["meaning"] = "Where parcels are packed; one for each region." },
                new JsonObject { ["term"] = "tenure", ["meaning"] = "Months since a customer signed up." },
                new JsonObject { ["term"] = "slope", ["meaning"] = "How much the outcome moves per unit of a column, the others held fixed." }),
            ["claims"] = claim is null ? new JsonArray() : new JsonArray(claim.DeepClone()),
        };
    }

    // Nobody owns it; of every other one nobody wrote what it is either.
    private static void Strip(JsonArray assets, int count, Rng rng)
    {
        var order = Enumerable.Range(0, assets.Count).ToArray();
        rng.Shuffle<int>(order);
        foreach (var (at, i) in order.Take(count).Index())
        {
            var asset = (JsonObject)assets[i]!;
            asset.Remove("owner");
            if (at % 2 == 0)
            {
                asset.Remove("description");
            }
        }
    }

    private static JsonObject Column(string table, (string Name, string Says) column)
    {
        var one = new JsonObject { ["name"] = column.Name, ["description"] = $"{column.Says}." };
        if (column.Name == "email")
        {
            one["personal"] = true;
        }

        if (column.Name == "weight_kg")
        {
            one["caveat"] = $"Grams from 2026-04-27 to 2026-05-03 in {table}; mended since.";
        }

        return one;
    }

    private static JsonObject Asset(string id, string description, Rng rng, params (string Name, JsonNode? Value)[] fields)
    {
        var asset = new JsonObject { ["id"] = id, ["description"] = description, ["owner"] = People[rng.NextInt(People.Length)] };
        foreach (var (name, value) in fields)
        {
            asset[name] = value;
        }

        return asset;
    }

    private static JsonObject Event(string id, string date, string title, string about, params (string Name, string Text)[] fields)
    {
        var one = new JsonObject { ["id"] = id, ["date"] = date, ["title"] = title, ["description"] = $"{title}.", ["about"] = new JsonArray(about) };
        foreach (var (name, text) in fields)
        {
            one[name] = text;
        }

        return one;
    }

    private static JsonObject Claim(string says, double? difference, IEnumerable<double> with, IEnumerable<double> without)
    {
        var claim = new JsonObject { ["says"] = says, ["with"] = new JsonArray([.. with.Select(v => (JsonNode)v)]), ["without"] = new JsonArray([.. without.Select(v => (JsonNode)v)]) };
        if (difference is { } days)
        {
            claim["difference"] = days;
        }

        return claim;
    }

    private static JsonObject Hires(Draw d)
    {
        var rng = d.Stream("hires");
        var (with, without) = (Days(rng, 14, 9), Days(rng, 12, 12));
        var (share, days) = (Math.Round(100 * (1 - (with.Average() / without.Average()))), Math.Round(with.Average() - without.Average(), 1));
        return Claim(FormattableString.Invariant($"The first change came {share} % sooner, {with.Average():0.0} days instead of {without.Average():0.0}"), days, with, without);
    }

    private static double[] Days(Rng rng, int hires, double mean) => [.. Enumerable.Range(0, hires).Select(_ => Math.Round(Math.Max(2, mean + (1.5 * rng.NextNormal())), 1))];

    private static string Words(string column) => column.Replace('_', ' ');

    private sealed class RecordDay : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 9, 1, 6, 0, 0, TimeSpan.Zero);
    }
}
