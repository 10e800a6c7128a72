using System.Globalization;
using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Planning;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Data;

/// <summary>The job will not fit, or will not finish, as planned.</summary>
public sealed class ResourceBudgetExceeded : Check<ResourceForecast>
{
    private const int FewestSizes = 3;
    private const double Level = 0.9;

    public override CheckCard Card { get; } = new(
        Id: "resource-budget-exceeded",
        Asks: "Will the job fit into the time, memory and disk that it may use?",
        FiresWhen: "before the run, a power law fitted on at least 3 smaller sizes has a lower 90 % bound above the budget; after it, the measured cost is above the budget; a warning where the excess spills to disk and the job is done all the same",
        Means: "This will not fit, or will not finish, as planned.",
        Remedy: "Show the estimate and take the cheapest change that fits: read fewer columns, sample, aggregate first, spill, or convert to Parquet once.",
        Source: "Capacity-planning convention; Draper and Smith 1998")
    { Level = CheckLevel.Blocking, FalseAlarmRate = 0, Aliases = ["memory-budget-exceeded", "compute-budget-infeasible"] };

    public override CheckResult Evaluate(ResourceForecast evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var budget = $"the budget of {Amount(evidence.Budget, evidence.Unit)} ({evidence.BudgetFrom})";
        if (evidence.Measured is { } measured)
        {
            var did = $"{evidence.Resource}: {Amount(measured, evidence.Unit)} measured on {Figures.Count((long)evidence.Rows, "row")}, {budget}";
            return measured <= evidence.Budget ? CheckResult.Pass(did, measured, evidence.Budget)
                : evidence.CanSpill ? CheckResult.Warn($"{did}; the rest was spilled to disk", measured, evidence.Budget)
                : CheckResult.Fail(did, measured, evidence.Budget);
        }

        if (evidence.Sizes.Count < FewestSizes)
        {
            return CheckResult.Skip($"{evidence.Resource}: {Figures.Count(evidence.Sizes.Count, "smaller run")} measured; {FewestSizes} are needed to follow its growth");
        }

        try
        {
            var forecast = ScalingLaw.Predict([.. evidence.Sizes], [.. evidence.Costs], evidence.FixedCost, evidence.Rows, Level);
            var says = $"{evidence.Resource}: {Amount(forecast.Cost, evidence.Unit)} predicted for {Figures.Count((long)evidence.Rows, "row")} (at least {Amount(forecast.Low, evidence.Unit)} with 90 % confidence), {budget}";
            return forecast.Low <= evidence.Budget ? CheckResult.Pass(says, forecast.Low, evidence.Budget)
                : evidence.CanSpill ? CheckResult.Warn($"{says}; the rest will be spilled to disk", forecast.Low, evidence.Budget)
                : CheckResult.Fail(says, forecast.Low, evidence.Budget);
        }
        catch (NotEstimableException e)
        {
            return CheckResult.Skip($"{evidence.Resource}: {e.Message}");
        }
    }

    public override ResourceForecast Trap(int seed) => Simulate(seed, 2);

    public override ResourceForecast Clean(int seed) => Simulate(seed, 0.5);

    public override ResourceForecast? Tiny => new() { Resource = "time", Unit = "seconds", Budget = 10, BudgetFrom = "--time-budget", Sizes = [1_000, 2_000], Costs = [0.1, 0.2], FixedCost = 0, Rows = 1e6 };

    // A job of ten million rows whose cost grows a little faster than they do, watched at five sizes with 3 % noise; in the trap it costs twice the budget, in the twin half of it.
    private static ResourceForecast Simulate(int seed, double times)
    {
        const double rows = 1e7;
        var rng = new Rng(seed).Stream("resource-budget-exceeded");
        double[] sizes = [4e4, 8e4, 1.6e5, 3.2e5, 6.4e5];
        double Cost(double n) => 0.05 + 1e-6 * Math.Pow(n, 1.05);
        return new ResourceForecast
        {
            Resource = "time", Unit = "seconds", Budget = Cost(rows) / times, BudgetFrom = "--time-budget", FixedCost = 0.05, Rows = rows,
            Sizes = sizes, Costs = [.. sizes.Select(n => 0.05 + (Cost(n) - 0.05) * Math.Exp(0.03 * rng.NextNormal()))],
        };
    }

    private static string Amount(double value, string unit)
    {
        if (unit == "seconds")
        {
            return value < 90 ? $"{value.ToString(value < 9.95 ? "0.0" : "0", CultureInfo.InvariantCulture)} s" : $"{(value / 60).ToString("0.0", CultureInfo.InvariantCulture)} min";
        }

        string[] units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
        var k = 0;
        while (value >= 1024 && k < units.Length - 1)
        {
            (value, k) = (value / 1024, k + 1);
        }

        return $"{value.ToString(k == 0 || value >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture)} {units[k]}";
    }
}
