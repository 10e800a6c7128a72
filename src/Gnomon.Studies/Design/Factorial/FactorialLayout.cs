using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Methods;
using Gnomon.Methods.Factorial;

namespace Gnomon.Studies.Design.Factorial;

/// <summary>The factors of a planned factorial experiment, the effect that it is planned for, and the fraction of the cells that is run.</summary>
internal sealed record FactorialLayout
{
    private const int MostFactors = 6;
    private const long MostCells = 10_000;

    /// <summary>Names as written; the numbers of the factors when they were not named.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    public required IReadOnlyList<int> Levels { get; init; }

    /// <summary>Factors of the effect that is planned for, ascending.</summary>
    public required IReadOnlyList<int> Effect { get; init; }

    public bool AreNamed { get; init; }

    /// <summary>The cells that are run when not all of them; null for a full design.</summary>
    public FractionalFactorial? Fraction { get; init; }

    public FactorialGrid Grid => new(Levels);

    /// <summary>Cells that are run.</summary>
    public int Cells => Fraction?.Cells.Count ?? Grid.Cells;

    public bool IsInteraction => Effect.Count > 1;

    /// <summary>Levels of the factors of the planned effect.</summary>
    public IReadOnlyList<int> EffectLevels => LevelsOf(Effect);

    /// <summary>Effects that can be told apart, each with those it cannot be told from; all of them in a full design.</summary>
    public IReadOnlyList<AliasSet> Kept => Fraction is null ? [.. Grid.Terms.Select(t => new AliasSet(t, []))] : AliasStructure.Of(Grid, [.. Fraction.Cells.Select(c => (c, 0))]).Kept;

    public IReadOnlyList<int> LevelsOf(IReadOnlyList<int> term) => [.. term.Select(f => Levels[f])];

    /// <summary><c>tutorial</c>, <c>tutorial × push</c>; <c>factor 1</c> and <c>1 × 2</c> without names.</summary>
    public string Name(IReadOnlyList<int> term) => term.Count == 1 && !AreNamed ? $"factor {Names[term[0]]}" : string.Join(" × ", term.Select(f => Names[f]));

    /// <exception cref="GnomonError"><c>bad-shape</c>: an option does not name factors, an effect or a fraction.</exception>
    public static FactorialLayout Of(DesignOptions options)
    {
        var (names, levels) = Factors(options.Factors);
        var layout = new FactorialLayout { Names = names, Levels = levels, Effect = EffectOf(options.EffectOf, names), AreNamed = options.Factors!.Contains(':', StringComparison.Ordinal) };
        if (options.Fraction is null)
        {
            return layout;
        }

        if (levels.Any(l => l != 2))
        {
            throw new GnomonError("bad-shape", $"--fraction is for factors of two levels; --factors {options.Factors} has others.", "--fraction", "Leave out --fraction, or two levels of each factor.");
        }

        try
        {
            layout = layout with { Fraction = FractionalFactorial.Of(levels.Count, Halvings(options.Fraction)) };
        }
        catch (Exception wrong) when (wrong is NotEstimableException or ArgumentOutOfRangeException)
        {
            throw new GnomonError("bad-shape", $"--fraction {options.Fraction} of {levels.Count} factors leaves too few cells to keep the main effects apart.", "--fraction", "Run a larger fraction, or every cell.", wrong);
        }

        return layout.Fraction!.Defining.Any(w => w.SequenceEqual(layout.Effect))
            ? throw new GnomonError("bad-shape", $"In this fraction {layout.Name(layout.Effect)} is the same in every cell that is run, so it cannot be planned for.", "--effect-of, --fraction", "Plan another effect, or a larger fraction.")
            : layout;
    }

    private static (IReadOnlyList<string> Names, IReadOnlyList<int> Levels) Factors(string? text)
    {
        var named = text?.Contains(':', StringComparison.Ordinal) == true;
        var parts = (text ?? string.Empty).Split(named ? ',' : 'x', StringSplitOptions.TrimEntries);
        var read = parts.Select((p, i) => named ? p.Split(':', 2, StringSplitOptions.TrimEntries) : [(i + 1).ToString(CultureInfo.InvariantCulture), p]).ToList();
        var isGood = read.TrueForAll(p => p.Length == 2 && p[0].Length > 0 && Whole(p[1]) is >= 2 and <= 1_000) && read.Select(p => p[0]).Distinct(StringComparer.Ordinal).Count() == read.Count && read.Count <= MostFactors
            && read.Aggregate(1L, (n, p) => n * Whole(p[1])!.Value) <= MostCells;
        return isGood ? ([.. read.Select(p => p[0])], [.. read.Select(p => Whole(p[1])!.Value)]) : throw Bad("--factors", text, "levels of at least 2, such as 2x3 or tutorial:2,push:3");
    }

    private static IReadOnlyList<int> EffectOf(string? text, IReadOnlyList<string> names)
    {
        var parts = (text ?? names[0]).Split(text?.Contains(':', StringComparison.Ordinal) == true ? ':' : text is not null && names.Contains(text) ? '\0' : 'x', StringSplitOptions.TrimEntries);
        int[] at = [.. parts.Select(p => names.ToList().IndexOf(p) is >= 0 and var named ? named : Whole(p) - 1 ?? -1)];
        return at.Length > 0 && at.All(f => f >= 0 && f < names.Count) && at.Distinct().Count() == at.Length
            ? [.. at.Order()]
            : throw Bad("--effect-of", text, $"factors between 1 and {names.Count}, such as 1 or 1x2{(names[0] == "1" ? string.Empty : $", or {string.Join(":", names.Take(2))}")}");
    }

    private static int Halvings(string text) => text.Split('/') is ["1", var part] && Whole(part) is { } of && of > 1 && int.IsPow2(of) ? int.Log2(of) : throw Bad("--fraction", text, "one in 2, 4, 8 or 16, such as 1/2");

    private static int? Whole(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var v) ? v : null;

    private static GnomonError Bad(string option, string? text, string wanted) => new("bad-shape", $"{option} '{text}' does not name {wanted}.", option, $"Name {wanted}.");
}
