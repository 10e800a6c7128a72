using System.Globalization;
using System.Text.Json;
using Gnomon.Core.Findings;

namespace Gnomon.Cases;

/// <summary>Numbers that another tool computed from the exported data of a scene: tests/reference/cases, made by make.py there.</summary>
public static class Reference
{
    private const string Prefix = "reference/";
    private static readonly Lazy<IReadOnlyList<ReferenceNumber>> Loaded = new(Load);

    public static IReadOnlyList<ReferenceNumber> All => Loaded.Value;

    /// <summary>The numbers of one scene at one size; only for the seed they were made with.</summary>
    public static IEnumerable<ReferenceNumber> For(string id, string scene, Draw draw) =>
        All.Where(n => n.Case == id && n.Scene == scene && n.Full == draw.Full && n.Seed == draw.Seed);

    private static IReadOnlyList<ReferenceNumber> Load()
    {
        var assembly = typeof(Reference).Assembly;
        var numbers = new List<ReferenceNumber>();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var document = JsonDocument.Parse(stream);
            var seed = document.RootElement.GetProperty("seed").GetInt32();
            numbers.AddRange(document.RootElement.GetProperty("numbers").EnumerateArray().Select(n => Read(n, seed)));
        }

        return numbers;
    }

    private static ReferenceNumber Read(JsonElement n, int seed) => new(
        n.GetProperty("case").GetString()!, n.GetProperty("scene").GetString()!, n.GetProperty("size").GetString() == "full", seed,
        n.GetProperty("of").GetString()!, n.GetProperty("field").GetString()!, n.GetProperty("expected").GetDouble(), n.GetProperty("tolerance").GetDouble(), n.GetProperty("how").GetString()!)
    {
        Metric = n.TryGetProperty("metric", out var metric) ? metric.GetString() : null,
        Role = n.TryGetProperty("role", out var role) ? role.GetString() : null,
    };
}

/// <summary>One number of another tool.</summary>
/// <param name="Of">Name of an estimate (<c>difference</c>, <c>lift</c>), or the id of a check.</param>
/// <param name="Field"><c>value</c>, <c>low</c>, <c>high</c>, <c>p</c>, <c>n</c> of an estimate; <c>statistic</c>, <c>threshold</c>, <c>p</c> of a check.</param>
/// <param name="Tolerance">Relative.</param>
/// <param name="How">The tool and its call.</param>
public sealed record ReferenceNumber(string Case, string Scene, bool Full, int Seed, string Of, string Field, double Expected, double Tolerance, string How)
{
    public string? Metric { get; init; }

    public string? Role { get; init; }

    /// <summary>The same number in a finding; null when it is not there.</summary>
    public double? In(Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        if (finding.Checks.FirstOrDefault(c => c.Id == Of) is { } check)
        {
            return Field switch { "statistic" => check.Statistic, "threshold" => check.Threshold, _ => check.P };
        }

        var estimate = finding.Estimates.FirstOrDefault(e => e.Name == Of && (Metric is null || e.Metric == Metric) && (Role is null || e.Role == Role));
        return Field switch { "value" => estimate?.Value, "low" => estimate?.Low, "high" => estimate?.High, "n" => estimate?.N, _ => estimate?.P };
    }
}

/// <summary>A reference number beside the finding's.</summary>
public sealed record NumberCheck(ReferenceNumber Reference, double? Seen)
{
    // What is 0 but for rounding has no relative error.
    private const double Rounding = 1e-12;

    public bool Agrees => Seen is { } seen && Math.Abs(seen - Reference.Expected) <= Reference.Tolerance * Math.Abs(Reference.Expected) + Rounding;

    public string Says => string.Create(
        CultureInfo.InvariantCulture, $"{Reference.Of}{(Reference.Metric is { } m ? $" of {m}" : string.Empty)}, {Reference.Field}: {(Seen is { } s ? s.ToString("R", CultureInfo.InvariantCulture) : "not there")}, {Reference.How} gives {Reference.Expected:R}");
}
