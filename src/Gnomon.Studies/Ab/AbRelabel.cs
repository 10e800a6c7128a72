using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Methods;
using Gnomon.Methods.Resampling;

namespace Gnomon.Studies.Ab;

/// <summary>The test of the first primary metric on the units at hand, their arms drawn again at random: its true size on these data.</summary>
internal sealed class AbRelabel
{
    private readonly Comparison _lead;
    private readonly NullCalibrationResult _result;

    private AbRelabel(Comparison lead, NullCalibrationResult result) => (_lead, _result) = (lead, result);

    /// <returns>Null when nobody asked for it, or nothing can be compared.</returns>
    /// <exception cref="GnomonError">The metric has no single value per unit, or none that differ.</exception>
    public static AbRelabel? Of(AbDesign design, AbInput input, AbFacts facts, AbReader? reader, StudyContext context)
    {
        if (design.Options.Relabel is not { } times || facts.Comparisons.FirstOrDefault(c => c.Spec.Role == MetricRole.Primary) is not { } lead)
        {
            return null;
        }

        if (input.Repeated || input.Designed is not null)
        {
            var drawn = design.Options.Switchback ? "blocks of time" : design.Options.Cluster is { } cluster ? $"values of {cluster}" : design.Options.Edges is not null ? "linked units" : $"values of {design.Options.Unit}, which have several rows each";
            throw new GnomonError("not-supported", $"--relabel draws the arms of single rows again; here they were drawn for {drawn}.", "--relabel", design.Options.Switchback ? "Leave out --relabel: the p-value of a switchback comes from drawing its blocks again already." : design.Options.Cluster is not null || design.Options.Edges is not null ? "Leave out --relabel." : "Bring the rows of a unit together with --query, or leave out --relabel.");
        }

        var (arms, shares, _) = design.Shares(input.Arms);
        var (control, treatment) = (Share(arms, shares, input.Arms[0]), Share(arms, shares, lead.Arm));
        if (lead.Metric.IsRatio || lead.Spec.Kind is MetricKind.Rate or MetricKind.Derived || (reader is null && !lead.Metric.Binary))
        {
            throw new GnomonError(
                "not-supported", $"{lead.Spec.Name} has no single value per unit{(reader is null ? " in typed numbers" : string.Empty)}, so its arms cannot be drawn again.", "--relabel", "Name a metric with one row per unit, or leave out --relabel.");
        }

        try
        {
            var share = treatment / (control + treatment);
            return new AbRelabel(lead, lead.Metric.Binary ? Binary(lead, share, (int)times, design, (ulong)design.Options.Seed) : Values(lead, share, (int)times, design, input, reader!, context));
        }
        catch (Exception wrong) when (wrong is NotEstimableException or TooFewRowsException)
        {
            throw new GnomonError("not-estimable", $"{lead.Spec.Name}: {wrong.Message}", "--relabel", "Leave out --relabel.", wrong);
        }
    }

    public AbPart Part => new() { Evidence = [.. Evidence()], Limitations = [.. Sentences()], Tables = [Table()] };

    public IEnumerable<IEvidence> Evidence()
    {
        yield return new NullReplays { Replays = _result.Relabellings, Significant = _result.Rejected, Alpha = _result.Alpha };
    }

    public IEnumerable<string> Sentences()
    {
        yield return $"With the arms of these units drawn again at random {Figures.Count(_result.Relabellings)} times, the test of {_lead.Spec.Name} calls a difference in {Figures.Percent(_result.Share)} of them ({Figures.Percent(_result.Interval.Low)} to {Figures.Percent(_result.Interval.High)}; {Figures.Percent(_result.Alpha)} is right).";
    }

    public ResultTable Table() => new(
        "relabelled", $"p-values of {_lead.Spec.Name} when the arms are drawn at random", ["p from", "to", "share", "right share"],
        [.. _result.Deciles.Select((share, i) => (IReadOnlyList<object?>)[i / 10.0, (i + 1) / 10.0, share, 0.1])]);

    private static double Share(IReadOnlyList<string> arms, IReadOnlyList<double> shares, string arm) => shares[arms.ToList().IndexOf(arm)];

    private static NullCalibrationResult Binary(Comparison c, double share, int times, AbDesign design, ulong seed)
    {
        static long Ones(ArmMetric arm) => (long)Math.Round(arm.Values.Mean * arm.Values.Count);
        return NullCalibration.Proportions(Ones(c.Baseline) + Ones(c.Treatment), c.Baseline.N + c.Treatment.N, share, times, 1 - design.Level, seed);
    }

    private static NullCalibrationResult Values(Comparison c, double share, int times, AbDesign design, AbInput input, AbReader reader, StudyContext context)
    {
        var values = reader.Values(c.Spec, [input.Arms[0], c.Arm]);
        return NullCalibration.Welch([.. values[0], .. values[1]], share, times, 1 - design.Level, (ulong)design.Options.Seed, context.Threads, context.Cancellation);
    }
}
