using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gnomon.Core.Errors;
using Gnomon.Core.Ledger;
using Gnomon.Core.Tables;
using Gnomon.Methods.Experiments;

namespace Gnomon.Studies.Ab;

/// <summary>A plan written before the data: <c>gnomon.plan/1</c>. Every field is optional; what is missing is named in the finding.</summary>
internal sealed record AbPlan
{
    private const string SchemaName = "gnomon.plan/1";

    public required string Json { get; init; }

    public required string Hash { get; init; }

    public string? Experiment { get; init; }

    public string? Hypothesis { get; init; }

    public string? Unit { get; init; }

    public string? Control { get; init; }

    public IReadOnlyList<string> Primary { get; init; } = [];

    public IReadOnlyList<string> Guardrails { get; init; } = [];

    /// <summary>Columns of the factors; empty when the plan names none.</summary>
    public IReadOnlyList<string> Factors { get; init; } = [];

    public string? Split { get; init; }

    public string? Mde { get; init; }

    public double? Level { get; init; }

    /// <summary>Units of the smallest arm.</summary>
    public long? UnitsPerArm { get; init; }

    public int? Days { get; init; }

    /// <summary>Times the data may be read; null when the plan does not say.</summary>
    public int? Looks { get; init; }

    /// <summary>Primary metrics that the plan shared the size among; 1 when it does not say.</summary>
    public int Metrics { get; init; } = 1;

    /// <summary>Who is left out of the analysis, in words.</summary>
    public IReadOnlyList<string> Exclusions { get; init; } = [];

    /// <summary><c>fixed</c>, <c>open-ended</c> (no planned end), or a stopping rule.</summary>
    public string Stopping { get; init; } = "fixed";

    public FutilityStopping Futility { get; init; }

    /// <summary>Expected z at the planned end under the effect planned for; null when the plan does not say.</summary>
    public double? PlannedZ { get; init; }

    /// <summary>Wanted chance of finding the planned effect.</summary>
    public double? Power { get; init; }

    /// <summary>How the arms were assigned; null when the plan does not say.</summary>
    public Assigned.AssignmentPlan? Assignment { get; init; }

    /// <summary>Effect that is expected, as a share of the control value; null when the plan does not say.</summary>
    public double? Predicted { get; init; }

    /// <summary>Fields that nothing reads.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];

    /// <summary>Units of all arms together; null when the plan does not say.</summary>
    /// <param name="shares">Planned shares of the arms; they add up to 1.</param>
    public long? Total(IReadOnlyList<double> shares) => UnitsPerArm is { } smallest ? (long)Math.Round(smallest / shares.Where(s => s > 0).Min()) : null;

    /// <summary>The same with the shares that the plan itself writes, control first; even ones where it writes none for so many arms.</summary>
    public long? Total(int arms)
    {
        var weights = (Split ?? string.Empty).Split(Split?.Contains('=', StringComparison.Ordinal) == true ? ',' : '/', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(p => double.TryParse(p[(p.IndexOf('=', StringComparison.Ordinal) + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var w) && w > 0 ? w : double.NaN).ToList();
        return weights.Count == arms && weights.TrueForAll(double.IsFinite) ? Total([.. weights.Select(w => w / weights.Sum())]) : UnitsPerArm * arms;
    }

    public bool Sequential => Stopping != "fixed";

    /// <summary>Null for a plan that reads once.</summary>
    public string? Rule => Sequential ? Stopping : null;

    public IReadOnlyList<string> Missing => [.. new (string Field, bool There)[]
    {
        ("unit", Unit is not null),
        ("primary", Primary.Count > 0),
        ("mde", Mde is not null),
        ("unitsPerArm or days", UnitsPerArm is not null || Days is not null),
        ("hypothesis", Hypothesis is not null),
    }.Where(f => !f.There).Select(f => f.Field)];

    /// <summary>A plan as the ledger holds it.</summary>
    public static AbPlan Recorded(RecordedPlan plan) => Parse(plan.Json, "the plan in the ledger");

    /// <summary>The plan that rules, with the assignment that was handed in or is on record beside it; null where none rules.</summary>
    public static AbPlan? Ruling(IReadOnlyList<RecordedPlan> plans, AbPlan? given) => plans.FirstOrDefault(p => p.Rules) is { } recorded
        ? plans.Where(p => !p.Rules).Select(TryRecorded).Aggregate(Recorded(recorded).WithAssignment(given), (plan, later) => plan.WithAssignment(later))
        : null;

    // With the assignment that gnomon assign added to a copy of this plan: how units met their arms is a fact of the data and changes nothing that was promised.
    private AbPlan WithAssignment(AbPlan? given) => Assignment is null && given?.Assignment is { } made && PlanChanges.Fields(this, given).Count == 0
        ? this with { Assignment = made, Control = Control ?? given.Control, Split = given.Split ?? Split, Unit = Unit ?? given.Unit }
        : this;

    /// <summary>The same; null where it cannot be read as a plan.</summary>
    public static AbPlan? TryRecorded(RecordedPlan plan)
    {
        try
        {
            return Recorded(plan);
        }
        catch (GnomonError)
        {
            return null;
        }
    }

    public static AbPlan Load(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GnomonError("plan-unreadable", $"The plan {path} cannot be read: {e.Message}", "--plan", "Check the path.", e);
        }

        var plan = Parse(text, path);
        if (plan.Unread.Select(f => (Field: f, Near: NearestName.To(f, PlanFields.All))).FirstOrDefault(f => f.Near is not null) is { Near: { } near } misspelt)
        {
            throw new GnomonError("plan-field", $"{path}: a plan has no field '{misspelt.Field}'.", path, $"Did you mean '{near}'? Fields: {string.Join(", ", PlanFields.All)}.");
        }

        return plan;
    }

    public static AbPlan Parse(string text, string where)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new GnomonError("plan-not-json", $"{where} holds {(root.ValueKind == JsonValueKind.Array ? "a list" : "a single value")}; a plan is one object of fields.", where, "Write { \"unit\": \"user_id\", ... }; see docs/verbs/ab.md for its fields.");
            }

            if (PlanReading.Doubled(root) is { } doubled)
            {
                throw new GnomonError("plan-field", $"{where}: '{doubled}' stands twice.", where, "Keep the one that was promised.");
            }

            var plan = new PlanReading(root, where);
            var schema = plan.Text("schema");
            if (schema is not null && schema != SchemaName)
            {
                throw new GnomonError("plan-schema", $"{where} is a '{schema}', not a '{SchemaName}'.", where, "Use a plan of this version.");
            }

            var stopping = plan.Text("stopping") ?? "fixed";
            var rule = StoppingText.Parse(stopping);
            if (stopping is not ("fixed" or PlannedLook.OpenEnded) && rule is null)
            {
                throw new GnomonError("plan-stopping", $"{where}: stopping rule '{stopping}' is not known.", where, "Write fixed, open-ended, obrien-fleming, pocock, kim-demets:2 or haybittle-peto.");
            }

            var futility = plan.Text("futility") ?? "none";
            if (StoppingText.ParseFutility(futility) is null || (futility != "none" && rule is null))
            {
                throw new GnomonError("plan-stopping", $"{where}: futility '{futility}' with stopping '{stopping}' is not known.", where, "Write none, binding or nonbinding, beside a stopping rule.");
            }

            if (rule is not null && plan.Number("unitsPerArm") is not > 0 && plan.Number("days") is not > 0)
            {
                throw new GnomonError("plan-stopping", $"{where}: stopping rule '{stopping}' has no size to be read against.", where, "Add unitsPerArm or days; without a planned end write open-ended.");
            }

            return new AbPlan
            {
                Json = text,
                Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
                Experiment = plan.Text("experiment"),
                Hypothesis = plan.Text("hypothesis"),
                Unit = plan.Text("unit"),
                Control = plan.Text("control"),
                Primary = plan.List("primary"),
                Guardrails = plan.List("guardrails"),
                Factors = plan.List("factors"),
                Split = plan.Text("split"),
                Mde = plan.Text("mde"),
                Level = PlanFields.Within(plan.Number("level"), "level", 0.5, 0.99999, where),
                UnitsPerArm = (long?)PlanFields.Within(plan.Number("unitsPerArm"), "unitsPerArm", 1, 1e12, where),
                Days = (int?)PlanFields.Within(plan.Number("days"), "days", 1, 100_000, where),
                Looks = (int?)PlanFields.Within(plan.Number("looks"), "looks", 1, 1_000, where),
                Metrics = root.TryGetProperty("assumptions", out var assumed) && assumed.ValueKind == JsonValueKind.Object && assumed.TryGetProperty("metrics", out var shared)
                    && shared.ValueKind == JsonValueKind.Number && shared.TryGetInt32(out var metrics) ? Math.Clamp(metrics, 1, 1_000) : 1,
                Predicted = PlanFields.Share(plan.Text("predicted"), where),
                Unread = [.. root.EnumerateObject().Select(f => f.Name).Where(f => !PlanFields.All.Contains(f))],
                Exclusions = plan.List("exclusions"),
                Stopping = rule is null ? stopping : StoppingText.Write(rule),
                Futility = StoppingText.ParseFutility(futility)!.Value,
                PlannedZ = plan.Number("plannedZ") is > 0 and var planned ? planned : null,
                Assignment = Assigned.AssignmentPlan.Read(root, where),
                Power = plan.Number("power") is > 0 and < 1 and var power ? power : null,
            };
        }
        catch (JsonException e)
        {
            throw new GnomonError("plan-not-json", $"{where} line {e.LineNumber + 1}: the plan is not valid JSON.", where, "Mend the file; see docs/verbs/ab.md for its fields.", e);
        }
    }
}
