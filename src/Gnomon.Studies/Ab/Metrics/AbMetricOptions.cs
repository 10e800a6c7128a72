using Gnomon.Core.Studies;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>What narrows the intervals of an experiment's metrics.</summary>
public abstract record AbMetricOptions : StudyOptions
{
    /// <summary>Columns known before assignment that predict the metric: numbers, categories, dates. Each unit is predicted from the other units, and the difference is adjusted for the prediction.</summary>
    [Option(Value = "COLUMN[,COLUMN]", Group = "Variance reduction")]
    public IReadOnlyList<string> Predict { get; init; } = [];

    /// <summary>Columns known before assignment whose groups are compared within themselves and put together by their shares.</summary>
    [Option(Value = "COLUMN[,COLUMN]", Group = "Variance reduction")]
    public IReadOnlyList<string> PostStratify { get; init; } = [];
}
