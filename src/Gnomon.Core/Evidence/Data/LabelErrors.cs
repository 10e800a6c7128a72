using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>Labels that a model, which did not see them, confidently contradicts.</summary>
public sealed record LabelErrors : IEvidence
{
    public required string Target { get; init; }

    /// <summary>Rows looked at.</summary>
    public required long Rows { get; init; }

    /// <summary>How much of the labels the model explains on rows it did not see: 1 less its log loss over that of the class shares.</summary>
    public required double Gain { get; init; }

    /// <summary>Share of rows whose label is contradicted (confident joint), with its interval.</summary>
    public required double Share { get; init; }

    public required double Low { get; init; }

    public required double High { get; init; }

    /// <summary>The same share among right labels, which classes that overlap make: mean and 99 % quantile over labels drawn from the model.</summary>
    public required double ByChance { get; init; }

    public required double Limit { get; init; }

    /// <summary>Rows named.</summary>
    public required long Suspects { get; init; }

    /// <summary>Share of these expected to be wrong.</summary>
    public required double ExpectedWrong { get; init; }

    /// <summary>p-value of "no wrong labels": errors that stay however sure the columns are, against classes that merely overlap.</summary>
    public required double PValue { get; init; }

    /// <summary>Two plausible definitions of the outcome and how far they agree, where that is the question; null where labels are held against columns.</summary>
    public DefinitionAgreement? Definitions { get; init; }

    /// <summary>Two annotators of the same rows and how far they agree beyond chance; null without a second one.</summary>
    public AnnotatorAgreement? Annotators { get; init; }
}
