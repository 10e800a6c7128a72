using Gnomon.Core.Errors;

namespace Gnomon.Studies.Compare;

/// <summary>What goes with --change-at, and what does not.</summary>
internal static class ChangeOptions
{
    public static IEnumerable<GnomonError> Validate(CompareOptions options)
    {
        if (options.ChangeAt is null)
        {
            foreach (var (option, isGiven) in new[] { ("--time", options.Time is not null), ("--trials", options.Trials is not null), ("--untouched", options.Untouched is not null) })
            {
                if (isGiven)
                {
                    yield return new GnomonError("option-missing", $"{option} belongs to a comparison of before with after; --change-at is missing.", "--change-at", $"Add --change-at WHEN, or leave out {option}.");
                }
            }

            yield break;
        }

        if (options.Time is null)
        {
            yield return new GnomonError("option-missing", "--change-at needs --time: the column that orders the series.", "--time", "Add --time COLUMN.");
        }

        foreach (var (option, isGiven) in new[]
        {
            ("--by", options.By is not null), ("--paired", options.Paired is not null), ("--unit", options.Unit is not null), ("--strata", options.Strata.Count > 0), ("--adjust", options.Adjust.Count > 0),
            ("--counts", options.IsTyped), ("--scale", options.Scale != "auto"), ("--randomized", options.Randomized), ("--control", options.Control is not null),
        })
        {
            if (isGiven)
            {
                yield return new GnomonError("options-conflict", $"Before and after on one series are compared without {option}.", $"--change-at, {option}", $"Leave out {option}, or leave out --change-at.");
            }
        }
    }
}
