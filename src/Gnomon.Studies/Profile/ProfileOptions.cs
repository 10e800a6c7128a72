using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Studies.Profile.Prepare;

namespace Gnomon.Studies.Profile;

/// <summary>What a table holds and whether it can be trusted.</summary>
/// <remarks>
/// One pass over all rows: types, roles, missing values, distributions, repeats. A sample of rows by position, kept in memory, serves what needs several columns or the order
/// of rows: why values are missing, columns that repeat each other or know the target, change from the first half of the file to the second.
/// </remarks>
[Verb("profile", "What is in these data, and can I trust them?", Example = "gnomon profile visits.csv --target converted")]
public sealed record ProfileOptions : PrepareOptions
{
    /// <summary>Column you want to explain or predict: its balance, its leaks and what goes missing with it are looked at.</summary>
    [Option(Value = "COLUMN", Group = "Roles")]
    public string? Target { get; init; }

    /// <summary>Columns that together should name a row once; repeats are counted.</summary>
    [Option(Value = "COLUMN[,COLUMN]", Group = "Roles")]
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>Column with the time of the row: change is then looked for from its earlier to its later half instead of along the file.</summary>
    [Option(Value = "COLUMN", Group = "Roles")]
    public string? Time { get; init; }

    /// <summary>Look at these columns only; those named by --target, --key and --time are added.</summary>
    [Option(Value = "COLUMN[,COLUMN]", Group = "Roles")]
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Hold the table against the rules of this file; each broken rule is named with its rows.</summary>
    [Option(Value = "FILE", Group = "Rules")]
    public string? Rules { get; init; }

    /// <summary>Learn the rules that these rows keep and write them to this file, to be read, edited and asked of the next one.</summary>
    [Option(Value = "FILE", Group = "Rules")]
    public string? WriteRules { get; init; }

    /// <summary>Other files that columns may refer to, where rules are learned.</summary>
    [Option(Value = "FILE[,FILE]", Group = "Rules")]
    public IReadOnlyList<string> With { get; init; } = [];

    /// <summary>Name rows that stand alone among the numbers of all columns, by an isolation forest: about one clean row in a thousand is named too.</summary>
    [Option(Group = "Design")]
    public bool Isolated { get; init; }

    /// <summary>Look for patterns without a hypothesis: pairs, groups, changes along the rows and reversals are searched on one half of the rows, and what stands out is tested once on the other.</summary>
    [Option(Group = "Design")]
    public bool Explore { get; init; }

    /// <summary>Confidence level of the intervals.</summary>
    [Option(Value = "LEVEL", Group = "Design", Above = 0, Below = 1)]
    public double Level { get; init; } = 0.95;

    /// <inheritdoc/>
    public override IEnumerable<GnomonError> Validate()
    {
        if (Rules is not null && Rules == WriteRules)
        {
            yield return new GnomonError("options-conflict", $"{Rules} is named by --rules and by --write-rules.", "--rules, --write-rules", "Write the new rules to another file.");
        }

        if (WriteRules is not null && Data is not null && Path.GetFullPath(WriteRules) == Path.GetFullPath(Data))
        {
            yield return new GnomonError("output-is-data", $"--write-rules would overwrite the data file {Data}.", "--write-rules", "Name another file.");
        }

        if (With.Count > 0 && WriteRules is null)
        {
            yield return new GnomonError("options-conflict", "--with names files to learn references from, and no rules are learned.", "--with", "Add --write-rules FILE; --rules finds the files by itself.");
        }

        if (Data is null && Query is null)
        {
            yield return new GnomonError("data-missing", "No data were given.", "DATA", "Name a file, or use --query.");
        }

        if (Target is not null && Key.Contains(Target))
        {
            yield return new GnomonError("options-conflict", $"'{Target}' is named as target and as key.", "--target, --key", "Leave one of them out.");
        }

        foreach (var wrong in SecondFileErrors(Key).Concat(SelectionErrors(Target)).Concat(SubstituteErrors(Target)).Concat(QuestionErrors()).Concat(PrepareErrors(Target, Data)))
        {
            yield return wrong;
        }
    }
}
