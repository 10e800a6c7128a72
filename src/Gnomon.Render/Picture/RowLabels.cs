using Gnomon.Core.Findings;

namespace Gnomon.Render.Picture;

/// <summary>The shortest labels that tell the rows of a picture apart.</summary>
internal static class RowLabels
{
    internal static IReadOnlyList<string> Of(IReadOnlyList<Estimate> rows)
    {
        var parts = new List<Func<Estimate, string?>> { e => e.Metric ?? e.Name };
        foreach (var part in new Func<Estimate, string?>[] { e => e.Contrast, e => e.Name, e => e.Method, e => e.Role })
        {
            if (Distinct(rows, parts) == rows.Count)
            {
                break;
            }

            var wider = new List<Func<Estimate, string?>>(parts) { part };
            if (Distinct(rows, wider) > Distinct(rows, parts))
            {
                parts = wider;
            }
        }

        // One metric only: its name stands above the picture already, the contrast says more.
        if (parts.Count > 1 && rows.Select(parts[0]).Distinct().Count() == 1)
        {
            parts.RemoveAt(0);
        }

        return [.. rows.Select(e => Join(e, parts))];
    }

    private static int Distinct(IReadOnlyList<Estimate> rows, List<Func<Estimate, string?>> parts) => rows.Select(e => Join(e, parts)).Distinct().Count();

    private static string Join(Estimate e, List<Func<Estimate, string?>> parts) =>
        string.Join(", ", parts.Select(p => p(e)).Where(text => !string.IsNullOrEmpty(text)));
}
