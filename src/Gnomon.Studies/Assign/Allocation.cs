using Gnomon.Core.Errors;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;

namespace Gnomon.Studies.Assign;

/// <summary>The arm of every unit, and how it came about.</summary>
internal sealed record Allocation
{
    public required string Kind { get; init; }

    /// <summary>The salt that gives the arms again: that of the accepted draw after rerandomisation.</summary>
    public required string Salt { get; init; }

    public required IReadOnlyList<int> Arms { get; init; }

    /// <summary>Stratum of each unit; empty without strata.</summary>
    public IReadOnlyList<string> Strata { get; init; } = [];

    public RerandomisationDraw? Draw { get; init; }

    public static IReadOnlyList<double> Shares(AssignOptions options, string? planned)
    {
        var text = options.Split ?? planned;
        if (text is null)
        {
            return [.. options.Arms.Select(_ => 1.0 / options.Arms.Count)];
        }

        var named = text.Contains('=', StringComparison.Ordinal) ? text.Split(',', StringSplitOptions.TrimEntries).Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[^1]) : null;
        var parts = named is null ? text.Split('/', StringSplitOptions.TrimEntries) : [.. options.Arms.Select(a => named.GetValueOrDefault(a, "0"))];
        var weights = parts.Select(p => double.TryParse(p.TrimEnd('%'), System.Globalization.CultureInfo.InvariantCulture, out var w) && w >= 0 && double.IsFinite(w) ? w : double.NaN).ToList();
        return weights.Count == options.Arms.Count && weights.Sum() > 0
            ? [.. weights.Select(w => w / weights.Sum())]
            : throw new GnomonError("bad-split", $"--split {text} does not give one share for each of {string.Join(", ", options.Arms)}.", "--split", $"Write --split {string.Join('/', options.Arms.Select(_ => 100 / options.Arms.Count))}.");
    }

    public static Allocation Of(AssignOptions options, UnitList list, IReadOnlyList<double> shares)
    {
        double[] split = [.. shares];
        var salt = options.Salt!;
        if (options.Strata.Count > 0)
        {
            var columns = options.Strata.Select(s => list.Column(s).Texts!).ToList();
            string[] strata = [.. Enumerable.Range(0, list.Units.Count).Select(i => string.Join('|', columns.Select(c => c[i] ?? string.Empty)))];
            return new Allocation { Kind = "stratified", Salt = salt, Strata = strata, Arms = StratifiedAssignment.Arms(salt, list.Units, strata, split) };
        }

        if (options.Rerandomise.Count > 0)
        {
            try
            {
                var draw = Rerandomisation.Draw(salt, list.Units, Covariates([.. options.Rerandomise.Select(r => list.Column(r).Numbers!)]), shares[1], options.Acceptance);
                return new Allocation { Kind = "rerandomised", Salt = draw.Salt, Draw = draw, Arms = draw.Arms };
            }
            catch (Exception wrong) when (wrong is NotEstimableException or TooFewRowsException)
            {
                throw new GnomonError("not-estimable", $"{string.Join(", ", options.Rerandomise)}: {wrong.Message}", "--rerandomise", "Name other columns, or leave out --rerandomise.", wrong);
            }
        }

        return new Allocation { Kind = "hashed", Salt = salt, Arms = [.. list.Units.Select(u => Assignment.Arm(salt, u, split))] };
    }

    /// <summary>A missing value becomes 0 and a covariate of its own says so.</summary>
    private static IReadOnlyList<double[]> Covariates(IReadOnlyList<double[]> columns) =>
    [
        .. columns.Select(c => Array.ConvertAll(c, v => double.IsNaN(v) ? 0 : v)),
        .. columns.Where(c => Array.Exists(c, double.IsNaN)).Select(c => Array.ConvertAll(c, v => double.IsNaN(v) ? 1.0 : 0.0)),
    ];
}
