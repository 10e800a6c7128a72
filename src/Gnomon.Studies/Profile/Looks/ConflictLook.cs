using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Profile.Looks;

/// <summary>Rows alike in every feature with another target, counted by the engine over all rows. Texts are compared without case and outer blanks.</summary>
internal static class ConflictLook
{
    private const long MostClasses = 50;
    private const double Twin = 0.9;
    private const double Named = 0.999;
    private const int TellApart = 4;

    public static LabelConflicts? Of(ProfileFacts facts, ColumnRedundancy twins, IDataset data, CancellationToken cancellation)
    {
        if (facts.Target is not { Present: > 0 } target || target.Role == Role.Empty || target.Scan.Distinct is < 2 or > MostClasses)
        {
            return null;
        }

        var features = facts.Columns.Where(c => c != target && c.Role is not (Role.Key or Role.Identifier or Role.Empty or Role.Constant)).ToList();
        if (features.Count == 0)
        {
            return null;
        }

        var named = facts.Columns.FirstOrDefault(c => c.Role is Role.Key or Role.Identifier && c.UniqueShare >= Named)?.Name;
        if (!AnyAlike(features, target.Name, data, cancellation))
        {
            return new LabelConflicts
            {
                Target = target.Name, Features = features.Count, Rows = target.Present, RowsAlike = 0, RowsInConflict = 0, FewestErrors = 0, NamedBy = named, PairsAlike = 0, PairsByChance = ByChance(features, twins, facts.Rows, 0),
            };
        }

        var together = RowText.Hash(features, canonical: true);
        var label = Scalar.Column(target.Name).ToText();
        var rows = new Projection("n", Scalar.Aggregate(AggregateFunction.RowCount));
        var counted = new Query { Select = [new("g", together), new("label", label), rows], Where = Scalar.Column(target.Name).IsNull().Not(), GroupBy = [together, label] };
        var n = Scalar.Column("n").ToDouble();
        var groups = new Query
        {
            Select = [Projection.Column("g"), new("kinds", Scalar.Aggregate(AggregateFunction.RowCount)), new("all", Scalar.Aggregate(AggregateFunction.FixedPointSum, Scalar.Column("n"), null, 0)), new("most", Scalar.Aggregate(AggregateFunction.Max, n))],
            From = counted, GroupBy = [Scalar.Column("g")],
        };
        var all = Scalar.Column("all");
        Scalar one = Scalar.Value(1.0), zero = Scalar.Value(0.0);
        Scalar Where(Scalar condition, Scalar then) => Scalar.Case([(condition, then)], zero);
        var isConflict = Scalar.Call(ScalarFunction.Greater, Scalar.Column("kinds").ToDouble(), one);
        var isRepeated = Scalar.Call(ScalarFunction.Greater, all, one);
        var table = data.Read(
            new Query
            {
                Select =
                [
                    Sum("rows", all), Sum("alike", Where(isRepeated, all)), Sum("conflict", Where(isConflict, all)), Sum("errors", all - Scalar.Column("most")), Sum("pairs", Where(isRepeated, all * (all - one) / Scalar.Value(2.0))),
                ],
                From = groups,
            }, cancellation);
        double Value(string name) => table[name] is DoubleColumn d && !d.IsNull(0) ? d.Values[0] : 0;
        return new LabelConflicts
        {
            Target = target.Name, Features = features.Count, Rows = (long)Value("rows"), RowsAlike = (long)Value("alike"), RowsInConflict = (long)Value("conflict"), FewestErrors = (long)Value("errors"),
            NamedBy = named, PairsAlike = Value("pairs"), PairsByChance = ByChance(features, twins, facts.Rows, Value("pairs")),
        };
    }

    // The few columns that tell rows apart best often tell all of them apart: then nothing is alike, and the wide question need not be asked.
    private static bool AnyAlike(List<ColumnFacts> features, string target, IDataset data, CancellationToken cancellation)
    {
        var best = features.OrderBy(c => c.Scan.PairsAlike()).ThenBy(c => c.Index).Take(TellApart).ToList();
        var isLabelled = Scalar.Column(target).IsNull().Not();
        var table = data.Read(
            Query.Of(new("rows", Scalar.Aggregate(AggregateFunction.RowCount, null, isLabelled)), new("different", Scalar.Aggregate(AggregateFunction.CountDistinct, RowText.Hash(best, canonical: true), isLabelled))), cancellation);
        return ((IntegerColumn)table["different"]).Values[0] < ((IntegerColumn)table["rows"]).Values[0];
    }

    private static Projection Sum(string name, Scalar value) => new(name, Scalar.Aggregate(AggregateFunction.FixedPointSum, value, null, 0));

    // Columns that repeat another count once; pairs alike in every column are what is to be explained, and do not count as chance.
    private static double ByChance(List<ColumnFacts> features, ColumnRedundancy twins, long rows, double alikeInAll)
    {
        var repeated = twins.Twins.Where(t => t.Value >= Twin).Select(t => t.Second).ToHashSet(StringComparer.Ordinal);
        var pairs = Math.Max(1, rows * (rows - 1.0) / 2);
        var logarithm = Math.Log(pairs);
        foreach (var column in features.Where(c => !repeated.Contains(c.Name)))
        {
            var alike = column.Scan.PairsAlike() - alikeInAll;
            if (alike <= 0)
            {
                return 0;
            }

            logarithm += Math.Log(Math.Min(1, alike / pairs));
        }

        return Math.Exp(logarithm);
    }
}
