using System.Globalization;
using Gnomon.Core.Findings;
using Gnomon.Methods.Sampling;
using Gnomon.Numerics.Random;

namespace Gnomon.Studies.Label;

/// <summary>Rows to label in order, with what sent them there, and the version of that set.</summary>
internal sealed class LabelQueue
{
    private const int Shown = 8;
    private readonly LabelScan _scan;
    private readonly HeldRows _held;
    private readonly IReadOnlyList<int> _rows;
    private readonly bool[] _twice;

    private LabelQueue(LabelScan scan, HeldRows held, IReadOnlyList<int> rows, bool[] twice, string how, string hash, string lineage) => (_scan, _held, _rows, _twice, How, Hash, Lineage) = (scan, held, rows, twice, how, hash, lineage);

    public int Count => _rows.Count;

    public int Twice => _twice.Count(t => t);

    /// <summary>How rows were chosen, in words.</summary>
    public string How { get; }

    public string Hash { get; }

    public string Lineage { get; }

    public static LabelQueue Of(LabelScan scan, HeldRows held, RowChooser chooser, IReadOnlyList<int> random, LabelOptions options)
    {
        var (rows, how) = chooser.Next(random, (int)options.Budget);
        var draw = new SequentialDraw(rows.Count, (long)Math.Ceiling((options.Double * rows.Count) - 1e-9), new Rng((ulong)options.Seed).Stream("twice"));
        bool[] twice = [.. rows.Select(_ => draw.Take())];
        var hash = DataVersion.Rows(rows.Select(i => held.Digest[i]));
        return new LabelQueue(scan, held, rows, twice, how, hash, DataVersion.Lineage(options.Parent, Recipe(options), hash));
    }

    /// <summary>The rules of the choice in one line: what the lineage hash is made from besides the rows and the version before.</summary>
    public static string Recipe(LabelOptions options) => string.Create(CultureInfo.InvariantCulture,
        $"keep {string.Join(" or ", options.Keep)}; audit {options.Audit}, {options.AuditLeast} at least; near {options.Near}; budget {options.Budget}, explore {options.Explore}; seed {options.Seed}");

    public void Write(string path) => CsvFile.Write(path, "--queue", "The queue", writer =>
    {
        writer.WriteLine("place,row,id,group,scenario,from,inclusion_probability,annotators");
        for (var k = 0; k < _rows.Count; k++)
        {
            var i = _rows[k];
            var chance = _held.IsAudit[i] ? CsvFile.Cell(1 / _held.Weight(i)) : string.Empty;
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{k + 1},{_held.Row[i]},{CsvFile.Cell(_held.Id[i])},{CsvFile.Cell(Group(i))},{CsvFile.Cell(_scan.Scenario(_held.Scenario[i]))},{From(i)},{chance},{(_twice[k] ? 2 : 1)}"));
        }
    });

    public IEnumerable<ResultTable> Tables(LabelOptions options)
    {
        yield return new ResultTable("queue", $"Rows to label, the first {Math.Min(Shown, Count)} of {Figures.Count(Count)} ({How})", ["place", "row", "group", "scenario", "from", "annotators"],
            [.. _rows.Take(Shown).Select((i, k) => (IReadOnlyList<object?>)[(long)k + 1, _held.Row[i], Group(i), _scan.Scenario(_held.Scenario[i]), From(i), _twice[k] ? 2L : 1L])]);
        yield return new ResultTable("version", "Version of the set to label: the same rows have the same hash, in whatever order rows and columns stand", ["what", "value"],
        [
            ["rows", (long)Count], ["rows hash", Hash], ["lineage hash", Lineage], ["version before", options.Parent ?? "none"], ["rules", Recipe(options)],
        ]);
    }

    private string From(int row) => _held.IsKept[row] ? "trigger" : "audit";

    private string Group(int row) => _scan.Columns.Group is null || _held.Group[row] < 0 ? string.Empty : _scan.GroupName(_held.Group[row]);
}
