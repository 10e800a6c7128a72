using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Methods;
using Gnomon.Methods.Families;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>How the primary comparisons move together: their differences' correlation, from the metrics on shared units.</summary>
internal sealed class FamilyCorrelation
{
    private const int MostComparisons = 60;
    private readonly ulong _seed;
    private readonly string[] _metrics;
    private readonly IReadOnlyList<string> _arms;
    private readonly CoMoments?[] _joint;
    private readonly double[][,] _covariance;

    private FamilyCorrelation(AbDesign design, AbInput input, UnitTable units, IReadOnlyList<MetricInput> metrics)
    {
        _seed = (ulong)design.Options.Seed;
        _metrics = [.. metrics.Select(m => m.Spec.Name)];
        _arms = input.Arms;
        var values = metrics.Select(m => MetricValues.Of(units, m, input)).ToArray();
        _covariance = [.. Enumerable.Range(0, input.Arms.Count).Select(a => Covariance(units.Of(a), values))];
        _joint = [.. Enumerable.Range(0, input.Arms.Count).Select(a => Joint(units.Of(a), values))];
    }

    /// <exception cref="GnomonError">A primary metric has no value per unit.</exception>
    public static AbInput Apply(AbDesign design, AbInput input, AbReader? reader, StudyContext context)
    {
        if (design.Options.Family != "maxt" || reader is null)
        {
            return input;
        }

        var primaries = input.Metrics.Where(m => m.Spec.Role == MetricRole.Primary).ToList();
        if (primaries.Find(m => m.Spec.Derived is not null) is { } derived)
        {
            throw new GnomonError("not-supported", $"--family maxt needs a value per unit of every primary metric; {derived.Spec.Name} has none.", "--family", "Make it a --secondary, or leave out --family.");
        }

        if (primaries.Count * (input.Arms.Count - 1) is < 2 or > MostComparisons)
        {
            return input;
        }

        var units = UnitTable.Read(reader, input, [.. primaries.SelectMany(m => MetricValues.Columns(m, reader))], context);
        try
        {
            return input with { Correlation = new FamilyCorrelation(design, input, units, primaries) };
        }
        catch (NotEstimableException e)
        {
            throw new GnomonError("not-estimable", e.Message, "--family", "Leave out --family maxt.", e);
        }
    }

    /// <summary>Step-down p-values of these comparisons; null where one of them was not part of the reading.</summary>
    public double[]? Adjust(IReadOnlyList<Comparison> members) => Correlation(members) is { } correlation ? MaxTNormal.Adjust([.. members.Select(c => c.Effect.PValue)], correlation, _seed) : null;

    /// <summary>How many times wider than alone the intervals of these comparisons are when they hold all at once; null where one of them was not part of the reading.</summary>
    private double? Widening(IReadOnlyList<Comparison> members, double level) => Correlation(members) is { } correlation
        ? MaxTNormal.Critical(correlation, members.Count, level, _seed) / Numerics.Distributions.Normal.UpperQuantile((1 - level) / 2)
        : null;

    private double[]? Correlation(IReadOnlyList<Comparison> members)
    {
        if (members.Count < 2)
        {
            return null;
        }

        var of = members.Select(c => (Metric: Array.IndexOf(_metrics, c.Spec.Name), Arm: _arms.ToList().IndexOf(c.Arm))).ToArray();
        if (Array.Exists(of, m => m.Metric < 0 || m.Arm < 0))
        {
            return null;
        }

        var n = of.Length;
        var correlation = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                correlation[i * n + j] = i == j ? 1 : Math.Clamp(Of(i, j) / Math.Sqrt(Of(i, i) * Of(j, j)), -1, 1);
            }
        }

        return correlation;

        double Of(int i, int j) => _covariance[0][of[i].Metric, of[j].Metric] + (of[i].Arm == of[j].Arm ? _covariance[of[i].Arm][of[i].Metric, of[j].Metric] : 0);
    }

    /// <summary>Holm beside max-T, and one test of all metrics together.</summary>
    public static AbMetrics Report(AbInput input, AbFacts facts)
    {
        var made = facts.Comparisons.Where(c => c.Spec.Role == MetricRole.Primary).ToList();
        if (input.Correlation is not { } family || made.Count < 2)
        {
            return new AbMetrics();
        }

        var holm = Multiplicity.Holm([.. made.Select(c => c.Effect.PValue)]);
        var level = facts.Design.Level;
        var maxT = facts.Sequential is null ? [.. made.Select(c => c.FamilyP)] : family.Adjust(made) ?? holm;
        var wider = family.Widening(made, level);
        return new AbMetrics
        {
            Tables =
            [
                new ResultTable("family", "Corrected for each other", ["metric", "contrast", "p", "Holm", "max-T", "difference", "low, all at once", "high, all at once"],
                    [.. made.Select((c, i) => (IReadOnlyList<object?>)[c.Spec.Name, c.Contrast, c.Effect.PValue, holm[i], maxT[i], c.Effect.Value, c.Effect.Value - wider * (c.Effect.Value - c.Effect.Low), c.Effect.Value + wider * (c.Effect.High - c.Effect.Value)])]),
            ],
            Limitations =
            [
                facts.Sequential is not null ? $"Under a plan with looks the size is shared among {Figures.Count(made.Count, "primary comparison")} by Holm's procedure, whose bounds the looks have; max-T stands beside it and decides nothing." :
                $"The p-values of {Figures.Count(made.Count, "primary comparison")} are corrected by max-T: the largest of them is judged against how they move together on these units ({Figures.Count(MaxTNormal.Draws)} draws). Holm's, which must assume the worst, stand beside them.",
                .. wider is { } w ? new[] { $"The table of corrections gives intervals that hold for all {made.Count} comparisons at once with {Figures.Confidence(level)} confidence: each side is {w:0.00} times as wide as alone." } : [],
                .. family.Together(),
            ],
        };
    }

    private IEnumerable<string> Together()
    {
        for (var a = 1; a < _joint.Length; a++)
        {
            if (_metrics.Length < 2 || _joint[a] is not { } x || _joint[0] is not { } y)
            {
                continue;
            }

            string? says = null;
            try
            {
                var p = Hotelling(x, y);
                says = $"One test of all {_metrics.Length} metrics together (Hotelling's T2, spreads of the arms apart), {_arms[a]} against {_arms[0]}: {Figures.P(p)} over {Figures.Count(x.Count + y.Count, "unit")} that have all of them.";
            }
            catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
            {
                says = $"The metrics of {_arms[a]} are not tested together: {e.Message}";
            }

            yield return says;
        }
    }

    private static double Hotelling(CoMoments x, CoMoments y) => HotellingTwoSample.Test(x, y).PValue;

    private static CoMoments? Joint(int[] rows, double[][] values)
    {
        int[] complete = [.. rows.Where(i => values.All(v => !double.IsNaN(v[i])))];
        return complete.Length < 2 ? null : CoMoments.OfColumns([.. values.Select(v => Array.ConvertAll(complete, i => v[i]))]);
    }

    // Covariance of two means, each over the units that have its value.
    private static double[,] Covariance(int[] rows, double[][] values)
    {
        var m = values.Length;
        var result = new double[m, m];
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                int[] both = [.. rows.Where(r => !double.IsNaN(values[i][r]) && !double.IsNaN(values[j][r]))];
                if (both.Length < 2)
                {
                    continue;
                }

                double n = rows.Count(r => !double.IsNaN(values[i][r])), k = rows.Count(r => !double.IsNaN(values[j][r]));
                var joint = CoMoments.OfColumns(Array.ConvertAll(both, r => values[i][r]), Array.ConvertAll(both, r => values[j][r]));
                result[i, j] = result[j, i] = joint.Covariance(0, 1) * both.Length / (n * k);
            }
        }

        return result;
    }
}
