using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Methods.Data;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile.Selection;

/// <summary>An outcome that is known only where a decision allowed it: how the rows got here, what the known ones say, how far it could be off, and for whom it holds.</summary>
internal sealed class SelectionLook
{
    private const int MostFeatures = 40;
    private const int MostForTelling = 8_000;
    private const int FewestRows = 50;
    private readonly ProfileFacts _facts;
    private readonly ProfileOptions _options;
    private readonly SampleColumn _target;
    private readonly SampleColumn _decision;
    private readonly IReadOnlyList<SampleColumn> _features;
    private readonly SampleColumn? _slice;
    private readonly IReadOnlyList<SampleColumn> _movers;
    private readonly int[] _rows;
    private readonly bool[] _selected;
    private readonly double[] _y;
    private readonly string _yes;
    private readonly bool _isRate;
    private readonly string _metric;

    private SelectionLook(ProfileFacts facts, IReadOnlyList<SampleColumn> columns)
    {
        (_facts, _options) = (facts, facts.Options);
        _target = columns.First(c => c.Name == _options.Target);
        _decision = Require(columns, _options.SelectedBy!, "--selected-by");
        _slice = _options.RandomSlice is null ? null : Require(columns, _options.RandomSlice, "--random-slice");
        _movers = [.. _options.DecisionOnly.Select(c => Require(columns, c, "--decision-only"))];
        _features = [.. columns.Where(c => c != _target && c != _decision && c != _slice && !_movers.Contains(c) && !_options.Key.Contains(c.Name) && c.Name != _options.Time && c.Facts.Role is Role.Number or Role.Category or Role.Flag)];
        if (_decision.Facts.Role != Role.Flag)
        {
            throw new GnomonError("not-two-values", $"{facts.Source}, column '{_decision.Name}' has {Figures.Count(_decision.Facts.Scan.Distinct, "value")}; --selected-by needs a decision of two values.", "--selected-by", "Name a column such as approved with yes and no.");
        }

        _rows = [.. Enumerable.Range(0, _decision.Rows).Where(i => !_decision.IsMissing(i))];
        var known = Enumerable.Range(0, 2).Select(g => _rows.Count(i => _decision.Groups[i] == g && !_target.IsMissing(i)) / (double)Math.Max(1, _rows.Count(i => _decision.Groups[i] == g))).ToArray();
        var through = known[1] >= known[0] ? 1 : 0;
        _yes = _decision.GroupName(through);
        _selected = Array.ConvertAll(_rows, i => _decision.Groups[i] == through);
        _isRate = facts.Classes.Count == 2;
        _metric = _isRate ? $"{_target.Name} = {facts.Classes[1].Value}" : _target.Name;
        if (!_isRate && !_target.Facts.IsNumber)
        {
            throw new GnomonError("target-not-measured", $"{_target.Name} is neither a number nor of two values, so its mean among the others cannot be bounded.", "--target", "Name an outcome of two values or a number.");
        }

        _y = Array.ConvertAll(_rows, i => _target.IsMissing(i) ? double.NaN : !_isRate ? _target.Numbers[i] : _target.GroupName(_target.Groups[i]) == facts.Classes[1].Value ? 1.0 : 0.0);
    }

    /// <exception cref="GnomonError">The decision or the target cannot be used.</exception>
    public static IEnumerable<ProfilePart> Of(ProfileFacts facts, IReadOnlyList<SampleColumn> columns, StudyContext context)
    {
        if (facts.Options.SelectedBy is null)
        {
            yield break;
        }

        context.Progress?.Report(new StudyProgress("asking what the decision hides", null));
        yield return new SelectionLook(facts, columns).Part();
    }

    // One outcome in all known rows leaves no spread to make an interval of.
    private bool Varies => _y.Where(v => !double.IsNaN(v)).Distinct().Take(2).Count() > 1;

    private long Known => _y.LongCount(v => !double.IsNaN(v));

    private ProfilePart Part()
    {
        var step = _facts.Scan.Sample.Step;
        var told = Told();
        var overlap = DecisionModel.Of(_features, _movers, _rows, _selected);
        var heckman = !Varies ? null : SelectionModel.Of(_isRate, _features, _movers, _rows, _y, _options.Level);
        var bounds = OutcomeBounds.Of(_y, _isRate, _options.Level);
        long through = _selected.LongCount(s => s), others = _selected.Length - through;
        return new ProfilePart
        {
            Evidence =
            [
                new LabelSelection
                {
                    Target = _target.Name, Decision = $"{_decision.Name} = {_yes}", Selected = through * step, SelectedMissing = Missing(true) * step, Others = others * step, OthersMissing = Missing(false) * step,
                    Auc = told?.Auc, AucLow = told?.Low, AucP = told?.PValue, HiddenP = heckman?.Fit.PValue,
                },
                .. overlap is null || told is not { PValue: < 0.01 } ? [] : new[] { overlap.Evidence(_facts, Known * step) },
                .. Make(step),
            ],
            Estimates = [.. Estimates(bounds, overlap, heckman)],
            Tables = [HowTheyGotHere(step), .. heckman is null ? [] : new[] { heckman.Table(_target.Name) }],
            Limitations = [.. Limits(told, overlap, heckman, bounds)],
            Next = _slice is null ? ["Let a few rows through at random from now on and mark them: --random-slice then gives the outcome of everybody without a model."] : [],
        };
    }

    private long Missing(bool selected) => _y.Where((v, i) => _selected[i] == selected && double.IsNaN(v)).LongCount();

    // Do the columns tell the decision better than a random one?
    private DomainResult? Told()
    {
        var stride = Math.Max(1, (_rows.Length + MostForTelling - 1) / MostForTelling);
        var at = Enumerable.Range(0, (_rows.Length + stride - 1) / stride).Select(k => k * stride).ToArray();
        var rows = Array.ConvertAll(at, k => _rows[k]);
        var sides = Array.ConvertAll(at, k => _selected[k]);
        if (Math.Min(sides.Count(s => s), sides.Count(s => !s)) < FewestRows)
        {
            return null;
        }

        var features = RowFeatures.Of(_features.Concat(_movers), rows, MostFeatures);
        return features.Length == 0 ? null : DomainClassifier.Compare(features, features.Length / rows.Length, sides, DomainClassifier.Folds(sides, 5, (ulong)_options.Seed), seed: (ulong)_options.Seed, level: _options.Level);
    }

    // The known rows against all rows, group by group: the population is all rows, those let through among them.
    private IEnumerable<Core.Checks.IEvidence> Make(long step)
    {
        var strata = new List<PopulationStratum>();
        var known = Enumerable.Range(0, _rows.Length).Where(k => !double.IsNaN(_y[k])).Select(k => _rows[k]).ToHashSet();
        foreach (var feature in _features.Concat(_movers))
        {
            var (codes, names) = Fifths.Of(feature, _rows);
            var all = new long[names.Count];
            var here = new long[names.Count];
            for (var k = 0; k < _rows.Length; k++)
            {
                if (codes[k] >= 0)
                {
                    all[codes[k]]++;
                    here[codes[k]] += known.Contains(_rows[k]) ? 1 : 0;
                }
            }

            long n = all.Sum(), m = here.Sum();
            strata.AddRange(n == 0 || m == 0 ? [] : names.Select((name, g) => new PopulationStratum(feature.Name, name, here[g] * step, m * step, all[g] / (double)n)));
        }

        if (strata.Count > 0)
        {
            yield return new PopulationComparison { Reference = $"all rows of {_facts.Source}", Rows = Known * step, ReferenceRows = null, Strata = strata };
        }
    }

    private IEnumerable<Estimate> Estimates(OutcomeBounds? bounds, DecisionModel? overlap, SelectionModel? heckman)
    {
        if (bounds is not null)
        {
            yield return Line($"{(_isRate ? "rate" : "mean")} of all rows, bounds", bounds.Middle, bounds.Low, bounds.High, _rows.Length, $"from every missing outcome at {(_isRate ? "0 to every one at 1" : "the smallest to every one at the largest value seen")}, Imbens-Manski", "sensitivity");
        }

        if (_slice is not null && Slice() is { } slice)
        {
            yield return slice;
        }

        if (Varies && overlap?.Weighted(_y, _selected, _options.Level) is { } weighted)
        {
            yield return Line($"{(_isRate ? "rate" : "mean")} weighted by the chance of being let through", weighted.Value, weighted.Low, weighted.High, Known, "inverse probability, as if these columns explained the decision", "sensitivity");
        }

        if (heckman is not null)
        {
            yield return Line("mean of all rows, selection model", heckman.Fit.MeanOfAll.Value, heckman.Fit.MeanOfAll.Low, heckman.Fit.MeanOfAll.High, _rows.Length, "Heckman two-step, corrected errors", "sensitivity");
        }
    }

    private Estimate? Slice()
    {
        if (_slice!.Facts.Role != Role.Flag)
        {
            throw new GnomonError("not-two-values", $"{_facts.Source}, column '{_slice.Name}' has {Figures.Count(_slice.Facts.Scan.Distinct, "value")}; --random-slice needs a mark of two values.", "--random-slice", "Mark rows let through at random with yes, the others with no.");
        }

        // The mark is the rarer value, unless it says yes, true or 1.
        var sizes = Enumerable.Range(0, 2).Select(g => _rows.Count(i => _slice.Groups[i] == g)).ToArray();
        var mark = NameHints.IsYes(_slice.GroupName(0)) ? 0 : NameHints.IsYes(_slice.GroupName(1)) || sizes[1] <= sizes[0] ? 1 : 0;
        var inside = Enumerable.Range(0, _rows.Length).Where(k => _slice.Groups[_rows[k]] == mark && !double.IsNaN(_y[k])).Select(k => _y[k]).ToArray();
        if (inside.Length < 2)
        {
            return null;
        }

        if (_isRate)
        {
            var hits = (long)inside.Sum();
            var limits = OneProportion.Wilson(hits, inside.Length, _options.Level);
            return Line("rate of the random slice", hits / (double)inside.Length, limits.Low, limits.High, inside.Length, "proportion, Wilson: rows let through at random", "primary");
        }

        var mean = OneSampleT.Test(Moments.MeanVariance(inside), 0, _options.Level);
        return Line("mean of the random slice", mean.Value, mean.Low, mean.High, inside.Length, "mean, Student t: rows let through at random", "primary");
    }

    private Estimate Line(string name, double value, double low, double high, long n, string method, string role) => new()
    {
        Name = name, Metric = _metric, Value = value, Low = low, High = high, Level = _options.Level, Unit = _isRate ? "proportion" : _target.Name, N = n, Method = method, Role = role,
    };

    private ResultTable HowTheyGotHere(long step) => new("filter", "How rows got here", ["step", "rows"],
    [
        [$"all rows of {_facts.Source}", _facts.Rows],
        [$"with a decision in {_decision.Name}", _rows.Length * step],
        [$"{_decision.Name} = {_yes}", _selected.LongCount(s => s) * step],
        [$"with {_target.Name}", Known * step],
    ]);

    private IEnumerable<string> Limits(DomainResult? told, DecisionModel? overlap, SelectionModel? heckman, OutcomeBounds? bounds)
    {
        var who = overlap?.Where is { Length: > 0 } where ? $", hardly any of them {where}" : string.Empty;
        yield return $"What is known of {_target.Name} speaks of {Figures.Count(Known)} of {Figures.Count(_rows.Length, "row")}: those with {_decision.Name} = {_yes}{who}. Columns went into the decision, the decision settled whether {_target.Name} is seen; whatever else moved the decision and goes with {_target.Name} is not in any number here but the bounds{(_slice is null ? string.Empty : " and the random slice")}.";
        if (bounds is not null)
        {
            yield return $"Without any assumption {_metric} of all rows lies between {bounds.Show(bounds.Lowest)} and {bounds.Show(bounds.Highest)}.";
        }

        if (heckman is not null)
        {
            yield return $"The selection model gives a correlation of {Figures.Number(heckman.Fit.Correlation)} between what moved the decision beyond the columns and {_target.Name} ({Figures.P(heckman.Fit.PValue)}). It leans on normal errors, and on {string.Join(", ", _movers.Select(m => m.Name))} having no bearing on {_target.Name}.";
        }
        else if (_options.DecisionOnly.Count == 0)
        {
            yield return "No selection model was fitted: without a column that moved the decision and not the outcome (--decision-only) it would rest on the bend of a curve.";
        }
        else if (_isRate)
        {
            yield return "No selection model was fitted: the two-step estimate is for numbers, and this outcome has two values.";
        }

        if (told is null)
        {
            yield return "Whether the columns tell the decision could not be asked: too few rows on one side, or no column.";
        }
    }

    private SampleColumn Require(IReadOnlyList<SampleColumn> columns, string name, string option) => columns.FirstOrDefault(c => c.Name == name) ?? columns.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new GnomonError("column-not-found", $"{_facts.Source} has no column '{name}'. Columns: {string.Join(", ", columns.Take(30).Select(c => c.Name))}.", option, "Name a column of the data.");
}
