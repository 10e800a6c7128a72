using System.Globalization;
using Gnomon.Methods.Mixed;
using Gnomon.Methods.Regression;

namespace Gnomon.Benchmarks;

/// <summary>The mixed model that bench/peers/mixed_lme4.R fits: 100,000 rows, 5,000 groups, correlated intercept and slope, REML.</summary>
internal static class MixedWorkload
{
    public static string Run(string folder)
    {
        var y = Program.Read(Path.Combine(folder, "mixed_y.f64"));
        var x = Program.Read(Path.Combine(folder, "mixed_x.f64"));
        var groups = Array.ConvertAll(Program.Read(Path.Combine(folder, "mixed_g.f64")), v => (int)v);
        var ones = Array.ConvertAll(x, _ => 1.0);
        var design = DesignMatrix.WithIntercept([x]);
        MixedFit Fit() => LinearMixedModel.Fit(design, y, [new RandomTerm("g", groups, [ones, x], [RandomTerm.InterceptName, "x"])]);
        var fit = Fit();
        var seconds = Program.Median(() => Fit(), 7);
        var tested = Program.Median(() => Fit().Table(), 7);
        return string.Create(CultureInfo.InvariantCulture, $"{{\"mixed-slope-100k\": {seconds:R}, \"mixed-slope-100k-satterthwaite\": {tested:R}, \"criterion\": {fit.Criterion:R}, \"evaluations\": {fit.Evaluations}}}");
    }
}
