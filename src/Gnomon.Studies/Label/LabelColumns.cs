using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Label;

/// <summary>The columns of the question, found in the data.</summary>
internal sealed record LabelColumns
{
    public required string Name { get; init; }

    public required Schema Schema { get; init; }

    public Field? Group { get; init; }

    public Field? Scenario { get; init; }

    public Field? Target { get; init; }

    public Field? Second { get; init; }

    public Field? Score { get; init; }

    public Field? Id { get; init; }

    public Field? Split { get; init; }

    public Field? Size { get; init; }

    /// <summary>Of the embedding.</summary>
    public required IReadOnlyList<Field> Embedding { get; init; }

    /// <summary>Embedding first, then further features.</summary>
    public required IReadOnlyList<Field> Features { get; init; }

    public required IReadOnlyList<TriggerRule> Rules { get; init; }

    /// <exception cref="GnomonError">A column is not there or holds no numbers.</exception>
    public static LabelColumns Find(LabelOptions options, IDataset data)
    {
        var schema = data.Schema;
        Field? Of(string? name, string option) => name is null ? null : schema.Require(name, option);
        List<Field> embedding = [.. options.Embedding.SelectMany(e => Wild(schema, e, "--embedding")).Distinct()];
        List<Field> features = [.. embedding.Concat(options.Features.SelectMany(e => Wild(schema, e, "--features"))).Distinct()];
        var columns = new LabelColumns
        {
            Name = data.Name, Schema = schema, Group = Of(options.Group, "--group"), Scenario = Of(options.Scenario, "--scenario"), Target = Of(options.Target, "--target"), Second = Of(options.Second, "--second"),
            Score = Of(options.Score, "--score"), Id = Of(options.Id, "--id"), Split = Of(options.Split, "--split"), Size = Of(options.Size, "--size"), Embedding = embedding, Features = features,
            Rules = [.. options.Keep.Select(k => TriggerRule.Bind(k, schema))],
        };
        foreach (var (field, option) in new[] { (columns.Score, "--score"), (columns.Size, "--size") }.Concat(embedding.Select(f => ((Field?)f, "--embedding"))).Concat(features.Select(f => ((Field?)f, "--features"))))
        {
            if (field is not null && !IsNumeric(field))
            {
                throw new GnomonError("column-not-numeric", $"{data.Name} column '{field.Name}' holds {field.Type.ToString().ToLowerInvariant()} and {option} needs numbers.", option, "Name another column, or convert it with --query.");
            }
        }

        return new[] { columns.Target, columns.Second }.FirstOrDefault(f => f is not null && features.Contains(f)) is { } label
            ? throw new GnomonError("options-conflict", $"{label.Name} is a label and cannot be among the columns that a model learns from.", "--embedding, --features", "Name the columns one by one, or rename the label.")
            : columns;
    }

    public static bool IsNumeric(Field field) => field.Type is ColumnType.Integer or ColumnType.Decimal or ColumnType.Double;

    private static IEnumerable<Field> Wild(Schema schema, string name, string option)
    {
        if (!name.EndsWith('*'))
        {
            return [schema.Require(name, option)];
        }

        // Text in e7 among e1 to e16 is damage and not another column.
        List<Field> begin = [.. schema.Where(f => f.Name.StartsWith(name[..^1], StringComparison.OrdinalIgnoreCase))];
        if (begin.Find(f => !IsNumeric(f) && f.Name.Length >= name.Length && f.Name[(name.Length - 1)..].All(char.IsAsciiDigit)) is { } damaged)
        {
            throw new GnomonError("column-not-numeric", $"Column '{damaged.Name}' holds {damaged.Type.ToString().ToLowerInvariant()} and {option} needs numbers.", option, "Mend the values, or name the other columns one by one.");
        }

        List<Field> found = [.. begin.Where(IsNumeric)];
        return found.Count > 0 ? found : throw new GnomonError("column-not-found", $"No numeric column begins with '{name[..^1]}'. Columns: {string.Join(", ", schema.Take(30).Select(f => f.Name))}.", option);
    }
}
