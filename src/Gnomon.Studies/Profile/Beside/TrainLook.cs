using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods.Data;
using Gnomon.Methods.Inference;
using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile.Beside;

/// <summary>Are these rows new to a model trained on the other file, and like those it was trained on?</summary>
internal sealed class TrainLook
{
    private const int MostShown = 20;
    private const double MostRowsOfAnEntity = 5;
    private const double Mostly = 0.9;
    private readonly ProfileFacts _facts;
    private readonly IReadOnlyList<SampleColumn> _columns;
    private readonly SecondFile _train;
    private readonly StudyContext _context;
    private readonly List<(SampleColumn Here, SampleColumn There)> _common;

    private TrainLook(ProfileFacts facts, IReadOnlyList<SampleColumn> columns, SecondFile train, StudyContext context)
    {
        (_facts, _columns, _train, _context) = (facts, columns, train, context);
        _common = [.. columns.Select(c => (Here: c, There: train.Find(c.Name))).Where(p => p.There is not null).Select(p => (p.Here, p.There!))];
    }

    public static ProfilePart Of(ProfileFacts facts, IReadOnlyList<SampleColumn> columns, StudyContext context)
    {
        var data = SecondFile.Open(facts.Options.Train!, "--train", facts.Options.Source(), context);
        return new TrainLook(facts, columns, SecondFile.Scan(data, "--train", context), context).Part();
    }

    private ProfilePart Part()
    {
        var pairs = _common.Select(p => ColumnPair.Of(p.Here, p.There)).OfType<ColumnPair>().ToList();
        var shifts = pairs.Select(p => (Pair: p, Shift: p.Shift())).Where(s => s.Shift is not null).Select(s => (s.Pair, Shift: s.Shift!.Value.Shift, s.Shift.Value.Says)).ToList();
        var domain = DomainLook.Compare([.. pairs.Where(p => p.Here.Facts != _facts.Target)], _facts.Options.Seed, _facts.Options.Level);
        return new ProfilePart
        {
            Evidence =
            [
                Schema(), Overlap(), .. Shared(), .. Unseen(),
                new PartsComparison
                {
                    First = _train.Name, Second = "these rows", Subject = _train.Name, SmallerPart = Math.Min(_facts.Rows, _train.Rows),
                    Columns = [.. shifts.Select(s => new ColumnShift(s.Pair.Name, s.Shift.PValue, s.Shift.Effect, s.Shift.EffectFloor, s.Says))],
                },
            ],
            Estimates = [.. TargetShift()],
            Limitations = domain is null ? [] : [$"A model tells these rows from {_train.Name} with an area under the curve of {Figures.Number(domain.Auc)} ({Figures.Number(domain.Low)} to {Figures.Number(domain.High)}); random labels reach {Figures.Number(domain.NullHigh)} once in twenty."],
            Tables = shifts.Count == 0 ? [] : [new ResultTable("drift", $"Columns here against {_train.Name}", ["column", "effect", "smallest that counts", "p", "what differs"],
                [.. shifts.OrderByDescending(s => s.Shift.Effect / s.Shift.EffectFloor).ThenBy(s => s.Pair.Name, StringComparer.Ordinal).Take(MostShown).Select(s => (IReadOnlyList<object?>)[s.Pair.Name, s.Shift.Effect, s.Shift.EffectFloor, s.Shift.PValue, s.Says])])],
        };
    }

    private SchemaComparison Schema()
    {
        // --columns looks at some of them; what was not read here is not missing.
        var here = _context.RequireData().Schema;
        var (first, second) = (_train.Data.Schema.Select(f => f.Name).ToList(), here.Select(f => f.Name).ToList());
        var common = first.Where(second.Contains).ToList();
        return new SchemaComparison
        {
            Reference = _train.Name, Common = common.Count, Missing = [.. first.Except(second)], Added = [.. second.Except(first)],
            IsReordered = !common.SequenceEqual(second.Where(first.Contains)),
            Retyped = [.. _common.Where(p => p.Here.Facts.Present > 0 && p.There.Facts.Present > 0 && Kind(p.Here) != Kind(p.There)).Select(p => $"{p.Here.Name} ({Kind(p.There)} there, {Kind(p.Here)} here)")],
        };
    }

    // Whole numbers and numbers with decimals are one kind: a short file may hold no decimals by chance. Texts that are numbers or dates nearly throughout are such with a few odd cells.
    private static string Kind(SampleColumn column) => column.Facts.Type switch
    {
        ColumnType.Integer or ColumnType.Double or ColumnType.Decimal => "number",
        ColumnType.Boolean => "true or false",
        ColumnType.Date or ColumnType.Timestamp or ColumnType.LocalTimestamp => "date",
        ColumnType.Time => "time of day",
        ColumnType.Nested => "nested",
        _ => column.Facts.Shape switch { { Numbers: > Mostly } => "number", { Dates: > Mostly } => "date", _ => "text" },
    };

    private SplitOverlap Overlap()
    {
        var options = _facts.Options;
        var compared = _common.Where(p => p.Here.Facts.Role is not (Role.Empty or Role.Key or Role.Identifier or Role.Constant) && p.Here.Facts != _facts.Target && !options.Key.Contains(p.Here.Name) && !options.Groups.Contains(p.Here.Name)
            && (p.Here.Facts.Scan.IsText == p.There.Facts.Scan.IsText)).Select(p => p.Here.Name).ToList();
        var repeated = _facts.Evidence.OfType<ColumnRedundancy>().SelectMany(r => r.Twins).Where(t => t.Value >= 0.9).Select(t => t.Second).ToHashSet(StringComparer.Ordinal);
        var twins = RowTwins.Find(compared, repeated, _facts.Rows, _context.RequireData(), _train.Data, _context);
        var texts = TextTwins.Find(_common, _context.RequireData(), _train.Data, _context);
        return new SplitOverlap
        {
            Train = _train.Name, Rows = twins.Rows, Columns = compared.Count, Equal = twins.Equal, AllButOne = twins.AllButOne, ByChance = twins.ByChance,
            NearTexts = texts?.Near, TextRows = texts?.Rows, TextColumn = texts?.Column,
        };
    }

    private IEnumerable<SharedGroups> Shared()
    {
        var declared = _facts.Options.Groups;
        var names = declared.Count > 0 ? declared.Select(g => _context.RequireData().Schema.Require(g, "--groups").Name).ToList() : [.. _common.Where(p => IsEntity(p.Here) && !IsRestarted(p.Here, p.There)).Select(p => p.Here.Name)];
        foreach (var name in names)
        {
            yield return KeyOverlap.Of(name, _context.RequireData(), _train.Data, declared.Count > 0, _context);
        }
    }

    // A label with few rows to a value; stores and regions with many rows each are no entities that a split must keep apart unless somebody says so.
    private static bool IsEntity(SampleColumn column) =>
        column.Facts.Role is Role.Identifier or Role.Key && column.Facts.Scan.Distinct > 0 && column.Facts.Present / (double)column.Facts.Scan.Distinct <= MostRowsOfAnEntity;

    // Row numbers that begin again in every file name nothing.
    private static bool IsRestarted(SampleColumn here, SampleColumn there) => IsDense(here) && IsDense(there);

    private static bool IsDense(SampleColumn column) =>
        !column.Facts.Scan.IsText && column.Facts.Scan.Moments is { Min: { } min, Max: { } max } && column.Facts.Scan.RepeatShare == 0 && max - min + 1 <= 1.05 * column.Facts.Present;

    private IEnumerable<UnseenValues> Unseen()
    {
        foreach (var (here, there) in _common.Where(p => p.Here.Facts.Scan.Texts is { IsComplete: true } && p.There.Facts.Scan.Texts is { IsComplete: true }
            && p.There.Facts.Role is Role.Category or Role.Flag or Role.Constant && p.Here.Facts.Role is not (Role.Identifier or Role.Key or Role.Empty) && p.Here.Facts != _facts.Target))
        {
            var known = there.Facts.Scan.Texts!.Texts.ToHashSet(StringComparer.Ordinal);
            var unseen = Levels.Counts(here.Facts).Where(v => !known.Contains(v.Key)).OrderByDescending(v => v.Value).ThenBy(v => v.Key, StringComparer.Ordinal).ToList();
            yield return new UnseenValues { Column = here.Name, Train = _train.Name, Rows = here.Facts.Present, Unseen = unseen.Sum(v => v.Value), Values = [.. unseen.Take(MostShown).Select(v => v.Key)] };
        }
    }

    private IEnumerable<Estimate> TargetShift()
    {
        if (_facts.Target is null || _train.Find(_facts.Target.Name) is not { } there || ColumnPair.Of(_columns.First(c => c.Facts == _facts.Target), there) is not { } pair)
        {
            yield break;
        }

        if (!pair.IsNumber && _facts.Classes is [_, var rare] && pair.Groups.Names.ToList().IndexOf(rare.Value) is >= 0 and var g && pair.Groups.There.Sum() > 0)
        {
            var difference = TwoProportions.Compare(pair.Groups.Here[g], pair.Groups.Here.Sum(), pair.Groups.There[g], pair.Groups.There.Sum(), _facts.Options.Level);
            yield return Of($"{pair.Name} = {rare.Value}", difference, "proportion", pair.Groups.Here.Sum() + pair.Groups.There.Sum());
        }
        else if (pair.IsNumber && pair.Here.Facts.Scan.Moments is { Count: > 1, M2: > 0 } a && pair.There.Facts.Scan.Moments is { Count: > 1, M2: > 0 } b)
        {
            yield return Of(pair.Name, WelchT.Test(a, b, _facts.Options.Level), pair.Name, a.Count + b.Count);
        }
    }

    private Estimate Of(string metric, ContrastResult difference, string unit, long n) => new()
    {
        Name = $"difference from {_train.Name}", Metric = metric, Contrast = $"these rows - {_train.Name}", Value = difference.Value, Low = difference.Low, High = difference.High, Level = difference.Level,
        Unit = unit, P = difference.PValue, N = n, Method = difference.Method, Role = "secondary",
    };
}
