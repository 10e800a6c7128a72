using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Regression;

namespace Gnomon.Studies.Regress;

/// <summary>What the estimates support, in words.</summary>
internal sealed class RegressVerdict
{
    private const int MostNamed = 3;
    private readonly RegressOptions _options;
    private readonly FittedModel _model;
    private readonly IReadOnlyList<Effect> _effects;

    public RegressVerdict(RegressOptions options, FittedModel model, IReadOnlyList<Effect> effects) => (_options, _model, _effects) = (options, model, effects);

    private double Alpha => 1 - _options.Level;

    /// <summary>Effects the question is about: of the focus, or of every column.</summary>
    public IReadOnlyList<Effect> Asked()
    {
        if (_options.Focus is null)
        {
            return _effects;
        }

        var focus = _effects.Where(e => string.Equals(e.Column, _options.Focus, StringComparison.OrdinalIgnoreCase)).ToList();
        if (focus.Count > 0)
        {
            return focus;
        }

        var columns = _model.Data.Columns.Keys.ToList();
        throw columns.Exists(c => string.Equals(c, _options.Focus, StringComparison.OrdinalIgnoreCase))
            ? new GnomonError("not-estimable", $"{_options.Focus} has no coefficient: the other columns determine it.", "--focus", "Leave out one of the columns that say the same.")
            : new GnomonError("column-not-found", $"--focus {_options.Focus} is not a column of the model. Columns: {string.Join(", ", columns)}.", "--focus", NearestName.To(_options.Focus, columns) is { } near ? $"Did you mean '{near}'?" : "Name one of them.");
    }

    /// <summary>What the numbers say; a bend that a check found is told where straight lines see nothing.</summary>
    public Proposal Propose(bool hasBend)
    {
        var asked = Asked();
        var seen = asked.Where(e => (_options.Focus is null ? e.Adjusted : e.P) is { } p && p < Alpha).OrderByDescending(e => Math.Abs(e.Estimate.Statistic ?? 0)).ToList();
        var perfect = asked.Where(e => e.P is null).ToList();
        if (asked.Count == 0 && _model.Mixed is { } mixed)
        {
            return new Proposal(DecisionAction.Answer, mixed.Explains());
        }

        if (seen.Count == 0 && perfect.Count == 0)
        {
            if (asked.Count == 0)
            {
                return new Proposal(DecisionAction.Inconclusive, $"The model holds no column whose effect could be read: only the mean of {_model.Data.Outcome} is fitted.{Explains()}");
            }

            var allowed = asked.Take(MostNamed).Select(e => RegressWords.Allowed(_model, e));
            var lines = hasBend
                ? $"No straight line here goes with {_model.Data.Outcome} beyond chance, but a bend does: fit it with s(column) before saying that nothing moves. Along straight lines"
                : $"Nothing here moves with {_model.Data.Outcome} beyond chance in {Figures.Count(_model.Data.Rows)} rows. The data allow,";
            return new Proposal(DecisionAction.Inconclusive, $"{lines} {string.Join("; ", allowed)}.");
        }

        var said = seen.Concat(perfect).Take(MostNamed).Select(e => Upper(RegressWords.Sentence(_model, e, _options.Level)));
        var more = seen.Count > MostNamed ? $" {seen.Count - MostNamed} more {(seen.Count == MostNamed + 1 ? "effect is" : "effects are")} beyond chance." : string.Empty;
        var held = _model.Data.Columns.Count > 1 ? ", the other columns held" : string.Empty;
        return new Proposal(DecisionAction.Answer, $"{string.Join(". ", said)}{held}.{more}{Explains()}");
    }

    public IEnumerable<string> Next()
    {
        yield return $"A coefficient says what goes together. To know what changing a column would do, vary it at random (gnomon ab), or state what else could make both move.";
        if (_model.Mixed is null && _model.Errors.Cluster is null && _options.Time is null && _model.Data.Candidates.Count == 0 && _options.Errors == "auto")
        {
            yield return "If several rows belong to one person, shop or day, say so with --cluster: errors are too small otherwise.";
        }

        if (_model.Linear is not null && _options.Family == "auto" && _model.Data.Y.All(v => v >= 0 && v == Math.Round(v)) && _model.Data.Y.Max() < 100)
        {
            yield return $"{_model.Data.Outcome} holds small whole numbers: if it counts events, --family poisson or negbin reads effects as ratios.";
        }
    }

    private string Explains() => _model.Mixed?.Own is not null ? $" {_model.Mixed.Explains()}" : _model.Linear is { RSquared: { } r2 }
        ? $" The model explains {Share(r2)} of the spread of {_model.Data.Outcome}."
        : _model.Glm is { NullDeviance: > 0 and var before } glm ? $" The model takes {Share(1 - glm.Deviance / before)} off the deviance." : string.Empty;

    // A share that would be rounded to nothing is said to be small, not to be none.
    private static string Share(double share) => share < 0.005 ? "less than 1 %" : Figures.Percent(share, 0);

    private static string Upper(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
