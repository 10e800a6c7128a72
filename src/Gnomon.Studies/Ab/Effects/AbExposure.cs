using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Methods;
using Gnomon.Methods.Data;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics;

namespace Gnomon.Studies.Ab.Effects;

/// <summary>The effect among units that met the place where the arms differ, if they are the same share of every arm.</summary>
internal sealed class AbExposure
{
    // The threshold of the check exposure-imbalance: what it fails is not estimated.
    private const double Threshold = 0.001;
    private static readonly string[] Yes = ["1", "1.0", "true", "t", "yes", "y"];
    private static readonly string[] No = ["0", "0.0", "false", "f", "no", "n"];
    private readonly ExposureCounts _counts;
    private readonly IReadOnlyList<(Comparison Comparison, TriggeredEffectResult Result)> _made;
    private readonly string _column;

    private AbExposure(string column, ExposureCounts counts, IReadOnlyList<(Comparison, TriggeredEffectResult)> made) => (_column, _counts, _made) = (column, counts, made);

    private bool IsUneven => ContingencyTest.ChiSquare([.. _counts.Exposed.Zip(_counts.Assigned).SelectMany(x => new[] { x.First, x.Second - x.First })], 2)?.PValue < Threshold;

    /// <returns>Null when nobody asked.</returns>
    /// <exception cref="GnomonError">The column is not of yes and no, or units repeat.</exception>
    public static AbExposure? Of(AbDesign design, AbInput input, AbFacts facts, StudyContext context)
    {
        if (design.Options.Exposed is not { } option)
        {
            return null;
        }

        var data = context.RequireData();
        var field = UnitRows.Require(data.Schema, option, "--exposed");
        if (input.Repeated)
        {
            throw new GnomonError("not-supported", $"Units repeat over rows, so {field.Name} is not one answer per unit.", "--exposed", "Total the rows per unit first, with --query.");
        }

        var leads = facts.Comparisons.Where(c => c.Spec is { Role: MetricRole.Primary, Kind: MetricKind.Value } && !c.Metric.IsRatio).ToList();
        if (leads.Count == 0)
        {
            throw new GnomonError("not-supported", $"--exposed reads metrics with one plain value per unit; {string.Join(", ", design.Primaries.Select(m => m.Name).Take(3))} {(design.Primaries.Count == 1 ? "is" : "are")} none.", "--exposed", "Name such a metric with --metric, and read the other without --exposed.");
        }

        var (assigned, exposed) = (new long[input.Arms.Count], new long[input.Arms.Count]);
        var made = new List<(Comparison, TriggeredEffectResult)>();
        foreach (var group in leads.GroupBy(c => c.Spec.Name))
        {
            var spec = group.First().Spec;
            var rows = UnitRows.Read(data, design.Options.Unit is { } unit ? data.Schema.Require(unit).Name : null, data.Schema.Require(design.Options.Variant!).Name, spec, input.Arms, [field with { Type = Core.Tables.ColumnType.Text }], context);
            var answers = Answers(rows.Columns[0], data.Name);
            var sums = input.Arms.Select(_ => new MomentsAccumulator(group.First().Baseline.Values.Mean)).ToList();
            Array.Clear(assigned);
            Array.Clear(exposed);
            var valued = new long[input.Arms.Count];
            for (var i = 0; i < rows.Count; i++)
            {
                var isExposed = rows.Columns[0].Codes![i] is var code && code >= 0 && answers[code];
                assigned[rows.Arm[i]]++;
                exposed[rows.Arm[i]] += isExposed ? 1 : 0;
                if (!double.IsNaN(rows.Value[i]))
                {
                    valued[rows.Arm[i]]++;
                    if (isExposed)
                    {
                        sums[rows.Arm[i]].Add(rows.Value[i]);
                    }
                }
            }

            foreach (var c in group)
            {
                var arm = input.Arms.ToList().IndexOf(c.Arm);
                try
                {
                    made.Add((c, TriggeredEffect.Of(sums[arm].ToMoments(), sums[0].ToMoments(), valued[arm] + valued[0], design.Level)));
                }
                catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
                {
                    // Too few were exposed: the counts say so.
                }
            }
        }

        return new(field.Name, new ExposureCounts { Arms = input.Arms, Assigned = assigned, Exposed = exposed }, made);
    }

    public AbPart Part => new() { Estimates = [.. Estimates()], Evidence = [.. Evidence()], Limitations = [.. Limitations()] };

    public IEnumerable<IEvidence> Evidence() => [_counts];

    public IEnumerable<Estimate> Estimates() => IsUneven ? [] : _made.SelectMany(m => new[]
    {
        Line(m.Comparison, "difference among exposed", m.Result.Exposed, (long)Math.Round(m.Result.Share * m.Comparison.N), m.Result.Exposed.Method),
        Line(m.Comparison, "difference over all, by exposure", m.Result.Overall, m.Comparison.N, m.Result.Overall.Method),
    });

    public IEnumerable<string> Limitations()
    {
        if (IsUneven)
        {
            yield return $"The effect among exposed units is not given: {_column} marks other shares of the arms. All assigned units are compared.";
            yield break;
        }

        if (_made.Count == 0)
        {
            yield return $"The effect among exposed units is not given: too few units are marked by {_column}.";
            yield break;
        }

        var lead = _made[0];
        yield return $"{Figures.Percent(lead.Result.Share)} of units met the place where the arms differ ({_column}). The decision rests on all assigned units; the effect among the exposed holds if {_column} is logged alike in every arm, before the arms differ, and the treatment cannot change who is exposed.";
    }

    private static Estimate Line(Comparison c, string name, Methods.Inference.ContrastResult r, long n, string method) => new()
    {
        Name = name, Metric = c.Spec.Name, Contrast = c.Contrast, Value = r.Value, Low = r.Low, High = r.High, Level = r.Level, Unit = c.Metric.Unit, P = r.PValue, N = n, Method = method, Role = "descriptive",
    };

    private static bool[] Answers(UnitColumn column, string data) => [.. column.Levels.Select(l => Answer(l.Trim(), column.Name, data))];

    private static bool Answer(string text, string column, string data)
    {
        if (Yes.Contains(text, StringComparer.OrdinalIgnoreCase))
        {
            return true;
        }

        return text.Length == 0 || No.Contains(text, StringComparer.OrdinalIgnoreCase)
            ? false
            : throw new GnomonError("bad-exposure", $"{data}: column '{column}' holds '{text}', which is neither yes nor no.", "--exposed", "Write 1 or 0, true or false, yes or no; empty counts as no.");
    }
}
