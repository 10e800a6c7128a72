using Gnomon.Core.Checks;
using Xunit;

namespace Gnomon.Tests.FrontDoor;

/// <summary>One check over several subjects becomes one line that names each subject once.</summary>
public sealed class FoldTests
{
    [Fact]
    public void The_worst_subject_leads_and_the_others_follow() =>
        Assert.Equal("y: 4 m deep (also z)", Says(("x", CheckResult.Pass("1 m deep")), ("y", CheckResult.Warn("4 m deep")), ("z", CheckResult.Warn("3 m deep"))));

    [Fact]
    public void A_sentence_that_names_its_subject_is_not_given_it_again() =>
        Assert.Equal("999 fills 5 % of age (also income)", Says(("age", CheckResult.Warn("999 fills 5 % of age")), ("income", CheckResult.Warn("0 fills 9 % of income"))));

    [Fact]
    public void A_name_inside_another_word_is_not_the_subject() =>
        Assert.Equal("age: 5 % of packages (also income)", Says(("age", CheckResult.Warn("5 % of packages")), ("income", CheckResult.Warn("9 %"))));

    [Fact]
    public void One_subject_with_two_pieces_of_evidence_is_not_also_itself() =>
        Assert.Equal("converted (B - A): fades (also revenue)", Says(("converted (B - A)", CheckResult.Warn("fades")), ("converted (B - A)", CheckResult.Warn("fades")), ("revenue", CheckResult.Warn("fades"))));

    private static string Says(params (string Subject, CheckResult Result)[] runs)
    {
        var card = new CheckCard("deep-water", "Is it deep?", "deep", "It is deep.", "Turn back.", "A chart") { Level = CheckLevel.Warning };
        return Assert.Single(CheckRunner.Fold([.. runs.Select(r => new CheckRun(card, r.Subject, r.Result, Crashed: false))])).Result.Says;
    }
}
