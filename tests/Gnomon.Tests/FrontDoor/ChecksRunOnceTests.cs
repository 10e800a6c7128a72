using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Tables;
using Gnomon.Studies.Profile;
using Xunit;

namespace Gnomon.Tests.FrontDoor;

/// <summary>A study that words its summary from what the checks saw reads their results; it does not run them itself.</summary>
public sealed class ChecksRunOnceTests
{
    [Fact]
    public void A_profile_evaluates_each_check_once_for_each_piece_of_evidence()
    {
        var check = new CountingCheck();
        var table = Table.With("x", Enumerable.Range(0, 500).Select(i => (double)(i % 97))).And("y", Enumerable.Range(0, 500).Select(i => (double)(i % 83)));
        var finding = Ask.Run(Catalogue.Verb("profile"), new ProfileOptions(), new AskSettings { Table = table, Checks = [check] });
        Assert.Equal(["counted"], finding.Checks.Select(c => c.Id));
        Assert.Equal(1, check.Evaluations);

        // The summary names what that one run saw.
        Assert.Contains("One thing to settle first: counted", finding.Decision.Summary, StringComparison.Ordinal);
    }

    private sealed class CountingCheck : Check<RecordRepeats>
    {
        public int Evaluations { get; private set; }

        public override CheckCard Card { get; } = new("counted", "Was it counted?", "always", "It was counted.", "Count again.", "A tally") { Level = CheckLevel.Warning };

        public override RecordRepeats? Tiny => null;

        public override CheckResult Evaluate(RecordRepeats evidence) => CheckResult.Warn($"evaluation {++Evaluations}");

        // Only suites of the catalogue draw simulated evidence; this check is in none of them.
        public override RecordRepeats Trap(int seed) => throw new NotSupportedException("No suite draws evidence for this check.");

        public override RecordRepeats Clean(int seed) => throw new NotSupportedException("No suite draws evidence for this check.");
    }
}
