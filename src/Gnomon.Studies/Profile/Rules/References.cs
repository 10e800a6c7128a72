using Gnomon.Core.Tables;

namespace Gnomon.Studies.Profile.Rules;

/// <summary>Columns whose every value is a key of another file.</summary>
internal static class References
{
    private const int FewestTexts = 20;

    public static IEnumerable<Rule> Of(ProfileFacts facts, IReadOnlyList<string> files, IDataset data, OtherFiles others, CancellationToken cancellation)
    {
        foreach (var file in files)
        {
            var other = others.Open(file);
            var rows = ((IntegerColumn)other.Read(Query.Of(new Projection("n", Scalar.Aggregate(AggregateFunction.RowCount))), cancellation)["n"]).Values[0];
            foreach (var key in other.Schema.Where(f => f.Type is ColumnType.Integer or ColumnType.Text or ColumnType.Category))
            {
                foreach (var column in facts.Columns.Where(c => Fits(c, key, file)))
                {
                    var known = others.Values(file, key.Name);
                    if (known.Count == rows && OtherFiles.Distinct(data, column.Name, cancellation).All(v => known.Contains(v.Text)))
                    {
                        yield return new Rule
                        {
                            Id = $"{column.Name}-refers", Kind = RuleKind.Refers, Columns = [column.Name], Other = file, OtherColumn = key.Name, Learned = new Support(column.Present, 0),
                        };
                    }
                }
            }
        }
    }

    // Whole numbers lie among other whole numbers by chance: their names must say so. Many texts that all occur there do not by chance.
    private static bool Fits(ColumnFacts column, Field key, string file)
    {
        var isText = key.Type is not ColumnType.Integer;
        if (column.Present == 0 || column.Scan.IsText != isText || (!isText && column.Type != ColumnType.Integer))
        {
            return false;
        }

        var stem = Path.GetFileNameWithoutExtension(file).TrimEnd('s');
        return string.Equals(column.Name, key.Name, StringComparison.OrdinalIgnoreCase)
            || (stem.Length > 2 && column.Name.Contains(stem, StringComparison.OrdinalIgnoreCase) && NameHints.IsIdentifier(column.Name))
            || (isText && column.Scan.Distinct >= FewestTexts);
    }
}
