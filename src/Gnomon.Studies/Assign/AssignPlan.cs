using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gnomon.Core.Errors;

namespace Gnomon.Studies.Assign;

/// <summary>The plan with the block <c>assignment</c>, which <c>ab --plan</c> follows; fields of an earlier plan are kept.</summary>
internal static class AssignPlan
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="GnomonError">The earlier plan cannot be read, or has an assignment already.</exception>
    public static JsonObject Base(AssignOptions options)
    {
        if (options.FromPlan is not { } path)
        {
            return new JsonObject { ["schema"] = "gnomon.plan/1" };
        }

        try
        {
            var plan = JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new JsonException("not an object");
            return plan.ContainsKey("assignment")
                ? throw new GnomonError("plan-assigned", $"{path} has an assignment already.", "--from-plan", "Start from the plan that design wrote.")
                : plan;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GnomonError("plan-unreadable", $"The plan {path} cannot be read: {e.Message}", "--from-plan", "Check the path.", e);
        }
        catch (JsonException e)
        {
            throw new GnomonError("plan-not-json", $"{path} is not valid JSON.", "--from-plan", "Mend the file; see docs/verbs/ab.md for its fields.", e);
        }
    }

    public static string Text(JsonObject plan, AssignOptions options, Allocation? made, IReadOnlyList<double> shares)
    {
        plan["experiment"] ??= options.Salt;
        plan["unit"] = options.Unit;
        plan["control"] = options.Arms[0];
        plan["split"] = string.Join(',', options.Arms.Zip(shares, (a, s) => $"{a}={(100 * s).ToString("0.######", CultureInfo.InvariantCulture)}"));
        var block = new JsonObject { ["kind"] = made?.Kind ?? "hashed", ["salt"] = made?.Salt ?? options.Salt };
        if (options.Strata.Count > 0)
        {
            block["strata"] = new JsonArray([.. options.Strata.Select(s => (JsonNode)s)]);
        }

        if (options.Rerandomise.Count > 0)
        {
            block["covariates"] = new JsonArray([.. options.Rerandomise.Select(s => (JsonNode)s)]);
            block["acceptance"] = options.Acceptance;
        }

        if (options.Slot is { } slot)
        {
            (block["layer"], block["from"], block["to"]) = (slot.Layer, slot.From, slot.To);
        }

        block["analysis"] = Analysis(made?.Kind);
        plan["assignment"] = block;
        return plan.ToJsonString(Indented) + "\n";
    }

    public static string Analysis(string? kind) => kind switch
    {
        "stratified" => "difference within strata, weighted by their size",
        "rerandomised" => "difference of means, with the law it has after rerandomisation (Li, Ding and Rubin 2018)",
        _ => "difference of means",
    };
}
