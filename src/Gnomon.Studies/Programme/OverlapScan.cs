using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Studies.Ab;

namespace Gnomon.Studies.Programme;

/// <summary>One pair of experiments with the effects of the second, without and with the first.</summary>
internal sealed record ScannedPair(OverlapPair Pair, double Without, double With, double StandardError, long Shared);

/// <summary>Experiments on the same units: every pair of them in one pass.</summary>
internal sealed record OverlapScan(IReadOnlyList<ScannedPair> Pairs, string Unit, long Units, IReadOnlyList<string> Remarks)
{
    public ExperimentOverlap Evidence => new() { Pairs = [.. Pairs.Select(p => p.Pair)], SmallestShared = Pairs.Count == 0 ? 0 : Pairs.Min(p => p.Shared), Unit = Unit };
}

/// <summary>Reads unit-level data: a column of arms per experiment, and the metric.</summary>
internal sealed class OverlapReader
{
    private const int MostTests = 60;
    private const long FewestInCell = 2;

    private readonly ProgrammeOptions _options;
    private readonly IDataset _data;
    private readonly string[] _tests;
    private readonly MomentsAccumulator?[][] _arms;
    private readonly MomentsAccumulator?[][] _cells;
    private readonly int[] _codes;
    private readonly string[][] _names;
    private double? _pivot;
    private bool _binary = true;
    private long _units;

    private OverlapReader(ProgrammeOptions options, IDataset data)
    {
        _options = options;
        _data = data;
        if (options.Tests.Count > MostTests)
        {
            throw new GnomonError("too-many-experiments", $"--tests names {options.Tests.Count} experiments; at most {MostTests} can be scanned at once.", "--tests", "Leave out those that shared no users.");
        }

        _tests = [.. options.Tests.Select(t => data.Schema.Require(t, "--tests").Name)];
        var metric = data.Schema.Require(options.Metric!, "--metric");
        if (!metric.IsNumeric)
        {
            throw new GnomonError("metric-not-a-number", $"{data.Name}: column '{metric.Name}' is of type {metric.NativeType}; experiments are read on numbers or true/false.", "--metric", "Name another column.");
        }

        if (_tests.Append(metric.Name).GroupBy(n => n).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new GnomonError("options-conflict", $"'{twice.Key}' is named twice among --tests and --metric.", "--tests", "Name each column once.");
        }

        var t = _tests.Length;
        _arms = [.. Enumerable.Range(0, t).Select(_ => new MomentsAccumulator?[2])];
        _cells = [.. Enumerable.Range(0, t * (t - 1) / 2).Select(_ => new MomentsAccumulator?[4])];
        _codes = new int[t];
        _names = [.. Enumerable.Range(0, t).Select(_ => new string[2])];
    }

    public static ProgrammeInput Read(ProgrammeOptions options, StudyContext context)
    {
        var reader = new OverlapReader(options, context.RequireData());
        var query = new Query { Select = [new Projection("metric", Scalar.Column(options.Metric!).ToDouble()), .. reader._tests.Select((t, i) => new Projection($"t{i}", Scalar.Column(t).ToText()))] };
        reader._data.Scan(query, reader.Take, context.Cancellation);
        return reader.Finish();
    }

    private bool Take(Chunk chunk)
    {
        var values = chunk.Doubles(0);
        for (var i = 0; i < chunk.Rows; i++)
        {
            if (chunk.IsNull(0, i))
            {
                continue;
            }

            var y = values[i];
            _pivot ??= y;
            _binary &= y is 0 or 1;
            _units++;
            for (var t = 0; t < _tests.Length; t++)
            {
                _codes[t] = chunk.Codes(t + 1)[i];
                if (_codes[t] > 1)
                {
                    throw new GnomonError("too-many-arms", $"{_data.Name}: '{_tests[t]}' has more than two arms; pairs of experiments are scanned for two.", _tests[t], "Keep two arms with --where.");
                }

                if (_codes[t] >= 0)
                {
                    _names[t][_codes[t]] ??= chunk.Dictionary(t + 1)[_codes[t]];
                    (_arms[t][_codes[t]] ??= new MomentsAccumulator(_pivot.Value)).Add(y);
                }
            }

            var pair = 0;
            for (var a = 0; a < _tests.Length; a++)
            {
                for (var b = a + 1; b < _tests.Length; b++, pair++)
                {
                    if (_codes[a] >= 0 && _codes[b] >= 0)
                    {
                        (_cells[pair][2 * _codes[a] + _codes[b]] ??= new MomentsAccumulator(_pivot.Value)).Add(y);
                    }
                }
            }
        }

        return true;
    }

    private ProgrammeInput Finish()
    {
        var sign = _options.LowerIsBetter ? -1 : 1;
        var flipped = new bool[_tests.Length];
        var rows = new List<TestRow>();
        for (var t = 0; t < _tests.Length; t++)
        {
            if (_arms[t][0] is not { Count: >= FewestInCell } first || _arms[t][1] is not { Count: >= FewestInCell } second)
            {
                throw new GnomonError("one-arm", $"{_data.Name}: '{_tests[t]}' has fewer than two arms of two units.", _tests[t], "Name a column that holds two arms.");
            }

            flipped[t] = IsControlSecond(_names[t]);
            var (control, treatment) = flipped[t] ? (second.ToMoments(), first.ToMoments()) : (first.ToMoments(), second.ToMoments());
            var counts = new ArmCounts(control.Count, Events(control), treatment.Count, Events(treatment));
            var contrast = _binary
                ? TwoProportions.Compare(counts.TreatmentEvents, counts.TreatmentUsers, counts.ControlEvents, counts.ControlUsers)
                : WelchT.TryTest(treatment, control) ?? throw new GnomonError("no-spread", $"{_data.Name}: '{_options.Metric}' does not vary.", "--metric", "Name another metric.");
            var error = Math.Sqrt(control.VarianceOfMean + treatment.VarianceOfMean);
            rows.Add(new TestRow { Name = _tests[t], P = contrast.PValue, Counts = counts, Users = control.Count + treatment.Count, Effect = sign * (treatment.Mean - control.Mean), StandardError = error > 0 ? error : null });
        }

        var unit = _binary ? "proportion" : _options.Metric!;
        return new ProgrammeInput { Tests = rows, Unit = unit, Overlap = Pairs(flipped, unit, sign) };
    }

    private long Events(Moments m) => _binary ? (long)Math.Round(m.Mean * m.Count) : 0;

    private OverlapScan Pairs(bool[] flipped, string unit, int sign)
    {
        var found = new List<(int A, int B, PairInteractionResult Result, long Shared)>();
        var (apart, pair) = (0, 0);
        for (var a = 0; a < _tests.Length; a++)
        {
            for (var b = a + 1; b < _tests.Length; b++, pair++)
            {
                var cells = _cells[pair];
                Moments Cell(bool x, bool y) => cells[2 * (x ^ flipped[a] ? 1 : 0) + (y ^ flipped[b] ? 1 : 0)]?.ToMoments() ?? Moments.Empty;
                Moments[] four = [Cell(false, false), Cell(false, true), Cell(true, false), Cell(true, true)];
                if (Array.Exists(four, c => c.Count < FewestInCell))
                {
                    apart++;
                    continue;
                }

                try
                {
                    found.Add((a, b, PairInteraction.Of(four[0], four[1], four[2], four[3]), four.Sum(c => c.Count)));
                }
                catch (NotEstimableException)
                {
                    apart++;
                }
            }
        }

        var adjusted = Multiplicity.BenjaminiHochberg([.. found.Select(f => f.Result.PValue)]);
        var pairs = found.Select((f, i) => new ScannedPair(
            new OverlapPair(_tests[f.A], _tests[f.B], sign * f.Result.Interaction, f.Result.PValue, adjusted[i], f.Result.IndependenceP, f.Result.EffectWithout * f.Result.EffectWith < 0),
            sign * f.Result.EffectWithout, sign * f.Result.EffectWith, f.Result.StandardError, f.Shared)).ToList();
        return new OverlapScan(pairs, unit, _units, apart == 0 ? [] : [$"{Figures.Count(apart, "pair")} of experiments {(apart == 1 ? "shares" : "share")} too few units to be scanned."]);
    }

    private static bool IsControlSecond(string[] names)
    {
        var ranks = names.Select(n => Array.IndexOf(AbDesign.ControlNames, n.Trim().ToLowerInvariant())).ToArray();
        return (ranks[0] < 0, ranks[1] < 0) switch
        {
            (true, false) => true,
            (false, true) => false,
            (false, false) => ranks[1] < ranks[0],
            _ => string.CompareOrdinal(names[1], names[0]) < 0,
        };
    }
}
