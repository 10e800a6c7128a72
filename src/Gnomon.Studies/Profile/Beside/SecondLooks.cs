using Gnomon.Core.Studies;
using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile.Beside;

/// <summary>The questions that need another file.</summary>
internal static class SecondLooks
{
    public static IEnumerable<ProfilePart> Of(ProfileFacts facts, IReadOnlyList<SampleColumn> columns, StudyContext context)
    {
        if (facts.Options.Reference is not null)
        {
            context.Progress?.Report(new StudyProgress("comparing with the population", null));
            yield return ReferenceLook.Of(facts, columns, context);
        }

        if (facts.Options.Train is not null)
        {
            context.Progress?.Report(new StudyProgress("comparing with the training file", null));
            yield return TrainLook.Of(facts, columns, context);
        }

        if (facts.Options.Cohort is not null)
        {
            context.Progress?.Report(new StudyProgress("looking for those who are gone", null));
            yield return CohortLook.Of(facts, context);
        }
    }
}
