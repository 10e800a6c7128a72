using Gnomon.Core.Studies;
using Gnomon.Studies.Profile.Beside;
using Gnomon.Studies.Profile.Entities;
using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile;

/// <summary>Questions beyond the plain description, asked where an option or the columns allow them.</summary>
internal static class FurtherLooks
{
    public static IReadOnlyList<ProfilePart> Of(ProfileFacts facts, StudyContext context)
    {
        List<SampleColumn> columns = [.. facts.Columns.Select(c => new SampleColumn(c, facts.Scan.Sample))];
        return [.. SecondLooks.Of(facts, columns, context), .. EntityLook.Of(facts, context), .. LabelLook.Of(facts, columns), .. IsolatedRows.Of(facts, columns, context)];
    }
}
