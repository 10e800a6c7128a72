using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Data;
using Gnomon.Methods.Sampling;

namespace Gnomon.Studies.Label;

/// <summary>How far two annotators agree, and which labels contradict the columns.</summary>
internal sealed class AgreementLook
{
    private const int MostRows = 6_000;
    private const int FewestRows = 200;
    private const int FewestInClass = 20;
    private const int MostShown = 8;

    private AgreementLook(WholeAgreement? kappa, ResultTable? table, LabelErrors? evidence) => (Kappa, Table, Evidence) = (kappa, table, evidence);

    /// <summary>Null where nobody labelled a row twice, or where all labels are one and the same.</summary>
    public WholeAgreement? Kappa { get; }

    public ResultTable? Table { get; }

    public LabelErrors? Evidence { get; }

    public static AgreementLook Of(LabelScan scan, HeldRows held, IReadOnlyList<int> order, LabelOptions options)
    {
        int[] both = [.. Enumerable.Range(0, held.Count).Where(i => held.IsAudit[i] && held.Label[i] >= 0 && held.Second[i] >= 0)];
        WholeAgreement? kappa = null;
        try
        {
            // A row without a group is a group of its own.
            kappa = both.Length == 0 ? null : GroupedKappa.Of(
                Array.ConvertAll(both, i => held.Label[i]), Array.ConvertAll(both, i => held.Second[i]), Array.ConvertAll(both, held.Weight), Array.ConvertAll(both, i => held.Group[i] < 0 ? -1 - i : held.Group[i]), options.Level);
        }
        catch (NotEstimableException)
        {
            // One label only: there is no agreement beyond chance to speak of.
        }

        var table = both.Length == 0 ? null : new ResultTable("agreement", "Rows on which the annotators differ, most first: to be settled by a third", ["scenario", "rows with both", "differ", "share"],
            [.. both.GroupBy(i => held.Scenario[i]).Select(g => (g.Key, Rows: g.LongCount(), Differ: g.LongCount(i => held.Label[i] != held.Second[i])))
                .OrderByDescending(g => g.Differ / (double)g.Rows).ThenBy(g => scan.Scenario(g.Key), StringComparer.Ordinal).Take(MostShown)
                .Select(g => (IReadOnlyList<object?>)[scan.Scenario(g.Key), g.Rows, g.Differ, g.Differ / (double)g.Rows])]);
        return new AgreementLook(kappa, table, Errors(scan, held, order, options, kappa));
    }

    private static LabelErrors? Errors(LabelScan scan, HeldRows held, IReadOnlyList<int> order, LabelOptions options, WholeAgreement? kappa)
    {
        int[] rows = [.. order.Take(MostRows)];
        var (target, labels) = (scan.Columns.Target!.Name, Array.ConvertAll(rows, i => held.Label[i]));
        var two = kappa is null ? null : new AnnotatorAgreement(target, scan.Columns.Second!.Name, kappa.Value, kappa.Low, kappa.High, kappa.Rows, kappa.Differ);
        if (rows.Length < FewestRows || labels.Sum() < FewestInClass || rows.Length - labels.Sum() < FewestInClass)
        {
            // Too few of a label for a model to contradict any; the annotators can be held against each other all the same.
            return two is null ? null : new LabelErrors { Target = target, Rows = rows.Length, Gain = 0, Share = 0, Low = 0, High = 1, ByChance = 0, Limit = 1, Suspects = 0, ExpectedWrong = 0, PValue = 1, Annotators = two };
        }

        var d = held.FeatureColumns;
        double[] features = [.. rows.SelectMany(i => held.Features.AsSpan(i * d, d).ToArray())];
        var model = ClassProbabilities.Predict(features, d, labels, 2, seed: (ulong)options.Seed);
        var found = ConfidentLearning.Of(model.Probabilities, labels, 2, seed: (ulong)options.Seed, level: options.Level, right: model.Clean);
        return new LabelErrors
        {
            Target = target, Rows = rows.Length, Gain = model.Gain, Share = found.Share, Low = found.Low, High = found.High, ByChance = found.ByChance, Limit = found.Limit,
            Suspects = found.Suspects.Length, ExpectedWrong = found.ExpectedWrong, PValue = model.PValue, Annotators = two,
        };
    }
}
