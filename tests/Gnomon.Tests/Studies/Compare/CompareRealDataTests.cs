using System.IO.Compression;
using Gnomon.Core.Findings;
using Gnomon.Methods.Groups;
using Gnomon.Studies.Compare;
using Gnomon.Tests.Methods;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Studies.Compare;

/// <summary>Public data with known answers.</summary>
public sealed class CompareRealDataTests
{
    [Fact]
    public void Certified_analyses_of_variance_keep_their_digits()
    {
        // NIST StRD: correct digits of F by level of difficulty. The data of the higher level have 13 constant leading digits of 16; rounding them on input leaves 4.
        using var document = System.Text.Json.JsonDocument.Parse(File.ReadAllText(MethodReference.DataFile("nist/certified.json")));
        foreach (var set in document.RootElement.GetProperty("anova").EnumerateObject())
        {
            var rows = Lines(MethodReference.DataFile($"nist/anova/{set.Value.GetProperty("file").GetString()}")).Skip(1).Select(l => l.Split(',')).ToArray();
            double[][] groups = [.. rows.GroupBy(r => r[0]).Select(g => g.Select(r => double.Parse(r[1], System.Globalization.CultureInfo.InvariantCulture)).ToArray())];
            var test = WelchAnova.Classical(groups);
            var certified = set.Value.GetProperty("f").GetDouble();
            var digits = test.Statistic == certified ? 15 : -Math.Log10(Math.Abs(test.Statistic - certified) / certified);
            var wanted = set.Value.GetProperty("level").GetString() switch { "lower" => 12, "average" => 9, _ => 4 };
            Assert.True(digits >= wanted, $"{set.Name}: {digits:0.0} digits of F, {wanted} are wanted");
            Assert.Equal(set.Value.GetProperty("between_df").GetDouble(), test.DegreesBetween);
            Assert.Equal(set.Value.GetProperty("within_df").GetDouble(), test.DegreesWithin);
        }
    }

    [Fact]
    public void Berkeley_reverses_inside_departments()
    {
        // Bickel, Hammel and O'Connell 1975: 30 % of the women and 45 % of the men were admitted; within departments the sign turns. R's
        // mantelhaen.test(UCBAdmissions) gives a common odds ratio of 0.9046968, men over women.
        var file = MethodReference.DataFile("experiments/ucb_admissions.csv");
        var options = new CompareOptions { Query = $"select Gender, Dept, Admit from '{file}', unnest(range(Freq)) as t(i) order by all", Metric = "Admit=Admitted", By = "Gender", Control = "Male" };
        var plain = Ask.Compare(options);
        Assert.Equal(DecisionAction.Investigate, plain.Decision.Action);
        Assert.Contains("simpsons-paradox", plain.Decision.Because);
        Assert.Contains("confounded-comparison", plain.Decision.Because);
        Assert.Equal(-0.1416, plain.Estimates.First(e => e is { Role: "primary", Name: "difference" }).Value, 4);
        var within = Ask.Compare(options with { Strata = ["Dept"] });
        var primary = within.Estimates.First(e => e is { Role: "primary", Name: "difference" });
        Assert.True(primary.Value > 0 && primary.High < 0.1);
        Close.Relative(1 / 0.9046968, within.Estimates.Single(e => e.Method == "Mantel-Haenszel odds ratio").Value, 1e-7);
    }

    [Fact]
    public void Small_classes_read_better_in_the_star_trial()
    {
        // Word and others 1990; means by R aggregate(readk ~ stark, STAR, mean): 434.73 regular, 435.42 with an aide, 440.55 small.
        var finding = Ask.Compare(new CompareOptions { Data = MethodReference.DataFile("experiments/star_class_size.csv.gz"), Metric = "readk", By = "stark", Control = "regular", Randomized = true, Nulls = ["NA"] });
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
        var small = finding.Estimates.Single(e => e is { Role: "primary", Name: "difference", Contrast: "small - regular" });
        Assert.Equal(5.82, small.Value, 2);
        Assert.True(small.Low > 3 && small.P < 1e-6);
        Assert.True(finding.Estimates.Single(e => e is { Role: "primary", Name: "difference", Contrast: "regular+aide - regular" }).P > 0.5);
    }

    private static IEnumerable<string> Lines(string path)
    {
        using var raw = File.OpenRead(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(raw, CompressionMode.Decompress) : raw;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
            {
                yield return line;
            }
        }
    }
}
