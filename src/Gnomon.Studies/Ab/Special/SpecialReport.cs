using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Studies;
using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Ab.Special;

/// <summary>The shape that findings of designs with a method of their own share: one metric, a proposal, estimates with their contrast, sentences, pictures, tables.</summary>
internal abstract class SpecialReport
{
    protected abstract string Title { get; }

    /// <summary>Name of the metric.</summary>
    protected abstract string MetricName { get; }

    /// <summary>Unit of its effects.</summary>
    protected abstract string Unit { get; }

    /// <summary>What was assigned, counted.</summary>
    protected abstract long Pieces { get; }

    public StudyReport Finding()
    {
        var proposal = Propose();
        return new StudyReport
        {
            Question = "ab", Title = Title, Propose = _ => proposal, Estimates = [.. Estimates()], Evidence = [.. Evidence()], Limitations = [.. Limitations()], Next = [.. Next()], Plots = [.. Plots()], Tables = [.. Tables()],
        };
    }

    protected abstract Proposal Propose();

    protected abstract IEnumerable<Estimate> Estimates();

    protected abstract IEnumerable<IEvidence> Evidence();

    protected abstract IEnumerable<string> Limitations();

    protected abstract IEnumerable<string> Next();

    protected abstract IEnumerable<Plot> Plots();

    protected abstract IEnumerable<ResultTable> Tables();

    // Pictures label estimates of one metric by their contrast: what kind of effect it is must be in it.
    protected Estimate Line(string name, string contrast, ContrastResult c, string role, string? method = null) => new()
    {
        Name = name, Metric = MetricName, Contrast = name is "difference" or "lift" ? contrast : $"{name}: {contrast}", Value = c.Value, Low = c.Low, High = c.High, Level = c.Level, Unit = Unit, P = c.PValue, N = Pieces, Method = method ?? c.Method, Role = role,
    };

    /// <summary>What is said where the whole interval lies below the smallest effect worth having, however sure it is; null where it does not, or where none was declared.</summary>
    /// <param name="effect">In the metric's unit.</param>
    /// <param name="worthwhile">The same.</param>
    /// <param name="says">The effect in words, a sentence without its full stop.</param>
    protected Proposal? Trivial(ContrastResult effect, double? worthwhile, string says) => worthwhile is { } w && effect.Low > -w && effect.High < w
        ? new Proposal(DecisionAction.DoNotShip, $"No effect worth having: {says}, and {Figures.Effect(w, Unit)} was asked for.")
        : null;

    /// <summary><c>+1.2 (+0.4 to +2.0)</c>.</summary>
    protected string Range(ContrastResult c) => $"{AbWords.Text(c, Unit).Point} ({AbWords.Text(c, Unit).Range})";
}
