using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using GuardrailEvidence = Gnomon.Core.Evidence.Experiments.GuardrailResult;

namespace Gnomon.Studies.Ab;

/// <summary>States the facts that checks judge.</summary>
internal sealed class AbEvidence
{
    private readonly AbDesign _design;
    private readonly AbInput _input;
    private readonly AbHistory _history;
    private readonly AbExtras _extras;
    private readonly List<IEvidence> _evidence = [];
    private double _tuned;

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
        refusals = [.. refusals, .. AbTyped.Unread(_design, _input)];
        var primaries = comparisons.Where(c => c.Spec.Role == MetricRole.Primary).ToList();
        var looks = Looks(primaries);
        var state = AbSequential.Of(looks, _history.Plan, primaries, _history.Past);
        _tuned = OpenEnded.Tuned(looks, _input, _history.LooksBeforePlan);
        var alpha = state?.AlphaNow ?? PlannedLook.AlphaNow(looks);
        comparisons = state is not null ? state.Correct(comparisons) : IsOpenEnded ? OpenEnded.Correct(comparisons, looks, _design, _tuned, _history.Past, _extras.Bounded) : comparisons;
        primaries = comparisons.Where(c => c.Spec.Role == MetricRole.Primary).ToList();
        var assignment = Assignment(primaries);
        var guardrails = comparisons.Where(c => c.Spec.Role == MetricRole.Guardrail).SelectMany(c => Guardrail(c, looks)).ToList();

        _evidence.Add(assignment);
        _evidence.Add(looks);
        if (_input.UnitSketch.Count > 0)
        {
            _evidence.Add(new UnitOverlap { Units = _input.TotalUnits, InSeveralArms = _input.UnitsInSeveralArms, Treatment = _input.OverlapTreatment });
        }

        AddFamilies(comparisons, isMaxT: _input.Correlation is not null && state is null);
        var read = primaries.Where(c => c.Spec.Derived is null).ToList();
        _evidence.AddRange(DayFacts.Of(read, _design, _input, _extras.Repeated));
        AddShapes(comparisons);
        AddRepeats(primaries);
        AddPrePeriod();
        AddFlow();
        AddPrimaryResults(primaries, alpha);
        AddPrimaryUse(primaries, alpha);
        AddPlan(state);
        AddFollowUp(read);
        _evidence.AddRange(ClaimFacts.Of(primaries, _design));
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
            Tuned = _tuned,
            Design = _design,
        };
    }

    private AssignmentCounts Assignment(List<Comparison> primaries)
    {
        var (arms, shares, declared) = _design.Shares(_input.Arms);
        var drawn = _input.Drawn ?? _input.Units;
        var lead = primaries.FirstOrDefault();
        var two = arms.Count == 2 && lead is not null;
        return new AssignmentCounts
        {
            Arms = arms,
            Observed = [.. arms.Select((_, i) => i < drawn.Count ? drawn[i] : 0)],
            PlannedShares = shares,
            SplitDeclared = declared,
            Looks = _history.Looks,
            Earlier = _input.Drawn is null ? [.. _history.Past.Select(l => arms.All(l.Arms.ContainsKey) ? (IReadOnlyList<long>?)[.. arms.Select(a => l.Arms[a])] : null)] : [],
            Outcomes = two && _input.Drawn is null ? [lead!.Baseline.Values, lead.Treatment.Values] : [],
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
            PlannedUnits = plan?.Total(_design.Shares(_input.Arms).Shares),
            PlannedDays = plan?.Days,
            Days = _input.Days,
            SequentialRule = IsOpenEnded || (plan?.Sequential ?? false),
            Rule = IsOpenEnded ? PlannedLook.OpenEnded : plan?.Rule,
            Z = primaries.Count == 0 ? null : primaries.MaxBy(c => Math.Abs(c.Z))!.Z,
            Alpha = _design.Alpha,
        };
    }

    private bool IsOpenEnded => _design.Options.OpenEnded || _history.Plan?.Stopping == PlannedLook.OpenEnded;

    private void AddFamilies(IReadOnlyList<Comparison> comparisons, bool isMaxT)
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
                    AdjustedBy = decides && isMaxT && members.Count > 1 ? "max-T" : null,
                    CorrectedPValues = decides && isMaxT && members.Count > 1 ? [.. members.Select(c => c.FamilyP)] : [],
                });
            }
        }
    }

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
                CorrectedPValue = primaries.Count > 1 ? c.FamilyP : null,
                Alpha = alpha > 0 ? alpha : _design.Alpha,
                Worthwhile = _design.Worthwhile(c.Spec, c.Baseline.Values.Mean),
                ControlDeviation = c.Baseline.Values.Count >= 2 ? c.Baseline.Values.StandardDeviation : 0,
                TreatmentUnits = c.Treatment.N,
                ControlUnits = c.Baseline.N,
                PlannedUnits = Planned(c),
                UnderStoppingRule = _evidence.OfType<LookHistory>().Any(l => l.SequentialRule),
                SelectedFromSeveral = primaries.Count > 1,
            });
        }
    }

    // Of the two arms that are compared.
    private long? Planned(Comparison c)
    {
        var (arms, shares, _) = _design.Shares(_input.Arms);
        var both = arms.Zip(shares).Where(a => a.First == c.Arm || a.First == c.Control).Sum(a => a.Second);
        return _history.Plan?.Total(shares) is { } all ? (long)Math.Round(all * both) : null;
    }

    private void AddPrimaryUse(List<Comparison> primaries, double alpha)
    {
        var shown = _input.Metrics.Select(m => m.Spec.Name).ToHashSet();
        _evidence.Add(new PrimaryUse
        {
            Declared = _history.Plan?.Primary ?? [],
            Used = [.. primaries.Select(c => c.Spec.Name).Distinct()],
            DroppedSinceEarlierLooks = [.. _history.Earlier.SelectMany(l => l.Metrics).Distinct().Where(m => !shown.Contains(m))],
            Headlines = [.. primaries.Select(c => (c.Spec.Name, c.Contrast, Math.Min(c.Spec.Sign * c.Shown.Low, c.Spec.Sign * c.Shown.High), Math.Max(c.Spec.Sign * c.Shown.Low, c.Spec.Sign * c.Shown.High)))],
            Level = _design.Level,
            AnyWin = primaries.Exists(c => c.FamilyP < alpha && c.Benefit > 0),
        });
    }

    private void AddPlan(AbSequential? state) => _evidence.Add(new PlanStatement
    {
        Exists = _history.Plan is not null,
        BeforeFirstLook = _history.PlanCameFirst,
        LooksBefore = _history.LooksBeforePlan,
        Edits = _history.Edits,
        Missing = _history.Plan?.Missing ?? [],
        Deviations = _history.Plan is { } plan ? [.. AbDeviations.Of(plan, _design, _input, _history)] : [],
        PassedStops = [.. state?.PassedStops() ?? []],
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

        var earlier = PastHarm.Strongest(_history.Past, c, 2 / _design.Alpha);
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
            HarmEValue = OpenEnded.Harm(c, relative ? c.FixedLift.Contrast! : c.Fixed, looks, _design, _tuned),
            EarlierHarmEValue = earlier?.EValue,
            EarlierHarmLook = earlier?.Look.Number,
            Interim = looks.Looks > 1 || looks.Rule == PlannedLook.OpenEnded || looks.Information < PlannedLook.Reached,
            Relative = relative,
            LowerIsBetter = !spec.HigherIsBetter,
            Declared = spec.Declared,
        };
    }
}
