namespace Gnomon.Core.Checks;

public enum CheckStatus
{
    Pass,
    Warn,
    Fail,
    Skipped,
}

/// <summary>The worst a check can do.</summary>
public enum CheckLevel
{
    /// <summary>Status stays <c>pass</c>; what it has to say goes to the limitations.</summary>
    Note,

    /// <summary>At most <c>warn</c>: the decision stands, with the flaw named.</summary>
    Warning,

    /// <summary>Can reach <c>fail</c>, which turns the decision into one that acts on the flaw first.</summary>
    Blocking,
}
