using System.Text.Json;
using Gnomon.Core.Errors;

namespace Gnomon.Studies.Ab.Assigned;

/// <summary>How a plan says the arms were assigned: the block <c>assignment</c> that the verb assign writes.</summary>
internal sealed record AssignmentPlan
{
    /// <summary><c>hashed</c>, <c>stratified</c>, <c>rerandomised</c> or <c>switchback</c>.</summary>
    public required string Kind { get; init; }

    public IReadOnlyList<string> Strata { get; init; } = [];

    public IReadOnlyList<string> Covariates { get; init; } = [];

    public double Acceptance { get; init; }

    /// <summary>How long one draw of a switchback holds: <c>2h</c>.</summary>
    public string? Block { get; init; }

    /// <returns>Null when the plan says nothing of it.</returns>
    /// <exception cref="GnomonError">The block is not understood.</exception>
    public static AssignmentPlan? Read(JsonElement plan, string where)
    {
        if (!plan.TryGetProperty("assignment", out var element))
        {
            return null;
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new GnomonError("plan-field", $"{where}: assignment is no object of fields.", where, "Write it with gnomon assign --plan.");
        }

        var block = new PlanReading(element, $"{where}: assignment");
        var made = new AssignmentPlan
        {
            Kind = block.Text("kind") ?? "hashed",
            Strata = block.List("strata"),
            Covariates = block.List("covariates"),
            Acceptance = block.Number("acceptance") ?? 0,
            Block = block.Text("block"),
        };
        var isWhole = made.Kind switch
        {
            "hashed" => true,
            "stratified" => made.Strata.Count > 0,
            "rerandomised" => made.Covariates.Count > 0 && made.Acceptance is > 0 and < 1,
            "switchback" => !string.IsNullOrWhiteSpace(made.Block),
            _ => false,
        };
        return isWhole ? made : throw new GnomonError("plan-assignment", $"{where}: assignment '{made.Kind}' is not known, or lacks its strata, its covariates, its acceptance or its block.", where, "Write it with gnomon assign --plan.");
    }
}
