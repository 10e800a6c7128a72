using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gnomon.Core.Errors;

namespace Gnomon.Studies.Design;

/// <summary>The plan as <c>gnomon.plan/1</c>, which <c>ab --plan</c> reads.</summary>
internal static class PlanFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text(DesignFacts facts)
    {
        var options = facts.Options;
        var plan = new JsonObject { ["schema"] = "gnomon.plan/1" };
        Add("experiment", options.Experiment);
        Add("hypothesis", options.Hypothesis);
        Add("unit", options.Unit);
        Add("control", options.Control);
        var layout = facts.Kind == "factorial" ? Factorial.FactorialLayout.Of(options) : null;
        if (layout is { AreNamed: true })
        {
            plan["factors"] = new JsonArray([.. layout.Names.Select(n => (JsonNode)n)]);
        }

        plan["split"] = layout is not null ? string.Join('/', Enumerable.Repeat("1", layout.Cells)) : options.Split ?? string.Join('/', facts.Shares.Select(s => (s * 100).ToString("0.##", CultureInfo.InvariantCulture)));
        if (options.Metric is not null)
        {
            plan["primary"] = new JsonArray(facts.IsTimeToEvent ? SurvivalName(options.Metric) ?? options.Metric : options.Metric);
        }

        if (options.Guardrail.Count > 0)
        {
            plan["guardrails"] = new JsonArray([.. options.Guardrail.Select(g => (JsonNode)g)]);
        }

        if (options.Margin is not null)
        {
            plan["margin"] = options.Margin;
            if (options.Equivalence)
            {
                plan["equivalence"] = true;
            }
        }

        Add("mde", options.NamesNoEffect ? null : facts.RestrictedMeanEffect is { } time ? $"{(Math.Abs(time) * 100).ToString("0.###", CultureInfo.InvariantCulture)}%" : options.Mde?.TrimStart('+', '-'));
        if (facts.IsLessWanted && options.Metric is not null)
        {
            plan["lowerIsBetter"] = new JsonArray(SurvivalName(options.Metric) ?? options.Metric);
        }

        Add("predicted", options.Predicted?.Trim());
        plan["level"] = 1 - options.Alpha;
        plan["power"] = facts.Power;
        plan["unitsPerArm"] = facts.PerArm.Min() / (layout?.Cells ?? 1);
        if (facts.Days is { } days)
        {
            plan["days"] = days;
        }

        plan["looks"] = options.Looks;
        plan["stopping"] = facts.Sequential is null ? "fixed" : StoppingText.Write(facts.Sequential.Rule);
        if (facts.Sequential is { } sequential)
        {
            plan["futility"] = StoppingText.Write(sequential.Rule.Futility);
            plan["plannedZ"] = facts.Effect is { } planned && facts.DriftAt(facts.Total, planned) is { } drift ? drift : sequential.PlannedZ;
            plan["bounds"] = new JsonArray([.. new LooksReport(facts).Stops().Select(s => (JsonNode)Bound(s))]);
        }

        if (options.Exclude.Count > 0)
        {
            plan["exclusions"] = new JsonArray([.. options.Exclude.Select(e => (JsonNode)e)]);
        }

        plan["assumptions"] = Assumptions(facts);
        return plan.ToJsonString(Indented) + "\n";

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                plan[name] = value;
            }
        }
    }

    // days/churned:28 as ab --survival calls it.
    internal static string? SurvivalName(string metric) => metric.Split('/') is [{ Length: > 0 } time, { Length: > 0 } rest] ? $"{time} until {rest.Split(':')[0]}" : null;

    private static JsonObject Bound(PlannedStop stop)
    {
        var bound = new JsonObject { ["look"] = stop.Look, ["units"] = stop.Units };
        foreach (var (name, value) in new (string, double?)[] { ("day", stop.Day), ("z", stop.Bounds.CriticalZ), ("p", stop.Bounds.CriticalZ is null ? null : stop.Bounds.NominalAlpha), ("effect", stop.SmallestEffect), ("futilityZ", stop.Bounds.FutilityZ) })
        {
            if (value is { } number)
            {
                bound[name] = number;
            }
        }

        return bound;
    }

    /// <summary>Fields of a complete plan that this one lacks.</summary>
    public static IReadOnlyList<string> Missing(DesignOptions options) => [.. new (string Field, bool There)[]
    {
        ("experiment", options.Experiment is not null),
        ("unit", options.Unit is not null),
        ("primary", options.Metric is not null),
        ("mde", options.Mde is not null || options.Margin is not null),
        ("hypothesis", options.Hypothesis is not null),
    }.Where(f => !f.There).Select(f => f.Field)];

    /// <exception cref="GnomonError">The file exists, or cannot be written.</exception>
    public static void Write(string path, string text)
    {
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            using var writer = new StreamWriter(file);
            writer.Write(text);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new GnomonError("plan-exists", $"{path} exists; a plan is not overwritten.", "--plan", "Name another file, or move the old plan away.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GnomonError("plan-not-written", $"The plan {path} cannot be written: {e.Message}", "--plan", "Check the folder.", e);
        }
    }

    private static JsonObject Assumptions(DesignFacts facts)
    {
        var assumed = new JsonObject { ["kind"] = facts.Kind };
        if (facts.Baseline is { } baseline)
        {
            assumed["baseline"] = baseline;
        }

        if (facts.Sd is { } sd)
        {
            assumed["sd"] = sd;
        }

        if (facts.IsClustered)
        {
            assumed["clusterSize"] = facts.Options.ClusterSize!.Value;
            assumed["icc"] = facts.Options.Icc!.Value;
        }

        foreach (var (name, text) in new[] { ("truth", facts.Options.Margin is null ? null : facts.Options.Mde), ("hazard", facts.IsTimeToEvent ? facts.Options.Mde : null), ("width", facts.Options.Width), ("precedent", facts.Options.Precedent), ("formula", facts.Options.Formula), ("family", facts.Options.Formula is null ? null : facts.Options.Family), ("effectOf", facts.Options.EffectOf) })
        {
            if (text is not null)
            {
                assumed[name] = text;
            }
        }

        if (facts.Options.Metrics > 1)
        {
            assumed["metrics"] = facts.Options.Metrics;
        }

        if (facts.Options.CovariateCorrelation != 0)
        {
            assumed["covariateCorrelation"] = facts.Options.CovariateCorrelation;
        }

        assumed["method"] = facts.Rule.Method;
        return assumed;
    }
}
