using Gnomon.Core.Errors;

namespace Gnomon.Studies.Compare;

/// <summary>What goes with --event, and what does not.</summary>
internal static class SurvivalOptions
{
    public static IEnumerable<GnomonError> Validate(CompareOptions options)
    {
        if (options.Horizon is not null && options.Event is null)
        {
            yield return new GnomonError("option-missing", "--horizon is the time up to which times to an event are compared; --event is missing.", "--event", "Add --event COLUMN, or leave out --horizon.");
        }

        if (options.Event is null)
        {
            yield break;
        }

        foreach (var (option, isGiven) in new[]
        {
            ("--paired", options.Paired is not null), ("--unit", options.Unit is not null), ("--adjust", options.Adjust.Count > 0), ("--claim", options.Claim is not null),
            ("--counts", options.IsTyped), ("--scale", options.Scale != "auto"), ("--change-at", options.ChangeAt is not null),
        })
        {
            if (isGiven)
            {
                yield return new GnomonError("options-conflict", $"Times to an event are compared without {option}.", $"--event, {option}", $"Leave out {option}{(option == "--adjust" ? ", or hold columns fixed with gnomon regress --family cox" : string.Empty)}.");
            }
        }
    }
}
