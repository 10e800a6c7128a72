using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods.Data;
using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile.Beside;

/// <summary>Rows whose long text has a near copy in another file.</summary>
/// <param name="Column">The column of texts that has most.</param>
/// <param name="Rows">Rows that were looked up.</param>
/// <param name="Near">Of these, rows with a near copy.</param>
internal sealed record TextTwins(string Column, long Rows, long Near)
{
    private const int MostRows = 20_000;
    private const int MostColumns = 3;
    private const double FewestWords = 8;

    // A text that many rows share is a form letter, no copy.
    private const int MostOfOne = 3;

    /// <returns>Null without a column of long texts in both files.</returns>
    public static TextTwins? Find(IReadOnlyList<(SampleColumn Here, SampleColumn There)> common, IDataset here, IDataset there, StudyContext context) =>
        common.Where(p => IsLong(p.Here) && IsLong(p.There)).Take(MostColumns).Select(p => Of(p.Here.Name, p.Here.Facts.Rows, here, there, context)).OrderByDescending(t => t.Near).ThenBy(t => t.Column, StringComparer.Ordinal).FirstOrDefault();

    private static bool IsLong(SampleColumn column) => column.Facts is { Scan.IsText: true, Role: Role.Text, Shape.Words: >= FewestWords };

    private static TextTwins Of(string column, long rows, IDataset here, IDataset there, StudyContext context)
    {
        var index = new ShingleIndex();
        var counts = new Dictionary<string, (int Id, int Rows)>(StringComparer.Ordinal);
        var step = Math.Max(1, (rows + MostRows - 1) / MostRows);
        long at = 0, looked = 0;
        Stream(here, column, text =>
        {
            if (at++ % step != 0)
            {
                return;
            }

            looked++;
            if (counts.TryGetValue(text, out var known))
            {
                counts[text] = known with { Rows = known.Rows + 1 };
            }
            else
            {
                counts[text] = (index.Count, 1);
                index.Add(text);
            }
        }, context);
        var found = new bool[index.Count];
        Stream(there, column, text =>
        {
            foreach (var id in index.Resembling(text))
            {
                found[id] = true;
            }
        }, context);
        return new TextTwins(column, looked, counts.Values.Where(c => found[c.Id] && c.Rows <= MostOfOne).Sum(c => (long)c.Rows));
    }

    private static void Stream(IDataset data, string column, Action<string> take, StudyContext context) =>
        data.Scan(Query.Of(new Projection("text", Scalar.Column(data.Schema.Require(column).Name).ToText())), chunk =>
        {
            var codes = chunk.Codes(0);
            var texts = chunk.Dictionary(0);
            foreach (var code in codes)
            {
                if (code >= 0)
                {
                    take(texts[code]);
                }
            }

            return true;
        }, context.Cancellation);
}
