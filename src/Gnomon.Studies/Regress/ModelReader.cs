using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods.Regression;
using Gnomon.Studies.Regress.Families;

namespace Gnomon.Studies.Regress;

/// <summary>Reads the columns of a model and settles what is missing, once.</summary>
internal sealed class ModelReader
{
    private const int MostCandidates = 3;
    private readonly RegressOptions _options;
    private readonly IDataset _data;
    private readonly ModelFamily? _family;
    private readonly EventColumn? _ended;
    private readonly List<Projection> _select = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    public ModelReader(RegressOptions options, IDataset data)
    {
        (_options, _data) = (options, data);
        _family = ModelFamily.Of(options);
        _ended = options.Event is null ? null : EventColumn.Of(options.Event, data.Schema);
    }

    public ModelData Read(CancellationToken cancellation)
    {
        var (formula, eventLevel) = Resolve();
        var outcome = _data.Schema.Require(formula.Outcome.Column);
        var outcomeIsText = eventLevel is not null || !outcome.IsNumeric || _family is { HasCategories: true };
        Add("outcome", outcomeIsText ? Scalar.Column(outcome.Name).ToText() : Scalar.Column(outcome.Name).ToDouble());
        var atoms = formula.Terms.Concat(formula.Random.SelectMany(r => r.Terms)).SelectMany(t => t.Atoms).ToList();
        foreach (var name in atoms.Select(a => a.Column).Distinct(StringComparer.Ordinal))
        {
            AddColumn(name, atoms.Where(a => a.Column == name).ToList());
        }

        if (_ended is not null)
        {
            Add($"event {_ended.Column}", Scalar.Column(_ended.Column).ToText());
        }

        foreach (var group in formula.Random.SelectMany(r => r.Groups).Distinct(StringComparer.Ordinal))
        {
            Add($"group {group}", Scalar.Column(group).ToText());
        }

        foreach (var cluster in _options.Cluster)
        {
            Add($"cluster {cluster}", Scalar.Column(_data.Schema.Require(cluster, "--cluster").Name).ToText());
        }

        foreach (var (option, name) in new[] { ("--weights", _options.Weights), ("--exposure", _options.Exposure) })
        {
            if (name is not null)
            {
                Add(option, Scalar.Column(RequireNumber(name, option).Name).ToDouble());
            }
        }

        if (_options.Time is not null)
        {
            var time = _data.Schema.Require(_options.Time, "--time");
            Add("time", time.IsNumeric ? Scalar.Column(time.Name).ToDouble() : Scalar.Call(ScalarFunction.ToMicroseconds, Scalar.Column(time.Name)).ToDouble());
        }

        var candidates = _options.Cluster.Count > 0 || _options.Errors is not "auto" ? [] : _data.Schema
            .Where(f => (NameHints.IsIdentifier(f.Name) || NameHints.IsPerson(f.Name)) && !formula.Columns.Contains(f.Name, StringComparer.Ordinal) && !formula.Random.Any(r => r.Groups.Contains(f.Name, StringComparer.Ordinal)) && f.Name != _options.Time)
            .Take(MostCandidates).ToList();
        foreach (var candidate in candidates)
        {
            Add($"candidate {candidate.Name}", Scalar.Column(candidate.Name).ToText());
        }

        var table = _data.Read(new Query { Select = _select }, cancellation);
        return Assemble(table, formula, outcomeIsText, eventLevel, candidates);
    }

    private ModelData Assemble(Table table, Formula formula, bool outcomeIsText, string? eventLevel, List<Field> candidates)
    {
        if (table.Rows == 0)
        {
            throw new GnomonError("no-rows", $"{_data.Name} has no rows{(_options.Where is null ? string.Empty : " that satisfy --where")}.", _data.Name, "Check the file, or the condition of --where.");
        }

        var names = _places.Keys.Where(n => !n.StartsWith("candidate ", StringComparison.Ordinal)).ToList();
        var missing = names.Select(n => (Column: Said(n, formula), Rows: (long)Of(table, n).NullCount)).Where(m => m.Rows > 0).ToList();
        var rows = Enumerable.Range(0, table.Rows).Where(i => names.TrueForAll(n => !Of(table, n).IsNull(i))).ToArray();
        if (rows.Length == 0)
        {
            throw new GnomonError(
                "no-complete-rows", $"None of {Figures.Count(table.Rows)} rows has a value in every column of the model ({string.Join(", ", missing.Select(m => $"{m.Column}: {Figures.Count(m.Rows)} missing"))}).",
                _data.Name, "Leave out the column that is missing most.");
        }

        var times = 0;
        if (_options.Time is not null)
        {
            var time = Numbers(Of(table, "time"));
            rows = [.. rows.OrderBy(i => time[i])];
            times = rows.Select(i => time[i]).Distinct().Count();
        }

        var categories = _family is { HasCategories: true } ? Levels(formula.Outcome.Column, (TextColumn)Of(table, "outcome"), rows) : null;
        var (y, said) = categories is not null ? (Array.ConvertAll(categories.Codes!, c => (double)c), null) : outcomeIsText ? Event((TextColumn)Of(table, "outcome"), rows, formula.Outcome, eventLevel) : (Pick(Numbers(Of(table, "outcome")), rows), null);
        y = Transformed(y, formula.Outcome, "outcome");
        var columns = new Dictionary<string, ModelColumn>(StringComparer.Ordinal);
        foreach (var name in formula.Columns.Where(n => _places.ContainsKey($"number {n}") || _places.ContainsKey($"level {n}")))
        {
            columns.Add(name, _places.ContainsKey($"number {name}") ? new ModelColumn(name, Pick(Numbers(Of(table, $"number {name}")), rows), null, []) : Levels(name, (TextColumn)Of(table, $"level {name}"), rows));
        }

        return new ModelData
        {
            Formula = formula,
            Outcome = said is null ? formula.Outcome.Text : $"{formula.Outcome.Column} = {said}",
            Y = y,
            Categories = categories?.Levels ?? [],
            Ended = _ended?.Read((TextColumn)Of(table, $"event {_ended.Column}"), rows),
            EndedBy = _ended?.Text,
            Event = said ?? (y.All(v => v is 0 or 1) ? "true" : null),
            Columns = columns,
            Clusters = [.. _options.Cluster.Select(c => Pick(((TextColumn)Of(table, $"cluster {c}")).Codes, rows))],
            Groups = formula.Random.SelectMany(r => r.Groups).Distinct(StringComparer.Ordinal).ToDictionary(g => g, g => Levels(g, (TextColumn)Of(table, $"group {g}"), rows), StringComparer.Ordinal),
            Candidates = [.. candidates.Select(c => (c.Name, Codes: Pick(((TextColumn)Of(table, $"candidate {c.Name}")).Codes, rows))).Where(c => Array.TrueForAll(c.Codes, code => code >= 0))],
            Weights = _options.Weights is null ? null : Positive(Pick(Numbers(Of(table, "--weights")), rows), rows, "--weights", _options.Weights),
            Offset = _options.Exposure is null ? null : Array.ConvertAll(Positive(Pick(Numbers(Of(table, "--exposure")), rows), rows, "--exposure", _options.Exposure), Math.Log),
            Source = rows,
            RowsRead = table.Rows,
            Missing = missing,
            Times = times,
        };
    }

    // Names are taken as the schema spells them.
    private (Formula Formula, string? Event) Resolve()
    {
        if (_family?.Resolve(_options, _data.Schema) is { } own)
        {
            return (own, null);
        }

        if (_options.Formula is not null)
        {
            try
            {
                var parsed = Formula.Parse(_options.Formula);
                return (Renamed(parsed), null);
            }
            catch (FormulaException wrong)
            {
                throw new GnomonError("bad-formula", $"{wrong.Message}{Environment.NewLine}  {wrong.Marked.ReplaceLineEndings($"{Environment.NewLine}  ")}", "--formula", "Write outcome ~ column + C(group) + log(x) + s(age).", wrong);
            }
        }

        var target = _options.Target!;
        string? level = null;
        var equals = target.IndexOf('=', StringComparison.Ordinal);
        if (_data.Schema.Find(target) is null && equals > 0)
        {
            (target, level) = (target[..equals].Trim(), target[(equals + 1)..].Trim());
        }

        var terms = _options.On.Select(c => new FormulaAtom(_data.Schema.Require(c, "--on").Name)).ToList();
        var outcome = _data.Schema.Require(target, "--target").Name;
        if (terms.Exists(t => t.Column == outcome))
        {
            throw new GnomonError("options-conflict", $"{outcome} explains itself: it is both --target and --on.", "--on", "Leave it out of --on.");
        }

        return (Formula.Of(new FormulaAtom(outcome), terms), level);
    }

    private Formula Renamed(Formula formula)
    {
        FormulaAtom Named(FormulaAtom atom) => atom with { Column = _data.Schema.Require(atom.Column, "--formula").Name };
        Formula All(IEnumerable<FormulaTerm> terms, bool intercept) => Formula.Of(Named(formula.Outcome), terms.Select(t => (IReadOnlyList<FormulaAtom>)[.. t.Atoms.Select(Named)]), intercept);
        var renamed = All(formula.Terms, formula.HasIntercept) with
        {
            Random = [.. formula.Random.Select(r => new FormulaRandomTerm(All(r.Terms, r.HasIntercept).Terms, r.HasIntercept, [.. r.Groups.Select(g => _data.Schema.Require(g, "--formula").Name)], r.IsCorrelated))],
        };
        return renamed.Terms.Concat(renamed.Random.SelectMany(r => r.Terms)).SelectMany(t => t.Atoms).Select(a => a.Column).Concat(renamed.Random.SelectMany(r => r.Groups)).Contains(renamed.Outcome.Column)
            ? throw new GnomonError("options-conflict", $"{renamed.Outcome.Column} explains itself: it stands on both sides of the formula.", "--formula", "Leave it out of the right side.")
            : renamed;
    }

    private void AddColumn(string name, List<FormulaAtom> atoms)
    {
        var field = _data.Schema.Require(name);
        var asLevels = atoms.Exists(a => a.Function == "C");
        var isText = !field.IsNumeric && !field.IsTemporal;
        if (atoms.Exists(a => a.Function.Length > 0 && a.Function != "C") && (isText || asLevels))
        {
            var function = atoms.First(a => a.Function.Length > 0 && a.Function != "C").Function;
            throw new GnomonError("column-not-numeric", $"{function}({name}) needs numbers; {name} is {(isText ? "text" : "also taken as levels by C()")}.", name, "Write C(column) for levels, or take the function away.");
        }

        if (asLevels || isText)
        {
            Add($"level {name}", Scalar.Column(name).ToText());
        }
        else
        {
            // Dates count in days.
            Add($"number {name}", field.IsTemporal ? Scalar.Call(ScalarFunction.ToMicroseconds, Scalar.Column(name)).ToDouble() / Scalar.Value(86_400_000_000.0) : Scalar.Column(name).ToDouble());
        }
    }

    private void Add(string name, Scalar value)
    {
        if (_places.TryAdd(name, _select.Count))
        {
            _select.Add(new Projection($"c{_select.Count}", value));
        }
    }

    private Column Of(Table table, string name) => table.Columns[_places[name]];

    private Field RequireNumber(string name, string option)
    {
        var field = _data.Schema.Require(name, option);
        return field.IsNumeric ? field : throw new GnomonError("column-not-numeric", $"{option} {name} is {field.Type.ToString().ToLowerInvariant()}; numbers are needed.", option, "Name a column of numbers.");
    }

    private string Said(string place, Formula formula) => place switch
    {
        "outcome" => formula.Outcome.Column,
        "time" => _options.Time!,
        "--weights" => _options.Weights!,
        "--exposure" => _options.Exposure!,
        _ => place[(place.IndexOf(' ', StringComparison.Ordinal) + 1)..],
    };

    private static (double[] Y, string Level) Event(TextColumn column, int[] rows, FormulaAtom outcome, string? wanted)
    {
        var codes = column.Codes;
        var used = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var i in rows)
        {
            used.Add(column.Dictionary[codes[i]]);
        }

        if (wanted is null && used.Count != 2)
        {
            throw new GnomonError(
                used.Count == 1 ? "constant-outcome" : "outcome-not-numeric",
                used.Count == 1 ? $"{outcome.Column} is '{used.Min}' in every row: there is nothing to explain." : $"{outcome.Column} is text with {used.Count} different values; an outcome is numeric or has two values.",
                outcome.Column, $"Write --target {outcome.Column}=VALUE to ask about one of them.");
        }

        if (wanted is not null && !used.Contains(wanted))
        {
            throw new GnomonError("level-not-found", $"{outcome.Column} is never '{wanted}'. Values: {string.Join(", ", used.Take(10))}.", "--target", NearestName.To(wanted, used) is { } near ? $"Did you mean '{near}'?" : null);
        }

        var level = wanted ?? used.FirstOrDefault(IsYes) ?? used.Max!;
        var y = new double[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            y[i] = column.Dictionary[column.Codes[rows[i]]] == level ? 1 : 0;
        }

        return (y, level);
    }

    private static bool IsYes(string value) => value.ToUpperInvariant() is "YES" or "TRUE" or "Y" or "1" or "T";

    private static ModelColumn Levels(string name, TextColumn column, int[] rows)
    {
        var used = new HashSet<int>();
        foreach (var i in rows)
        {
            used.Add(column.Codes[i]);
        }

        var numeric = used.All(c => double.TryParse(column.Dictionary[c], System.Globalization.CultureInfo.InvariantCulture, out _));
        var order = numeric
            ? used.OrderBy(c => double.Parse(column.Dictionary[c], System.Globalization.CultureInfo.InvariantCulture)).ToList()
            : [.. used.OrderBy(c => column.Dictionary[c], StringComparer.Ordinal)];
        var place = order.Select((code, index) => (code, index)).ToDictionary(p => p.code, p => p.index);
        var codes = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            codes[i] = place[column.Codes[rows[i]]];
        }

        return new ModelColumn(name, null, codes, [.. order.Select(c => column.Dictionary[c])]);
    }

    internal static double[] Transformed(double[] values, FormulaAtom atom, string role)
    {
        Func<double, double>? function = atom.Function switch
        {
            "log" => Math.Log,
            "log1p" => v => Numerics.Special.Elementary.Log1p(v),
            "log10" => Math.Log10,
            "sqrt" => Math.Sqrt,
            "exp" => Math.Exp,
            _ => null,
        };
        if (function is null)
        {
            return values;
        }

        var lowest = atom.Function switch { "log" or "log10" => double.Epsilon, "log1p" => -1 + 1e-15, "sqrt" => 0, _ => double.NegativeInfinity };
        var outside = values.Count(v => v < lowest || !double.IsFinite(function(v)));
        if (outside > 0)
        {
            throw new GnomonError(
                "value-out-of-range", $"{atom.Text} does not exist in {Figures.Count(outside)} rows: the smallest {role} is {values.Min():G6}.", atom.Text,
                atom.Function == "log" ? $"Keep the rows with --where \"{atom.Column} > 0\", or write log1p({atom.Column})." : "Keep only rows where it exists with --where.");
        }

        return Array.ConvertAll(values, v => function(v));
    }

    private static double[] Positive(double[] values, int[] rows, string option, string name)
    {
        var wrong = Array.FindIndex(values, v => !(v > 0));
        return wrong < 0 ? values : throw new GnomonError("value-out-of-range", $"{option} {name} is {values[wrong]:G6} in row {rows[wrong] + 1}; it must be above 0.", option, $"Keep the rows with --where \"{name} > 0\".");
    }

    private static double[] Numbers(Column column) => column switch
    {
        DoubleColumn d => d.Values.ToArray(),
        IntegerColumn i => Array.ConvertAll(i.Values.ToArray(), v => (double)v),
        _ => throw new InvalidOperationException($"Column {column.Name} is not numeric."),
    };

    private static double[] Pick(double[] values, int[] rows) => Array.ConvertAll(rows, i => values[i]);

    private static int[] Pick(ReadOnlySpan<int> values, int[] rows)
    {
        var result = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            result[i] = values[rows[i]];
        }

        return result;
    }
}
