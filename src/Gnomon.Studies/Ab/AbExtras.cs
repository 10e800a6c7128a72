using System.Text.RegularExpressions;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Resampling;
using Gnomon.Studies.Ab.Assigned;

namespace Gnomon.Studies.Ab;

/// <summary>Second answers that need another reading: capped means, the weight of the largest units, other columns that could be the unit.</summary>
internal sealed partial record AbExtras
{
    private const double CapQuantile = 0.999;
    private const int MostCandidates = 3;
    private const int Resamples = 1_999;

    // Beyond this many units a resample costs more than it tells: the normal approximation is then judged by the skewness rule alone.
    private const long MostResampledUnits = 200_000;
    private const double FarOff = 12;
    private const double WorthReading = 1.2;
    private const double MostShared = 0.05;

    /// <summary>Share of the total held by the largest 0.1 % of units, by metric; absent when it cannot exceed a tenth.</summary>
    public IReadOnlyDictionary<string, double?> TopShare { get; init; } = new Dictionary<string, double?>();

    /// <summary>Differences with values capped at their 99.9 % quantile.</summary>
    public IReadOnlyList<CappedComparison> Capped { get; init; } = [];

    /// <summary>Studentised bootstrap intervals where the normal approximation is not safe.</summary>
    public IReadOnlyList<ResampledComparison> Resampled { get; init; } = [];

    /// <summary>Units that come on several days, day by day; null where every unit has one.</summary>
    public RepeatedDays? Repeated { get; init; }

    /// <summary>Why a second answer is left out, in sentences.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>Columns whose values repeat over rows, with the comparison clustered by them.</summary>
    public IReadOnlyList<(string Column, Comparison Comparison)> Candidates { get; init; } = [];

    /// <summary>Values of metrics with a declared range, in the order in which they came; null without --bounds.</summary>
    public BoundedMetrics? Bounded { get; init; }

    public static AbExtras Read(AbDesign design, AbInput input, StudyContext context, AbReader reader)
    {
        var tails = Tails(input);
        var top = new Dictionary<string, double?>();
        var caps = new double?[input.Metrics.Count];
        foreach (var metric in tails)
        {
            var tail = reader.Tail(metric.Spec, CapQuantile, metric.Arms.Sum(a => a.Values.Count), input.Repeated);
            if (tail is null)
            {
                continue;
            }

            caps[input.Metrics.ToList().IndexOf(metric)] = tail.Threshold;
            var total = metric.Arms.Sum(a => a.Values.Mean * a.Values.Count);
            var positive = metric.Arms.All(a => a.Values.Min is null or >= 0) && total > 0;
            top[metric.Spec.Name] = positive ? tail.SumAbove / total : null;
        }

        return new AbExtras
        {
            TopShare = top,
            Capped = Array.Exists(caps, c => c is not null) ? [.. CappedAnswers(design, reader, context, caps)] : [],
            LeftOut = tails.Count > 0 && input.Designed is AssignedSet ? ["No bootstrap interval stands beside the answer: resampling units one by one would not keep the assignment that the plan names."] : [],
            Resampled = input.Designed is not null || input.Repeated || input.TotalUnits > MostResampledUnits ? [] : [.. tails.SelectMany(m => ResampledAnswers(m, design, input, context, reader))],
            Candidates = [.. ReadCandidates(design, input, context)],
            Bounded = BoundedMetrics.Read(design, input, reader),
            Repeated = RepeatedDays.Read(input, reader, context),
        };
    }

    /// <summary>What is left out where groups, blocks of time or linked units were assigned: cutting values or resampling units one by one would not follow that design.</summary>
    public static AbExtras Without(AbInput input) => Tails(input) is { Count: > 0 } tails
        ? new() { LeftOut = [$"{string.Join(", ", tails.Take(3).Select(m => m.Spec.Name))} {(tails.Count == 1 ? "has" : "have")} a long tail, and no second answer with capped values is given: it would have to follow the design that assigned the arms. Cap the column with --query to see it."] }
        : new();

    private static List<MetricInput> Tails(AbInput input) => [.. input.Metrics.Where(m => !m.Binary && !m.IsRatio && m.Spec.Kind == MetricKind.Value && m.Spec.Derived is null && IsSuspicious(m))];

    // The largest 0.1 % can hold a tenth of the total only if some value is 100 times the mean; a tail worth capping reaches far beyond the bulk, and beyond what the
    // largest of so many exponential values reaches, which is ln n standard deviations.
    private static bool IsSuspicious(MetricInput metric) => metric.Arms.Any(a =>
        a.Values is { Count: >= 20, Max: { } max, M2: > 0 } v
        && (max - v.Mean > Math.Max(FarOff, Math.Log(v.Count) + 4) * v.StandardDeviation || max > 100 * Math.Abs(v.Mean) || (v.HasHigherPowers && v.Count < 355 * v.Skewness * v.Skewness)));

    // Capped values are compared by the assignment that the plan names, as the others are.
    private static IEnumerable<CappedComparison> CappedAnswers(AbDesign design, AbReader reader, StudyContext context, double?[] caps)
    {
        var capped = AssignedReader.Follow(design, reader.Read(caps), context, caps);
        var (made, _) = Comparer.Compare(capped, design);
        return made.Where(c => caps[IndexOf(capped, c)] is not null).Select(c => new CappedComparison(c, caps[IndexOf(capped, c)]!.Value));
    }

    private static IEnumerable<ResampledComparison> ResampledAnswers(MetricInput metric, AbDesign design, AbInput input, StudyContext context, AbReader reader)
    {
        var values = reader.Values(metric.Spec, input.Arms);
        var options = new BootstrapOptions { Kind = BootstrapKind.Studentised, Resamples = Resamples, Level = design.Level, Seed = (ulong)design.Options.Seed, Threads = context.Threads };
        for (var arm = 1; arm < input.Arms.Count; arm++)
        {
            BootstrapResult result;
            try
            {
                result = Bootstrap.DifferenceOfMeans(values[arm], values[0], options);
            }
            catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
            {
                continue;
            }

            yield return new ResampledComparison(metric.Spec.Name, $"{input.Arms[arm]} - {input.Arms[0]}", values[arm].Length + values[0].Length, result);
        }
    }

    private static int IndexOf(AbInput input, Comparison c) => input.Metrics.ToList().FindIndex(m => m.Spec.Name == c.Spec.Name);

    /// <summary>Is there a person, device or account column that repeats over the rows taken as units?</summary>
    private static IEnumerable<(string Column, Comparison Comparison)> ReadCandidates(AbDesign design, AbInput input, StudyContext context)
    {
        if (input.Repeated || design.Metrics.Any(m => m.Kind is MetricKind.Ratio or MetricKind.Rate))
        {
            yield break;
        }

        var data = context.RequireData();
        var used = new[] { design.Options.Unit, design.Options.Cluster, design.Options.Variant, design.Options.Time }.Concat(design.Options.Pre).Concat(design.Options.Segment).Concat(design.Metrics.Select(m => m.Column)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var field in data.Schema.Where(f => UnitName().IsMatch(f.Name) && !used.Contains(f.Name)).Take(MostCandidates))
        {
            var counts = data.Read(
                Query.Of(
                    new Projection("rows", Scalar.Aggregate(AggregateFunction.Count, Scalar.Column(field.Name))),
                    new Projection("units", Scalar.Aggregate(AggregateFunction.CountDistinct, Scalar.Column(field.Name)))),
                context.Cancellation);
            if ((long)counts.Columns[0].Cell(0)! <= WorthReading * (long)counts.Columns[1].Cell(0)!)
            {
                continue;
            }

            // A column whose values lie in several arms, such as the kind of device, is not what was randomised.
            if (SharedByArms(data, design, field.Name, context) > MostShared * (long)counts.Columns[1].Cell(0)!)
            {
                continue;
            }

            var clustered = new AbReader(design.Readable, context, field.Name).Read();
            var lead = Comparer.Compare(clustered, design).Made.FirstOrDefault(c => c.Spec.Role == MetricRole.Primary && c.ByRows is not null);
            if (lead is not null)
            {
                yield return (field.Name, lead);
            }
        }
    }

    /// <summary>Values of a column that occur in more than one arm.</summary>
    private static long SharedByArms(IDataset data, AbDesign design, string column, StudyContext context)
    {
        var arm = Scalar.Column(design.Options.Variant!).ToText();
        return (long)data.Read(
            new Query
            {
                Select = [new Projection("shared", Scalar.Aggregate(AggregateFunction.RowCount))],
                From = new Query
                {
                    Select = [new Projection("first", Scalar.Aggregate(AggregateFunction.Min, arm)), new Projection("last", Scalar.Aggregate(AggregateFunction.Max, arm))],
                    GroupBy = [Scalar.Column(column)],
                },
                Where = Scalar.Call(ScalarFunction.NotEqual, Scalar.Column("first"), Scalar.Column("last")),
            },
            context.Cancellation).Columns[0].Cell(0)!;
    }

    [GeneratedRegex(@"(^|[_\- .])(user|customer|visitor|person|account|member|client|device|cookie|patient|subscriber|player|student|household)([_\- .]?(id|key|uuid|guid|no|nr|number|hash))?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex UnitName();
}

/// <summary>A comparison whose values were capped.</summary>
internal sealed record CappedComparison(Comparison Comparison, double Cap)
{
    public ContrastResult Raw => Comparison.Raw;
}

/// <summary>A difference of means with its studentised bootstrap interval.</summary>
internal sealed record ResampledComparison(string Metric, string Contrast, long N, BootstrapResult Result);
