using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Evidence.Inference;
using Gnomon.Core.Findings;
using Gnomon.Core.Ledger;
using Gnomon.Methods.Bayes;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Ab;

/// <summary>The posterior of the primary effects under a declared prior, beside the tests: what it says, what acting on it risks, and what reading it often does to it.</summary>
internal sealed class AbBayes
{
    private const double Threshold = 0.95;
    private const int MostRows = 20;
    private const double Negligible = 1e-3;
    private readonly AbFacts _facts;
    private readonly IReadOnlyList<Row> _rows;
    private readonly AbPrior _prior;

    private AbBayes(AbFacts facts, AbPrior prior, IReadOnlyList<Row> rows) => (_facts, _prior, _rows) = (facts, prior, rows);

    /// <summary>One comparison under one prior; effects are signed so that better is positive.</summary>
    private sealed record Row(Comparison C, AbPrior Prior, string Name, ContrastResult Estimate, NormalBelief Before, NormalBelief After, double? Worthwhile, bool Declared)
    {
        public string Unit => Prior.IsRelative ? "relative" : C.Metric.Unit;

        public double Ratio => Before.Deviation / Estimate.StandardError;
    }

    /// <summary>Null without --bayes.</summary>
    public static AbBayes? Of(AbFacts facts, ILedger ledger, ExperimentKey key)
    {
        if (facts.Design.Options.Bayes is not { } text)
        {
            return null;
        }

        var prior = AbPrior.Parse(text)!.Learn(ledger, key);
        var rows = new List<Row>();
        foreach (var c in facts.Comparisons.Where(c => c.Spec.Role == MetricRole.Primary).Take(MostRows))
        {
            var estimate = prior.IsRelative ? c.FixedLift.Contrast : c.Fixed;
            if (estimate is null || !(estimate.StandardError > 0))
            {
                continue;
            }

            var scale = prior.IsRelative ? Math.Abs(c.Baseline.Values.Mean) : 1;
            var worthwhile = facts.Worthwhile(c) is { } w && scale > 0 ? w / scale : (double?)null;
            foreach (var (name, before, declared) in Priors(prior, c, worthwhile))
            {
                rows.Add(new Row(c, prior, name, estimate, before, before.After(c.Spec.Sign * estimate.Value, estimate.StandardError), worthwhile, declared));
            }
        }

        return new AbBayes(facts, prior, rows);
    }

    private IEnumerable<IEvidence> Evidence() => _rows.Where(r => r.Declared).Select(r =>
    {
        var flat = _rows.FirstOrDefault(o => o.C == r.C && double.IsInfinity(o.Before.Deviation));
        var sceptical = _rows.FirstOrDefault(o => o.C == r.C && o.Name.StartsWith("sceptical", StringComparison.Ordinal));
        return new PriorComparison
        {
            Metric = r.C.Spec.Name,
            Contrast = r.C.Contrast,
            Declared = Reading(r),
            Flat = flat is null ? null : Reading(flat),
            Sceptical = sceptical is null ? null : Reading(sceptical),
            PredictiveTail = double.IsInfinity(r.Before.Deviation) ? 1 : 2 * Normal.Sf(Math.Abs(r.C.Spec.Sign * r.Estimate.Value - r.Before.Mean) / Math.Sqrt(r.Before.Deviation * r.Before.Deviation + r.Estimate.StandardError * r.Estimate.StandardError)),
            Threshold = r.Worthwhile is { } w ? Figures.Effect(w, r.Unit).TrimStart('+') : "0",
        };
    });

    /// <summary>The evidence with what the posterior adds to the history of looks.</summary>
    public IReadOnlyList<IEvidence> With(IReadOnlyList<IEvidence> evidence)
    {
        var lead = _rows.Where(r => r.Declared).OrderByDescending(r => r.After.Above(0)).FirstOrDefault();
        if (lead is null)
        {
            return evidence;
        }

        var chance = lead.After.Above(0);
        double? rate = chance is > 0.5 and < 1 ? PosteriorPeeking.FalseWinnerRate(Times(), chance, lead.Ratio).Winner : null;
        return [.. evidence.Select(e => e is LookHistory looks ? looks with { PosteriorChance = chance, PosteriorFalseWinnerRate = rate } : e), .. Evidence()];
    }

    public AbPart Part => new() { Limitations = [.. Sentences()], Tables = [.. Tables()] };

    public IEnumerable<ResultTable> Tables()
    {
        if (_rows.Count == 0)
        {
            yield break;
        }

        var hasRegion = _rows.Any(r => r.Worthwhile is not null);
        yield return new ResultTable(
            "posterior", $"Posterior of the effect, better is positive ({(_prior.IsRelative ? "relative to control" : "the metric's unit")})",
            ["metric", "contrast", "prior", "mean", "low", "high", "better: chance", .. hasRegion ? ["worth having: chance", "too small to matter: chance"] : Array.Empty<string>(), "loss if shipped", "loss if not"],
            [.. _rows.Select(r =>
            {
                var interval = r.After.Interval(r.C.Fixed.Level);
                var region = r.Worthwhile is { } w ? r.After.Region(-w, w) : null;
                return (IReadOnlyList<object?>)
                [
                    r.C.Spec.Name, r.C.Contrast, r.Name, r.After.Mean, interval.Low, interval.High, Rounded(r.After.Above(0)),
                    .. hasRegion ? [Rounded(region?.Above), Rounded(region?.Inside)] : Array.Empty<object?>(), r.After.LossOfActing, r.After.LossOfWaiting,
                ];
            })]);
        yield return FalseWinners();
    }

    public IEnumerable<string> Sentences()
    {
        foreach (var r in _rows.Where(r => r.Declared).Take(3))
        {
            var interval = r.After.Interval(r.C.Fixed.Level);
            var worth = r.Worthwhile is { } w ? $", better by {Figures.Effect(w, r.Unit).TrimStart('+')} or more {Chance(r.After.Above(w))}" : string.Empty;
            yield return $"Under the {r.Name} prior {r.C.Arm} is better on {r.C.Spec.Name} with a chance of {Chance(r.After.Above(0))}{worth} ({Figures.Confidence(r.C.Fixed.Level)} credible interval {Figures.Range(interval.Low, interval.High, r.Unit)}, better is positive); "
                + $"shipping it risks an expected loss of {Loss(r.After.LossOfActing, r)}, leaving it out one of {Loss(r.After.LossOfWaiting, r)}.";
        }

        if (_prior.Source is { } source)
        {
            yield return $"The prior was learned from {Figures.Count(source.Experiments, "past experiment")} of the ledger: true effects have a standard deviation of {Figures.Effect(source.Deviation, "relative").TrimStart('+')} (90 % interval {Figures.Range(source.Low, source.High, "relative")}).";
        }

        if (_rows.FirstOrDefault(r => r.Declared) is { } first && _facts.Looks is { SequentialRule: false, Information: > 0 and < 1 } looks)
        {
            var scale = first.Estimate.StandardError * Math.Sqrt(looks.Information!.Value);
            var power = SequentialPower.At(
                first.C.Spec.Sign * first.Estimate.Value / first.Estimate.StandardError, looks.Information.Value, [1.0], [Normal.UpperQuantile(looks.Alpha / 2)], null, [],
                double.IsInfinity(first.Before.Deviation) ? 0 : first.Before.Mean / scale, double.IsInfinity(first.Before.Deviation) ? null : first.Before.Deviation / scale);
            yield return $"Predictive chance that the test of {first.C.Spec.Name} calls an effect at the planned end, under the same prior: {Chance(power.Predictive)}.";
        }

        if (_rows.FirstOrDefault(r => r.Declared) is { } lead)
        {
            var times = Times();
            var rate = PosteriorPeeking.FalseWinnerRate(times, Threshold, lead.Ratio);
            yield return $"Stopping when the chance to be better passes {Figures.WholePercent(Threshold)} calls a winner that is none in {Figures.Percent(rate.Winner, 1)} of experiments without an effect, at the {Figures.Count(times.Length, "look")} taken. The decision above rests on the test, not on the posterior.";
        }
    }

    private ResultTable FalseWinners()
    {
        var lead = _rows.First(r => r.Declared);
        var now = lead.After.Above(0);
        var times = Times();
        double[] thresholds = [.. new[] { Threshold }.Concat(now is > 0.5 and < 0.9999 ? [now] : []).Order().Distinct()];
        return new ResultTable(
            "false-winners", "Winners called without an effect", ["called when better has a chance of", "looks", "false winner rate", "one look: false winner rate"],
            [.. thresholds.Select(t =>
            {
                var rate = PosteriorPeeking.FalseWinnerRate(times, t, lead.Ratio);
                return (IReadOnlyList<object?>)[Figures.Percent(t, 1), (long)times.Length, rate.Winner, rate.OneLook];
            })]);
    }

    // Units tell how far apart the looks were; earlier ones at as many units as now count once.
    private double[] Times()
    {
        var looks = _facts.Looks;
        double[] earlier = [.. looks.EarlierUnits.Where(u => u > 0 && u < looks.Units).Order().Distinct().Select(u => (double)u / looks.Units)];
        return [.. earlier, 1];
    }

    private static IEnumerable<(string Name, NormalBelief Before, bool Declared)> Priors(AbPrior prior, Comparison c, double? worthwhile)
    {
        var unit = prior.IsRelative ? "relative" : c.Metric.Unit;
        yield return (prior.Name(c.Metric.Unit), prior.IsFlat ? NormalBelief.Flat : new NormalBelief(c.Spec.Sign * prior.Mean, prior.Deviation), true);
        if (!prior.IsFlat)
        {
            yield return ("flat", NormalBelief.Flat, false);
        }

        // A sceptic holds an effect worth having for unlikely (one in forty); an enthusiast expects it and holds none for as unlikely.
        if (worthwhile is > 0 and var w)
        {
            var width = w / Normal.UpperQuantile(0.025);
            yield return ($"sceptical normal(0, {Figures.Effect(width, unit).TrimStart('+')})", new NormalBelief(0, width), false);
            yield return ($"enthusiastic normal({Figures.Effect(w, unit)}, {Figures.Effect(width, unit).TrimStart('+')})", new NormalBelief(w, width), false);
        }
    }

    private static PriorReading Reading(Row r)
    {
        var above = r.After.Above(0);
        return new(r.Name, above, r.After.Above(r.Worthwhile ?? 0), above > 0.975 ? "better" : above < 0.025 ? "worse" : "open");
    }

    // Far below what the data can tell apart, a loss is no number to read.
    private static string Loss(double loss, Row r) => loss < Negligible * r.Estimate.StandardError ? "almost 0" : Figures.Effect(loss, r.Unit).TrimStart('+');

    // A chance to the hundredth of a per cent: the prior is not known better.
    private static double? Rounded(double? chance) => chance is { } p ? Math.Round(p, 4) : null;

    private static string Chance(double p) => p < 0.001 ? "below 0.1 %" : p > 0.999 ? "above 99.9 %" : Figures.Percent(p, 1);
}
