using System.Globalization;
using System.Text.Json;
using Gnomon.Methods.Mixed;
using Gnomon.Methods.Regression;
using Gnomon.Tests.Numerics;

namespace Gnomon.Tests.Methods.Mixed;

/// <summary>Models of the reference file.</summary>
internal static class MixedData
{
    private static readonly JsonElement Reference = ReferenceFile.Open("mixed", "mixed.json");

    public static MixedFit Fit(string data, string name)
    {
        var (design, y, terms, weights) = Model(data, name);
        return LinearMixedModel.Fit(design, y, terms, weights, isRestricted: !name.EndsWith("Ml", StringComparison.Ordinal));
    }

    public static (DesignMatrix Design, double[] Y, IReadOnlyList<RandomTerm> Terms, double[] Weights) Model(string data, string name)
    {
        var d = Reference.GetProperty(data);
        var y = d.Numbers("y");
        double[] weights = [];
        switch (data)
        {
            case "sleepstudy":
                var days = d.Numbers("days");
                return (DesignMatrix.WithIntercept([days], ["days"]), y, name switch
                {
                    "intercept" => [RandomTerm.Intercept("subject", Codes(d, "subject"))],
                    _ => [Slope("subject", Codes(d, "subject"), "days", days, correlated: name != "uncorrelated")],
                }, weights);
            case "penicillin":
                return (Ones(y.Length), y, [RandomTerm.Intercept("plate", Codes(d, "plate")), RandomTerm.Intercept("sample", Codes(d, "sample"))], weights);
            case "pastes":
                return (Ones(y.Length), y, [RandomTerm.Intercept("batch", Codes(d, "batch")), RandomTerm.Intercept("sample", Codes(d, "sample"))], weights);
            case "cake":
                List<double[]> columns = [.. Dummies(Codes(d, "recipe"), 3), .. Dummies(Codes(d, "temperature"), 6)];
                return (DesignMatrix.WithIntercept(columns), y, [RandomTerm.Intercept("group", Codes(d, "group"))], weights);
            case "unbalanced":
                double[] x = Array.ConvertAll(d.Numbers("x"), v => v - 2010);
                return (DesignMatrix.WithIntercept([x, d.Numbers("between")], ["x", "between"]), y, [Slope("g", Codes(d, "g"), "x", x, correlated: true)], name == "weighted" ? d.Numbers("w") : weights);
            case "crossed":
                return (DesignMatrix.WithIntercept([d.Numbers("load"), d.Numbers("day")], ["load", "day"]), y,
                    [Slope("rater", Codes(d, "rater"), "load", d.Numbers("load"), correlated: true), RandomTerm.Intercept("item", Codes(d, "item"))], weights);
            default:
                return (DesignMatrix.WithIntercept([d.Numbers("hours")], ["hours"]), y,
                    [RandomTerm.Intercept("school", Codes(d, "school")), RandomTerm.Intercept("class", Codes(d, "class")), RandomTerm.Intercept("pupil", Codes(d, "pupil"))], weights);
        }
    }

    /// <summary>Code of a level as R writes it; a few R factors were written as their codes.</summary>
    public static int Level(string data, string group, string level) => (data, group) switch
    {
        // Subjects 308 to 372 in ascending order; plates and samples by letter; samples of pastes as A:a.
        ("sleepstudy", _) => 1 + Array.IndexOf(["308", "309", "310", "330", "331", "332", "333", "334", "335", "337", "349", "350", "351", "352", "369", "370", "371", "372"], level),
        ("penicillin", _) or ("pastes", "batch") => 1 + level[0] - (char.IsLower(level[0]) ? 'a' : 'A'),
        ("pastes", _) => 1 + 3 * (level[0] - 'A') + level[2] - 'a',
        _ => int.Parse(level, CultureInfo.InvariantCulture),
    };

    /// <summary>Numbers of a property; R writes one of them without its list.</summary>
    public static double[] List(JsonElement e, string name) => e.GetProperty(name).ValueKind == JsonValueKind.Number ? [e.GetProperty(name).GetDouble()] : e.Numbers(name);

    public static int[] Codes(JsonElement d, string name) => Array.ConvertAll(d.Numbers(name), v => (int)v);

    public static RandomTerm Slope(string group, int[] codes, string name, double[] x, bool correlated)
    {
        var ones = new double[x.Length];
        Array.Fill(ones, 1.0);
        return new RandomTerm(group, codes, [ones, x], [RandomTerm.InterceptName, name], correlated);
    }

    public static DesignMatrix Ones(int rows) => DesignMatrix.WithIntercept([], rows: rows);

    private static IEnumerable<double[]> Dummies(int[] codes, int levels) => Enumerable.Range(2, levels - 1).Select(l => Array.ConvertAll(codes, c => c == l ? 1.0 : 0.0));
}
