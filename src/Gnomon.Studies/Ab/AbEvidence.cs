using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using GuardrailEvidence = Gnomon.Core.Evidence.Experiments.GuardrailResult;
using Gnomon.Studies.Ab.Bandit;

namespace Gnomon.Studies.Ab;

/// <summary>States the facts that checks judge.</summary>
internal sealed class AbEvidence
{
    private readonly AbDesign _design;
    private readonly AbInput _input;
    private readonly AbHistory _history;
    private readonly AbExtras _extras;
    private readonly List<IEvidence> _evidence = [];

    private AbEvidence(AbDesign design, AbInput input, AbHistory history, AbExtras extras)
    {
        _design = design;
        _input = input;
        _history = history;
        _extras = extras;
    }

    public static AbFacts State(AbDesign design, AbInput input, AbHistory history, AbExtras extras)
    {
        var builder = new AbEvidence(design, input, history, extras);
        return builder.Build();
    }

    private AbFacts Build()
    {
        var (comparisons, refusals) = Comparer.Compare(_input, _design);
        var primaries = comparisons.Where(c => c.Spec.Role == MetricRole.Primary).ToList();
        var looks = Looks(primaries);
        var alpha = PlannedLook.AlphaNow(looks);
        var state = AbSequential.Of(looks, _history.Plan, primaries);
        comparisons = state is not null ? state.Correct(comparisons) : IsOpenEnded ? OpenEnded.Correct(comparisons, looks, _design, _extras.Bounded) : comparisons;
        primaries = comparisons.Where(c => c.Spec.Role == MetricRole.Primary).ToList();
        var assignment = Assignment(primaries);
        var guardrails = comparisons.Where(c => c.Spec.Role == MetricRole.Guardrail).SelectMany(c => Guardrail(c, looks)).ToList();

        _evidence.Add(assignment);
        _evidence.Add(looks);
        if (_input.UnitSketch.Count > 0)
        {
            _evidence.Add(new UnitOverlap { Units = _input.TotalUnits, InSeveralArms = _input.UnitsInSeveralArms, Treatment = _input.OverlapTreatment });
        }

        AddFamilies(comparisons);
        var read = primaries.Where(c => c.Spec.Derived is null).ToList();
        AddDays(read);
        AddStrata(read);
        AddShapes(comparisons);
        AddRepeats(primaries);
        AddPrePeriod();
        AddFlow();
        AddPrimaryResults(primaries, alpha);
        AddPrimaryUse(primaries, alpha);
        AddPlan();
        AddFollowUp(read);
        AddClaim(primaries);
        _evidence.AddRange(guardrails);
        return new AbFacts
        {
            Comparisons = comparisons,
            Refusals = refusals,
            Assignment = assignment,
            Looks = looks,
            Sequential = state,
            Guardrails = guardrails,
            Evidence = _evidence,
            Alpha = alpha,
            Design = _design,
        };
    }

    private AssignmentCounts Assignment(List<Comparison> primaries)
    {
        var (arms, shares, declared) = _design.Shares(_input.Arms);
        var lead = primaries.FirstOrDefault();
        var two = arms.Count == 2 && lead is not null;
        return new AssignmentCounts
        {
            Arms = arms,
            Observed = [.. arms.Select((_, i) => i < _input.Units.Count ? _input.Units[i] : 0)],
            PlannedShares = shares,
            SplitDeclared = declared,
            Looks = _history.Looks,
            Outcomes = two ? [lead!.Baseline.Values, lead.Treatment.Values] : [],
            Worthwhile = lead is null ? null : _design.Worthwhile(lead.Spec, lead.Baseline.Values.Mean),
        };
    }

    private LookHistory Looks(List<Comparison> primaries)
    {
        var plan = _history.Plan;
        return new LookHistory
        {
            Looks = _history.Looks,
            Units = _input.TotalUnits,
            EarlierUnits = [.. _history.Earlier.DistinctBy(l => l.DataState).Select(l => l.UnitCount)],
            PlannedUnits = plan?.UnitsPerArm * _input.Arms.Count,
            PlannedDays = plan?.Days,
            Days = _input.Days,
            SequentialRule = IsOpenEnded || (plan?.Sequential ?? false),
            Rule = IsOpenEnded ? PlannedLook.OpenEnded : plan?.Rule,
            Z = primaries.Count == 0 ? null : primaries.MaxBy(c => Math.Abs(c.Z))!.Z,
            Alpha = _design.Alpha,
        };
    }

    private bool IsOpenEnded => _design.Options.OpenEnded || _history.Plan?.Stopping == PlannedLook.OpenEnded;

    private void AddFamilies(IReadOnlyList<Comparison> comparisons)
    {
        foreach (var (role, label, decides) in new[] { (MetricRole.Primary, "primary comparisons", true), (MetricRole.Secondary, "secondary comparisons", false) })
        {
            var members = comparisons.Where(c => c.Spec.Role == role).ToList();
            if (members.Count > 0)
            {
                _evidence.Add(new TestFamily
                {
                    Names = [.. members.Select(c => $"{c.Spec.Name}: {c.Contrast}")],
                    PValues = [.. members.Select(c => c.Effect.PValue)],
                    Alpha = _design.Alpha,
                    Decides = decides,
                    Label = label,
                    IsHeld = true,
                    Unplanned = members.Select(c => c.Spec.Name).Distinct().Count(m => _history.Plan?.Primary.Contains(m) != true),
                    Claimed = decides && _design.Options.Claim is not null ? [$"{members[0].Spec.Name}: {members[0].Contrast}"] : [],
                    AdjustedBy = decides && _input.Correlation is not null && members.Count > 1 ? "max-T" : null,
                    CorrectedPValues = decides && _input.Correlation is not null && members.Count > 1 ? [.. members.Select(c => c.FamilyP)] : [],
                });
            }
        }
    }

    private void AddDays(List<Comparison> primaries)
    {
        if (_input.Days is null || primaries.Count == 0)
        {
            return;
        }

        // Days count from the first to the last on which the leading metric has a value.
        var lead = primaries[0].Metric;
        var seen = lead.Arms.SelectMany(a => a.ByDay.Keys).Where(d => d != long.MinValue).ToList();
        if (seen.Count == 0)
        {
            return;
        }

        var first = seen.Min();
        var days = (int)(seen.Max() - first) + 1;
        var byDay = Enumerable.Range(0, days)
            .Select(d => lead.Arms.Aggregate(Moments.Empty, (sum, arm) => Moments.Merge(sum, arm.ByDay.GetValueOrDefault(first + d, Moments.Empty))))
            .ToList();

        // 1970-01-01 was a Thursday; Monday comes first.
        _evidence.Add(new DayCoverage
        {
            Days = days,
            FirstDay = first,
            EmptyDays = byDay.Count(m => m.Count == 0),
            ByDay = byDay,
            ByWeekday = [.. Enumerable.Range(0, 7).Select(w => byDay.Where((_, d) => (first + d + 3) % 7 == w).Aggregate(Moments.Empty, Moments.Merge))],
        });

        _evidence.AddRange(primaries.Take(1).Select(AdaptiveLook.Of).OfType<AdaptiveAllocation>());
        foreach (var c in primaries)
        {
            var cells = Enumerable.Range(0, days)
                .Select(d => (Day: d + 1, Treatment: c.Treatment.ByDay.GetValueOrDefault(first + d), Control: c.Baseline.ByDay.GetValueOrDefault(first + d)))
                .Where(x => x.Treatment is { Count: >= 2 } && x.Control is { Count: >= 2 })
                .Select(x => (x.Day, Difference: x.Treatment!.Mean - x.Control!.Mean, Variance: VarianceOfDay(x.Treatment, c.Treatment) + VarianceOfDay(x.Control, c.Baseline)))
                .Where(x => x.Variance > 0)
                .ToList();
            _evidence.Add(new DailyEffects
            {
                Metric = $"{c.Spec.Name} ({c.Contrast})",
                Day = [.. cells.Select(x => x.Day)],
                Difference = [.. cells.Select(x => x.Difference)],
                Variance = [.. cells.Select(x => x.Variance)],
                Low = c.Raw.Low,
                High = c.Raw.High,
            });
        }
    }

    // The spread of a small day is too uncertain to weigh it by, and follows its mean: a day without events would seem known exactly. It borrows the arm's spread within days.
    private static double VarianceOfDay(Moments day, ArmMetric arm)
    {
        const int enough = 100;
        if (day.Count >= enough)
        {
            return day.VarianceOfMean;
        }

        var days = arm.ByDay.Where(d => d.Key != long.MinValue && d.Value.Count >= 2).OrderBy(d => d.Key).Select(d => d.Value).ToList();
        return days.Sum(d => d.M2) / days.Sum(d => d.Count - 1) / day.Count;
    }

    private void AddStrata(List<Comparison> primaries)
    {
        foreach (var c in primaries)
        {
            if (_input.Days >= 2)
            {
                var days = c.Treatment.ByDay.Keys.Intersect(c.Baseline.ByDay.Keys).Where(d => d != long.MinValue).Order().ToList();
                AddStratified(c, "day", [.. days.Select(d => DayText(d))], [.. days.Select(d => c.Treatment.ByDay[d])], [.. days.Select(d => c.Baseline.ByDay[d])]);
            }

            for (var s = 0; s < _design.Options.Segment.Count; s++)
            {
                var strata = Segments(c, s);
                AddStratified(c, _design.Options.Segment[s], [.. strata.Select(v => v.Name)], [.. strata.Select(v => v.Treatment)], [.. strata.Select(v => v.Control)]);
            }
        }
    }

    // Groups that hold a tenth of the units are strata of their own; the smaller ones are one together, for a reversal inside a few units is chance.
    private static List<(string Name, Moments Treatment, Moments Control)> Segments(Comparison c, int segment)
    {
        const double share = 0.1;
        var values = c.Treatment.BySegment.Keys.Union(c.Baseline.BySegment.Keys).Where(k => k.Segment == segment).OrderBy(k => k.Value, StringComparer.Ordinal)
            .Select(k => (Name: k.Value, Treatment: c.Treatment.BySegment.GetValueOrDefault(k, Moments.Empty), Control: c.Baseline.BySegment.GetValueOrDefault(k, Moments.Empty))).ToList();
        var enough = share * values.Sum(v => (double)(v.Treatment.Count + v.Control.Count));
        var strata = values.Where(v => v.Treatment.Count + v.Control.Count >= enough).ToList();
        var small = values.Where(v => v.Treatment.Count + v.Control.Count < enough).ToList();
        if (small.Count > 0)
        {
            strata.Add(("(smaller groups)", small.Aggregate(Moments.Empty, (m, v) => Moments.Merge(m, v.Treatment)), small.Aggregate(Moments.Empty, (m, v) => Moments.Merge(m, v.Control))));
        }

        return strata;
    }

    private void AddStratified(Comparison c, string stratifier, IReadOnlyList<string> strata, IReadOnlyList<Moments> treatment, IReadOnlyList<Moments> control) =>
        _evidence.Add(new StratifiedComparison
        {
            Metric = $"{c.Spec.Name} ({c.Contrast})",
            Stratifier = stratifier,
            Strata = strata,
            Treatment = treatment,
            Control = control,
            Level = _design.Level,
        });

    private void AddShapes(IReadOnlyList<Comparison> comparisons)
    {
        foreach (var metric in _input.Metrics.Where(m => !m.Binary && !m.IsRatio && m.Spec.Kind == MetricKind.Value && !_design.Options.IsTyped))
        {
            _evidence.Add(new TailShape
            {
                Metric = metric.Spec.Name,
                Arms = _input.Arms,
                Values = [.. metric.Arms.Select(a => a.Values)],
                TopShare = _extras.TopShare.GetValueOrDefault(metric.Spec.Name),
            });
            foreach (var c in comparisons.Where(c => c.Metric == metric))
            {
                _evidence.Add(new ExtremeValues
                {
                    Metric = $"{metric.Spec.Name} ({c.Contrast})",
                    Treatment = c.Treatment.Values,
                    Control = c.Baseline.Values,
                    TopTreatment = c.Treatment.Top,
                    TopControl = c.Baseline.Top,
                    Limit = c.Spec.Role == MetricRole.Primary ? _design.Worthwhile(c.Spec, c.Baseline.Values.Mean) ?? 0 : 0,
                    Level = _design.Level,
                });
            }
        }

        foreach (var c in comparisons.Where(c => c.Spec.Kind == MetricKind.Ratio && c.Treatment.Denominator is not null && c.Baseline.Denominator is not null))
        {
            _evidence.Add(new RatioDenominator
            {
                Metric = $"{c.Spec.Name} ({c.Contrast})",
                Treatment = c.Treatment.Denominator!,
                Control = c.Baseline.Denominator!,
                RatioLift = c.Lift.Contrast?.Value ?? 0,
                IsGuardrail = c.Spec.Role == MetricRole.Guardrail,
                RatioVerdict = c.Raw.Low > 0 ? 1 : c.Raw.High < 0 ? -1 : 0,
                NumeratorTreatment = c.Treatment.Joint?.Column(0),
                NumeratorControl = c.Baseline.Joint?.Column(0),
                Level = _design.Level,
            });
        }
    }

    private void AddRepeats(List<Comparison> primaries)
    {
        foreach (var c in primaries.Where(c => c.ByRows is not null))
        {
            _evidence.Add(Repeats(c, _design.Options.Randomised!, byUnit: true));
        }

        foreach (var (column, comparison) in _extras.Candidates)
        {
            _evidence.Add(Repeats(comparison, column, byUnit: false));
        }
    }

    // Kish's design effect turned round: deff = 1 + (m* - 1) icc with m* = sum of squared rows over rows.
    private static UnitRepeats Repeats(Comparison c, string column, bool byUnit)
    {
        var joints = new[] { c.Treatment.Joint!, c.Baseline.Joint! };
        var rows = joints.Sum(j => j.Count * j.Mean(1));
        var squares = joints.Sum(j => j.CrossProduct(1, 1) + j.Count * j.Mean(1) * j.Mean(1));
        var units = joints.Sum(j => j.Count);
        var size = squares / rows;
        var effect = Math.Pow(c.Raw.StandardError / c.ByRows!.StandardError, 2);
        var noise = Math.Exp(-1.96 * Math.Sqrt(2.0 / Math.Max(1, units - 1) + 2.0 / Math.Max(1, rows - 1)));
        return new UnitRepeats
        {
            Metric = $"{c.Spec.Name} ({c.Contrast})",
            UnitColumn = column,
            AnalysedByUnit = byUnit,
            Rows = (long)Math.Round(rows),
            Units = units,
            IntraClassCorrelation = size > 1 ? (effect - 1) / (size - 1) : 0,
            IntraClassLow = size > 1 ? (effect * noise - 1) / (size - 1) : 0,
            NaiveError = c.ByRows.StandardError,
            ClusteredError = c.Raw.StandardError,
        };
    }

    private void AddPrePeriod()
    {
        if (_input.PrePeriod.Count == _input.Arms.Count && _input.PrePeriod.Count > 0)
        {
            _evidence.Add(new PrePeriodBalance { Covariates = _design.Options.Pre, Arms = _input.Arms, ByArm = _input.PrePeriod });
        }
    }

    private void AddFlow()
    {
        foreach (var metric in _input.Metrics.Where(m => m.Spec.Kind != MetricKind.Rate && m.Arms.All(a => a.Refused is null) && !_design.Options.IsTyped))
        {
            _evidence.Add(new OutcomeFlow
            {
                Metric = metric.Spec.Name,
                Arms = _input.Arms,
                Assigned = _input.Units,
                Observed = [.. metric.Arms.Select((a, i) => Math.Min(_input.Units[i], a.N))],
            });
        }
    }

    private void AddPrimaryResults(List<Comparison> primaries, double alpha)
    {
        foreach (var c in primaries)
        {
            _evidence.Add(new PrimaryResult
            {
                Metric = c.Spec.Name,
                Contrast = c.Contrast,
                Difference = c.Effect.Value,
                Low = c.Effect.Low,
                High = c.Effect.High,
                StandardError = c.Effect.StandardError,
                PValue = c.Effect.PValue,
                Alpha = alpha > 0 ? alpha : _design.Alpha,
                Worthwhile = _design.Worthwhile(c.Spec, c.Baseline.Values.Mean),
                ControlDeviation = c.Baseline.Values.Count >= 2 ? c.Baseline.Values.StandardDeviation : 0,
                TreatmentUnits = c.Treatment.N,
                ControlUnits = c.Baseline.N,
                PlannedUnits = _history.Plan?.UnitsPerArm * 2,
                UnderStoppingRule = _evidence.OfType<LookHistory>().Any(l => l.SequentialRule),
                SelectedFromSeveral = primaries.Count > 1,
            });
        }
    }

    private void AddPrimaryUse(List<Comparison> primaries, double alpha)
    {
        var shown = _input.Metrics.Select(m => m.Spec.Name).ToHashSet();
        _evidence.Add(new PrimaryUse
        {
            Declared = _history.Plan?.Primary ?? [],
            Used = [.. primaries.Select(c => c.Spec.Name).Distinct()],
            DroppedSinceEarlierLooks = [.. _history.Earlier.SelectMany(l => l.Metrics).Distinct().Where(m => !shown.Contains(m))],
            Headlines = [.. primaries.Select(c => (c.Spec.Name, Math.Min(c.Spec.Sign * c.Shown.Low, c.Spec.Sign * c.Shown.High), Math.Max(c.Spec.Sign * c.Shown.Low, c.Spec.Sign * c.Shown.High)))],
            Level = _design.Level,
            AnyWin = primaries.Exists(c => c.FamilyP < alpha && c.Benefit > 0),
        });
    }

    private void AddPlan() => _evidence.Add(new PlanStatement
    {
        Exists = _history.Plan is not null,
        BeforeFirstLook = _history.PlanCameFirst,
        Missing = _history.Plan?.Missing ?? [],
        Deviations = _history.Plan is { } plan ? [.. AbDeviations.Of(plan, _design, _input, _history)] : [],
    });

    private void AddFollowUp(List<Comparison> primaries)
    {
        if (_design.Options.Window is not { } window || _input.LastDay is not { } lastSeen)
        {
            return;
        }

        var last = Math.Max(lastSeen, TakenOn() ?? lastSeen);
        foreach (var c in primaries)
        {
            var all = Pool(c.Treatment, _ => true, c.Baseline);
            var mature = Pool(c.Treatment, day => day <= last - window, c.Baseline);
            var test = mature.Treatment.Count >= 2 && mature.Control.Count >= 2 ? WelchT.TryTest(mature.Treatment, mature.Control, _design.Level) : null;
            var units = all.Treatment.Count + all.Control.Count;
            _evidence.Add(new FollowUp
            {
                Metric = $"{c.Spec.Name} ({c.Contrast})",
                WindowDays = window,
                Units = units,
                Immature = units - mature.Treatment.Count - mature.Control.Count,
                DifferenceAll = c.Raw.Value,
                DifferenceMature = test?.Value,
                StandardError = c.Raw.StandardError,
            });
        }
    }

    private long? TakenOn() => _design.Options.AsOf is not { } text ? null
        : DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    private static (Moments Treatment, Moments Control) Pool(ArmMetric treatment, Func<long, bool> keep, ArmMetric control) => (Sum(treatment, keep), Sum(control, keep));

    private static Moments Sum(ArmMetric arm, Func<long, bool> keep) =>
        arm.ByDay.Where(d => d.Key != long.MinValue && keep(d.Key)).OrderBy(d => d.Key).Select(d => d.Value).Aggregate(Moments.Empty, Moments.Merge);

    private void AddClaim(List<Comparison> primaries)
    {
        if (_design.Options.Claim is not { } text || primaries.Count == 0)
        {
            return;
        }

        var claim = Claim.Parse(text);
        var c = primaries[0];
        _evidence.Add(new StatedResult
        {
            Claim = text,
            StatedP = claim.P?.Value,
            PDecimals = claim.P?.Decimals ?? 0,
            StatedLift = claim.Lift?.Value,
            LiftDecimals = claim.Lift?.Decimals ?? 0,
            StatedDifference = claim.Difference?.Value,
            DifferenceDecimals = claim.Difference?.Decimals ?? 0,
            Treatment = c.Metric.Binary ? (Ones(c.Treatment), c.Treatment.N) : null,
            Control = c.Metric.Binary ? (Ones(c.Baseline), c.Baseline.N) : null,
            Recomputed = [.. Recomputed(c, claim)],
            Lift = c.Lift.Contrast?.Value,
            Difference = c.Raw.Value,
        });
    }

    private static IEnumerable<(string Setting, double P)> Recomputed(Comparison c, Claim claim)
    {
        if (!c.Metric.Binary || claim.P is null)
        {
            yield return (c.Raw.Method, c.Raw.PValue);
            yield return ("one-sided " + c.Raw.Method, c.Raw.PValue / 2);
            yield break;
        }

        var check = ReportedResult.PossiblePs(
            ReportedCount.Exact(Ones(c.Treatment), c.Treatment.N), ReportedCount.Exact(Ones(c.Baseline), c.Baseline.N), new PrintedP(claim.P.Value.Value, claim.P.Value.Decimals));
        foreach (var setting in check.Settings)
        {
            yield return (setting.Setting, setting.Low);
        }
    }

    private IEnumerable<GuardrailEvidence> Guardrail(Comparison c, LookHistory looks)
    {
        var spec = c.Spec;
        var better = spec.HigherIsBetter ? DesiredDirection.Higher : DesiredDirection.Lower;
        var relative = spec.MarginIsRelative && c.EffectLift.Contrast is not null && c.Baseline.Values.Mean > 0;
        var contrast = relative ? c.EffectLift.Contrast! : c.Effect;
        double harm;
        try
        {
            harm = c.Designed is not null ? Touching.DesignedGuardrail.NonInferiorityP(c, relative) : (relative
                ? GuardrailTest.Relative(c.Treatment.Values, c.Baseline.Values, spec.Margin, better, _design.Level)
                : GuardrailTest.Absolute(c.Treatment.Values, c.Baseline.Values, spec.MarginIsRelative ? spec.Margin * Math.Abs(c.Baseline.Values.Mean) : spec.Margin, better, _design.Level)).NonInferiorPValue;
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            harm = 1;
        }

        yield return new GuardrailEvidence
        {
            Metric = spec.Name,
            Contrast = c.Contrast,
            Effect = spec.Sign * contrast.Value,
            Low = spec.HigherIsBetter ? contrast.Low : -contrast.High,
            High = spec.HigherIsBetter ? contrast.High : -contrast.Low,
            Margin = relative || !spec.MarginIsRelative ? spec.Margin : spec.Margin * Math.Abs(c.Baseline.Values.Mean),
            NonInferiorityP = harm,
            Alpha = _design.Alpha / 2,
            HarmEValue = OpenEnded.Harm(c, relative ? c.FixedLift.Contrast! : c.Fixed, looks, _design),
            Interim = looks.Looks > 1 || looks.Rule == PlannedLook.OpenEnded || looks.Information < PlannedLook.Reached,
            Relative = relative,
            LowerIsBetter = !spec.HigherIsBetter,
            Declared = spec.Declared,
        };
    }

    private static long Ones(ArmMetric arm) => (long)Math.Round(arm.Values.Mean * arm.Values.Count);

    private static string DayText(long day) =>
        DateOnly.FromDayNumber((int)day + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
