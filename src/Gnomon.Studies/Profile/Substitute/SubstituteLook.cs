using System.Globalization;
using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Methods.Data;
using Gnomon.Methods.Inference;
using Gnomon.Studies.Profile.Beside;
using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile.Substitute;

/// <summary>While a feed is repaired: what could stand in for the last good data, for which work, and when real rows will do better.</summary>
internal sealed class SubstituteLook
{
    private const int FewestOfClass = 30;
    private const int MostShown = 20;
    private readonly ProfileFacts _facts;
    private readonly IReadOnlyList<SampleColumn> _columns;
    private readonly StudyContext _context;
    private readonly SampleColumn _target;
    private readonly string _positive;

    private SubstituteLook(ProfileFacts facts, IReadOnlyList<SampleColumn> columns, StudyContext context, string positive)
    {
        (_facts, _columns, _context, _positive) = (facts, columns, context, positive);
        _target = columns.First(c => c.Facts == facts.Target);
    }

    private string TargetName => $"{_target.Name} = {_positive}";

    public static IEnumerable<ProfilePart> Of(ProfileFacts facts, IReadOnlyList<SampleColumn> columns, StudyContext context)
    {
        if (facts.Options.Substitute.Count == 0)
        {
            return [];
        }

        return facts.Classes is [_, var rare]
            ? [new SubstituteLook(facts, columns, context, rare.Value).Part()]
            : throw new GnomonError("target-not-two-values", $"{facts.Source}, column '{facts.Options.Target}' has {Figures.Count(facts.Classes.Count, "class", "classes")}; a substitute is judged by a target with two values.", "--target", "Name a column with two values, such as yes and no.");
    }

    private ProfilePart Part()
    {
        var found = _facts.Options.Substitute.Select(One).ToList();
        var time = _columns.FirstOrDefault(c => c.Name == _facts.Options.Time);
        var schedule = Schedule(time);
        var tasks = found.Select(f => SubstituteTasks.Of(f.Facts)).ToList();
        var curve = found[0].Facts.Curve;
        return new ProfilePart
        {
            Lead = string.Join(" ", found.Select((f, i) => SubstituteTasks.Lead(f.Facts.Source, tasks[i], schedule.Wait))),
            Evidence = [.. found.SelectMany(f => f.Evidence)],
            Estimates = [.. found.SelectMany(f => f.Estimates), .. Quarter(curve)],
            Limitations = [.. found.SelectMany(f => f.Limitations), .. Limits(curve, time)],
            Next = [.. Next(tasks)],
            Plots = curve is null ? [] : [schedule.Picture(curve)],
            Tables =
            [
                new ResultTable("substitute-tasks", "What can go on", ["substitute", "work", "verdict", "because"], [.. Tasks(found.Select(f => f.Facts.Source), tasks)]),
                schedule.Table([.. found.Select(f => f.Facts)], tasks),
                .. curve is null ? Array.Empty<ResultTable>() : [schedule.Cost(curve)],
                .. found.Select(f => f.Drift),
            ],
        };
    }

    private static IEnumerable<IReadOnlyList<object?>> Tasks(IEnumerable<string> sources, List<IReadOnlyList<SubstituteTask>> tasks) =>
        sources.SelectMany((source, s) => tasks[s].Select(t => (IReadOnlyList<object?>)[source, t.Work, t.Proceeds ? "go on" : "wait", t.Because]));

    private SubstituteSchedule Schedule(SampleColumn? time)
    {
        double? perDay = time is { Facts.IsTemporal: true, Facts.Present: > 0 } && time.Facts.Type != Core.Tables.ColumnType.Time && OldAndNew.Span(time) is > 0 and var span ? time.Facts.Present * 86_400.0 / span : null;
        double total = _facts.Classes.Sum(c => c.Rows);
        return new SubstituteSchedule(
            _facts.Source, _facts.Rows, _facts.Classes[1].Rows / total, perDay,
            _facts.Options.Returns is { } returns ? DateOnly.ParseExact(returns, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null, _facts.Options.Level);
    }

    private (SubstituteFacts Facts, IReadOnlyList<IEvidence> Evidence, IReadOnlyList<Estimate> Estimates, IReadOnlyList<string> Limitations, ResultTable Drift) One(string path, int index)
    {
        _context.Progress?.Report(new StudyProgress($"training on {Path.GetFileName(path)}", null));
        var file = SecondFile.Scan(SecondFile.Open(path, "--substitute", _facts.Options.Source(), _context), "--substitute", _context);
        var target = Target(file);
        var options = _facts.Options;
        var compared = _columns.Where(c => c != _target && !options.Key.Contains(c.Name) && c.Name != options.Time && c.Facts.Role is not (Role.Empty or Role.Key or Role.Identifier or Role.Text or Role.Time)).ToList();
        var pairs = compared.Select(c => file.Find(c.Name) is { } there ? ColumnPair.Of(c, there) : null).OfType<ColumnPair>().ToList();
        var positive = target.Groups.Names.ToList().IndexOf(_positive);
        var rows = SubstituteRows.Of(pairs, target, positive)
            ?? throw new GnomonError("nothing-to-compare", $"{file.Name} and {_facts.Source} share no column of numbers or categories that varies. Columns there: {string.Join(", ", file.Columns.Take(30).Select(c => c.Name))}.", "--substitute", "Give a file with the same column names.");
        RequireBoth(rows.RealTarget, _facts.Source);
        RequireBoth(rows.OtherTarget, file.Name);
        var folds = LogisticScores.Folds(rows.RealTarget, SubstituteQuality.FoldCount, options.Seed);
        var quality = SubstituteQuality.Of(rows, folds, options.Level, options.Threads)
            ?? throw new GnomonError("not-estimable", $"No logistic regression of {TargetName} can be fitted on {file.Name} and on {_facts.Source}.", "--substitute", "Leave out columns that know the target, with --columns.");

        var swapped = pairs.Select(p => ColumnPair.Of(p.There, p.Here)!).ToList();
        var margins = swapped.Select(PopulationMargin.Of).OfType<PopulationMargin>().ToList();
        var (realCodes, otherCodes) = (Codes(target.Groups.Codes(target.Here), positive), Codes(target.Groups.Codes(target.There), positive));
        var domain = DomainLook.Compare(swapped, options.Seed, options.Level);
        var times = OldAndNew.Of(_columns.FirstOrDefault(c => c.Name == options.Time), options.Time is null ? null : file.Find(options.Time));
        var ranks = ColumnRanks.Of(file.Name, margins, otherCodes, realCodes, options.Seed);
        var facts = new SubstituteFacts
        {
            Source = file.Name, Columns = compared.Count, Missing = [.. compared.Where(c => pairs.TrueForAll(p => p.Here != c)).Select(c => c.Name)], Quality = quality, Ranks = ranks,
            Curve = index == 0 ? RealCurve.Of(rows, folds, options) : null,
        };
        List<IEvidence> evidence = [Population(file, margins, domain), ranks];
        if (times is not null)
        {
            evidence.Add(times.Age(file.Name, _facts.Source, options.FreshWithin));
            evidence.AddRange(times.Breaks(file.Name, TargetName, realCodes, otherCodes, pairs));
        }

        return (facts, evidence, [.. Estimates(file, target, positive, domain, quality)], [.. Limits(file, facts, times)], Drift(file, pairs));
    }

    private ColumnPair Target(SecondFile file)
    {
        var there = file.Find(_target.Name)
            ?? throw new GnomonError("column-not-found", $"{file.Name} has no column '{_target.Name}'. Columns: {string.Join(", ", file.Columns.Take(30).Select(c => c.Name))}.", "--substitute", "A substitute needs the target, under the same name.");
        var pair = ColumnPair.Of(_target, there);
        return pair is { IsNumber: false } && pair.Groups.Names.Contains(_positive) && pair.Groups.There.Sum() > 0
            ? pair
            : throw new GnomonError("target-not-two-values", $"{file.Name}, column '{there.Name}' does not hold the values that {_facts.Source} holds ({string.Join(", ", _facts.Classes.Select(c => c.Value))}).", "--substitute", "Code the target alike in both files.");
    }

    private static int[] Codes(int[] groups, int positive) => Array.ConvertAll(groups, g => g < 0 ? -1 : g == positive ? 1 : 0);

    private void RequireBoth(bool[] target, string source)
    {
        var events = target.Count(t => t);
        var fewer = Math.Min(events, target.Length - events);
        if (fewer < FewestOfClass)
        {
            throw new GnomonError("too-few-rows", $"{source} has {Figures.Count(fewer, "row")} of the rarer class of {_target.Name}; a model to compare with needs {FewestOfClass}.", "--substitute", "Give more rows, or leave --substitute out.");
        }
    }

    private PopulationComparison Population(SecondFile file, List<PopulationMargin> margins, DomainResult? domain) => new()
    {
        Reference = _facts.Source, Rows = file.Rows, ReferenceRows = _facts.Rows, Auc = domain?.Auc, AucLow = domain?.Low, AucP = domain?.PValue, Subject = file.Name,
        Strata = [.. margins.SelectMany(m => m.Names.Select((n, g) => new PopulationStratum(m.Name, n, m.Counts[g], Math.Max(1, m.Rows), m.Shares[g])))],
    };

    private IEnumerable<Estimate> Estimates(SecondFile file, ColumnPair target, int positive, DomainResult? domain, SubstituteQuality quality)
    {
        var level = _facts.Options.Level;
        Estimate Of(string name, double value, double low, double high, string unit, string method, string? contrast = null, double? p = null) => new()
        {
            Name = name, Metric = file.Name, Contrast = contrast, Value = value, Low = low, High = high, Level = level, Unit = unit, P = p, N = file.Rows + _facts.Rows, Method = method, Role = "secondary",
        };
        if (domain is not null)
        {
            yield return Of("domain AUC", domain.Auc, domain.Low, domain.High, "AUC", "cross-fitted linear discriminant, DeLong", p: domain.PValue);
        }

        var (here, there) = (target.Groups.Here, target.Groups.There);
        var rate = TwoProportions.Compare(there[positive], there.Sum(), here[positive], here.Sum(), level);
        yield return Of($"difference of the rate of {TargetName}", rate.Value, rate.Low, rate.High, "proportion", rate.Method, $"{file.Name} - {_facts.Source}", rate.PValue);
        yield return Of($"AUC on {_facts.Source}, trained on the substitute", quality.Alone.Auc, quality.Alone.Low, quality.Alone.High, "AUC", "logistic regression with squares, DeLong");
        var areas = quality.Areas;
        yield return Of("difference of AUC, trained on the substitute and on real rows", areas.Difference, areas.Low, areas.High, "AUC", "paired DeLong, real rows in five folds", $"{file.Name} - {_facts.Source}", areas.PValue);
        yield return Of("events seen over expected", quality.Events.Value, quality.Events.Low, quality.Events.High, "ratio", "binomial variance, log scale");
        yield return Of("rows flagged over planned", quality.Flagged.Value, quality.Flagged.Low, quality.Flagged.High, "ratio", "binomial variance, log scale");
    }

    private ResultTable Drift(SecondFile file, List<ColumnPair> pairs) => new(
        $"drift-{file.Name}", $"Columns of {file.Name} against {_facts.Source}", ["column", "standardised difference", "p", "what differs"],
        [.. pairs.Select(p => (Pair: p, Difference: -p.StandardisedDifference(), Shift: p.Shift())).OrderByDescending(p => Math.Abs(p.Difference ?? 0)).ThenBy(p => p.Pair.Name, StringComparer.Ordinal).Take(MostShown)
            .Select(p => (IReadOnlyList<object?>)[p.Pair.Name, p.Difference, p.Shift?.Shift.PValue, p.Shift?.Says.Replace(" there", $" in {file.Name}", StringComparison.Ordinal).Replace(" here", $" in {_facts.Source}", StringComparison.Ordinal)])]);

    private IEnumerable<string> Limits(SecondFile file, SubstituteFacts facts, OldAndNew? times)
    {
        if (times is { Overlaps: true })
        {
            yield return $"{file.Name} holds times of the period of {_facts.Source}: rows that stand in both would flatter the model trained on it. --train {file.Name} looks for them.";
        }

        if (facts.Missing.Count > 0)
        {
            yield return $"{string.Join(", ", facts.Missing.Take(10))} cannot be compared with {file.Name}; the models do without.";
        }
    }

    private IEnumerable<string> Limits(LearningCurveFit? curve, SampleColumn? time)
    {
        yield return curve is null
            ? $"{_facts.Source} has too few rows for models of several sizes: what fewer rows cost is not known."
            : $"Expected areas for more rows than {Figures.Count(curve.Rows)} go beyond what was measured: they follow the law that a model of fixed size loses in proportion to one over its rows.";
        yield return "All of this holds for logistic regression with squares of numbers; another model may need more rows, or stand drift better.";
        if (time is null)
        {
            yield return "Without --time neither age nor breaks of level were looked at, and the schedule counts rows instead of days.";
        }
    }

    private IEnumerable<Estimate> Quarter(LearningCurveFit? curve)
    {
        if (curve is not null && _facts.Rows >= 8)
        {
            var (rows, level) = (_facts.Rows / 4, _facts.Options.Level);
            var limits = curve.Interval(rows, level);
            yield return new Estimate
            {
                Name = "AUC expected with a quarter of the real rows", Metric = _facts.Source, Value = curve.At(rows).Score, Low = Math.Max(0, limits.Low), High = Math.Min(1, limits.High), Level = level, Unit = "AUC",
                N = rows, Method = "learning curve, law 1/n", Role = "secondary",
            };
        }
    }

    private static IEnumerable<string> Next(List<IReadOnlyList<SubstituteTask>> tasks)
    {
        if (tasks.Exists(s => s.Any(t => !t.Proceeds)))
        {
            yield return "When real rows are back: run this again with them as DATA before a threshold or a launch is decided.";
        }
    }
}
