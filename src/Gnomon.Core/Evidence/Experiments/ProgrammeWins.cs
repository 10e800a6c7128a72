namespace Gnomon.Core.Evidence.Experiments;

/// <summary>How many experiments a report shows, how many were started, and how many wins their power allows.</summary>
public sealed record ProgrammeWins : IReportedWins
{
    /// <summary>Experiments in the report.</summary>
    public required int Reported { get; init; }

    /// <summary>Experiments that were started; null when nobody said.</summary>
    public int? Started { get; init; }

    /// <summary>Significant results in the report, of either sign.</summary>
    public required int Significant { get; init; }

    /// <summary>Significant results that the experiments' power leads one to expect; null when it could not be computed.</summary>
    public double? Expected { get; init; }

    /// <summary>One-sided p-value of the test of excess significance; null when it could not be computed.</summary>
    public double? ExcessP { get; init; }

    public string Subject => "the programme";
}
