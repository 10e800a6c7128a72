using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Numerics;

namespace Gnomon.Studies.Ab.Assigned;

/// <summary>Reads an experiment again by the assignment that its plan names.</summary>
internal sealed class AssignedReader
{
    private const int MostStrata = 20_000;

    /// <summary>The input with the comparison that the plan's assignment asks for; as it is where the plan names plain hashing or none.</summary>
    /// <param name="design">The question and its plan.</param>
    /// <param name="input">As read.</param>
    /// <param name="context">Data and cancellation.</param>
    /// <param name="caps">Highest values that count, by metric; null where all do.</param>
    /// <exception cref="GnomonError">A column of the assignment is not in the data.</exception>
    public static AbInput Follow(AbDesign design, AbInput input, StudyContext context, IReadOnlyList<double?>? caps = null)
    {
        if (design.Plan?.Assignment is not { Kind: not ("hashed" or "switchback") } plan || input.Designed is not null || !CanFollow(design, input))
        {
            return input;
        }

        var data = context.RequireData();
        string[] columns = [.. (plan.Kind == "stratified" ? plan.Strata : plan.Covariates).Select(c => data.Schema.Find(c)?.Name ?? throw new GnomonError(
            "plan-column-missing", $"The plan assigned by {c}, and {data.Name} has no such column.", "--plan", $"Join the list of units to the data, so that {c} is there."))];
        return input with { Designed = plan.Kind == "stratified" ? Stratified(design, input, columns, data, context, caps) : Rerandomised(design, input, plan, columns, data, context, caps) };
    }

    /// <summary>Sentences on the assignment that the plan names.</summary>
    public static IEnumerable<string> Sentences(AbDesign design, AbInput input, AbFacts facts)
    {
        if (input.Designed is AssignedSet set)
        {
            var lead = facts.Comparisons.FirstOrDefault(c => c.Spec.Role == MetricRole.Primary && c.Designed is AssignedContrast);
            var saved = lead is null ? 0 : ((AssignedContrast)lead.Designed!).Saved;
            yield return $"{set.Says}{(saved > 0.005 ? $" That saves {Figures.WholePercent(saved)} of the variance of {lead!.Spec.Name}." : string.Empty)}";
        }
        else if (design.Plan?.Assignment is { Kind: not ("hashed" or "switchback") } plan)
        {
            yield return $"The plan's assignment ({plan.Kind}) is not followed: it takes one row per unit and metrics with one value per unit, assigned one by one. The intervals are wider than they need be.";
        }
    }

    /// <summary>The same differences as if the arms had been drawn once.</summary>
    public static IEnumerable<Estimate> Estimates(AbFacts facts) => facts.Comparisons.Where(c => c.Designed is AssignedContrast).Select(c => (c, Plain: c.Designed!.Naive!)).Select(x => new Estimate
    {
        Name = "difference", Metric = x.c.Spec.Name, Contrast = x.c.Contrast, Value = x.Plain.Value, Low = x.Plain.Low, High = x.Plain.High, Level = x.Plain.Level, Unit = x.c.Metric.Unit, P = x.Plain.PValue,
        N = x.c.N, Method = "as if the arms had been drawn once by chance", Role = "sensitivity",
    });

    private static bool CanFollow(AbDesign design, AbInput input) => !input.Repeated && design.Options is { IsTyped: false, Variant: not null } && design.Metrics.All(m => m.Kind == MetricKind.Value);

    private static StratifiedSet Stratified(AbDesign design, AbInput input, string[] columns, IDataset data, StudyContext context, IReadOnlyList<double?>? caps)
    {
        var cells = new Dictionary<(int Metric, int Arm, string Stratum), MomentsAccumulator>();
        var strata = new SortedSet<string>(StringComparer.Ordinal);
        Scan(design, input, columns, isText: true, data, context, caps, (arm, texts, _, values) =>
        {
            var stratum = string.Join('|', texts);
            if (strata.Add(stratum) && strata.Count > MostStrata)
            {
                throw new GnomonError("too-many-groups", $"{string.Join(", ", columns)} make more than {Figures.Count(MostStrata)} strata.", "--plan", "Assign within coarser strata.");
            }

            for (var m = 0; m < values.Length; m++)
            {
                if (!double.IsNaN(values[m]))
                {
                    if (!cells.TryGetValue((m, arm, stratum), out var cell))
                    {
                        cells.Add((m, arm, stratum), cell = new MomentsAccumulator(Pivot(input, m)));
                    }

                    cell.Add(values[m]);
                }
            }
        });
        return new(columns, design.Metrics.Select((spec, m) => (spec.Name, Arms: (IReadOnlyList<IReadOnlyList<Moments>>)[.. input.Arms.Select((_, a) => (IReadOnlyList<Moments>)[.. strata.Select(s => cells.GetValueOrDefault((m, a, s))?.ToMoments() ?? Moments.Empty)])])).ToDictionary(x => x.Name, x => x.Arms));
    }

    // A missing covariate is 0, and a covariate of its own says so: the same span as when the arms were drawn.
    private static RerandomisedSet Rerandomised(AbDesign design, AbInput input, AssignmentPlan plan, string[] columns, IDataset data, StudyContext context, IReadOnlyList<double?>? caps)
    {
        var cells = new CoMomentsAccumulator?[design.Metrics.Count, input.Arms.Count];
        var row = new double[1 + (2 * columns.Length)];
        double[]? pivots = null;
        Scan(design, input, columns, isText: false, data, context, caps, (arm, _, covariates, values) =>
        {
            for (var c = 0; c < columns.Length; c++)
            {
                row[1 + c] = double.IsNaN(covariates[c]) ? 0 : covariates[c];
                row[1 + columns.Length + c] = double.IsNaN(covariates[c]) ? 1 : 0;
            }

            pivots ??= [.. row];
            for (var m = 0; m < values.Length; m++)
            {
                if (!double.IsNaN(values[m]))
                {
                    row[0] = values[m];
                    (cells[m, arm] ??= new CoMomentsAccumulator([Pivot(input, m), .. pivots[1..]])).Add(row);
                }
            }
        });
        return new(columns, plan.Acceptance, design.Metrics.Select((spec, m) => (spec.Name, Arms: (IReadOnlyList<CoMoments?>)[.. input.Arms.Select((_, a) => cells[m, a]?.ToCoMoments())])).ToDictionary(x => x.Name, x => x.Arms));
    }

    private static double Pivot(AbInput input, int metric) => input.Metrics[metric].Arms[0].Values is { Count: > 0 } v ? v.Mean : 0;

    private static void Scan(AbDesign design, AbInput input, string[] columns, bool isText, IDataset data, StudyContext context, IReadOnlyList<double?>? caps, Action<int, string[], double[], double[]> take)
    {
        var select = new List<Projection> { new("arm", Scalar.Column(data.Schema.Require(design.Options.Variant!).Name).ToText()) };
        if (design.Options.Unit is { } unit)
        {
            select.Add(new Projection("nounit", Scalar.Column(data.Schema.Require(unit).Name).IsNull()));
        }

        var first = select.Count;
        select.AddRange(columns.Select((c, i) => new Projection($"c{i}", isText ? Scalar.Column(c).ToText() : Scalar.Column(c).ToDouble())));
        select.AddRange(design.Metrics.Select((m, i) => new Projection($"m{i}", AbReader.Value(m, caps?[i]))));
        var index = input.Arms.Select((name, i) => (name, i)).ToDictionary(a => a.name, a => a.i);
        var (texts, covariates, values) = (new string[columns.Length], new double[columns.Length], new double[design.Metrics.Count]);
        data.Scan(
            new Query { Select = select },
            chunk =>
            {
                var arms = chunk.Codes(0);
                var names = chunk.Dictionary(0);
                for (var i = 0; i < chunk.Rows; i++)
                {
                    if (arms[i] < 0 || !index.TryGetValue(names[arms[i]], out var arm) || (first == 2 && chunk.Integers(1)[i] != 0))
                    {
                        continue;
                    }

                    for (var c = 0; c < columns.Length; c++)
                    {
                        if (isText)
                        {
                            texts[c] = chunk.Codes(first + c)[i] is var code && code < 0 ? string.Empty : chunk.Dictionary(first + c)[code];
                        }
                        else
                        {
                            covariates[c] = chunk.IsNull(first + c, i) ? double.NaN : chunk.Doubles(first + c)[i];
                        }
                    }

                    for (var m = 0; m < values.Length; m++)
                    {
                        values[m] = chunk.IsNull(first + columns.Length + m, i) ? double.NaN : chunk.Doubles(first + columns.Length + m)[i];
                    }

                    take(arm, texts, covariates, values);
                }

                return true;
            },
            context.Cancellation);
    }
}
