using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Profile.Beside;

/// <summary>Values of a key in two files.</summary>
internal static class KeyOverlap
{
    public static SharedGroups Of(string column, IDataset here, IDataset there, bool declared, StudyContext context)
    {
        var known = Counts(there, column, "--train", context);
        var groups = Counts(here, column, "--groups", context);
        return new SharedGroups
        {
            Column = column, Train = there.Name, IsDeclared = declared, Rows = groups.Values.Sum(), SharedRows = groups.Where(g => known.ContainsKey(g.Key)).Sum(g => g.Value),
            Groups = groups.Count, Shared = groups.Keys.LongCount(known.ContainsKey),
        };
    }

    /// <summary>Rows by value of a column, as text; 17 and 17.0 are one.</summary>
    public static Dictionary<string, long> Counts(IDataset data, string column, string option, StudyContext context)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var field = data.Schema.Require(column, option);
        var perCode = new List<long>();
        IReadOnlyList<string> texts = [];
        data.Scan(Query.Of(new Projection("key", Scalar.Column(field.Name).ToText())), chunk =>
        {
            // The dictionary holds the texts of this chunk once its codes were asked for.
            var codes = chunk.Codes(0);
            texts = chunk.Dictionary(0);
            while (perCode.Count < texts.Count)
            {
                perCode.Add(0);
            }

            foreach (var code in codes)
            {
                if (code >= 0)
                {
                    perCode[code]++;
                }
            }

            return true;
        }, context.Cancellation);
        for (var i = 0; i < perCode.Count; i++)
        {
            var text = field.IsNumeric && texts[i].EndsWith(".0", StringComparison.Ordinal) ? texts[i][..^2] : texts[i];
            counts[text] = counts.GetValueOrDefault(text) + perCode[i];
        }

        return counts;
    }
}
