using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Data;

/// <summary>The data hold secrets or addresses of people, or single people out.</summary>
public sealed class SensitiveDataExposed : Check<Exposure>
{
    private const double Threshold = 0.001;

    public override CheckCard Card { get; } = new(
        Id: "sensitive-data-exposed",
        Asks: "Would passing these data on expose people or secrets?",
        FiresWhen: "data that are to be released (privacy): a column names people (addresses, telephone numbers, cards and accounts by their checksums, credentials, names, labels of rows) in more than 0.1 % of its cells, or a combination of columns that an outsider may know stands in fewer than k rows (5); this stops the release. Data of which nobody says that they leave (profile): credentials by their published form or payment cards by checksum in more than 0.1 % of a column's cells warn, e-mail addresses are named",
        Means: "This would expose people or secrets.",
        Remedy: "Remove and rotate secrets; pseudonymise, generalise or add noise under a stated budget; drop near copies.",
        Source: "Sweeney 2002; GDPR art. 4-5; Carlini et al. 2023")
    { Level = CheckLevel.Blocking, FalseAlarmRate = 0.001, Aliases = ["personal-data-exposed", "secrets-in-corpus", "synthetic-copies-training"] };

    public override CheckResult Evaluate(Exposure evidence) => evidence switch
    {
        SensitiveColumns columns => InPassing(columns),
        ReleaseExposure release => Released(release),
        null => throw new ArgumentNullException(nameof(evidence)),
        _ => CheckResult.Skip($"{evidence.GetType().Name} has 0 columns to judge"),
    };

    private static CheckResult Released(ReleaseExposure evidence)
    {
        if (evidence.Rows < evidence.K)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Rows, "row")}; a group of {evidence.K} takes {evidence.K}");
        }

        List<string> says = [];
        var named = evidence.Columns.Where(c => c.Share > Threshold).OrderByDescending(c => c.IsSecret).ThenByDescending(c => c.Share).ToList();
        if (named.Count > 0)
        {
            says.Add(string.Join("; ", named.Take(4).Select(c => $"{c.Column} holds {c.Kind} ({Figures.Percent(c.Share)} of its cells)")) + (named.Count > 4 ? $"; {named.Count - 4} more columns" : string.Empty));
        }

        if (evidence.Below > 0)
        {
            says.Add($"{Figures.Count(evidence.Below, "row")} of {Figures.Count(evidence.Rows)} share their {string.Join(", ", evidence.Known.Take(4))}{(evidence.Known.Count > 4 ? ", ..." : string.Empty)} with fewer than {evidence.K - 1} others, the rarest combination stands in {Figures.Count(evidence.Smallest, "row")}");
        }

        return says.Count > 0
            ? CheckResult.Fail($"{evidence.Source}: {string.Join("; ", says)}", evidence.Below, 0)
            : CheckResult.Pass($"{evidence.Source} names nobody, and every combination of {Figures.Count(evidence.Known.Count, "column")} stands in at least {Figures.Count(evidence.Smallest, "row")}", evidence.Below, 0);
    }

    private static CheckResult InPassing(SensitiveColumns evidence)
    {
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

    // Every other draw is a release, the others are columns met in passing.
    public override Exposure Trap(int seed) => seed % 2 == 0 ? Release(seed, rare: 3) : Simulate(seed, 0.8);

    public override Exposure Clean(int seed) => seed % 2 == 0 ? Release(seed, rare: 25) : Simulate(seed, 0);

    public override Exposure? Tiny => new SensitiveColumns { Looked = 0, Columns = [] };

    // Groups of 25 to 400 rows, and one of a few.
    private static ReleaseExposure Release(int seed, int rare)
    {
        var rng = new Rng(seed).Stream("release-exposure");
        var sizes = Enumerable.Range(0, 40).Select(_ => 25 + rng.NextInt(376)).Append(rare).ToList();
        return new ReleaseExposure { Source = "customers.csv", Columns = [], Known = ["age", "zip", "sex"], K = 5, Rows = sizes.Sum(), Below = sizes.Where(s => s < 5).Sum(), Smallest = sizes.Min() };
    }

    // One column of 1,000 cells, most of them cards in the trap.
    private static SensitiveColumns Simulate(int seed, double share)
    {
        var cards = new Rng(seed).Stream("sensitive-data-exposed").NextBinomial(1_000, share);
        return new SensitiveColumns { Looked = 1, Columns = cards == 0 ? [] : [new SensitiveColumn("payment", "payment card numbers", cards / 1_000.0, IsSecret: true)] };
    }
}
