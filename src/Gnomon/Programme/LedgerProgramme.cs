using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Data.Ledger;
using Gnomon.Numerics.Distributions;
using Gnomon.Render.Json;
using Gnomon.Studies.Programme;

namespace Gnomon.Programme;

/// <summary>The list of experiments that a ledger holds, and the programme's finding over it.</summary>
/// <remarks>
/// A row for each primary hypothesis with its newest look: effect (the relative one where every experiment has it), p-value, looks, the split test, the decision, who overrode it, and
/// what the plan predicted (its field <c>predicted</c>, as <c>3%</c>). Looks of a sequential plan are not corrected again. Experiments named aa or A/A are A/A tests.
/// </remarks>
public static partial class LedgerProgramme
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
        return finding with { Provenance = finding.Provenance with { Data = [.. finding.Provenance.Data.Select(d => d with { Source = Path.GetFileName(ledger.Location) })] } };
    }

    /// <summary>The list itself, a row for each primary hypothesis.</summary>
    public static Table List(LedgerFile ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var tests = ledger.PrimaryTests();
        if (tests.Count == 0)
        {
            throw new GnomonError("no-experiments", $"{ledger.Location} holds no primary result with a p-value yet.", ledger.Location, "Run gnomon ab, with --experiment NAME, and it is remembered.");
        }

        var plans = Plans(ledger);
        var overrides = Overrides(ledger);
        List<Entry> entries = [.. tests.Select(t => Read(ledger, t, plans, overrides))];
        var relative = entries.TrueForAll(e => e.Lift is not null);
        var effects = entries.ConvertAll(e => relative ? e.Lift : e.Difference);
        return Table.With("name", Names(tests))
            .And("p", entries.Select(e => e.Test.PValue))
            .And(relative ? "lift" : "effect", effects.Select(e => e?.Value ?? double.NaN))
            .And("se", effects.Select(e => e is null ? double.NaN : Error(e)))
            .And("users", entries.Select(e => e.Difference is { } d ? d.N : double.NaN))
            .And("looks", entries.Select(e => (double)e.Looks))
            .And("split_p", entries.Select(e => e.SplitP ?? double.NaN))
            .And("predicted", entries.Select(e => relative ? e.Predicted ?? double.NaN : double.NaN))
            .And("decision", entries.Select(e => (string?)e.Decision))
            .And("override", entries.Select(e => e.Override))
            .And("planned", entries.Select(e => e.IsPlanned))
            .And("metric", entries.Select(e => (string?)e.Test.Metric))
            .And("kind", tests.Select(t => (string?)(t.Experiment is { } name && AaName().IsMatch(name) ? "aa" : "ab")))
            .And("date", entries.Select(e => DateOnly.FromDateTime(e.Test.At.UtcDateTime)));
    }

    private sealed record Entry(PrimaryTest Test, Estimate? Difference, Estimate? Lift, double? SplitP, string Decision, string? Override, bool IsPlanned, double? Predicted, int Looks);

    private sealed record Overruled(long Target, string? Experiment, string Action);

    private static Entry Read(LedgerFile ledger, PrimaryTest test, Dictionary<string, string> plans, List<Overruled> overrides)
    {
        var detail = ledger.Show(test.Last);
        var finding = detail.FindingJson is { } json ? FindingJson.Read(json) : null;
        var mine = finding?.Estimates.Where(e => e.Metric == test.Metric && e.Role == "primary").ToList() ?? [];
        var difference = mine.Find(e => e.Contrast == test.Contrast && e.Name != "lift");
        var arms = test.Contrast.Split(" - ", 2);
        var lift = arms.Length == 2 ? mine.Find(e => e.Name == "lift" && e.Contrast == $"{arms[0]} / {arms[1]} - 1") : null;
        var split = finding?.Checks.FirstOrDefault(c => c.Id == "sample-ratio-mismatch");
        var plan = detail.Plan?.Json ?? (detail.PlanHash is { } hash ? plans.GetValueOrDefault(hash) : null);
        var (predicted, sequential) = Plan(plan);
        return new Entry(
            test, difference, lift, split is { Status: CheckStatus.Pass or CheckStatus.Fail } ? split.P : null, detail.Line.Action,
            overrides.FindLast(o => o.Target == test.First || o.Target == test.Last || (o.Experiment is not null && o.Experiment == test.Experiment))?.Action, detail.PlanHash is not null, predicted, sequential ? 1 : test.Looks);
    }

    // Oldest first. An override of any look of a named experiment is one of the experiment.
    private static List<Overruled> Overrides(LedgerFile ledger)
    {
        var found = new List<Overruled>();
        foreach (var line in ledger.List(new LedgerFilter { Kind = "override" }))
        {
            if (line.Target is { } target && ledger.Show(line.Sequence).Override is { } made)
            {
                found.Add(new Overruled(target, ledger.Show(target).Experiment?.Name, made.Action));
            }
        }

        return found;
    }

    // Plans by the hash of their text, as looks name them.
    private static Dictionary<string, string> Plans(LedgerFile ledger)
    {
        var plans = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in ledger.List(new LedgerFilter { Kind = "plan" }))
        {
            if (ledger.Show(line.Sequence) is { PlanHash: { } hash, Plan.Json: { } json })
            {
                plans[hash] = json;
            }
        }

        return plans;
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
            return (predicted, root.TryGetProperty("stopping", out var stopping) && stopping.ValueKind == JsonValueKind.String && stopping.GetString() == "obrien-fleming");
        }
        catch (JsonException)
        {
            return (null, false); // a plan written by hand may be anything; the study that used it said so
        }
    }

    private static double Error(Estimate e) => e.High > e.Low ? (e.High - e.Low) / 2 / Normal.UpperQuantile((1 - e.Level) / 2) : double.NaN;

    // The experiment's name where it has one primary, with metric and contrast where it has several or none.
    private static IEnumerable<string?> Names(IReadOnlyList<PrimaryTest> tests)
    {
        var uses = tests.Where(t => t.Experiment is not null).GroupBy(t => t.Experiment!, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        return tests.Select(t => (string?)(t.Experiment is { } name ? uses[name] == 1 ? name : $"{name}: {t.Metric}, {t.Contrast}" : $"entry {t.First}: {t.Metric}, {t.Contrast}"));
    }

    [GeneratedRegex(@"^a[/\- ]?a\b", RegexOptions.IgnoreCase)]
    private static partial Regex AaName();
}
