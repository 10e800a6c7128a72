using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Data;

/// <summary>The data hold secrets or addresses of people.</summary>
public sealed class SensitiveDataExposed : Check<SensitiveColumns>
{
    private const double Threshold = 0.001;

    public override CheckCard Card { get; } = new(
        Id: "sensitive-data-exposed",
        Asks: "Would passing these data on expose people or secrets?",
        FiresWhen: "credentials (by their published form) or payment cards (by checksum) stand in more than 0.1 % of a column's cells; e-mail addresses are named without a warning. Whether the data are to be shared is not known here, so it warns and does not stop; combinations of harmless columns that single out a person are not looked for",
        Means: "This would expose people or secrets.",
        Remedy: "Remove and rotate secrets; pseudonymise, generalise or add noise under a stated budget; drop near copies.",
        Source: "Sweeney 2002; GDPR art. 4-5; Carlini et al. 2023")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.001, Aliases = ["personal-data-exposed", "secrets-in-corpus", "synthetic-copies-training"] };

    public override CheckResult Evaluate(SensitiveColumns evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Looked == 0)
        {
            return CheckResult.Skip("0 columns hold text or long whole numbers");
        }

        var found = evidence.Columns.Where(c => c.Share > Threshold).OrderByDescending(c => c.IsSecret).ThenByDescending(c => c.Share).ToList();
        if (found.Count == 0)
        {
            return CheckResult.Pass($"no e-mail addresses, payment cards or credentials in {Figures.Count(evidence.Looked, "column")}", 0, Threshold);
        }

        var says = string.Join("; ", found.Take(5).Select(c => $"{c.Column} holds {c.Kind} ({Figures.Percent(c.Share)} of its cells)"));
        return found[0].IsSecret ? CheckResult.Warn(says, found[0].Share, Threshold) : CheckResult.Note($"personal data, to be handled as such: {says}", found[0].Share, Threshold);
    }

    public override SensitiveColumns Trap(int seed) => Simulate(seed, 0.8);

    public override SensitiveColumns Clean(int seed) => Simulate(seed, 0);

    public override SensitiveColumns? Tiny => new() { Looked = 0, Columns = [] };

    // One column of 1,000 cells, most of them cards in the trap.
    private static SensitiveColumns Simulate(int seed, double share)
    {
        var cards = new Rng(seed).Stream("sensitive-data-exposed").NextBinomial(1_000, share);
        return new SensitiveColumns { Looked = 1, Columns = cards == 0 ? [] : [new SensitiveColumn("payment", "payment card numbers", cards / 1_000.0, IsSecret: true)] };
    }
}
