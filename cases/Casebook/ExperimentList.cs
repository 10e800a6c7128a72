using Gnomon.Methods.Inference;

namespace Gnomon.Cases;

/// <summary>Rows of a list of experiments with counts of two arms, planted so that each test has the wanted z.</summary>
internal static class ExperimentList
{
    private const string Header = "experiment,control_users,control_events,treatment_users,treatment_events";

    /// <param name="draw">Seed of the noise in sizes and rates.</param>
    /// <param name="name">File name.</param>
    /// <param name="rows">The experiments in the order of the file.</param>
    /// <param name="users">Users planned in each arm.</param>
    /// <param name="rate">Share of control users with the event.</param>
    public static CaseFile Of(Draw draw, string name, IReadOnlyList<ListedTest> rows, int users, double rate) => new(name, Lines(draw, rows, users, rate));

    /// <summary>So many z that no test of 0.05 finds: spread evenly from -1.7 to 1.7, in random order.</summary>
    public static double[] Quiet(Draw draw, int count)
    {
        double[] z = [.. Enumerable.Range(0, count).Select(i => count == 1 ? 0 : -1.7 + 3.4 * i / (count - 1))];
        draw.Stream("quiet").Shuffle<double>(z);
        return z;
    }

    private static IEnumerable<string> Lines(Draw draw, IReadOnlyList<ListedTest> rows, int users, double rate)
    {
        var looks = rows.Any(r => r.Looks > 1);
        yield return looks ? $"{Header},looks" : Header;
        var rng = draw.Stream("list");
        foreach (var row in rows)
        {
            var control = users + (int)(0.2 * Math.Sqrt(users) * rng.NextNormal());
            var treatment = (int)Math.Round((users + (0.2 * Math.Sqrt(users) * rng.NextNormal())) * (1 - row.Lost));
            var events = (int)Math.Round((rate * control) + (0.5 * Math.Sqrt(rate * control) * rng.NextNormal()));
            yield return $"{row.Name},{control},{events},{treatment},{Events(control, events, treatment, row.Z)}{(looks ? $",{row.Looks}" : string.Empty)}";
        }
    }

    // The count whose score test lies nearest to the wanted z.
    private static int Events(int control, int events, int treatment, double z)
    {
        var (low, high) = (0, treatment);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (Z(middle) < z)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return Math.Abs(Z(low) - z) < Math.Abs(Z(high) - z) ? low : high;

        double Z(int seen) => TwoProportions.Score(seen, treatment, events, control).Statistic;
    }
}

/// <param name="Name">The experiment.</param>
/// <param name="Z">Its wanted test statistic.</param>
/// <param name="Looks">Times it was read.</param>
/// <param name="Lost">Share of the treated arm that was never logged.</param>
internal sealed record ListedTest(string Name, double Z, int Looks = 1, double Lost = 0);
