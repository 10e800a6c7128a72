using Gnomon.Core.Errors;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>What an experiment measures cannot be what its answer is adjusted for.</summary>
internal static class CovariateRoles
{
    /// <exception cref="GnomonError"><c>bad-covariate</c>: a column is a metric of the same question.</exception>
    public static void Require(AbDesign design, string option, IEnumerable<string> columns)
    {
        foreach (var column in columns)
        {
            if (MetricOf(design, column) is { } metric)
            {
                throw new GnomonError(
                    "bad-covariate", $"{option}: column '{column}' is {(metric.Role == MetricRole.Primary ? "the outcome itself" : "an outcome")} ({metric.RoleWord} metric {metric.Name}): adjusting for it takes the effect away.", option,
                    "Name columns that were known before assignment, such as the same metric before the experiment.");
            }
        }
    }

    /// <summary>The first metric that is read from this column; null where none is.</summary>
    public static MetricSpec? MetricOf(AbDesign design, string column) =>
        design.Metrics.FirstOrDefault(m => string.Equals(m.Column, column, StringComparison.OrdinalIgnoreCase) || string.Equals(m.Denominator, column, StringComparison.OrdinalIgnoreCase));
}
