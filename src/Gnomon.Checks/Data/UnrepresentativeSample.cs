using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Data;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Data;

/// <summary>The rows are not the cases that the decision is about.</summary>
public sealed class UnrepresentativeSample : Check<PopulationComparison>
{
    private const double Alpha = 0.01;
    private const double SmallestAuc = 0.55;
    private const double DeployedShare = 0.001;
    private const double ImpliedWhenEmpty = 15;
    private const long FewestRows = 50;

    public override CheckCard Card { get; } = new(
        Id: "unrepresentative-sample",
        Asks: "Do the rows have the make-up of the population that the decision is about?",
        FiresWhen: "a group's share differs by more than 2 points from the population's, Holm p < 0.01 over all groups; or a cross-fitted model tells the rows from the population with a lower limit of the area under the curve above 0.55 and random labels do so at most once in a hundred; or a group of at least 0.1 % of the population has no row where 15 are implied. Fewer than 50 rows: undecided",
        Means: "These rows are not the cases you will decide about.",
        Remedy: "Reweight (raking, density ratio), collect, validate where it will be used, or restrict the claim.",
        Source: "Deming and Stephan 1940; Sugiyama et al. 2007; TRIPOD (Collins et al. 2015)")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.02, Aliases = ["sample-population-mismatch", "sample-not-representative", "under-represented-segment", "single-site-validation", "synthetic-only-evaluation"] };

    public override CheckResult Evaluate(PopulationComparison evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var strata = evidence.Strata.Where(s => s.ColumnRows >= FewestRows).ToList();
        if (evidence.Rows < FewestRows || strata.Count == 0)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Rows, "row")} and {Figures.Count(strata.Count, "group")} to compare with {evidence.Reference}; {FewestRows} rows and 1 group are needed");
        }

        var p = strata.Select(s => StratumShare.PValue(s.Rows, s.ColumnRows, Math.Clamp(s.Share, 0, 1), evidence.ReferenceRows)).ToArray();
        var differ = StratumShare.Differ(p, strata.Select(s => (s.Rows / (double)s.ColumnRows) - s.Share).ToArray(), Alpha);
        var smallest = Multiplicity.Holm(p).Min();
        var shifted = strata.Where((_, i) => differ[i]).OrderByDescending(s => Math.Round(Math.Abs((s.Rows / (double)s.ColumnRows) - s.Share), 9)).ThenBy(s => s.Share).DistinctBy(s => s.Column).ToList();
        var empty = strata.Where(s => s.Rows == 0 && s.Share >= DeployedShare && s.Implied >= ImpliedWhenEmpty).OrderByDescending(s => s.Share).ToList();
        List<string> says = [];
        if (shifted.Count > 0)
        {
            says.Add(string.Join("; ", shifted.Take(3).Select(s => $"{s.Column} = {s.Level} is {Figures.Percent(s.Rows / (double)s.ColumnRows)} of the rows and {Figures.Percent(s.Share)} of {evidence.Reference} ({Figures.Count(s.Rows, "row")} where {Figures.Count((long)Math.Round(s.Implied))} are implied)")) + (shifted.Count > 3 ? $"; {shifted.Count - 3} more columns" : string.Empty));
        }

        if (empty.Except(shifted).FirstOrDefault() is { } none)
        {
            says.Add($"no row of {none.Column} = {none.Level}, {Figures.Percent(none.Share)} of {evidence.Reference}");
        }

        if (evidence is { AucLow: > SmallestAuc, AucP: <= Alpha })
        {
            says.Add($"a model tells the rows from {evidence.Reference} with an area under the curve of {Figures.Number(evidence.Auc!.Value)}, lower limit {Figures.Number(evidence.AucLow.Value)}");
        }

        return says.Count > 0
            ? CheckResult.Warn(string.Join("; ", says), smallest, Alpha, smallest)
            : CheckResult.Pass($"none of {Figures.Count(strata.Count, "group")} is more than 2 points off {evidence.Reference}{(evidence.Auc is { } auc ? $"; a model tells the rows apart with an area under the curve of {Figures.Number(auc)}" : string.Empty)}", smallest, Alpha, smallest);
    }

    public override PopulationComparison Trap(int seed) => Simulate(seed, 0.04);

    public override PopulationComparison Clean(int seed) => Simulate(seed, 0.10);

    public override PopulationComparison? Tiny => new() { Reference = "census.csv", Rows = 12, ReferenceRows = null, Strata = [] };

    // 1,000 rows; rural people are a tenth of the population and 4 % of the rows. Four other columns agree.
    private static PopulationComparison Simulate(int seed, double rural)
    {
        var rng = new Rng(seed).Stream("unrepresentative-sample");
        const long Rows = 1_000;
        var strata = new List<PopulationStratum>();
        for (var c = 0; c < 5; c++)
        {
            var first = rng.NextBinomial(Rows, c == 0 ? rural : 0.4);
            var share = c == 0 ? 0.10 : 0.4;
            strata.Add(new PopulationStratum(c == 0 ? "area" : $"q{c}", c == 0 ? "rural" : "yes", first, Rows, share));
            strata.Add(new PopulationStratum(c == 0 ? "area" : $"q{c}", c == 0 ? "town" : "no", Rows - first, Rows, 1 - share));
        }

        return new PopulationComparison { Reference = "census.csv", Rows = Rows, ReferenceRows = null, Strata = strata };
    }
}
