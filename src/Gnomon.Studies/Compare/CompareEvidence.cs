using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Evidence.Inference;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics;

namespace Gnomon.Studies.Compare;

/// <summary>The facts that checks judge.</summary>
internal static class CompareEvidence
{
    private const int MostStratified = 6;
    private const int MostTop = 50;

    public static IReadOnlyList<IEvidence> State(CompareOptions options, CompareInput input, CompareAnswer answer, IReadOnlyList<Mixture> mixtures, double alpha)
    {
        var evidence = new List<IEvidence>();
        evidence.AddRange(Primaries(options, input, answer, alpha));
        if (answer.Contrasts.Count > 1)
        {
            evidence.Add(new TestFamily
            {
                Names = [.. answer.Contrasts.Select(c => c.Category is null ? c.Contrast : $"{c.Category}: {c.Contrast}")],
                PValues = [.. answer.Contrasts.Select(c => c.OwnP)],
                Alpha = options.Alpha,
                CorrectedBy = answer.Contrasts[0].Main.Method,
                CorrectedPValues = [.. answer.Contrasts.Select(c => c.Main.PValue)],
                Label = input.Kind == MetricKind.Category ? "comparisons of categories" : "comparisons of groups",
            });
        }

        evidence.AddRange(Shapes(input, answer, options));
        evidence.AddRange(Mixtures(input, answer, mixtures));
        if (input.Kind == MetricKind.Binary)
        {
            evidence.Add(new CellCounts { Metric = input.Metric, Groups = [.. input.Groups.Select(g => g.Name)], Events = [.. input.Groups.Select(g => g.Events)], Units = [.. input.Groups.Select(g => g.N)] });
        }

        if (input.Groups.Sum(g => g.Missing) > 0 && options.Unit is null && options.Paired is null)
        {
            evidence.Add(new OutcomeFlow { Metric = input.Metric, Arms = [.. input.Groups.Select(g => g.Name)], Assigned = [.. input.Groups.Select(g => g.N + g.Missing)], Observed = [.. input.Groups.Select(g => g.N)], Randomised = options.Randomized });
        }

        if (input.Repeats is { } repeats)
        {
            evidence.Add(new UnitRepeats
            {
                Metric = input.Metric, UnitColumn = repeats.Column, AnalysedByUnit = false, Rows = repeats.Rows, Units = repeats.Units, IntraClassCorrelation = repeats.IntraClass,
                IntraClassLow = repeats.IntraClassLow, NaiveError = repeats.NaiveError, ClusteredError = repeats.ClusteredError,
            });
        }

        if (options.Claim is { } claim && answer.Contrasts.Count > 0 && (Claim.HasNumbers(claim) || !Claim.IsSentence(claim)))
        {
            evidence.Add(Stated(claim, input, answer.Contrasts[0]));
        }

        return evidence;
    }

    private static IEnumerable<PrimaryResult> Primaries(CompareOptions options, CompareInput input, CompareAnswer answer, double alpha) =>
        answer.Contrasts.Where(c => c.Category is null && c.Name == "difference" && c.Main.StandardError > 0).Select(c => new PrimaryResult
        {
            Metric = input.Metric,
            Contrast = c.Contrast,
            Difference = c.Main.Value,
            Low = c.Main.Low,
            High = c.Main.High,
            StandardError = c.Main.StandardError,
            PValue = c.Main.PValue,
            Alpha = alpha > 0 ? alpha : options.Alpha,
            Worthwhile = options.BreakEven ?? options.MarginAt(c.Reference.Moments.Mean),
            ControlDeviation = c.Reference.Moments.Count > 1 ? c.Reference.Moments.StandardDeviation : 0,
            TreatmentUnits = c.Group.N,
            ControlUnits = c.Reference.N,
            SelectedFromSeveral = answer.Contrasts.Count > 1,
            IsDecidedByValue = options.Gain is not null,
        });

    private static IEnumerable<IEvidence> Shapes(CompareInput input, CompareAnswer answer, CompareOptions options)
    {
        if (input.Kind != MetricKind.Mean || input.IsPaired || answer.Contrasts.Count == 0)
        {
            yield break;
        }

        yield return new TailShape { Metric = input.Metric, Arms = [.. input.Groups.Select(g => g.Name)], Values = [.. input.Groups.Select(g => g.Moments)], TopShare = TopShare(input) };
        foreach (var c in answer.Contrasts.Take(MostStratified))
        {
            yield return new ExtremeValues
            {
                Metric = input.Metric, Treatment = c.Group.Moments, Control = c.Reference.Moments, TopTreatment = Top(c.Group), TopControl = Top(c.Reference), Level = options.Level,
            };
        }
    }

    private static double? TopShare(CompareInput input)
    {
        var total = input.Groups.Sum(g => g.Moments.Mean * g.N);
        var top = (int)(input.N / 1000);
        if (top < 1 || !(total > 0) || input.Groups.Any(g => g.Sorted[0] < 0))
        {
            return null;
        }

        // The largest of all lie among the largest of each group.
        return input.Groups.SelectMany(g => g.Sorted.Skip(Math.Max(0, g.Sorted.Length - top))).OrderDescending().Take(top).Sum() / total;
    }

    private static double[] Top(GroupData group) => [.. group.Sorted.Skip(Math.Max(0, group.Sorted.Length - MostTop)).Reverse()];

    private static IEnumerable<IEvidence> Mixtures(CompareInput input, CompareAnswer answer, IReadOnlyList<Mixture> mixtures)
    {
        foreach (var mixture in mixtures)
        {
            yield return mixture.Evidence(input);
            // Columns in which the groups are alike cannot turn the difference; asking them all would only collect chance.
            foreach (var look in mixture.Columns.Where(l => l.IsUnlike && l.Within is not null))
            {
                yield return Strata(mixture.Contrast, input, look.Column);
            }
        }

        if (input.Kind != MetricKind.Category)
        {
            foreach (var contrast in answer.Contrasts.Take(MostStratified))
            {
                for (var s = 0; s < input.StrataCount; s++)
                {
                    yield return Strata(contrast, input, s);
                }
            }
        }
    }

    private static StratifiedComparison Strata(GroupContrast contrast, CompareInput input, int column)
    {
        var strata = Mixture.ByLevel(contrast, input, column);
        return new StratifiedComparison { Metric = input.Metric, Stratifier = input.Others[column].Name, Strata = strata.Names, Treatment = strata.Group, Control = strata.Reference, Level = contrast.Main.Level };
    }

    private static StatedResult Stated(string text, CompareInput input, GroupContrast c)
    {
        var claim = Claim.Parse(text);
        var isShare = input.Kind == MetricKind.Binary;
        return new StatedResult
        {
            Claim = text,
            StatedP = claim.P?.Value,
            PDecimals = claim.P?.Decimals ?? 0,
            StatedLift = claim.Lift?.Value,
            LiftDecimals = claim.Lift?.Decimals ?? 0,
            StatedDifference = claim.Difference?.Value,
            DifferenceDecimals = claim.Difference?.Decimals ?? 0,
            Treatment = isShare ? (c.Group.Events, c.Group.N) : null,
            Control = isShare ? (c.Reference.Events, c.Reference.N) : null,
            Recomputed = claim.P is null ? [] : [.. Recomputed(input, c)],
            Lift = c.Lift?.Contrast?.Value,
            Difference = c.Main.Value,
        };
    }

    // The test used first; then every other setting that tools run on such data.
    private static IEnumerable<(string Setting, double P)> Recomputed(CompareInput input, GroupContrast c)
    {
        yield return (c.Main.Method, c.OwnP);
        foreach (var setting in input.Groups.Count == 2 ? OtherTools.Settings(input) : [])
        {
            if (setting.PValue is { } p)
            {
                yield return (OtherTools.Phrase(setting), p);
            }
        }
    }
}
