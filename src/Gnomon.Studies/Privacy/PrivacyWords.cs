using Gnomon.Core.Findings;
using Gnomon.Methods.Privacy;

namespace Gnomon.Studies.Privacy;

/// <summary>The sentences of a privacy finding.</summary>
internal sealed class PrivacyWords(PrivacyOptions options, PrivacyScan scan, AnonymityResult before, Generalisation made, AnonymityResult after, TradeOff? trade, int? released)
{
    public string Summary() => string.Join(" ", new[] { Exposed(), Coarse(), Cost() }.Where(s => s.Length > 0));

    private string Exposed()
    {
        if (released is { } rows)
        {
            return $"{Figures.Count(rows, "row")} are in {options.Release}: no identifiers, and every combination of what an outsider may know stands in at least {Figures.Count(after.Smallest, "row")}.";
        }

        var named = scan.Direct.Count == 0 ? string.Empty : $"{string.Join(", ", scan.Direct.Take(4).Select(d => d.Column))} {(scan.Direct.Count == 1 ? "names" : "name")} people. ";
        return before.Below == 0
            ? $"{named}Every combination of {Known()} stands in at least {Figures.Count(before.Smallest, "row")}, {Figures.Count(options.K)} are asked for."
            : $"{named}{Figures.Percent(before.Unique / (double)before.Rows)} of {Figures.Count(before.Rows, "row")} are alone in {Known()}, {Figures.Percent(before.Below / (double)before.Rows)} in groups below {options.K}.{Few()} Without names the table is not anonymous.";
    }

    private string Few() => scan.Quasi.Count > 3 && scan.Few is [{ Result.Unique: > 0 } first, ..]
        ? $" {first.Names} {(first.Count == 1 ? "is" : "are")} enough for {Figures.Percent(first.Result.Unique / (double)before.Rows)}."
        : string.Empty;

    private string Known() => scan.Quasi.Count <= 4 ? string.Join(", ", scan.Quasi.Select(q => q.Name)) : $"{string.Join(", ", scan.Quasi.Take(3).Select(q => q.Name))} and {Figures.Count(scan.Quasi.Count - 3, "other column")}";

    private string Coarse() => before.Below == 0 || released is not null ? string.Empty
        : after.Rows == 0 ? $"No coarser table keeps k = {options.K}."
        : $"k = {options.K} takes {made.Says} and leaves out {Figures.Percent(made.Suppressed.Count / (double)before.Rows)} of rows.";

    private string Cost() => trade is null ? string.Empty
        : $"A model finds {Figures.WholePercent(trade.AsIs.Recall)} of cases as it is, {Figures.WholePercent(trade.AtK.Recall)} at k = {options.K}, {Figures.WholePercent(trade.AtEpsilon.Recall)} with noise of epsilon = {options.Loss}: choose with the curves.";

    public IEnumerable<string> Limitations(IReadOnlyList<string> again)
    {
        yield return "k counts rows that look alike in the columns named, to somebody who knows these and that the person is in the table. Other knowledge, and a second release of the same people, are not covered by it.";
        if (again.Count > 0)
        {
            yield return $"Earlier releases may hold the rows of people who are deleted now and have to be made again: {string.Join(", ", again)}.";
        }

        if (trade is not null)
        {
            yield return $"The curves were measured on the exact data, without a budget: they are for choosing inside, not for release. {(options.Bounds.Count == 0 ? "Ranges of numbers were read off the data for them. " : string.Empty)}Recall is counted among twice as many flagged rows as there are cases.";
        }
    }

    public IEnumerable<string> Next()
    {
        if (released is null && before.Below > 0 && after.Rows > 0)
        {
            yield return $"To write the coarse rows: add --release FILE{(options.Unit is null ? string.Empty : " and --key-file FILE for pseudonyms")}.";
        }

        if (options.Purpose is null || options.LegalBasis is null || options.Recipient is null || options.RetainUntil is null)
        {
            yield return "Ask legal for what stands open in the table of wordings: --purpose, --legal-basis, --recipient, --retain-until.";
        }
    }
}
