using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Onboard;

namespace Gnomon.Tests.Studies.Onboard;

/// <summary>A small whole project in a folder of its own: two tables, two features, a model, a job with its record, an incident, a decision, a word, two people.</summary>
internal sealed class TestProject : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("gnomon-onboard-").FullName;

    public TestProject(Action<JsonObject>? change = null, bool recorded = true)
    {
        Directory.CreateDirectory(Folder);
        var rng = new Rng(7);
        Write("homes.csv", ["home_id,area,rooms,age,price", .. Enumerable.Range(0, 80).Select(i =>
        {
            var (area, rooms, age) = (40 + (80 * rng.NextDouble()), 1 + rng.NextInt(5), 50 * rng.NextDouble());
            return FormattableString.Invariant($"h{i:000},{area:0.0},{rooms},{age:0.0},{50 + (2.5 * area) + (9 * rooms) - (0.6 * age) + (10 * rng.NextNormal()):0.00}");
        })]);
        Write("buyers.csv", ["buyer_id,mail,nickname,home_id,budget", .. Enumerable.Range(0, 60).Select(i => FormattableString.Invariant($"b{i:000},buyer{i}@example.org,fox{i % 7},h{i:000},{200 + i}"))]);
        var draft = Json();
        File.WriteAllText(File_, draft.ToJsonString());
        if (recorded)
        {
            _ = Ask.Onboard(new OnboardOptions { Data = File_, Sandbox = Path.Combine(_root, "first"), Record = Path.Combine(Folder, "recorded.json") });
            draft = (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "recorded.json")))!;
            File.Delete(Path.Combine(Folder, "recorded.json"));
        }

        change?.Invoke(draft);
        File.WriteAllText(File_, draft.ToJsonString());
    }

    public string Folder => Path.Combine(_root, "project");

    public string File_ => Path.Combine(Folder, "project.json");

    public string Sandbox => Path.Combine(_root, "box");

    public string Work => Path.Combine(Sandbox, "work");

    public Finding Run(bool sandbox = true, Func<OnboardOptions, OnboardOptions>? with = null, AskSettings? settings = null)
    {
        var options = new OnboardOptions { Data = File_, Sandbox = sandbox ? Sandbox : null };
        return Ask.Onboard(with is null ? options : with(options), settings ?? new AskSettings());
    }

    public void Write(string name, IEnumerable<string> lines) => File.WriteAllText(Path.Combine(Folder, name), string.Join('\n', lines) + "\n");

    /// <summary>Every file of the project with its hash.</summary>
    public string Bytes() => string.Join('\n', Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f => $"{f} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f)))}"));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    public static double Number(object? cell) => cell as double? ?? double.Parse((string)cell!, CultureInfo.InvariantCulture);

    private static JsonObject Json() => (JsonObject)JsonNode.Parse("""
        {
          "schema": "gnomon.project/1", "name": "Homes", "purpose": "Say what a home is worth.", "standards": ["Numbers come from recorded runs."],
          "people": [{ "id": "ada", "name": "Ada", "role": "lead", "contact": "#homes" }, { "id": "ben" }],
          "tables": [
            { "id": "homes", "path": "homes.csv", "description": "Homes on sale.", "owner": "ada", "grain": "one home", "refresh": "daily", "reviewed": "2026-06-01", "caveats": ["No flats below 40 m2."],
              "columns": [{ "name": "home_id", "description": "Number." }, { "name": "area", "description": "m2.", "caveat": "Without the balcony." }, { "name": "rooms", "description": "Rooms." },
                          { "name": "age", "description": "Years." }, { "name": "price", "description": "Thousand euro." }] },
            { "id": "buyers", "path": "buyers.csv", "description": "People who look for a home.", "owner": "ben", "grain": "one person", "refresh": "daily",
              "columns": [{ "name": "buyer_id", "description": "Number." }, { "name": "mail", "description": "Address." }, { "name": "nickname", "description": "As chosen.", "personal": true },
                          { "name": "home_id", "description": "Home seen." }, { "name": "budget", "description": "Thousand euro." }] }
          ],
          "features": [{ "id": "size", "description": "Area.", "owner": "ada", "from": ["homes.area"] }, { "id": "room-count", "description": "Rooms.", "owner": "ben", "from": ["homes.rooms"] }],
          "models": [{ "id": "value", "description": "What a home is worth.", "owner": "ada", "features": ["size", "room-count"], "intendedUse": "First offers.", "window": "2025", "failureModes": "Castles." }],
          "jobs": [{ "id": "fit", "description": "Fits value.", "owner": "ben", "from": ["homes", "size", "room-count"], "outputs": ["value"], "command": "gnomon regress homes.csv --target price --on area,rooms --json",
                     "record": { "metric": { "of": "slope", "metric": "area" } } }],
          "incidents": [{ "id": "zero-area", "date": "2026-02-01", "title": "Homes without area", "description": "Area 0.", "about": ["homes"], "cause": "A form.", "impact": "12 homes.", "test": "sentinel-value." }],
          "decisions": [{ "id": "linear", "date": "2026-01-10", "title": "A straight line", "description": "Easy to explain.", "by": "ada", "about": ["value"] }],
          "glossary": [{ "term": "area", "meaning": "Living area." }]
        }
        """)!;
}
