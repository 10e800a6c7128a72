using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Counts;
using Gnomon.Methods.Data;
using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Label;

/// <summary>How far two annotators agree, and which labels contradict the columns.</summary>
internal sealed class AgreementLook
{
    private const int MostRows = 6_000;
    private const int FewestRows = 200;
    private const int FewestInClass = 20;
    private const int MostShown = 8;

    private AgreementLook(ContrastResult? kappa, long both, long differ, ResultTable? table, LabelErrors? evidence) => (Kappa, Both, Differ, Table, Evidence) = (kappa, both, differ, table, evidence);

    public ContrastResult? Kappa { get; }

    /// <summary>Rows of the slice with both labels.</summary>
    public long Both { get; }

    public long Differ { get; }

    public ResultTable? Table { get; }

    public LabelErrors? Evidence { get; }

    public static AgreementLook Of(LabelScan scan, HeldRows held, IReadOnlyList<int> order, LabelOptions options)
    {
        List<int> both = [.. Enumerable.Range(0, held.Count).Where(i => held.IsAudit[i] && held.Label[i] >= 0 && held.Second[i] >= 0)];
        var counts = new long[4];
        both.ForEach(i => counts[(2 * held.Label[i]) + held.Second[i]]++);
        ContrastResult? kappa = null;
        try
        {
            kappa = both.Count == 0 ? null : CohenKappa.Test(counts, 2, level: options.Level);
        }
        catch (NotEstimableException)
        {
            // One label only: there is no agreement beyond chance to speak of.
        }

        var table = both.Count == 0 ? null : new ResultTable("agreement", "Rows on which the annotators differ, most first: to be settled by a third", ["scenario", "rows with both", "differ", "share"],
            [.. both.GroupBy(i => held.Scenario[i]).Select(g => (g.Key, Rows: g.LongCount(), Differ: g.LongCount(i => held.Label[i] != held.Second[i])))
                .OrderByDescending(g => g.Differ / (double)g.Rows).ThenBy(g => scan.Scenario(g.Key), StringComparer.Ordinal).Take(MostShown)
                .Select(g => (IReadOnlyList<object?>)[scan.Scenario(g.Key), g.Rows, g.Differ, g.Differ / (double)g.Rows])]);
        return new AgreementLook(kappa, both.Count, counts[1] + counts[2], table, Errors(scan, held, order, options, kappa, counts));
    }

    private static LabelErrors? Errors(LabelScan scan, HeldRows held, IReadOnlyList<int> order, LabelOptions options, ContrastResult? kappa, long[] counts)
    {
        int[] rows = [.. order.Take(MostRows)];
        var labels = Array.ConvertAll(rows, i => held.Label[i]);
        if (rows.Length < FewestRows || labels.Sum() < FewestInClass || rows.Length - labels.Sum() < FewestInClass)
        {
            return null;
        }

        var d = held.FeatureColumns;
        double[] features = [.. rows.SelectMany(i => held.Features.AsSpan(i * d, d).ToArray())];
        var model = ClassProbabilities.Predict(features, d, labels, 2, seed: (ulong)options.Seed);
        var found = ConfidentLearning.Of(model.Probabilities, labels, 2, seed: (ulong)options.Seed, level: options.Level, right: model.Clean);
        return new LabelErrors
        {
            Target = scan.Columns.Target!.Name, Rows = rows.Length, Gain = model.Gain, Share = found.Share, Low = found.Low, High = found.High, ByChance = found.ByChance, Limit = found.Limit,
            Suspects = found.Suspects.Length, ExpectedWrong = found.ExpectedWrong, PValue = model.PValue,
            Annotators = kappa is null ? null : new DefinitionAgreement(scan.Columns.Target.Name, scan.Columns.Second!.Name, kappa.Value, kappa.Low, kappa.High, counts[1] + counts[2]),
        };
    }
}
