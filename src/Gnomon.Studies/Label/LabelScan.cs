using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Label;

/// <summary>The first pass: what the triggers keep, how large each scenario is, which groups stand on which side of a split.</summary>
internal sealed class LabelScan
{
    private const int MostScenarios = 2_000;
    private const int MostLabels = 1_000;
    private readonly Dictionary<string, int> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _targets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _sides = new(StringComparer.OrdinalIgnoreCase) { ["train"] = 0, ["test"] = 1 };

    private string[]? _scenarioNames;
    private string[]? _groupNames;

    private LabelScan(LabelColumns columns) => Columns = columns;

    public LabelColumns Columns { get; }

    public long Rows { get; private set; }

    public long Kept { get; private set; }

    public double Volume { get; private set; }

    public double KeptVolume { get; private set; }

    /// <summary>Scenarios by number; the last number holds rows without one.</summary>
    public Dictionary<string, int> Scenarios { get; } = new(StringComparer.Ordinal);

    public List<long> ScenarioRows { get; } = [];

    public List<long> ScenarioKept { get; } = [];

    public IReadOnlyList<long> RuleHits { get; private set; } = [];

    public IReadOnlyList<long> RuleAlone { get; private set; } = [];

    /// <summary>The two values of the label, the case second.</summary>
    public IReadOnlyList<string> Labels { get; private set; } = [];

    /// <summary>Rows of each group on the two sides of the split.</summary>
    public List<(long Train, long Test)> Sides { get; } = [];

    /// <summary>Groups by number, the same in every pass.</summary>
    public Dictionary<string, int> GroupNumbers => _groups;

    // Numbers count up as values come, so that the order of a dictionary that only grows is theirs.
    public string Scenario(int number) => number < Scenarios.Count ? (_scenarioNames ??= [.. Scenarios.Keys])[number] : "(none)";

    public string GroupName(int number) => (_groupNames ??= [.. _groups.Keys])[number];

    public static LabelScan Of(LabelColumns columns, IDataset data, CancellationToken cancellation, IProgress<double>? progress)
    {
        var scan = new LabelScan(columns);
        scan.Read(data, cancellation, progress);
        return scan.Rows == 0 ? throw new GnomonError("no-rows", $"{data.Name} has no rows.", data.Name, "Check the file, or the condition of --where.") : scan;
    }

    private void Read(IDataset data, CancellationToken cancellation, IProgress<double>? progress)
    {
        var reader = new ColumnReader();
        var filter = new TriggerFilter(Columns.Rules, Columns.Schema, reader);
        int At(Field? field) => field is null ? -1 : reader.Text(field);
        var (scenario, group, target, side, size) = (At(Columns.Scenario), At(Columns.Group), At(Columns.Target), At(Columns.Split), Columns.Size is { } s ? reader.Number(s) : -1);
        if (reader.Query.Select.Count == 0)
        {
            _ = reader.Text(Columns.Schema[0]);
        }

        var (scenarios, groups, targets, sides) = (new TextCodes(Scenarios, grows: true), new TextCodes(_groups, grows: true), new TextCodes(_targets, grows: true), new TextCodes(_sides, grows: false));
        var met = new byte[4096];
        var none = 0L;
        var noneKept = 0L;
        data.Scan(reader.Query, chunk =>
        {
            var rows = chunk.Rows;
            met = met.Length < rows ? new byte[rows] : met;
            filter.Ask(chunk, met);
            Rows += rows;
            for (var i = 0; i < rows; i++)
            {
                var kept = met[i] > 0 ? 1 : 0;
                Kept += kept;
                if (scenario >= 0 && scenarios.Of(chunk, scenario, chunk.Codes(scenario)[i]) is >= 0 and var h)
                {
                    Grow(ScenarioRows, h);
                    Grow(ScenarioKept, h);
                    ScenarioRows[h]++;
                    ScenarioKept[h] += kept;
                }
                else
                {
                    (none, noneKept) = (none + 1, noneKept + kept);
                }
            }

            Sized(chunk, size, met);
            Sided(chunk, group, side, groups, sides);
            for (var i = 0; target >= 0 && i < rows; i++)
            {
                _ = targets.Of(chunk, target, chunk.Codes(target)[i]);
            }

            return Scenarios.Count <= MostScenarios && _targets.Count <= MostLabels;
        }, cancellation, progress);
        (RuleHits, RuleAlone) = (filter.Hits, filter.Alone);
        ScenarioRows.Add(none);
        ScenarioKept.Add(noneKept);
        Check(data);
    }

    private void Sized(Chunk chunk, int size, byte[] met)
    {
        for (var i = 0; i < chunk.Rows; i++)
        {
            var bytes = size < 0 ? 1 : chunk.IsNull(size, i) ? 0 : chunk.Doubles(size)[i];
            Volume += bytes;
            KeptVolume += met[i] > 0 ? bytes : 0;
        }
    }

    private void Sided(Chunk chunk, int group, int side, TextCodes groups, TextCodes sides)
    {
        for (var i = 0; group >= 0 && i < chunk.Rows; i++)
        {
            var g = groups.Of(chunk, group, chunk.Codes(group)[i]);
            if (g < 0)
            {
                continue;
            }

            while (Sides.Count <= g)
            {
                Sides.Add((0, 0));
            }

            var where = side < 0 ? -1 : sides.Of(chunk, side, chunk.Codes(side)[i]);
            Sides[g] = (Sides[g].Train + (where == 0 ? 1 : 0), Sides[g].Test + (where == 1 ? 1 : 0));
        }
    }

    private void Check(IDataset data)
    {
        if (Scenarios.Count > MostScenarios)
        {
            throw new GnomonError("too-many-values", $"{Columns.Scenario!.Name} has more than {MostScenarios:N0} values; an audit slice needs rows of each.", "--scenario", "Name a column of coarser scenarios.");
        }

        if (Columns.Rules.Count > 0 && Kept == 0)
        {
            throw new GnomonError("no-rows-kept", $"None of {Figures.Count(Rows, "row")} meets {string.Join(" or ", Columns.Rules.Select(r => $"'{r.Text}'"))}.", "--keep", "Lower the thresholds, or leave --keep out to choose among all rows.");
        }

        if (Columns.Target is { } target)
        {
            Labels = [.. _targets.Keys.Order(StringComparer.OrdinalIgnoreCase).ThenBy(k => k, StringComparer.Ordinal)];
            if (Labels.Count != 2)
            {
                throw new GnomonError("target-not-two-values", $"{target.Name} has {(Labels.Count > MostLabels ? "more than " : string.Empty)}{Figures.Count(Math.Min(MostLabels, Labels.Count), "value")}: {string.Join(", ", Labels.Take(5))}{(Labels.Count > 5 ? ", ..." : string.Empty)}; a label has two.", "--target", "Name a column such as 0 and 1, or make one with --query.");
            }
        }

        if (Columns.Split is { } split && (Sides.Sum(s => s.Train) == 0 || Sides.Sum(s => s.Test) == 0))
        {
            throw new GnomonError("bad-split", $"{data.Name} column '{split.Name}' has no rows of both train and test.", "--split", "Write its values as train and test.");
        }
    }

    private static void Grow(List<long> counts, int to)
    {
        while (counts.Count <= to)
        {
            counts.Add(0);
        }
    }
}
