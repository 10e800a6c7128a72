namespace Gnomon.Core.Checks;

/// <summary>What one check saw in one piece of evidence.</summary>
public sealed record CheckResult
{
    public required CheckStatus Status { get; init; }

    /// <summary>What was measured, in words with the numbers; for <c>skipped</c> the reason.</summary>
    public required string Says { get; init; }

    /// <summary>The measured quantity the threshold is compared with.</summary>
    public double? Statistic { get; init; }

    public double? Threshold { get; init; }

    public double? P { get; init; }

    /// <summary>True when a note has something to say: its sentence joins the limitations while the status stays <c>pass</c>.</summary>
    public bool Noted { get; init; }

    /// <summary>True for a skipped check whose question nothing in the data or the design raises: it is listed with its reason and leaves no hole in the guard.</summary>
    public bool IsMoot { get; init; }

    /// <summary>Overrides the card's remedy when the evidence allows a more exact one.</summary>
    public string? Remedy { get; init; }

    public bool Fired => Status is CheckStatus.Warn or CheckStatus.Fail || Noted;

    public static CheckResult Pass(string says, double? statistic = null, double? threshold = null, double? p = null) =>
        new() { Status = CheckStatus.Pass, Says = says, Statistic = statistic, Threshold = threshold, P = p };

    public static CheckResult Warn(string says, double? statistic = null, double? threshold = null, double? p = null) =>
        new() { Status = CheckStatus.Warn, Says = says, Statistic = statistic, Threshold = threshold, P = p };

    public static CheckResult Fail(string says, double? statistic = null, double? threshold = null, double? p = null) =>
        new() { Status = CheckStatus.Fail, Says = says, Statistic = statistic, Threshold = threshold, P = p };

    /// <summary>For checks of level note: the sentence for the limitations.</summary>
    public static CheckResult Note(string says, double? statistic = null, double? threshold = null, double? p = null) =>
        new() { Status = CheckStatus.Pass, Says = says, Statistic = statistic, Threshold = threshold, P = p, Noted = true };

    public static CheckResult Skip(string why) => new() { Status = CheckStatus.Skipped, Says = why };

    /// <summary>Skipped since nothing raises the question.</summary>
    public static CheckResult Moot(string why) => new() { Status = CheckStatus.Skipped, Says = why, IsMoot = true };
}

/// <summary>A check in a finding: the result with what the reader needs from the card.</summary>
public sealed record CheckReport(
    string Id, CheckStatus Status, double? Statistic, double? Threshold, double? P, string Evidence, string Remedy, string Source);
