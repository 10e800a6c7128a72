using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Methods.Regression;

namespace Gnomon.Studies.Regress.Families;

/// <summary>What a family fits from: the rows, their design, and the changes of columns that effects are read from.</summary>
internal sealed record FamilyInput
{
    public required RegressOptions Options { get; init; }

    public required ModelData Data { get; init; }

    public required ModelDesign Design { get; init; }

    public required DesignMatrix Matrix { get; init; }

    public required int? Threads { get; init; }

    public DesignContrasts Contrasts => new(Data, Design);
}

/// <summary>
/// A model with a fit of its own, one file each: it says which options it reads, fits, and states effects, tables, pictures and evidence. Reading columns, choosing
/// what the answer names, Holm's correction and the finding's shape are the same for all.
/// </summary>
internal abstract class ModelFamily
{
    private static readonly ModelFamily[] All = [new QuantileFamily(), new HuberFamily(), new MultinomialFamily(), new NonlinearFamily(), new CoxFamily()];
    private static readonly AutoregressiveFamily Autoregressive = new();

    /// <summary>The word after --family.</summary>
    public abstract string Name { get; }

    /// <summary>The outcome is one of several categories instead of a number.</summary>
    public virtual bool HasCategories => false;

    /// <summary>The outcome is a time, and --event says how it ended.</summary>
    public virtual bool HasEvent => false;

    /// <summary>Errors by --cluster exist.</summary>
    public virtual bool TakesClusters => false;

    /// <summary>Errors by the order of --time exist.</summary>
    public virtual bool TakesTime => false;

    /// <summary>--time puts the rows in order, so that memory between them is seen, though errors by that order need not exist.</summary>
    public virtual bool ReadsOrder => TakesTime;

    /// <summary>The family that the options name; null for least squares and generalised linear models.</summary>
    public static ModelFamily? Of(RegressOptions options) => Array.Find(All, f => f.Name == options.Family) ?? (options.Errors == Autoregressive.Name ? Autoregressive : null);

    /// <summary>The family that the formula asks for: a smooth curve is fitted by its own.</summary>
    public static ModelFamily? Of(RegressOptions options, ModelData data) =>
        Of(options) ?? (data.Formula.Terms.Any(t => t.Atoms.Any(a => a.Function == "s")) ? new AdditiveFamily() : null);

    /// <summary>The data as the design is built from them.</summary>
    public virtual ModelData Prepare(RegressOptions options, ModelData data) => data;

    /// <summary>The columns of a formula that this family reads by itself; null for the common formula.</summary>
    public virtual Formula? Resolve(RegressOptions options, Schema schema) => null;

    public abstract FamilyFit Fit(FamilyInput input);

    /// <summary>Options that this family needs or does not read.</summary>
    public virtual IEnumerable<GnomonError> Validate(RegressOptions options)
    {
        foreach (var (option, isGiven) in new[]
        {
            ("--weights", options.Weights is not null), ("--exposure", options.Exposure is not null), ("--time", options.Time is not null && !ReadsOrder), ("--mde", options.Mde is not null),
            ("--design", options.Design is not null), ("--errors", options.Errors != "auto" && !(TakesTime && options.Errors == Name)), ("--cluster", options.Cluster.Count > (TakesClusters ? 1 : 0)),
        })
        {
            if (isGiven)
            {
                yield return new GnomonError(
                    "options-conflict", option == "--cluster" && TakesClusters ? $"--family {Name} clusters by one column; {options.Cluster.Count} were given." : $"--family {Name} does not read {option}.",
                    $"{option}, --family", option == "--cluster" && TakesClusters ? "Name the coarser column." : $"Leave out {option}, or choose another family.");
            }
        }
    }

    /// <summary>Options that belong to one family and were given with another.</summary>
    public static IEnumerable<GnomonError> Misplaced(RegressOptions options)
    {
        foreach (var (option, isGiven, family) in new[]
        {
            ("--quantile", options.Quantile.Count > 0, "quantile"), ("--start", options.Start.Count > 0, "nonlinear"), ("--event", options.Event is not null, "cox"), ("--power", options.Power is not null, "tweedie"),
        })
        {
            if (isGiven && options.Family != family)
            {
                yield return new GnomonError("options-conflict", $"{option} belongs to --family {family}; this one is {options.Family}.", $"{option}, --family", $"Add --family {family}, or leave out {option}.");
            }
        }
    }
}
