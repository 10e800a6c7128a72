using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Profile.Rules;

/// <summary>Files that rules refer to: each is opened once, and the values of a column are read once.</summary>
internal sealed class OtherFiles(StudyContext context)
{
    private readonly Dictionary<string, IDataset> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<(string File, string Column), HashSet<string>> _values = [];
    private readonly Dictionary<string, (long Rows, IReadOnlyList<string> First)> _unmatched = new(StringComparer.Ordinal);

    public IDataset Open(string path)
    {
        if (!_open.TryGetValue(path, out var data))
        {
            var open = context.Beside ?? throw new GnomonError("rules-not-read", $"{path} could not be read: nothing can be opened beside the data.", "--with", "Ask through the command line or Ask.Profile.");
            _open[path] = data = open(new SourceOptions { Path = path });
        }

        return data;
    }

    /// <summary>The values of a column as text.</summary>
    public HashSet<string> Values(string path, string column)
    {
        if (!_values.TryGetValue((path, column), out var values))
        {
            var field = Open(path).Schema.Require(column, "--rules");
            values = new HashSet<string>(Distinct(_open[path], field.Name, context.Cancellation).Select(v => v.Text), StringComparer.Ordinal);
            _values[(path, column)] = values;
        }

        return values;
    }

    /// <summary>Rows whose value the other file does not know, and the first five such values.</summary>
    public (long Rows, IReadOnlyList<string> First) Unmatched(Rule rule, IDataset data, StudyContext asked)
    {
        if (!_unmatched.TryGetValue(rule.Id, out var found))
        {
            var known = Values(rule.Other!, rule.OtherColumn!);
            var strangers = Distinct(data, data.Schema.Require(rule.Column).Name, asked.Cancellation).Where(v => !known.Contains(v.Text)).ToList();
            found = (strangers.Sum(v => v.Rows), [.. strangers.OrderByDescending(v => v.Rows).ThenBy(v => v.Text, StringComparer.Ordinal).Take(RuleExamples.Most).Select(v => v.Text)]);
            _unmatched[rule.Id] = found;
        }

        return found;
    }

    /// <summary>The values of a column as text, with their rows; empty cells apart.</summary>
    public static IReadOnlyList<(string Text, long Rows)> Distinct(IDataset data, string column, CancellationToken cancellation)
    {
        var value = Scalar.Column(column).ToText();
        var table = data.Read(
            new Query { Select = [new("v", value), new("n", Scalar.Aggregate(AggregateFunction.RowCount))], Where = Scalar.Column(column).IsNull().Not(), GroupBy = [value] }, cancellation);
        var (texts, counts) = ((TextColumn)table["v"], (IntegerColumn)table["n"]);
        return [.. Enumerable.Range(0, table.Rows).Select(i => ((string)texts.Cell(i)!, counts.Values[i]))];
    }
}
