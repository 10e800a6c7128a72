using Gnomon.Core.Errors;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Programme;

/// <summary>Which column of a list of experiments holds what: named by an option, else by the column's own name when that is unambiguous.</summary>
internal sealed record ProgrammeColumns
{
    private static readonly string[] Names = ["name", "experiment", "test", "experiment_name", "test_name", "title", "experiment_id", "test_id", "id"];
    private static readonly string[] Ps = ["p", "p_value", "pvalue", "p_val", "pval"];
    private static readonly string[] Effects = ["effect", "difference", "diff", "lift", "uplift", "relative_lift", "estimate", "relative_effect"];
    private static readonly string[] Errors = ["se", "std_error", "standard_error", "stderr", "std_err", "error"];
    private static readonly string[] Lows = ["low", "ci_low", "lower", "ci_lower", "conf_low"];
    private static readonly string[] Highs = ["high", "ci_high", "upper", "ci_upper", "conf_high"];
    private static readonly string[] ControlUsers = ["control_n", "n_control", "control_users", "users_control", "n_a", "a_n", "control_visitors"];
    private static readonly string[] ControlEvents = ["control_x", "x_control", "control_events", "events_control", "control_conversions", "conversions_control", "control_converted", "x_a", "a_x"];
    private static readonly string[] TreatmentUsers = ["treatment_n", "n_treatment", "treatment_users", "users_treatment", "n_b", "b_n", "treatment_visitors", "variant_users", "variant_n"];
    private static readonly string[] TreatmentEvents = ["treatment_x", "x_treatment", "treatment_events", "events_treatment", "treatment_conversions", "conversions_treatment", "treatment_converted", "x_b", "b_x", "variant_events", "variant_x"];
    private static readonly string[] LookNames = ["looks", "peeks", "n_looks", "readings", "times_read"];
    private static readonly string[] Splits = ["split", "planned_split"];
    private static readonly string[] Predictions = ["predicted", "predicted_effect", "expected_effect", "forecast", "predicted_lift"];
    private static readonly string[] Decisions = ["decision", "decided", "action", "outcome", "launched", "shipped"];
    private static readonly string[] Overrides = ["override", "overridden_with", "overridden"];
    private static readonly string[] Plans = ["planned", "plan", "preregistered", "has_plan"];
    private static readonly string[] Kinds = ["kind", "type", "test_type"];
    private static readonly string[] Dates = ["date", "started", "start", "start_date", "started_on", "day"];
    private static readonly string[] SizeNames = ["users", "n", "units", "sample_size", "visitors"];
    private static readonly string[] Ideas = ["idea", "hypothesis", "description", "summary", "what", "notes", "learning"];
    private static readonly string[] SplitPs = ["split_p", "srm_p"];
    private static readonly string[] Launches = ["ship", "shipped", "launch", "launched", "rolled-out", "rolled out", "rollout", "release", "released", "yes", "true", "1", "use-model", "win", "winner"];

    public Field? Name { get; init; }

    public Field? P { get; init; }

    public Field? Effect { get; init; }

    public Field? Error { get; init; }

    public Field? Low { get; init; }

    public Field? High { get; init; }

    /// <summary>Users and events of control, then of treatment; null when the list has no counts.</summary>
    public (Field ControlUsers, Field ControlEvents, Field TreatmentUsers, Field TreatmentEvents)? Counts { get; init; }

    public Field? Looks { get; init; }

    /// <summary>Tells the experiments whose p-value counts its looks by itself.</summary>
    public Field? LooksCounted { get; init; }

    public Field? Split { get; init; }

    public Field? Predicted { get; init; }

    public Field? Decision { get; init; }

    public Field? Override { get; init; }

    public Field? Plan { get; init; }

    public Field? Kind { get; init; }

    public Field? Date { get; init; }

    public Field? Users { get; init; }

    public Field? SplitP { get; init; }

    /// <summary>What the experiment's own finding decided, in the words of findings.</summary>
    public Field? Finding { get; init; }

    /// <summary>The idea or hypothesis in words.</summary>
    public Field? Idea { get; init; }

    /// <summary>The column with the metric that each experiment was read on.</summary>
    public Field? Metric { get; init; }

    public bool IsRelative => Counts is not null || (Effect is { } e && Plain(e.Name) is "lift" or "uplift" or "relative_lift" or "relative_effect");

    public static bool IsLaunch(string decision) => Launches.Contains(decision.Trim().ToLowerInvariant(), StringComparer.Ordinal);

    public static ProgrammeColumns Find(ProgrammeOptions options, Schema schema, string source)
    {
        Field? Role(string? named, string[] names, string option) => named is not null ? schema.Require(named, option) : Only(schema, names, option);
        var counts = options.Control.Count == 2
            ? (schema.Require(options.Control[0]), schema.Require(options.Control[1]), schema.Require(options.Treatment[0]), schema.Require(options.Treatment[1]))
            : Only(schema, ControlUsers, "--control") is { } cn && Only(schema, ControlEvents, "--control") is { } cx && Only(schema, TreatmentUsers, "--treatment") is { } tn && Only(schema, TreatmentEvents, "--treatment") is { } tx
                ? (cn, cx, tn, tx)
                : ((Field, Field, Field, Field)?)null;
        var found = new ProgrammeColumns
        {
            Name = options.Name is { } name ? schema.Require(name, "--name") : First(schema, Names),
            P = Role(options.P, Ps, "--p"),
            Effect = Role(options.Effect, Effects, "--effect"),
            Error = Role(options.Se, Errors, "--se"),
            Low = First(schema, Lows),
            High = First(schema, Highs),
            Counts = counts,
            Looks = Role(options.Looks, LookNames, "--looks"),
            LooksCounted = First(schema, ["looks_counted", "sequential", "stopping_rule"]),
            Split = Role(options.Split, Splits, "--split"),
            Predicted = Role(options.Predicted, Predictions, "--predicted"),
            Decision = options.Decision is { } decision ? schema.Require(decision, "--decision") : First(schema, Decisions),
            Override = First(schema, Overrides),
            Plan = First(schema, Plans),
            Kind = options.Kind is { } kind ? schema.Require(kind, "--kind") : First(schema, Kinds),
            Date = options.Date is { } date ? schema.Require(date, "--date") : First(schema, Dates),
            Users = First(schema, SizeNames),
            SplitP = First(schema, SplitPs),
            Finding = First(schema, ["finding", "verdict"]),
            Metric = First(schema, ["metric", "primary_metric"]),
            Idea = options.Idea is { } idea ? schema.Require(idea, "--idea") : First(schema, Ideas),
        };
        if (found.P is null && found.Counts is null && (found.Effect is null || (found.Error is null && (found.Low is null || found.High is null))))
        {
            throw new GnomonError(
                "no-results", $"{source} has no p-value, no effect with its error and no counts of two arms. Columns: {string.Join(", ", schema.Take(30).Select(f => f.Name))}.", source,
                "Name them: --p COLUMN, or --effect COLUMN --se COLUMN, or --control USERS,EVENTS --treatment USERS,EVENTS; for a row per unit, --tests and --metric.");
        }

        return found;
    }

    // The most telling name wins where two fit: a list may hold an id beside a name.
    private static Field? First(Schema schema, string[] names) => names.Select(n => schema.FirstOrDefault(f => Plain(f.Name) == n)).FirstOrDefault(f => f is not null);

    private static Field? Only(Schema schema, string[] names, string option)
    {
        var fits = schema.Where(f => names.Contains(Plain(f.Name), StringComparer.Ordinal)).ToList();
        return fits.Count <= 1
            ? fits.FirstOrDefault()
            : throw new GnomonError("column-ambiguous", $"{string.Join(" and ", fits.Select(f => $"'{f.Name}'"))} could each be meant.", option, $"Say which one: {option} {fits[0].Name}.");
    }

    private static string Plain(string name) => string.Concat(name.Trim().ToLowerInvariant().Select(c => char.IsLetterOrDigit(c) ? c : '_')).Trim('_');
}
