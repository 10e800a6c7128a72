using System.Globalization;
using Gnomon.Core.Findings;
using Gnomon.Studies.Sql;

namespace Gnomon.Cases.Data;

/// <summary>One column of JSON objects with keys that differ, some broken, some with explicit nulls.</summary>
public sealed class JsonColumnOfAMillionRows : Case
{
    private const string Ask = "sql rows.csv --expand payload";

    private static readonly string[] Cities = ["Berlin", "Zürich", "Köln", "Wien", "Genève"];

    public override CaseCard Card { get; } = new(
        "data/json-column-of-a-million-rows", CaseLevel.Basic,
        "A million JSON cells are to become columns",
        "One column holds JSON objects with differing keys, such as city and pin. The plan is to parse row by row into dictionaries, and to drop what cannot be parsed.",
        "Find the union of the keys and the type that holds for all values of each, keep every row, and list the cells that are broken; digits in quotes are texts.")
    {
        Verbs = ["sql", "profile"],
        Keywords = ["JSON", "json_normalize", "semi-structured", "leading zeros", "explicit null", "malformed rows", "quarantine"],
        Gaps = ["Time and memory on a million rows are measured by the benchmarks, not by this case."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("differing-keys", "Twelve keys at 5 to 100 % presence, pins with leading zeros, five cells in a thousand cut off, 3 % explicit nulls, 1 % nested.", DecisionAction.Answer, Ask)
        {
            Fires = ["null-semantics", "parsing-loss", "row-count-changed"],
            Files = d => [new CaseFile("rows.csv", Rows(d, flawed: true))],
            InCode = InCode.Of(() => new SqlOptions
            {
                Data = "rows.csv",
                Expand = "payload",
            }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "Every object has the same keys, all with values.", DecisionAction.Answer, Ask)
    {
        Files = d => [new CaseFile("rows.csv", Rows(d, flawed: false))],
    };

    private static IEnumerable<string> Rows(Draw d, bool flawed)
    {
        var rng = d.Stream("objects");
        yield return "row_no,payload";
        for (var i = 1; i <= d.Of(100_000, 5_000); i++)
        {
            var parts = new List<string>();
            for (var k = 0; k < 8; k++)
            {
                var share = flawed ? 1.0 - (k * 0.135) : 1;
                if (rng.NextDouble() < share)
                {
                    parts.Add($"\"n{k}\":{(k % 2 == 0 ? rng.NextInt(1_000_000).ToString(CultureInfo.InvariantCulture) : (rng.NextInt(100_000) / 8.0).ToString(CultureInfo.InvariantCulture))}");
                }
            }

            parts.Add($"\"pin\":\"{(flawed && rng.NextDouble() < 0.08 ? "0" : "4")}{10_000 + rng.NextInt(90_000)}\"");
            var kind = rng.NextDouble();
            parts.Add(flawed && kind < 0.03 ? "\"city\":null" : flawed && kind < 0.04 ? $"\"city\":{{\"name\":\"{Cities[rng.NextInt(5)]}\",\"zip\":\"0{1_000 + rng.NextInt(9_000)}\"}}" : $"\"city\":\"{Cities[rng.NextInt(5)]}\"");
            var text = "{" + string.Join(',', parts) + "}";
            var shown = flawed && rng.NextDouble() < 0.005 ? text[..(text.Length / 2)] : text;
            yield return $"{i},\"{shown.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        }
    }
}
