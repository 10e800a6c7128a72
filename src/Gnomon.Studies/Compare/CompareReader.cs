using System.Text.RegularExpressions;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Ledger;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;

namespace Gnomon.Studies.Compare;

/// <summary>Reads metric, group and the other columns in one scan; ranks and resamples need the values themselves, so they are kept: eight bytes a row and column.</summary>
internal sealed partial class CompareReader
{
    private const int MostGroups = 50;
    private const int MostCategories = 50;
    private const int MostLevels = 20;
    private const int MostColumns = 15;
    private const int MostStrata = 100_000;
    private const int Fifths = 5;
    private const double WorthReading = 1.2;
    private const double LargestValue = 1e140;
    private const long FewestUnits = 30;

    internal static readonly string[] ControlNames = ["control", "baseline", "reference", "placebo", "before", "pre", "old", "no", "false", "0"];
    private static readonly string[] YesNames = ["yes", "true", "1", "y", "success", "converted", "won", "churned", "died", "sick", "positive"];

    private readonly CompareOptions _options;
    private readonly StudyContext _context;
    private readonly IDataset _data;
    private readonly string _metric;
    private readonly string? _event;
    private readonly string _by;
    private readonly string? _key;
    private readonly List<string> _strata;
    private readonly List<string> _remarks = [];
    private readonly List<Exclusion> _exclusions = [];

    public CompareReader(CompareOptions options, StudyContext context)
    {
        _options = options;
        _context = context;
        _data = context.RequireData();
        var schema = _data.Schema;
        var text = options.Metric!;
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (schema.Find(text) is null && equals > 0)
        {
            _metric = schema.Require(text[..equals].Trim(), "--metric").Name;
            _event = text[(equals + 1)..].Trim();
        }
        else
        {
            _metric = schema.Require(text, "--metric").Name;
        }

        _by = schema.Require(options.By!, "--by").Name;
        if (_by == _metric)
        {
            throw new GnomonError("options-conflict", $"'{_by}' is named as the metric and as the group; a column cannot be compared by itself.", "--metric, --by", "Name the column that tells the groups apart with --by.");
        }

        _key = (options.Paired ?? options.Unit) is { } key ? schema.Require(key, options.Paired is null ? "--unit" : "--paired").Name : null;
        _strata = [.. options.Strata.Select(s => schema.Require(s, "--strata").Name)];
    }

    private string MetricName => _event is null ? _metric : $"{_metric}={_event}";

    public CompareInput Read()
    {
        var isText = _event is null && !_data.Schema.Require(_metric).IsNumeric;
        if (isText && _data.Schema.Require(_metric).IsTemporal)
        {
            throw new GnomonError("metric-not-comparable", $"'{_metric}' holds dates; groups are compared in numbers, true/false or categories.", "--metric", "Name another column, or compute a duration with --query.");
        }

        var others = _options.Paired is null ? Candidates() : [];
        var rows = Scan(isText, others);
        return Build(rows, isText, others);
    }

    // ---- which other columns to look through --------------------------------------------------------------------------

    private List<Candidate> Candidates()
    {
        var found = new List<Candidate>();
        var asked = _options.Adjust is ["none"] ? [] : _options.Adjust.Select(a => _data.Schema.Require(a, "--adjust").Name).ToList();
        foreach (var name in _strata)
        {
            found.Add(new Candidate(name, Distinct(name) > MostLevels && _data.Schema.Require(name).Type is ColumnType.Double or ColumnType.Decimal, IsStratum: true));
        }

        if (_options.Adjust is ["none"] || _options.Randomized)
        {
            return found;
        }

        var used = new HashSet<string>([_metric, _by, .. _strata, .. _key is null ? Array.Empty<string>() : [_key]], StringComparer.OrdinalIgnoreCase);
        foreach (var field in _data.Schema.Where(f => !used.Contains(f.Name) && (asked.Count == 0 || asked.Contains(f.Name))))
        {
            var isNumber = field.Type is ColumnType.Integer or ColumnType.Decimal or ColumnType.Double;
            var isName = field.Type is ColumnType.Text or ColumnType.Category or ColumnType.Boolean;
            if (found.Count >= MostColumns || !(isNumber || isName))
            {
                continue;
            }

            var distinct = Distinct(field.Name);
            if (distinct is > 1 and <= MostLevels)
            {
                found.Add(new Candidate(field.Name, IsCut: false, IsStratum: false));
            }
            else if (distinct > MostLevels && isNumber && (asked.Count > 0 || !TellsApart(field, distinct)))
            {
                // Cochran 1968: five strata of a number take away some nine tenths of the bias it causes.
                found.Add(new Candidate(field.Name, IsCut: true, IsStratum: false));
            }
        }

        return found;
    }

    // Numbers that only name a row or a person are never a reason for a difference.
    private bool TellsApart(Field field, long distinct) =>
        UnitName().IsMatch(field.Name) || NameHints.IsPerson(field.Name) || (field.Type == ColumnType.Integer && distinct == RowCount());

    private long? _rowCount;

    private long RowCount() => _rowCount ??= (long)_data.Read(Query.Of(new Projection("n", Scalar.Aggregate(AggregateFunction.RowCount))), _context.Cancellation).Columns[0].Cell(0)!;

    private long Distinct(string name) =>
        (long)_data.Read(Query.Of(new Projection("n", Scalar.Aggregate(AggregateFunction.CountDistinct, Scalar.Column(name)))), _context.Cancellation).Columns[0].Cell(0)!;

    private sealed record Candidate(string Name, bool IsCut, bool IsStratum);

    // ---- the scan -----------------------------------------------------------------------------------------------------

    private sealed class RowSet
    {
        public List<int> Group { get; } = [];

        public List<double> Value { get; } = [];

        public List<ulong> Key { get; } = [];

        public List<List<int>> Codes { get; } = [];

        public List<List<double>> Numbers { get; } = [];

        public IReadOnlyList<string> Groups { get; set; } = [];

        public IReadOnlyList<string> Categories { get; set; } = [];

        public List<IReadOnlyList<string>> Levels { get; } = [];

        public Dictionary<int, long> Missing { get; } = [];

        public long Rows { get; set; }

        public long NoGroup { get; set; }

        public long NoKey { get; set; }
    }

    private RowSet Scan(bool isText, List<Candidate> others)
    {
        var select = new List<Projection> { new("group", Scalar.Column(_by).ToText()) };
        var value = _event is not null ? EventValue() : isText ? Scalar.Column(_metric).ToText() : Scalar.Column(_metric).ToDouble();
        select.Add(new Projection("value", value));
        if (_key is not null)
        {
            select.Add(new Projection("key", Scalar.Column(_key).Hash()));
            select.Add(new Projection("nokey", Scalar.Column(_key).IsNull()));
        }

        var first = select.Count;
        var set = new RowSet();
        foreach (var other in others)
        {
            select.Add(new Projection($"c{select.Count}", other.IsCut ? Scalar.Column(other.Name).ToDouble() : Scalar.Column(other.Name).ToText()));
            set.Codes.Add([]);
            set.Numbers.Add([]);
            set.Levels.Add([]);
        }

        _data.Scan(
            new Query { Select = select },
            chunk =>
            {
                Take(chunk, set, isText, others, first);
                return true;
            },
            _context.Cancellation,
            _context.Progress is null ? null : new Progress<double>(share => _context.Progress.Report(new StudyProgress("reading rows", share))));
        return set;
    }

    private Scalar EventValue() => Scalar.Case(
        [(Scalar.Column(_metric).IsNull(), Scalar.Value(null)), (Scalar.Column(_metric).ToText().EqualTo(Scalar.Value(_event)), Scalar.Value(1.0))], Scalar.Value(0.0));

    private void Take(Chunk chunk, RowSet set, bool isText, List<Candidate> others, int first)
    {
        var groups = chunk.Codes(0);
        var groupNames = chunk.Dictionary(0);
        var codes = isText ? chunk.Codes(1) : default;
        var doubles = isText ? default : chunk.Doubles(1);
        var keys = _key is null ? default : chunk.Hashes(2);
        var noKey = _key is null ? default : chunk.Integers(3);
        for (var i = 0; i < chunk.Rows; i++)
        {
            set.Rows++;
            if (groups[i] < 0 || string.IsNullOrWhiteSpace(groupNames[groups[i]]))
            {
                set.NoGroup++;
                continue;
            }

            if (_key is not null && noKey[i] != 0)
            {
                set.NoKey++;
                continue;
            }

            if (isText ? codes[i] < 0 : chunk.IsNull(1, i))
            {
                set.Missing[groups[i]] = set.Missing.GetValueOrDefault(groups[i]) + 1;
                continue;
            }

            set.Group.Add(groups[i]);
            set.Value.Add(isText ? codes[i] : doubles[i]);
            if (_key is not null)
            {
                set.Key.Add(keys[i]);
            }

            for (var c = 0; c < others.Count; c++)
            {
                if (others[c].IsCut)
                {
                    set.Numbers[c].Add(chunk.IsNull(first + c, i) ? double.NaN : chunk.Doubles(first + c)[i]);
                }
                else
                {
                    set.Codes[c].Add(chunk.Codes(first + c)[i]);
                }
            }
        }

        set.Groups = [.. groupNames];
        set.Categories = isText ? [.. chunk.Dictionary(1)] : [];
        for (var c = 0; c < others.Count; c++)
        {
            set.Levels[c] = others[c].IsCut ? ["lowest fifth", "second fifth", "middle fifth", "fourth fifth", "highest fifth"] : [.. chunk.Dictionary(first + c)];
        }
    }

    // ---- from rows to groups ------------------------------------------------------------------------------------------

    private CompareInput Build(RowSet set, bool isText, List<Candidate> others)
    {
        if (set.NoGroup > 0)
        {
            _exclusions.Add(new Exclusion($"no value of {_by}", set.NoGroup));
        }

        if (set.NoKey > 0)
        {
            _exclusions.Add(new Exclusion($"no value of {_key}", set.NoKey));
        }

        var values = set.Value.ToArray();
        if (values.Length == 0)
        {
            throw set.Rows > 0 && set.NoGroup == set.Rows
                ? new GnomonError("no-values", $"'{_by}' has no value in any of {Figures.Count(set.Rows, "row")}, so there are no groups.", "--by", "Name another column, or check --where.")
                : new GnomonError("no-values", $"{MetricName} has no usable value in any of {Figures.Count(set.Rows, "row")}, so there is nothing to compare.", "--metric", "Name another column, or check --where and --nulls.");
        }

        if (Array.Exists(values, v => Math.Abs(v) > LargestValue))
        {
            throw new GnomonError("value-too-large", $"'{_metric}' holds a value beyond {LargestValue:0e0}; its square has no room in a number.", "--metric", "Divide the column by a constant with --query.");
        }

        var (kind, categories) = Kind(values, set, isText);
        var codes = new int[others.Count][];
        for (var c = 0; c < codes.Length; c++)
        {
            var levels = set.Levels[c];
            codes[c] = others[c].IsCut ? Cut([.. set.Numbers[c]]) : ByName(set.Codes[c], ref levels);
            set.Levels[c] = levels;
        }

        int[] groups = [.. set.Group];
        if (Enumerable.Range(0, _strata.Count).Aggregate(1.0, (product, s) => product * set.Levels[s].Count) > MostStrata)
        {
            throw new GnomonError("too-many-strata", $"{string.Join(", ", _strata)} cut the data into more than {MostStrata:N0} strata.", "--strata", "Name columns with fewer values, or cut them into ranges with --query.");
        }

        var order = Order(set.Groups, groups);
        if (_options.Paired is not null)
        {
            return Pair(set, kind, values, groups, order);
        }

        if (_options.Unit is not null)
        {
            (values, groups, codes, kind) = Average(set, kind, values, groups, codes);
        }

        var data = order.Select(g => Group(set, g, values, groups, codes)).ToList();
        var small = data.Where(g => g.N < (kind == MetricKind.Binary ? 1 : 2)).ToList();
        if (small.Find(g => g.Name == _options.Control) is { } control)
        {
            throw new GnomonError("too-few-rows", $"The control group '{control.Name}' has {control.N} {(control.N == 1 ? "value" : "values")} of {MetricName}; the comparison needs 2.", "--control", "Name another group, or check --where.");
        }

        foreach (var group in small)
        {
            _remarks.Add($"Group {group.Name} has {group.N} {(group.N == 1 ? "value" : "values")} of {MetricName} and is set aside.");
        }

        data = [.. data.Except(small)];
        RequireTwo(data, small);
        return new CompareInput
        {
            Metric = MetricName,
            Kind = kind,
            By = _by,
            Groups = data,
            Categories = categories,
            Others = [.. others.Select((o, c) => new OtherColumn(o.IsCut ? $"{o.Name} (fifths)" : o.Name, set.Levels[c]))],
            StrataCount = _strata.Count,
            Rows = set.Rows,
            Exclusions = _exclusions,
            Remarks = _remarks,
            Repeats = _options.Unit is null && kind is MetricKind.Binary or MetricKind.Mean ? Repeated(set.Groups, order) : null,
        };
    }

    private static GroupData Group(RowSet set, int group, double[] values, int[] groups, int[][] codes)
    {
        var n = 0;
        foreach (var g in groups)
        {
            n += g == group ? 1 : 0;
        }

        var own = new double[n];
        var columns = Array.ConvertAll(codes, _ => new int[n]);
        var place = 0;
        for (var i = 0; i < groups.Length; i++)
        {
            if (groups[i] != group)
            {
                continue;
            }

            own[place] = values[i];
            for (var c = 0; c < codes.Length; c++)
            {
                columns[c][place] = codes[c][i];
            }

            place++;
        }

        return new GroupData { Name = set.Groups[group], Values = own, Missing = set.Missing.GetValueOrDefault(group), Columns = columns };
    }

    // Levels by name, so that neither codes nor sums depend on which row came first.
    private static int[] ByName(List<int> codes, ref IReadOnlyList<string> levels)
    {
        var names = levels;
        int[] order = [.. Enumerable.Range(0, names.Count).OrderBy(k => names[k], StringComparer.Ordinal)];
        var rank = new int[names.Count];
        for (var k = 0; k < order.Length; k++)
        {
            rank[order[k]] = k;
        }

        levels = [.. order.Select(k => names[k])];
        return [.. codes.Select(c => c < 0 ? -1 : rank[c])];
    }

    private (MetricKind Kind, IReadOnlyList<string> Categories) Kind(double[] values, RowSet set, bool isText)
    {
        if (isText)
        {
            var levels = values.Distinct().Select(v => (int)v).OrderBy(v => set.Categories[v], StringComparer.Ordinal).ToList();
            if (levels.Count > MostCategories)
            {
                throw new GnomonError(
                    "too-many-categories", $"'{_metric}' is text with {levels.Count} different values; at most {MostCategories} can be compared.", "--metric",
                    "Write --metric COLUMN=VALUE to compare the share of one of them.");
            }

            if (levels.Count == 1)
            {
                throw new GnomonError(
                    "no-values", $"'{_metric}' is text and holds nothing but '{set.Categories[levels[0]]}' in {Figures.Count(values.Length, "row")}, so there is nothing to compare.", "--metric",
                    $"Name another column; if '{set.Categories[levels[0]]}' marks a missing value, write --nulls {set.Categories[levels[0]]}.");
            }

            if (_options.Scale is "mean" or "ordered")
            {
                throw new GnomonError("metric-is-text", $"'{_metric}' is text; --scale {_options.Scale} needs numbers.", "--scale", "Give the categories numbers in their order with --query, or leave out --scale.");
            }

            // Categories by name, so that their codes do not depend on the order of rows.
            var code = levels.Select((level, i) => (level, i)).ToDictionary(x => x.level, x => x.i);
            var names = levels.ConvertAll(level => set.Categories[level]);
            if (names.Count == 2 && _options.Scale == "auto")
            {
                var one = names.FindIndex(n => YesNames.Contains(n, StringComparer.OrdinalIgnoreCase));
                one = one < 0 ? 1 : one;
                Recode(values, v => code[(int)v] == one ? 1.0 : 0.0);
                _remarks.Add($"{_metric} has two values; what is compared is the share of '{names[one]}'.");
                return (MetricKind.Binary, []);
            }

            Recode(values, v => code[(int)v]);
            return (MetricKind.Category, names);
        }

        var isBinary = Array.TrueForAll(values, v => v is 0 or 1);
        if (_options.Scale == "category" && !isBinary)
        {
            double[] levels = [.. values.Distinct().Order()];
            if (levels.Length > MostCategories)
            {
                throw new GnomonError("too-many-categories", $"'{_metric}' has {levels.Length} different values; at most {MostCategories} can be compared as categories.", "--scale", "Leave out --scale category.");
            }

            Recode(values, v => Array.BinarySearch(levels, v));
            return (MetricKind.Category, [.. levels.Select(v => v.ToString("R", System.Globalization.CultureInfo.InvariantCulture))]);
        }

        return (isBinary && _options.Scale != "ordered" ? MetricKind.Binary : _options.Scale == "ordered" ? MetricKind.Ordered : MetricKind.Mean, []);
    }

    private static void Recode(double[] values, Func<double, double> code)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = code(values[i]);
        }
    }

    // Groups that were seen, the control first: named, or by a usual name, or by the alphabet.
    private List<int> Order(IReadOnlyList<string> names, int[] groups)
    {
        var seen = groups.Distinct().OrderBy(g => Rank(names[g])).ThenBy(g => names[g], StringComparer.Ordinal).ToList();
        if (seen.Count > MostGroups)
        {
            throw new GnomonError("too-many-groups", $"'{_by}' has {seen.Count} groups; at most {MostGroups} can be compared.", "--by", "Name a column with fewer values, or cut it into ranges with --query.");
        }

        if (_options.Control is not { } control)
        {
            return seen;
        }

        var index = seen.FindIndex(g => names[g] == control);
        if (index < 0)
        {
            throw new GnomonError(
                "group-not-found", $"'{_by}' has no group '{control}'. Groups: {string.Join(", ", seen.Take(20).Select(g => names[g]))}.", "--control",
                NearestName.To(control, seen.Select(g => names[g])) is { } nearest ? $"Did you mean '{nearest}'?" : null);
        }

        var first = seen[index];
        seen.RemoveAt(index);
        return [first, .. seen];
    }

    private static int Rank(string name)
    {
        var rank = Array.FindIndex(ControlNames, c => string.Equals(c, name, StringComparison.OrdinalIgnoreCase));
        return rank < 0 ? ControlNames.Length : rank;
    }

    private void RequireTwo(List<GroupData> data, List<GroupData> small)
    {
        if (data.Count < 2 && small.Count > 0)
        {
            var counts = string.Join(", ", small.Take(5).Select(g => $"'{g.Name}' has {Figures.Count(g.N, "value")}")) + (small.Count > 5 ? $" and {small.Count - 5} more groups have fewer than 2" : string.Empty);
            throw new GnomonError("too-few-rows", $"Of the groups of '{_by}', {counts} of {MetricName}; 2 values are needed in each of two groups.", "--by", "Collect more rows, or name a column with larger groups.");
        }

        if (data.Count < 2)
        {
            throw new GnomonError(
                "one-group", $"'{_by}' has {(data.Count == 0 ? "no group" : $"only the group '{data[0].Name}'")} with values of {MetricName}; a comparison needs two.", "--by", "Name another column, or check --where.");
        }
    }

    // One value per unit: the mean of its rows. Shares stay shares only where every unit has one row.
    private (double[] Values, int[] Groups, int[][] Codes, MetricKind Kind) Average(RowSet set, MetricKind kind, double[] values, int[] groups, int[][] codes)
    {
        if (kind == MetricKind.Category)
        {
            throw new GnomonError("metric-is-text", $"Rows of one {_key} cannot be averaged: '{_metric}' holds categories.", "--unit", "Write --metric COLUMN=VALUE to compare the share of one of them.");
        }

        var units = new Dictionary<(ulong Key, int Group), (int First, double Mean, long Count)>();
        for (var i = 0; i < values.Length; i++)
        {
            var key = (set.Key[i], groups[i]);
            var (first, mean, count) = units.TryGetValue(key, out var seen) ? seen : (i, 0.0, 0L);
            units[key] = (first, mean + (values[i] - mean) / (count + 1), count + 1);
        }

        var several = units.Keys.GroupBy(k => k.Key).LongCount(g => g.Count() > 1);
        if (several > 0)
        {
            _remarks.Add($"{Figures.Count(several)} values of {_key} appear in several groups and count once in each; --paired compares within them.");
        }

        if (units.Count < values.Length)
        {
            _remarks.Add($"{Figures.Count(values.Length)} rows were averaged to {Figures.Count(units.Count)} units of {_key}.");
        }

        var ordered = units.OrderBy(u => u.Value.First).ToList();
        double[] means = [.. ordered.Select(u => u.Value.Mean)];
        var after = kind == MetricKind.Binary && !Array.TrueForAll(means, v => v is 0 or 1) ? MetricKind.Mean : kind;
        return (means, [.. ordered.Select(u => u.Key.Group)], [.. codes.Select(c => ordered.Select(u => c[u.Value.First]).ToArray())], after);
    }

    private CompareInput Pair(RowSet set, MetricKind kind, double[] values, int[] groups, List<int> order)
    {
        if (kind == MetricKind.Category)
        {
            throw new GnomonError("metric-is-text", $"Pairs of categories have no difference to take: '{_metric}' holds categories.", "--paired", "Write --metric COLUMN=VALUE to compare the share of one of them.");
        }

        var place = order.Select((g, i) => (g, i)).ToDictionary(x => x.g, x => x.i);
        var pairs = new Dictionary<ulong, (int First, double[] Sum, long[] Count)>();
        for (var i = 0; i < values.Length; i++)
        {
            if (!pairs.TryGetValue(set.Key[i], out var pair))
            {
                pairs[set.Key[i]] = pair = (i, new double[order.Count], new long[order.Count]);
            }

            pair.Sum[place[groups[i]]] += values[i];
            pair.Count[place[groups[i]]]++;
        }

        if (order.Count < 2)
        {
            RequireTwo([.. order.Select(g => new GroupData { Name = set.Groups[g], Values = [] })], []);
        }

        var whole = pairs.Values.Where(p => p.Count.All(c => c > 0)).OrderBy(p => p.First).ToList();
        if (whole.Count < pairs.Count)
        {
            _exclusions.Add(new Exclusion($"{_key} without a value in every group", pairs.Count - whole.Count));
        }

        if (whole.Count < 2)
        {
            throw new GnomonError("too-few-pairs", $"{whole.Count} values of '{_key}' have {MetricName} in every group of '{_by}'; a paired comparison needs 2.", "--paired", "Name the column that links the rows, or leave out --paired.");
        }

        var several = whole.Count(p => p.Count.Any(c => c > 1));
        if (several > 0)
        {
            _remarks.Add($"{Figures.Count(several)} values of {_key} have several rows in a group; their mean is taken.");
        }

        var isBinary = kind == MetricKind.Binary && several == 0;
        return new CompareInput
        {
            Metric = MetricName,
            Kind = kind == MetricKind.Binary && !isBinary ? MetricKind.Mean : kind,
            By = _by,
            Groups = [.. order.Select((g, i) => new GroupData { Name = set.Groups[g], Values = [.. whole.Select(p => p.Sum[i] / p.Count[i])], Missing = set.Missing.GetValueOrDefault(g) })],
            IsPaired = true,
            Rows = set.Rows,
            Exclusions = _exclusions,
            Remarks = _remarks,
        };
    }

    // Fifths of a number; equal values share one.
    private static int[] Cut(double[] numbers)
    {
        double[] sorted = [.. numbers.Where(double.IsFinite)];
        if (sorted.Length == 0)
        {
            return Array.ConvertAll(numbers, _ => -1);
        }

        Numerics.Kernels.RadixSort.Sort(sorted);
        double[] limits = [.. Enumerable.Range(1, Fifths - 1).Select(k => sorted[(int)((long)k * sorted.Length / Fifths)])];
        var codes = new int[numbers.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            var v = numbers[i];
            codes[i] = !double.IsFinite(v) ? -1 : (v >= limits[0] ? 1 : 0) + (v >= limits[1] ? 1 : 0) + (v >= limits[2] ? 1 : 0) + (v >= limits[3] ? 1 : 0);
        }

        return codes;
    }

    // ---- do rows repeat within a person, device, account? --------------------------------------------------------------

    private RepeatedUnits? Repeated(IReadOnlyList<string> names, List<int> order)
    {
        var used = new HashSet<string>([_metric, _by, .. _strata], StringComparer.OrdinalIgnoreCase);
        foreach (var field in _data.Schema.Where(f => NameHints.IsPerson(f.Name) && !used.Contains(f.Name)).Take(2))
        {
            // A handful of values is a kind of thing, not a person.
            if (Distinct(field.Name) is var units && (units < FewestUnits || RowCount() <= WorthReading * units))
            {
                continue;
            }

            var control = names[order[0]];
            var other = names[order[1]];
            if (ReadRepeats(field.Name, control, other) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private RepeatedUnits? ReadRepeats(string column, string control, string other)
    {
        var units = new Dictionary<(ulong Key, bool IsOther), (double Sum, long Rows)>();
        var values = (Control: new List<double>(), Other: new List<double>());
        var value = _event is not null ? EventValue() : Scalar.Column(_metric).ToDouble();
        if (_event is null && !_data.Schema.Require(_metric).IsNumeric)
        {
            return null;
        }

        _data.Scan(
            Query.Of(new Projection("group", Scalar.Column(_by).ToText()), new Projection("value", value), new Projection("key", Scalar.Column(column).Hash())),
            chunk =>
            {
                var groups = chunk.Codes(0);
                var names = chunk.Dictionary(0);
                var keys = chunk.Hashes(2);
                for (var i = 0; i < chunk.Rows; i++)
                {
                    if (groups[i] < 0 || chunk.IsNull(1, i) || (names[groups[i]] != control && names[groups[i]] != other))
                    {
                        continue;
                    }

                    var isOther = names[groups[i]] == other;
                    var v = chunk.Doubles(1)[i];
                    (isOther ? values.Other : values.Control).Add(v);
                    var seen = units.GetValueOrDefault((keys[i], isOther));
                    units[(keys[i], isOther)] = (seen.Sum + v, seen.Rows + 1);
                }

                return true;
            },
            _context.Cancellation);
        var (x, y) = (Moments.Of([.. values.Other]), Moments.Of([.. values.Control]));
        try
        {
            // Centred at the group's mean, so that the difference between groups is not taken for likeness within units.
            var centred = Moments.Of([.. values.Other.Select(v => v - x.Mean), .. values.Control.Select(v => v - y.Mean)]);
            var sums = units.Select(u => u.Value.Sum - u.Value.Rows * (u.Key.IsOther ? x.Mean : y.Mean)).ToArray();
            var icc = UnitClustering.IntraClass(sums, units.Values.Select(u => u.Rows).ToArray(), centred);
            var naive = WelchT.Test(x, y);
            var error = Math.Sqrt(ClusteredVariance(units, isOther: true, x) + ClusteredVariance(units, isOther: false, y));
            return new RepeatedUnits(column, centred.Count, units.Count, icc.IntraClassCorrelation, icc.Low, naive.StandardError, error);
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }

    // Variance of a mean of rows with units as the sampling unit: the delta method on sums and rows (Deng, Knoblich and Lu 2018).
    private static double ClusteredVariance(Dictionary<(ulong Key, bool IsOther), (double Sum, long Rows)> units, bool isOther, Moments rows)
    {
        double squares = 0, count = 0;
        foreach (var (key, unit) in units)
        {
            if (key.IsOther == isOther)
            {
                var gap = unit.Sum - unit.Rows * rows.Mean;
                squares += gap * gap;
                count++;
            }
        }

        return count > 1 ? squares * count / (count - 1) / ((double)rows.Count * rows.Count) : throw new NotEstimableException("One unit only.");
    }

    // Names that only tell rows apart: never a reason for a difference.
    [GeneratedRegex(@"(^|[_\- .])(id|key|uuid|guid|hash|nr|no|row|record|index)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex UnitName();
}
