using System.Text.RegularExpressions;
using Gnomon.Core.Checks;
using Xunit;

namespace Gnomon.Conformance.Checks;

/// <summary>The contract of one check, apart from its error rates.</summary>
public sealed partial class CheckContractTests
{
    private const int Draws = 20;

    // Words that begin a sentence which does not say what to do.
    private static readonly string[] NotAnInstruction =
        ["The", "A", "An", "This", "That", "These", "Those", "It", "There", "You", "We", "No", "If", "When", "Where", "Results", "Data", "Your", "Because", "Possible", "Probably", "Please"];

    public static TheoryData<string> Ids => CheckSubjects.Ids;

    [Fact]
    public void Ids_are_unique() => Assert.Distinct(Catalogue.Checks.Select(c => c.Card.Id));

    [Fact]
    public void Aliases_lead_to_one_check_only()
    {
        var ids = Catalogue.Checks.Select(c => c.Card.Id).ToHashSet();
        Assert.Distinct(Catalogue.Checks.SelectMany(c => c.Card.Aliases.Select(a => a.ToUpperInvariant()).Distinct()));
        Assert.DoesNotContain(Catalogue.Checks, c => c.Card.Aliases.Any(ids.Contains));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_card_is_complete(string id)
    {
        var card = CheckSubjects.Of(id).Card;
        Assert.Matches(Kebab(), card.Id);
        Assert.EndsWith("?", card.Asks, StringComparison.Ordinal);
        Assert.All(new[] { card.FiresWhen, card.Means, card.Remedy, card.Source }, text => Assert.False(string.IsNullOrWhiteSpace(text)));
        Assert.InRange(card.DetectionRate, 0.5, 1);
        Assert.InRange(card.FalseAlarmRate, 0, 0.05);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_remedy_says_what_to_do(string id)
    {
        var check = CheckSubjects.Of(id);
        var given = Enumerable.Range(1, Draws).Select(seed => check.Run(check.PlantTrap(seed)).Remedy).OfType<string>().Append(check.Card.Remedy).Distinct();
        Assert.All(given, remedy =>
        {
            var word = FirstWord().Match(remedy).Value;
            Assert.True(word.Length > 1 && !NotAnInstruction.Contains(word), $"The remedy of {id} begins with a verb in the imperative; got: {remedy}");
        });
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Same_seed_same_result(string id)
    {
        var check = CheckSubjects.Of(id);
        Assert.All(Enumerable.Range(1, Draws), seed =>
        {
            Assert.Equal(check.Run(check.PlantTrap(seed)), check.Run(check.PlantTrap(seed)));
            Assert.Equal(check.Run(check.PlantClean(seed)), check.Run(check.PlantClean(seed)));
        });
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void What_it_says_holds_the_measured_number(string id)
    {
        var check = CheckSubjects.Of(id);
        Assert.All(Enumerable.Range(1, Draws).SelectMany(seed => new[] { check.Run(check.PlantTrap(seed)), check.Run(check.PlantClean(seed)) }), result =>
        {
            Assert.Contains(result.Says, char.IsDigit);
            Assert.True(Finite(result.Statistic) && Finite(result.Threshold) && Finite(result.P), $"{id} gave a number that is not finite: {result}");
            Assert.False(result.P is < 0 or > 1, $"{id} gave p = {result.P}");
        });
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Tiny_evidence_is_skipped_with_a_reason(string id)
    {
        var check = CheckSubjects.Of(id);
        if (check.PlantTiny() is not { } tiny)
        {
            return; // exact checks, which can judge a single case
        }

        var result = check.Run(tiny);
        Assert.Equal(CheckStatus.Skipped, result.Status);
        Assert.False(string.IsNullOrWhiteSpace(result.Says));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void It_does_what_its_level_allows_and_no_more(string id)
    {
        var check = CheckSubjects.Of(id);
        var traps = Enumerable.Range(1, 5 * Draws).Select(seed => check.Run(check.PlantTrap(seed)).Status).ToList();
        switch (check.Card.Level)
        {
            case CheckLevel.Blocking:
                Assert.Contains(CheckStatus.Fail, traps);
                break;
            case CheckLevel.Warning:
                Assert.DoesNotContain(CheckStatus.Fail, traps);
                break;
            default:
                Assert.All(traps, status => Assert.True(status is CheckStatus.Pass or CheckStatus.Skipped));
                break;
        }
    }

    private static bool Finite(double? value) => value is not { } number || double.IsFinite(number);

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    private static partial Regex Kebab();

    [GeneratedRegex("^[A-Z][a-z-]*")]
    private static partial Regex FirstWord();
}
