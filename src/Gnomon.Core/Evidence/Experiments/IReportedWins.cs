using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>What a report shows of what was tried: the metrics of one experiment, or the experiments of a programme.</summary>
public interface IReportedWins : IEvidence;
