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

    /// <summary>The options under an earlier plan: its control is the control here, and where arms were not named they are those of its split.</summary>
    /// <exception cref="GnomonError">The plan has another control than --arms, or more arms than can be named.</exception>
    public static AssignOptions Under(JsonObject plan, AssignOptions options)
    {
        var control = Text(plan["control"]);
        if (options.Arms.Count > 0)
        {
            return control is null || options.Arms[0] == control ? options
                : throw new GnomonError("plan-control", $"The plan's control is '{control}', and --arms begins with '{options.Arms[0]}'.", "--arms, --from-plan", options.Arms.Contains(control) ? $"Name the control first: --arms {string.Join(',', options.Arms.Where(a => a != control).Prepend(control))}." : $"Write --arms {control},NAME, or start from a plan without a control.");
        }

        var split = Text(plan["split"]) ?? string.Empty;
        var isNamed = split.Contains('=', StringComparison.Ordinal);
        var shares = split.Split(isNamed ? ',' : '/', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var named = isNamed ? shares.Select(s => s.Split('=', 2)[0].Trim()).ToList() : [];
        IReadOnlyList<string> arms = named.Count > 0 && (control is null || named.Contains(control)) ? [control ?? named[0], .. named.Where(a => a != (control ?? named[0]))]
            : shares.Length is not (0 or 2) || control == AssignOptions.Usual[1] ? throw new GnomonError("plan-arms", $"The plan has {(shares.Length > 2 ? $"{shares.Length} arms" : $"the control '{control}'")} and does not name the {(shares.Length > 2 ? "others" : "other arm")}.", "--arms", $"Write --arms {control ?? AssignOptions.Usual[0]},NAME{(shares.Length > 2 ? ",NAME" : string.Empty)}.")
            : [control ?? AssignOptions.Usual[0], AssignOptions.Usual[1]];
        var under = options with { Arms = arms };
        var wrong = under.Validate().ToList();
        return wrong.Count == 0 ? under : throw GnomonError.Join(wrong);
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) && !string.IsNullOrWhiteSpace(text) ? text : null;

    /// <param name="plan">The plan so far.</param>
    /// <param name="options">Names of experiment, unit and arms.</param>
    /// <param name="block">How the arms were assigned.</param>
    /// <param name="shares">Share of every arm.</param>
    public static string Text(JsonObject plan, AssignOptions options, JsonObject block, IReadOnlyList<double> shares)
    {
        plan["experiment"] ??= options.Salt;
        if (options.Unit is not null)
        {
            plan["unit"] = options.Unit;
        }

        plan["control"] = options.Arms[0];
        plan["split"] = string.Join(',', options.Arms.Zip(shares, (a, s) => $"{a}={(100 * s).ToString("0.######", CultureInfo.InvariantCulture)}"));
        plan["assignment"] = block;
        return plan.ToJsonString(Indented) + "\n";
    }

    /// <summary>How units were assigned.</summary>
    public static JsonObject Block(AssignOptions options, Allocation? made)
    {
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
        return block;
    }

    public static string Analysis(string? kind) => kind switch
    {
        "stratified" => "difference within strata, weighted by their size",
        "rerandomised" => "difference of means, with the law it has after rerandomisation (Li, Ding and Rubin 2018)",
        _ => "difference of means",
    };
}
