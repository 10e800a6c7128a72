using System.Text;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Sampling;
using Gnomon.Numerics.Random;

namespace Gnomon.Studies.Label;

/// <summary>The second pass: rows that the triggers keep and rows of the random slice, held for labelling.</summary>
internal sealed class HeldRows
{
    /// <summary>Rows of the triggers held at most; beyond it a simple random sample of them stands in.</summary>
    public const long MostKept = 30_000;

    /// <summary>Rows of the audit slice held at most; beyond it each scenario's part shrinks alike.</summary>
    public const long MostAudited = 100_000;

    private readonly LabelScan _scan;
    private readonly long[] _drawn;

    private HeldRows(LabelScan scan, long[] drawn) => (_scan, _drawn) = (scan, drawn);

    public List<long> Row { get; } = [];

    public List<int> Group { get; } = [];

    public List<int> Scenario { get; } = [];

    /// <summary>0 or 1; -1 without a label.</summary>
    public List<int> Label { get; } = [];

    public List<int> Second { get; } = [];

    /// <summary>Today's probability; NaN without one.</summary>
    public List<double> Score { get; } = [];

    public List<bool> IsKept { get; } = [];

    public List<bool> IsAudit { get; } = [];

    /// <summary>A trigger keeps it, whether or not it was drawn to be held.</summary>
    public List<bool> IsTriggered { get; } = [];

    /// <summary>All features are there.</summary>
    public List<bool> IsWhole { get; } = [];

    /// <summary>0 train, 1 test, -1 neither, by the split in use.</summary>
    public List<int> Side { get; } = [];

    public List<string> Id { get; } = [];

    public List<byte[]> Digest { get; } = [];

    /// <summary>Row by row, the embedding first.</summary>
    public double[] Features { get; private set; } = [];

    /// <summary>The embedding brought to length 1, row by row: distances then follow the cosine.</summary>
    public double[] Unit { get; private set; } = [];

    public int FeatureColumns => _scan.Columns.Features.Count;

    public int UnitColumns => _scan.Columns.Embedding.Count;

    public int Count => Row.Count;

    /// <summary>Rows of the slice drawn from each scenario.</summary>
    public IReadOnlyList<long> Drawn => _drawn;

    /// <summary>One over the chance of a row of the slice to be drawn.</summary>
    public double Weight(int row) => _scan.ScenarioRows[Scenario[row]] / (double)_drawn[Scenario[row]];

    public static HeldRows Of(LabelScan scan, LabelOptions options, IDataset data, CancellationToken cancellation, IProgress<double>? progress)
    {
        long[] sizes = [.. scan.ScenarioRows];
        var drawn = StratifiedSlice.Allocate(sizes, options.Audit, options.AuditLeast);
        if (drawn.Sum() is > MostAudited and var all)
        {
            drawn = StratifiedSlice.Allocate(sizes, options.Audit * MostAudited / all, Math.Min(options.AuditLeast, MostAudited / Math.Max(1, sizes.Length)));
        }

        var held = new HeldRows(scan, drawn);
        held.Read(options, data, cancellation, progress);
        return held;
    }

    private void Read(LabelOptions options, IDataset data, CancellationToken cancellation, IProgress<double>? progress)
    {
        var c = _scan.Columns;
        var reader = new ColumnReader();
        var filter = new TriggerFilter(c.Rules, c.Schema, reader);
        int At(Field? field) => field is null ? -1 : reader.Text(field);
        var (scenario, group, target, second, side, id) = (At(c.Scenario), At(c.Group), At(c.Target), At(c.Second), At(c.Split), At(c.Id));
        var score = c.Score is { } s ? reader.Number(s) : -1;
        int[] features = [.. c.Features.Select(reader.Number)];
        int[] cells = [.. c.Schema.Select(f => f.Type is ColumnType.Text ? reader.Text(f) : reader.Number(f))];
        var order = DataVersion.Order([.. c.Schema.Select(f => f.Name)]);
        var rng = new Rng((ulong)options.Seed);
        SequentialDraw[] draws = [.. _scan.ScenarioRows.Select((n, h) => new SequentialDraw(n, _drawn[h], rng.Stream("audit", h)))];
        var keep = new SequentialDraw(_scan.Kept, Math.Min(MostKept, _scan.Kept), rng.Stream("kept"));
        Dictionary<string, int> labels = _scan.Labels.Select((l, i) => (l, i)).ToDictionary(x => x.l, x => x.i, StringComparer.Ordinal);
        var (scenarios, groups) = (new TextCodes(_scan.Scenarios, grows: false), new TextCodes(_scan.GroupNumbers, grows: false));
        var (targets, seconds, sides) = (new TextCodes(labels, grows: false), new TextCodes(labels, grows: false), new TextCodes(new(StringComparer.OrdinalIgnoreCase) { ["train"] = 0, ["test"] = 1 }, grows: false));
        int Code(TextCodes codes, Chunk chunk, int column, int i) => column < 0 ? -1 : codes.Of(chunk, column, chunk.Codes(column)[i]);
        var (values, text, met, number) = (new List<double>(), new StringBuilder(), new byte[4096], 0L);
        data.Scan(reader.Query, chunk =>
        {
            met = met.Length < chunk.Rows ? new byte[chunk.Rows] : met;
            filter.Ask(chunk, met);
            for (var i = 0; i < chunk.Rows; i++)
            {
                number++;
                var h = Code(scenarios, chunk, scenario, i) is >= 0 and var known ? known : _drawn.Length - 1;
                var (kept, audit) = (met[i] > 0 && keep.Take(), draws[h].Take());
                if (!kept && !audit)
                {
                    continue;
                }

                Row.Add(number);
                Group.Add(group < 0 ? 0 : Code(groups, chunk, group, i));
                Scenario.Add(h);
                Label.Add(Code(targets, chunk, target, i));
                Second.Add(Code(seconds, chunk, second, i));
                if (second >= 0 && Second[^1] < 0 && chunk.Codes(second)[i] is >= 0 and var unknown)
                {
                    throw new GnomonError("bad-second", $"{c.Name} row {number}: {c.Second!.Name} is '{chunk.Dictionary(second)[unknown]}', which is no value of {c.Target!.Name} ({string.Join(", ", _scan.Labels)}).", "--second", "Name a column with the same two values.");
                }

                Score.Add(score < 0 || chunk.IsNull(score, i) ? double.NaN : chunk.Doubles(score)[i]);
                if (Score[^1] is < 0 or > 1)
                {
                    throw new GnomonError("score-not-probability", $"{c.Name} row {number}: {c.Score!.Name} is {Figures.Number(Score[^1])}; --score needs a probability, from 0 to 1.", "--score", "Name the column of probabilities, or make one with --query.");
                }

                IsKept.Add(kept);
                IsAudit.Add(audit);
                IsTriggered.Add(met[i] > 0);
                Side.Add(Code(sides, chunk, side, i));
                Id.Add(id < 0 || chunk.Codes(id)[i] < 0 ? string.Empty : chunk.Dictionary(id)[chunk.Codes(id)[i]]);
                var whole = true;
                foreach (var f in features)
                {
                    var present = !chunk.IsNull(f, i) && double.IsFinite(chunk.Doubles(f)[i]);
                    whole &= present;
                    values.Add(present ? chunk.Doubles(f)[i] : 0);
                }

                IsWhole.Add(whole && (group < 0 || Group[^1] >= 0));
                text.Clear();
                foreach (var f in order)
                {
                    DataVersion.Cell(text, c.Schema[f].Name, chunk, cells[f], i, c.Schema[f].Type);
                }

                Digest.Add(DataVersion.Row(text));
            }

            return true;
        }, cancellation, progress);
        Features = [.. values];
        Unit = Lengths(Features, FeatureColumns, UnitColumns);
    }

    /// <summary>The first columns of each row, brought to length 1.</summary>
    public static double[] Lengths(double[] features, int columns, int first)
    {
        var rows = columns == 0 ? 0 : features.Length / columns;
        var unit = new double[rows * first];
        for (var i = 0; i < rows; i++)
        {
            Normalise(features.AsSpan(i * columns, first), unit.AsSpan(i * first, first));
        }

        return unit;
    }

    public static void Normalise(ReadOnlySpan<double> from, Span<double> to)
    {
        double sum = 0;
        foreach (var x in from)
        {
            sum += x * x;
        }

        var length = Math.Sqrt(sum);
        for (var j = 0; j < to.Length; j++)
        {
            to[j] = length > 0 ? from[j] / length : 0;
        }
    }
}
