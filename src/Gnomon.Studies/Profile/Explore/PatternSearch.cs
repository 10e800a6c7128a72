using Gnomon.Core.Studies;
using Gnomon.Numerics.Random;

namespace Gnomon.Studies.Profile.Explore;

/// <summary>
/// The search: one random half of the rows is asked everything, what stands out goes to the other half and is tested there once. The family that is corrected holds every pattern that
/// was carried over; which ones these are was settled by other rows, so the p-values of the second half know nothing of the choice and the false discovery rate holds as for any list.
/// </summary>
internal sealed class PatternSearch
{
    /// <summary>Patterns of a kind that chance alone may carry over to the second half.</summary>
    public const double ChanceCandidates = 20;
    private const double LargestScreen = 0.05;
    private const int MostWithin = 20;
    private readonly IReadOnlyList<PatternColumn> _columns;
    private readonly double[]? _time;
    private readonly bool _ordered;
    private readonly int[] _place;
    private readonly int _threads;
    private readonly CancellationToken _cancellation;

    /// <param name="columns">Columns to look at.</param>
    /// <param name="order">Sample rows in the order of the file or of the time.</param>
    /// <param name="time">Time of each sample row; null where the order of the file counts.</param>
    /// <param name="ordered">Whether the order means anything.</param>
    /// <param name="seed">Which half explores.</param>
    /// <param name="context">Threads, cancellation.</param>
    public PatternSearch(IReadOnlyList<PatternColumn> columns, int[] order, double[]? time, bool ordered, long seed, StudyContext context)
    {
        (_columns, _time, _ordered, _threads, _cancellation) = (columns, time, ordered, Math.Max(1, context.Threads), context.Cancellation);
        _place = new int[order.Length == 0 ? 0 : order.Max() + 1];
        for (var k = 0; k < order.Length; k++)
        {
            _place[order[k]] = k;
        }

        var drawn = Enumerable.Range(0, order.Length).ToArray();
        new Rng((ulong)seed).Stream("explore-half").Shuffle<int>(drawn);
        var first = drawn[..(order.Length / 2)].ToHashSet();
        Explore = new PatternHalf(columns, [.. order.Where((_, k) => first.Contains(k))]);
        Confirm = new PatternHalf(columns, [.. order.Where((_, k) => !first.Contains(k))]);
    }

    public IReadOnlyList<PatternColumn> Columns => _columns;

    public PatternHalf Explore { get; }

    public PatternHalf Confirm { get; }

    /// <summary>Columns whose neighbouring rows are alike: two of them go together by that alone and are not compared.</summary>
    public IReadOnlyList<PatternColumn> Serial { get; private set; } = [];

    /// <summary>Questions asked, by kind.</summary>
    public IReadOnlyDictionary<string, long> Asked { get; private set; } = new Dictionary<string, long>();

    /// <summary>Questions asked with every group and every cut counted.</summary>
    public long Cells { get; private set; }

    /// <summary>Questions asked of the first half.</summary>
    public long Questions => Asked.Values.Sum();

    /// <summary>Questions whose p-value fell below 0.05 on the first half.</summary>
    public long Striking { get; private set; }

    /// <summary>Patterns that chance alone would carry over, at most.</summary>
    public double ExpectedCandidates { get; private set; }

    public IReadOnlyList<TestedPattern> Run(double level)
    {
        Serial = _ordered ? [.. Each(_columns, c => StepScan.IsSerial(Explore, c) ? c : null).OfType<PatternColumn>()] : [];
        var pairs = Pairs();
        var steps = Steps();
        var (reversals, asked) = Reversals();
        Asked = new Dictionary<string, long> { ["pairs of columns"] = pairs.Count, ["changes along the rows"] = steps.Count, ["reversals"] = asked };
        Cells += steps.Count + asked;
        Striking = pairs.Concat(steps).Concat(reversals).LongCount(p => p.PValue < 0.05);
        List<Pattern> candidates = [.. Screen(pairs, pairs.Count), .. Screen(steps, steps.Count), .. Screen(reversals, asked)];
        var tested = Each(candidates, c => Test(c) is { } p ? new TestedPattern(c, p, 1) : null).OfType<TestedPattern>()
            .OrderBy(t => t.PValue).ThenBy(t => string.Join(',', t.Pattern.Names), StringComparer.Ordinal).ToList();
        var adjusted = PatternFold.Adjust(tested);
        return [.. tested.Select((t, i) => t with { Adjusted = adjusted[i], Held = adjusted[i] <= 1 - level })];
    }

    private double? Test(Pattern pattern) => pattern.Kind switch
    {
        PatternKind.Step => StepScan.Confirm(Confirm, pattern, _place),
        PatternKind.Reversal => ReversalScan.Confirm(Confirm, pattern),
        _ => PairScan.Confirm(Confirm, pattern),
    };

    /// <summary>Rows of a half before and after a change.</summary>
    public (int[] Before, int[] After) Cut(PatternHalf half, Pattern step) =>
        (Array.FindAll(half.Rows, i => _place[i] < _place[step.FirstRowAfter]), Array.FindAll(half.Rows, i => _place[i] >= _place[step.FirstRowAfter]));

    private IEnumerable<Pattern> Screen(List<Pattern> patterns, long asked)
    {
        var limit = asked == 0 ? 0 : Math.Min(LargestScreen, ChanceCandidates / asked);
        ExpectedCandidates += limit * asked;
        return patterns.Where(p => p.PValue <= limit);
    }

    private List<Pattern> Pairs()
    {
        var serial = Serial.ToHashSet();
        var all = new List<(PatternColumn A, PatternColumn B)>();
        for (var i = 0; i < _columns.Count; i++)
        {
            for (var j = i + 1; j < _columns.Count; j++)
            {
                if (!(serial.Contains(_columns[i]) && serial.Contains(_columns[j])))
                {
                    all.Add((_columns[i], _columns[j]));
                }
            }
        }

        var found = Each(all, p => PairScan.Explore(Explore, p.A, p.B));
        Cells = found.Sum(f => f?.Cells ?? 0);
        return [.. found.Select(f => f?.Pattern).OfType<Pattern>()];
    }

    private List<Pattern> Steps() => !_ordered ? [] : [.. Each([.. _columns.Except(Serial).Where(c => c.IsNumber || c.IsFlag)], c => StepScan.Explore(Explore, c, _time)).OfType<Pattern>()];

    private (List<Pattern> Found, long Asked) Reversals()
    {
        var outcomes = _columns.Where(c => c.IsNumber || c.IsFlag).ToList();
        var within = _columns.Where(ReversalScan.CanBeWithin).Take(MostWithin).ToList();
        var serial = Serial.ToHashSet();
        var tasks = ReversalScan.Sides(Explore, outcomes).SelectMany(s => within.Where(w => w != s.Column).Select(w => (Side: s, Within: w))).ToList();
        var found = Each(tasks, t => Able(t.Side.Column) is var able
            ? (Patterns: ReversalScan.Explore(Explore, t.Side.Column, t.Side.Cut, t.Within, able).ToList(), Asked: (long)able.Count(o => o != t.Side.Column && o != t.Within)) : default);
        return ([.. found.SelectMany(f => f.Patterns)], found.Sum(f => f.Asked));

        List<PatternColumn> Able(PatternColumn side) => serial.Contains(side) ? [.. outcomes.Where(o => !serial.Contains(o))] : outcomes;
    }

    // Each item on any thread, answers in the order of the items.
    private TOut[] Each<TIn, TOut>(IReadOnlyList<TIn> items, Func<TIn, TOut> ask)
    {
        var answers = new TOut[items.Count];
        Parallel.For(0, items.Count, new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = _cancellation }, i => answers[i] = ask(items[i]));
        return answers;
    }
}

/// <summary>A pattern with its one test on the rows kept aside.</summary>
/// <param name="Pattern">What was seen in the half that explored.</param>
/// <param name="PValue">Its p-value in the other half.</param>
/// <param name="Adjusted">The same, adjusted over all patterns carried over; see <see cref="PatternFold.Adjust"/>.</param>
internal sealed record TestedPattern(Pattern Pattern, double PValue, double Adjusted)
{
    public bool Held { get; init; }
}
