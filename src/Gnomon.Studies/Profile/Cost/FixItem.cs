namespace Gnomon.Studies.Profile.Cost;

/// <summary>Something to mend, and what it costs not to.</summary>
/// <param name="Problem">What is wrong, in words.</param>
/// <param name="Where">Column or columns; empty for whole rows.</param>
/// <param name="Rows">Rows or cells touched.</param>
/// <param name="Share">Their share of the rows.</param>
/// <param name="Cost">True error of the mean (or share) as a multiple of the standard error one would report, 1 for none; null where nothing of the kind can be measured.</param>
/// <param name="Consequence">What happens otherwise, with numbers.</param>
/// <param name="Stops">Nothing that follows can be trusted before it is mended.</param>
internal sealed record FixItem(string Problem, string Where, long Rows, double Share, double? Cost, string Consequence, bool Stops = false)
{
    /// <summary>Root mean squared error over the standard error that would be reported.</summary>
    public static double? CostOf(double bias, double trueError, double reportedError) =>
        reportedError > 0 && double.IsFinite(bias) ? Math.Sqrt((bias * bias) + (trueError * trueError)) / reportedError : null;
}
