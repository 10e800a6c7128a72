using System.Globalization;
using System.Text.Json;
using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Ledger;
using Gnomon.Core.Tables;
using Gnomon.Data.Ledger;
using Gnomon.Numerics.Distributions;
using Gnomon.Render.Json;
using Gnomon.Studies.Programme;

namespace Gnomon.Programme;

/// <summary>The list of experiments that a ledger holds, and the programme's finding over it.</summary>
/// <remarks>
/// A row for each experiment at its newest look: its leading primary effect (the relative one where most experiments have it), the smallest p-value of its primary hypotheses corrected
/// for their number (Bonferroni), looks, the split test, the decision, who overrode it, and what the plan predicted (its field <c>predicted</c>, as <c>3%</c>). A test that stopped under a
/// plan with a stopping rule, or was read by a sequence, is read with the p-value that counts its looks, and they are not corrected again; one that still runs under such a plan has no result yet.
/// Experiments named aa or A/A are A/A tests.
/// </remarks>
public static class LedgerProgramme
{
    /// <summary>Asks <c>programme</c> of everything the ledger holds.</summary>
    /// <param name="ledger">An open ledger; nothing is written to it.</param>
    /// <param name="options">Correction, size and the like; names of columns are passed by.</param>
    /// <param name="settings">Clock, command and cancellation.</param>
    /// <exception cref="GnomonError"><c>no-experiments</c> when no primary result is recorded.</exception>
    public static Finding Report(LedgerFile ledger, ProgrammeOptions options, AskSettings settings)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(settings);
        var finding = Ask.Run(Catalogue.Verb("programme"), options, settings with { Table = List(ledger) });
        finding = Overruled.Table(Overrides(ledger)) is { } overrides ? finding with { Tables = [.. finding.Tables, overrides] } : finding;
        return finding with { Provenance = finding.Provenance with { Data = [.. finding.Provenance.Data.Select(d => d with { Source = Path.GetFileName(ledger.Location) })] } };
    }

    /// <summary>The list itself, a row for each experiment.</summary>
    public static Table List(LedgerFile ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var tests = ledger.PrimaryTests();
        if (tests.Count == 0)
        {
            throw new GnomonError("no-experiments", $"{ledger.Location} holds no primary result with a p-value yet.", ledger.Location, "Run gnomon ab, with --experiment NAME, and it is remembered.");
        }

        var overrides = Overrides(ledger);
        List<Entry> entries = [.. tests.GroupBy(t => (t.Verb, t.Family)).Select(g => Read(ledger, [.. g], overrides)).OrderBy(e => e.Lead.First)];

        // Experiments of designs without a relative effect do not take it from all others; theirs is then left out.
        var relative = 2 * entries.Count(e => e.Lift is not null) >= entries.Count(e => e.Difference is not null);
        var effects = entries.ConvertAll(e => relative ? e.Lift : e.Difference);
        return Table.With("name", entries.Select(e => (string?)e.Name))
            .And("p", entries.Select(e => e.PValue))
            .And(relative ? "lift" : "effect", effects.Select(e => e?.Value ?? double.NaN))
            .And("se", effects.Select(e => e is null ? double.NaN : Error(e)))
            .And("users", entries.Select(e => e.Difference is { } d ? d.N : double.NaN))
            .And("looks", entries.Select(e => (double)e.Looks))
            .And("looks_counted", entries.Select(e => e.AreLooksCounted))
            .And("split_p", entries.Select(e => e.SplitP ?? double.NaN))
            .And("predicted", entries.Select(e => relative ? e.Predicted ?? double.NaN : double.NaN))
            .And("decision", entries.Select(e => (string?)e.Decision))
            .And("override", entries.Select(e => e.Override))
            .And("finding", entries.Select(e => (string?)e.Decision))
            .And("planned", entries.Select(e => e.IsPlanned))
            .And("metric", entries.Select(e => (string?)e.Lead.Metric))
            .And("kind", entries.Select(e => (string?)(ExperimentNames.IsAgainstItself(e.Lead.Experiment) ? "aa" : "ab")))
            .And("date", entries.Select(e => DateOnly.FromDateTime(e.Lead.At.UtcDateTime)));
    }

    private sealed record Entry(
        PrimaryTest Lead, string Name, double PValue, Estimate? Difference, Estimate? Lift, double? SplitP, string Decision, string? Override, bool IsPlanned, double? Predicted, int Looks, bool AreLooksCounted);

    // The hypotheses of one experiment: several metrics or arms are one idea, tested several times at once.
    private static Entry Read(LedgerFile ledger, IReadOnlyList<PrimaryTest> hypotheses, IReadOnlyList<Overruled> overrides)
    {
        // A hypothesis that the newest look no longer reads was dropped on the way; the experiment is what its newest look says.
        var last = hypotheses.Max(t => t.Last);
        var detail = ledger.Show(last);
        var finding = detail.FindingJson is { } json ? FindingJson.Read(json) : null;
        var plan = detail.Experiment is { } key ? ledger.PlanFor(key) : null;
        var (predicted, sequential) = Plan(plan?.Json);

        // Only a finding that was made under the rule has a p-value that counts the looks.
        sequential &= plan is { BeforeFirstLook: true } && finding?.Tables.Any(t => t.Id == "this-look") == true;

        // A look that crossed a bound is the answer, also where a later finding of an older version does not know it.
        if (sequential && !Words(finding).Any(w => w.StartsWith("stopped at look", StringComparison.Ordinal)) && Stopped(ledger, hypotheses, last) is { } stop)
        {
            (detail, finding, last) = stop;
        }

        var overruled = overrides.LastOrDefault(o => hypotheses.Any(t => t.Entries.Contains(o.Target)));
        var now = hypotheses.Where(t => t.Entries.Contains(last)).ToList();
        var read = now.ConvertAll(t => (Test: t, Shown: Primary(finding, t)));

        // A sequence counts every look by itself, whether a plan or an option asked for it.
        static bool IsAnytime(Estimate e) => e.Method.Contains("confidence sequence", StringComparison.Ordinal);

        // What its own finding says to go on reading has no result yet.
        var runs = detail.Line.Action == "keep-running" && overruled is null;
        var counted = !runs && read.TrueForAll(r => r.Shown?.P is not null && (sequential || IsAnytime(r.Shown)));
        var lead = read.OrderBy(r => counted ? r.Shown!.P : r.Test.PValue).First();
        var p = counted ? lead.Shown!.P!.Value : lead.Test.PValue;
        var split = finding?.Checks.FirstOrDefault(c => c.Id == "sample-ratio-mismatch");
        return new Entry(
            lead.Test with { First = hypotheses.Min(t => t.First), At = hypotheses.Min(t => t.At), Experiment = hypotheses.Select(t => t.Experiment).FirstOrDefault(n => n is not null) },
            hypotheses.Select(t => t.Experiment).FirstOrDefault(n => n is not null) ?? $"entry {hypotheses.Min(t => t.First)}: {lead.Test.Metric}",
            runs ? double.NaN : Math.Min(1, p * read.Count), runs ? null : Better(lead.Shown), runs ? null : Better(Agreeing(Lift(finding, lead.Test), lead.Shown)),
            split is { Status: CheckStatus.Pass or CheckStatus.Fail } ? split.P : null, detail.Line.Action, overruled?.Action,
            plan is { BeforeFirstLook: true }, predicted, hypotheses.Max(t => t.Looks), counted || runs);

        // Positive is better in the list, whatever the metric counts.
        Estimate? Better(Estimate? e) => e is null || detail.Experiment is not { } of || !ExperimentRoles.IsLessBetter(of.Roles, lead.Test.Metric) ? e : e with { Value = -e.Value, Low = -e.High, High = -e.Low };
    }

    // The first look before the newest that said to stop with a gain or a loss; null where none did.
    private static (LedgerDetail Detail, Finding Finding, long Entry)? Stopped(LedgerFile ledger, IReadOnlyList<PrimaryTest> hypotheses, long last)
    {
        foreach (var entry in hypotheses.SelectMany(t => t.Entries).Distinct().Where(e => e < last).Order())
        {
            var detail = ledger.Show(entry);
            if (detail.Line.Action is not ("fix-data-first" or "investigate") && detail.FindingJson is { } json && FindingJson.Read(json) is { } finding && Words(finding).Any(w => w is "stop: better" or "stop: worse"))
            {
                return (detail, finding, entry);
            }
        }

        return null;
    }

    // What a look said of each comparison under its plan.
    private static IEnumerable<string> Words(Finding? finding) => finding?.Tables.Where(t => t.Id == "this-look").SelectMany(t => t.Rows).Select(r => r[^1] as string).OfType<string>() ?? [];

    private static Estimate? Primary(Finding? finding, PrimaryTest test) =>
        finding?.Estimates.FirstOrDefault(e => e.Role == "primary" && e.Metric == test.Metric && e.Contrast == test.Contrast && e.Name != "lift");

    // Of a control below 0 a percentage has the other sign: the difference says which arm is better.
    private static Estimate? Agreeing(Estimate? lift, Estimate? difference) => lift is not null && difference is not null && lift.Value * difference.Value < 0 ? null : lift;

    private static Estimate? Lift(Finding? finding, PrimaryTest test)
    {
        var arms = test.Contrast.Split(" - ", 2);
        return arms.Length != 2 ? null : finding?.Estimates.FirstOrDefault(e => e.Role == "primary" && e.Metric == test.Metric && e.Name == "lift" && e.Contrast == $"{arms[0]} / {arms[1]} - 1");
    }

    // Oldest first.
    private static List<Overruled> Overrides(LedgerFile ledger)
    {
        var found = new List<Overruled>();
        foreach (var line in ledger.List(new LedgerFilter { Kind = "override" }))
        {
            if (line.Target is { } target && ledger.Show(line.Sequence).Override is { } made)
            {
                var against = ledger.Show(target);
                found.Add(new Overruled(target, against.Experiment?.Name ?? $"entry {target}", against.Line.Action, made));
            }
        }

        return found;
    }

    private static (double? Predicted, bool Sequential) Plan(string? json)
    {
        if (json is null)
        {
            return (null, false);
        }

        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            var root = document.RootElement;
            var text = root.TryGetProperty("predicted", out var said) && said.ValueKind == JsonValueKind.String ? said.GetString()!.Trim() : string.Empty;
            var predicted = text.EndsWith('%') && double.TryParse(text[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) && double.IsFinite(percent) ? percent / 100 : (double?)null;
            return (predicted, root.TryGetProperty("stopping", out var stopping) && stopping.ValueKind == JsonValueKind.String && stopping.GetString() is not (null or "fixed"));
        }
        catch (JsonException)
        {
            return (null, false); // a plan written by hand may be anything; the study that used it said so
        }
    }

    private static double Error(Estimate e) => e.High > e.Low ? (e.High - e.Low) / 2 / Normal.UpperQuantile((1 - e.Level) / 2) : double.NaN;
}
