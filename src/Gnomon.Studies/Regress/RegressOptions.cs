using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Studies.Regress.Families;

namespace Gnomon.Studies.Regress;

/// <summary>How an outcome moves with columns, the others held.</summary>
/// <remarks>
/// The family follows from the outcome unless --family names it: two values are a yes/no outcome, everything else is fitted by least squares. Errors follow from
/// the data unless --errors names them: clustered when rows repeat within --cluster (or within an identifier that is found to matter), by order of --time, otherwise robust to unequal spread.
/// A coefficient says what goes together, not what a change would do.
/// </remarks>
[Verb("regress", "What moves with my outcome, by how much, and how sure is it?", Example = "gnomon regress homes.csv --target price --on area,rooms,district")]
public sealed record RegressOptions : StudyOptions
{
    /// <summary>The model: y ~ x1 * C(group) + log(x2) + poly(x3, 2) + s(age). s() is a smooth curve as bent as the data ask for, ns() a natural spline of fixed columns. (1 | person) lets each person have a level, (day | person) a slope as well: a mixed model. Instead of --target and --on.</summary>
    [Option(Value = "FORMULA", Group = "Model", Commas = false)]
    public string? Formula { get; init; }

    /// <summary>The outcome: a column of numbers, of true/false or of two values. COLUMN=VALUE is 1 where the column has that value.</summary>
    [Option(Value = "COLUMN", Group = "Model")]
    public string? Target { get; init; }

    /// <summary>Columns that explain it; text columns are compared level by level.</summary>
    [Option(Value = "COLUMN[,COLUMN]", Group = "Model")]
    public IReadOnlyList<string> On { get; init; } = [];

    /// <summary>Law of the outcome; found from its values when left out (counts are not assumed: say poisson or negbin).</summary>
    [Option(Value = "NAME", Group = "Model", Choices = "auto|gaussian|binomial|probit|poisson|quasipoisson|gamma|negbin|tweedie|quantile|huber|multinomial|nonlinear|cox")]
    public string Family { get; init; } = "auto";

    /// <summary>Which quantiles --family quantile follows: 0.5 is the median. Effects are read from the first.</summary>
    [Option(Value = "Q[,Q]", Group = "Model")]
    public IReadOnlyList<string> Quantile { get; init; } = [];

    /// <summary>Power of --family tweedie, between 1 and 2; estimated by profile likelihood when left out.</summary>
    [Option(Value = "P", Group = "Model", Above = 1, Below = 2)]
    public double? Power { get; init; }

    /// <summary>Where --family nonlinear starts: one value per parameter of the formula, for example a=200,b=0.001.</summary>
    [Option(Value = "NAME=X[,NAME=X]", Group = "Model")]
    public IReadOnlyList<string> Start { get; init; } = [];

    /// <summary>For --family cox: the column that says whether the time of --target ended with the event (1, true, yes) or was only watched so long; COLUMN=VALUE names the value.</summary>
    [Option(Value = "COLUMN", Group = "Model")]
    public string? Event { get; init; }

    /// <summary>Prior of the coefficients, for columns (and a numeric outcome) in standard deviations: normal:0,2.5, cauchy:0,1 or student:4,0,1. The posterior is then sampled, and stands beside the fit.</summary>
    [Option(Value = "PRIOR", Group = "Model", Commas = false)]
    public string? Prior { get; init; }

    /// <summary>Column whose logarithm is added with a coefficient of 1: the exposure behind a count.</summary>
    [Option(Value = "COLUMN", Group = "Model")]
    public string? Exposure { get; init; }

    /// <summary>Column with the weight of each row: variance is proportional to its inverse.</summary>
    [Option(Value = "COLUMN", Group = "Model")]
    public string? Weights { get; init; }

    /// <summary>Columns whose values name rows that belong together; two columns cluster two ways.</summary>
    [Option(Value = "COLUMN[,COLUMN]", Group = "Errors")]
    public IReadOnlyList<string> Cluster { get; init; } = [];

    /// <summary>Column that orders the rows in time.</summary>
    [Option(Value = "COLUMN", Group = "Errors")]
    public string? Time { get; init; }

    /// <summary>Errors to use instead of those the data ask for. sign-flip and wild (a bootstrap) are for few rows of unequal spread; hac is newey-west; har keeps its size in shorter series; ar1 fits the line with errors that remember the row before.</summary>
    [Option(Value = "NAME", Group = "Errors", Choices = "auto|classical|hc0|hc1|hc2|hc2-bm|hc3|hc4|sign-flip|wild|cr1|cr2|newey-west|hac|har|ar1")]
    public string Errors { get; init; } = "auto";

    /// <summary>Confidence level of the intervals.</summary>
    [Option(Value = "LEVEL", Group = "Errors", Above = 0, Below = 1)]
    public double Level { get; init; } = 0.95;

    /// <summary>The column that the question is about; the answer is then read from it, and the others only adjust.</summary>
    [Option(Value = "COLUMN", Group = "Answer")]
    public string? Focus { get; init; }

    /// <summary>Smallest effect of the focus worth having, per unit of its column, in the outcome's unit (a share for yes/no outcomes).</summary>
    [Option(Value = "X", Group = "Answer", Above = 0)]
    public double? Mde { get; init; }

    /// <summary>Predict at these values, for example "area=80,district=north"; columns left out stand at their mean or most frequent level. May be repeated.</summary>
    [Option(Value = "X=V,X2=V", Group = "Answer", Commas = false)]
    public IReadOnlyList<string> Predict { get; init; } = [];

    /// <summary>Write the rows of the model as CSV: outcome, columns of the design, fitted values and residuals.</summary>
    [Option(Value = "FILE", Group = "Answer")]
    public string? Design { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<GnomonError> Validate()
    {
        foreach (var wrong in ModelFamily.Misplaced(this).Concat(ModelFamily.Of(this)?.Validate(this) ?? []))
        {
            yield return wrong;
        }

        if (Formula is not null && (Target is not null || On.Count > 0))
        {
            yield return new GnomonError("options-conflict", "--formula was given together with --target or --on.", "--formula, --target, --on", "Write the model one way.");
        }

        if (Formula is null && Target is null)
        {
            yield return new GnomonError("option-missing", "No outcome was named.", "--target", "Write --target COLUMN --on COLUMN,COLUMN, or --formula \"y ~ x\".");
        }

        if (Formula is null && Target is not null && On.Count == 0)
        {
            yield return new GnomonError("option-missing", "No column was named to explain the outcome.", "--on", "Write --on COLUMN,COLUMN.");
        }

        if (Prior is not null && PosteriorLook.Parse(Prior) is null)
        {
            yield return new GnomonError("bad-prior", $"--prior '{Prior}' is not a prior of coefficients.", "--prior", "Write normal:0,2.5, cauchy:0,1 or student:4,0,1: centre and scale per standard deviation of a column.");
        }

        if (Prior is not null && (Family is not ("auto" or "gaussian" or "binomial" or "poisson") || Cluster.Count > 0 || Time is not null))
        {
            yield return new GnomonError("options-conflict", $"--prior samples gaussian, binomial and Poisson models of separate rows; {(Cluster.Count > 0 ? "--cluster says that rows belong together" : Time is not null ? "--time says that rows follow each other" : $"--family {Family} is another law")}.", "--prior", "Leave out --prior, or the other option.");
        }

        if (Cluster.Count > 2)
        {
            yield return new GnomonError("option-out-of-range", $"--cluster takes one or two columns; got {Cluster.Count}.", "--cluster", "Name the coarser ones.");
        }

        if (Errors is "cr1" or "cr2" && Cluster.Count == 0)
        {
            yield return new GnomonError("option-missing", $"--errors {Errors} needs --cluster, the column whose rows belong together.", "--cluster", "Add --cluster COLUMN.");
        }

        if (Errors is "wild" or "sign-flip" && (Cluster.Count > 0 || Time is not null))
        {
            yield return new GnomonError("options-conflict", $"--errors {Errors} is for separate rows; {(Cluster.Count > 0 ? "--cluster says that rows belong together" : "--time says that rows follow each other")}.", "--errors", "Leave out --errors: the data choose.");
        }

        if (Errors == "cr2" && Cluster.Count == 2)
        {
            yield return new GnomonError("options-conflict", "--errors cr2 is for one way of clustering; two columns were given.", "--errors, --cluster", "Name one column, or write --errors cr1.");
        }

        if (Errors is "newey-west" or "hac" or "har" or "ar1" && Time is null)
        {
            yield return new GnomonError("option-missing", $"--errors {Errors} needs --time, the column that orders the rows.", "--time", "Add --time COLUMN.");
        }

        if (Mde is not null && Focus is null && (Formula is not null || On.Count != 1))
        {
            yield return new GnomonError("option-missing", "--mde needs --focus: the column whose effect is held against it.", "--focus", "Add --focus COLUMN.");
        }
    }
}
