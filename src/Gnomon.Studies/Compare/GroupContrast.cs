using Gnomon.Methods.Counts;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Groups;
using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Compare;

/// <summary>One group against another.</summary>
internal sealed record GroupContrast
{
    public required GroupData Group { get; init; }

    public required GroupData Reference { get; init; }

    /// <summary>What the answer rests on; its interval and p hold for the whole family.</summary>
    public required ContrastResult Main { get; init; }

    /// <summary><c>difference</c> or <c>superiority</c>.</summary>
    public string Name { get; init; } = "difference";

    public required string Unit { get; init; }

    /// <summary>Value without a difference: 0, or one half for a chance.</summary>
    public double Null { get; init; }

    /// <summary>p of this contrast alone.</summary>
    public required double OwnP { get; init; }

    public LiftResult? Lift { get; init; }

    public EffectSizeResult? Size { get; init; }

    public NumberNeededToTreat? Needed { get; init; }

    /// <summary>The comparison within the declared strata, which then is <see cref="Main"/>.</summary>
    public StratifiedResult? WithinStrata { get; init; }

    /// <summary>The same with strata ignored; null without strata.</summary>
    public ContrastResult? Crude { get; init; }

    /// <summary>A category, where the contrast is of its share.</summary>
    public string? Category { get; init; }

    public string Contrast => $"{Group.Name} - {Reference.Name}";

    public long N => Group.N + Reference.N;

    public bool IsClear(double alpha) => Main.PValue < alpha && (Main.Low > Null || Main.High < Null);
}

/// <summary>A method that was used, or one that could have been, with its answer.</summary>
/// <param name="Used">True for the one the answer rests on.</param>
/// <param name="Method">Its name.</param>
/// <param name="Why">Why it was used or not, a few words.</param>
/// <param name="Contrast">Its result; null for an omnibus test.</param>
/// <param name="Name">What it estimates.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="PValue">Its p-value.</param>
/// <param name="Label">Which contrast it is about.</param>
internal sealed record MethodLine(bool Used, string Method, string Why, ContrastResult? Contrast, string Name, string Unit, double PValue, string Label);

/// <summary>The comparison: contrasts, a test of all groups together, and the methods beside.</summary>
internal sealed record CompareAnswer
{
    public required IReadOnlyList<GroupContrast> Contrasts { get; init; }

    /// <summary>Test of all groups at once; null for two.</summary>
    public OmnibusResult? Omnibus { get; init; }

    /// <summary>Share of variance, or association, over all groups.</summary>
    public EffectSizeResult? Overall { get; init; }

    public required IReadOnlyList<MethodLine> Methods { get; init; }

    /// <summary>Why this test, one sentence.</summary>
    public required string Why { get; init; }

    public IReadOnlyList<string> Refusals { get; init; } = [];

    public IReadOnlyList<string> Remarks { get; init; } = [];
}
