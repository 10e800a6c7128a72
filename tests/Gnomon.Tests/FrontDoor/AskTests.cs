using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Ledger;
using Gnomon.Core.Tables;
using Gnomon.Render.Json;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.FrontDoor;

public sealed class AskTests
{
    private static readonly Func<double, CheckResult> Judge = d => d > 5 ? CheckResult.Fail($"depth {d} m", d, 5) : CheckResult.Pass($"depth {d} m", d, 5);

    private static Finding Run(SoundingOptions options, params Check[] checks) => Ask.Run(SoundingVerb.Instance, options, new AskSettings { Checks = checks });

    private static SoundingOptions At(params double[] metres) => new() { Depths = [.. metres.Select((m, i) => new Depth($"p{i}", m))] };

    [Fact]
    public void Every_check_that_applies_runs_unasked_and_is_listed()
    {
        var finding = Run(At(1), new DepthCheck("deep-water", CheckLevel.Blocking, Judge));
        Assert.Equal(("deep-water", CheckStatus.Pass), (Assert.Single(finding.Checks).Id, finding.Checks[0].Status));
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
        Assert.Equal(["Measured once."], finding.Limitations);
    }

    [Fact]
    public void A_failed_blocking_check_turns_the_decision_and_is_named()
    {
        var finding = Run(At(1, 9), new DepthCheck("deep-water", CheckLevel.Blocking, Judge));
        Assert.Equal(DecisionAction.FixDataFirst, finding.Decision.Action);
        Assert.Equal(["deep-water"], finding.Decision.Because);
        Assert.StartsWith("The sea is too deep here.", finding.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_note_joins_the_limitations_as_a_sentence()
    {
        var finding = Run(At(9), new DepthCheck("deep-note", CheckLevel.Note, d => CheckResult.Note($"depth {d} m is unusual")));
        Assert.Contains("Depth 9 m is unusual.", finding.Limitations);
        Assert.Equal(CheckStatus.Pass, finding.Checks[0].Status);
    }

    [Fact]
    public void A_blocking_check_that_crashed_or_was_skipped_is_named_in_the_limitations()
    {
        var finding = Run(
            At(1, 9),
            new DepthCheck("crashing", CheckLevel.Blocking, d => d > 5 ? throw new InvalidOperationException("no sonar") : CheckResult.Pass("1")),
            new DepthCheck("blind", CheckLevel.Blocking, _ => CheckResult.Skip("fog, 0 m seen")),
            new DepthCheck("mild", CheckLevel.Warning, _ => CheckResult.Skip("fog, 0 m seen")));
        Assert.Contains(finding.Limitations, l => l.Contains("crashing", StringComparison.Ordinal) && l.Contains("on p1", StringComparison.Ordinal) && l.Contains("no sonar", StringComparison.Ordinal));
        Assert.DoesNotContain(finding.Limitations, l => l.Contains("crashing", StringComparison.Ordinal) && l.Contains("on p0", StringComparison.Ordinal));
        Assert.Equal(2, finding.Limitations.Count(l => l.Contains("blind", StringComparison.Ordinal)));
        Assert.DoesNotContain(finding.Limitations, l => l.Contains("mild", StringComparison.Ordinal));
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
    }

    [Fact]
    public void Provenance_says_what_was_run_and_when()
    {
        var clock = new FixedClock();
        var finding = Ask.Run(SoundingVerb.Instance, At(1) with { Seed = 7 }, new AskSettings { Checks = [], Clock = clock, Command = ["sounding", "--seed", "7"] });
        Assert.Equal((ProductVersion.Text, 7L, "none"), (finding.Provenance.Version, finding.Provenance.Seed, finding.Provenance.Engine));
        Assert.Equal(["sounding", "--seed", "7"], finding.Provenance.Command);
        Assert.Equal((FixedClock.Moment, 2.5), (finding.Provenance.StartedAt, finding.Provenance.Seconds));
        Assert.Equal("Is it deep, at 2026-01-02?", finding.Title);
        Assert.Matches(@"^\d+\.\d+\.\d+", ProductVersion.Text);
    }

    [Fact]
    public void A_table_in_memory_is_data()
    {
        var finding = Ask.Run(SoundingVerb.Instance, At(1), new AskSettings { Checks = [], Table = Table.With("x", [1L, 2, 3]) });
        Assert.Equal(3L, finding.Tables[0].Rows[0][0]);
        var data = Assert.Single(finding.Provenance.Data);
        Assert.Equal((3L, 1), (data.Rows, data.Columns));
        Assert.Equal("duckdb", finding.Provenance.Engine);
    }

    [Fact]
    public void Every_verb_has_a_typed_call_that_takes_a_table()
    {
        var table = Table.With("arm", Enumerable.Range(0, 400).Select(i => i % 2 == 0 ? "A" : "B")).And("converted", Enumerable.Range(0, 400).Select(i => i % 5 == 0));
        var finding = Ask.Ab(table, new AbOptions { Variant = "arm", Metric = ["converted"] });
        Assert.Equal(400, finding.Provenance.Data[0].Rows);
        Assert.Contains(finding.Checks, c => c.Id == "sample-ratio-mismatch");
        Assert.Equal("ab", finding.Question);
    }

    [Fact]
    public void A_table_and_a_file_together_are_refused() =>
        Assert.Equal("options-conflict", Assert.Throws<GnomonError>(() => Ask.Run(SoundingVerb.Instance, At(1) with { Data = "x.csv" }, new AskSettings { Table = Table.With("x", [1L]) })).Code);

    [Fact]
    public void The_ledger_receives_the_finding_as_shown_and_its_trace()
    {
        var ledger = new ListLedger();
        var trace = new LedgerTrace { Experiment = new ExperimentKey("roles", "sea", [], 0), DataState = "s" };
        var finding = Ask.Run(SoundingVerb.Instance, At(1) with { Trace = trace }, new AskSettings { Checks = [], Ledger = ledger });
        var entry = Assert.Single(ledger.Entries);
        Assert.Equal((FindingJson.Write(finding), "answer", "sounding"), (entry.FindingJson, entry.Action, entry.Verb));
        Assert.Same(trace, entry.Trace);
        Assert.Equal(finding.Provenance.StartedAt, entry.At);
    }

    [Fact]
    public void A_ledger_that_cannot_be_written_costs_a_sentence_and_not_the_answer()
    {
        var finding = Ask.Run(SoundingVerb.Instance, At(1), new AskSettings { Checks = [], Ledger = new ListLedger(writable: false) });
        Assert.Contains(finding.Limitations, l => l.Contains("not in the ledger", StringComparison.Ordinal) && l.Contains("The disk is full.", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_ledger_nothing_is_remembered() => Assert.Null(new AskSettings().Ledger.Location);

    [Fact]
    public void A_cancelled_run_ends_with_the_cancellation()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Ask.Run(SoundingVerb.Instance, At(1), new AskSettings { Checks = [], Table = Table.With("x", [1L]), Cancellation = source.Token }));
    }

    private sealed class FixedClock : TimeProvider
    {
        private long _ticks;

        public static DateTimeOffset Moment { get; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        public override long TimestampFrequency => 1000;

        public override DateTimeOffset GetUtcNow() => Moment;

        public override long GetTimestamp() => _ticks += 2500;
    }
}
