using Gnomon.Core.Findings;
using Gnomon.Methods.Privacy;

namespace Gnomon.Studies.Privacy;

/// <summary>Sentences for whoever answers for the release: what was measured, in words that do not promise more, and slots for what only a lawyer can fill.</summary>
internal static class LegalPage
{
    private const string Slot = "[legal to fill in]";

    public static ResultTable Of(PrivacyOptions options, PrivacyScan scan, AnonymityResult before, Generalisation made, AnonymityResult after, PrivacyLog? log)
    {
        var loss = (double)options.Loss.Value;
        List<(string Topic, string Text)> rows =
        [
            ("purpose", options.Purpose ?? Slot),
            ("legal basis", options.LegalBasis ?? Slot),
            ("recipient", options.Recipient ?? Slot),
            ("kept until", options.RetainUntil ?? Slot),
            ("direct identifiers", scan.Direct.Count == 0 ? "None was found by values or headings." : $"{string.Join(", ", scan.Direct.Select(d => d.Column))}: left out of a release{(options.Unit is not null && options.KeyFile is not null ? $"; {options.Unit} is replaced by a keyed pseudonym, which stays personal data for whoever can reach the key" : string.Empty)}."),
            ("risk as it is", $"A person whose {string.Join(", ", scan.Quasi.Select(q => q.Name))} are known is picked with a chance of {Figures.WholePercent(before.LargestRisk)} at most and {Figures.Percent(before.AverageRisk)} on average; {Figures.Count(before.Unique, "row")} of {Figures.Count(before.Rows)} {(before.Unique == 1 ? "is" : "are")} alone."),
            ("risk of the release", after.Rows == 0 ? "No row is left." : $"Every combination stands in at least {Figures.Count(after.Smallest, "row")}: the chance is {Figures.Percent(after.LargestRisk)} at most, {Figures.Percent(after.AverageRisk)} on average. This holds for these columns; whoever knows more of a person is not held back by it."),
            ("how it is reached", $"{Capital(made.Says)}; {Figures.Count(made.Suppressed.Count, "row")} left out."),
        ];
        if (after is { Diversity: { } l, Told: { } told })
        {
            rows.Add(("sensitive values", $"Each group holds at least {Figures.Count(l, "different value")} of {options.Sensitive}; {Figures.Count(told, "row")} stand in groups with one value only, where the group tells it."));
        }

        rows.Add(("numbers with noise", $"With epsilon = {options.Loss} the chance of any published number changes by a factor of at most {Figures.Number(Math.Exp(loss))} whether a person's rows ({Figures.Count(options.RowsPerPerson)} at most) are in the data or not."));
        if (log is not null && log.Total > Epsilon.Zero)
        {
            rows.Add(("budget", $"{log.Spent} of {log.Total} is spent; numbers drawn one after the other add up."));
        }

        rows.Add(("signed off by", Slot));
        return new ResultTable("wording", "For the record: what can be said, and what legal has to add", ["topic", "wording"], [.. rows.Select(r => (IReadOnlyList<object?>)[r.Topic, r.Text])]);
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
