using System.Text.Json;
using Gnomon.Core.Ledger;
using Gnomon.Data.Ledger.Sqlite;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Data.Ledger;

/// <summary>The effects of past experiments, read from the findings as they were written.</summary>
internal static class EffectHistory
{
    private const string Sql = """
        SELECT f.roles, f.family, f.entry, n.json, l.name FROM families f JOIN findings n ON n.entry = f.entry JOIN entries e ON e.sequence = f.entry JOIN looks l ON l.entry = f.entry
        WHERE e.verb = 'ab' AND f.entry = (SELECT max(g.entry) FROM families g WHERE g.roles = f.roles AND g.family = f.family)
        ORDER BY f.family, f.roles
        """;

    public static IReadOnlyList<PastEffect> Read(SqliteDatabase database, ExperimentKey except)
    {
        var own = LookHistory.Read(database, except).Entries;
        var effects = new List<PastEffect>();
        using var statement = database.Prepare(Sql);
        while (statement.Step())
        {
            // A thing tested against itself is no idea: its wins are luck, and say nothing of how often ideas work.
            if (!own.Contains(statement.Number(2)) && !ExperimentNames.IsAgainstItself(statement.TextOrNull(4)) && Of(statement.Text(3)) is { } effect)
            {
                effects.Add(effect);
            }
        }

        return effects;
    }

    // A finding that was not to be read has no effect to learn from; nor has one whose interval is missing.
    private static PastEffect? Of(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var action = root.GetProperty("decision").GetProperty("action").GetString();
            if (action is "fix-data-first" or "investigate")
            {
                return null;
            }

            foreach (var e in root.GetProperty("estimates").EnumerateArray())
            {
                if (e.GetProperty("name").GetString() == "lift" && e.GetProperty("role").GetString() == "primary" && Number(e, "value") is { } value
                    && Number(e, "low") is { } low && Number(e, "high") is { } high && Number(e, "level") is > 0 and < 1 and var level && high > low)
                {
                    return new PastEffect(
                        e.GetProperty("metric").GetString() ?? string.Empty, e.TryGetProperty("contrast", out var contrast) ? contrast.GetString() ?? string.Empty : string.Empty,
                        value, (high - low) / (2 * Normal.UpperQuantile((1 - level) / 2))) { Won = action == "ship" };
                }
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }

        return null;
    }

    private static double? Number(JsonElement e, string name) => e.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()) ? value.GetDouble() : null;
}
