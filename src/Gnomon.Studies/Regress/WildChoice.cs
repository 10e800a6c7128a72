using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Regression;

namespace Gnomon.Studies.Regress;

/// <summary>The wild bootstrap as the errors of a linear model.</summary>
internal static class WildChoice
{
    // Above this the bootstrap takes minutes and HC3 is as good.
    private const int MostRows = 5_000;

    public static ErrorChoice Of(RegressOptions options, ModelData data, LinearFit? fit, int? threads)
    {
        if (fit is null)
        {
            throw new GnomonError("options-conflict", "--errors wild is for linear models; this outcome follows another law.", "--errors", "Leave out --errors, or add --family gaussian.");
        }

        if (data.Rows > MostRows)
        {
            throw new GnomonError("options-conflict", $"--errors wild is for few rows, {Figures.Count(MostRows)} at most; got {Figures.Count(data.Rows)}.", "--errors", "Write --errors hc3: with so many rows the two agree.");
        }

        try
        {
            return new ErrorChoice(
                WildCovariance.Of(fit, options.Level, seed: (int)options.Seed, threads: threads),
                "Intervals and p-values come from a wild bootstrap that lets rows spread unequally and imposes the null; tests of several coefficients at once and predictions keep HC3 errors.")
            {
                AllowsUnequalSpread = true, AllowsOverdispersion = true,
            };
        }
        catch (NotEstimableException wrong)
        {
            throw new GnomonError("too-few-rows", wrong.Message, data.Outcome, "Write --errors classical, or collect more rows.", wrong);
        }
    }
}
