using Gnomon.Trust;
using Xunit;

namespace Gnomon.Conformance.Checks;

/// <summary>What a check promises to see, it sees. In a class of its own so that it runs beside the twins.</summary>
public sealed class DetectionTests
{
    [Theory]
    [MemberData(nameof(CheckSubjects.Ids), MemberType = typeof(CheckSubjects))]
    public void A_planted_flaw_is_caught_as_often_as_promised(string id)
    {
        var result = CheckTrust.Measure(CheckSubjects.Of(id), CheckTrust.UsualTraps, twins: 1);
        Assert.True(result.DetectionKept, $"{id} caught {result.Caught} of {result.Traps} planted flaws and promises {result.Card.DetectionRate}.");
    }
}

/// <summary>Without the flaw it keeps quiet.</summary>
public sealed class FalseAlarmTests
{
    [Theory]
    [MemberData(nameof(CheckSubjects.Ids), MemberType = typeof(CheckSubjects))]
    public void A_clean_twin_alarms_no_more_often_than_promised(string id)
    {
        var result = CheckTrust.Measure(CheckSubjects.Of(id), traps: 1, CheckTrust.UsualTwins);
        Assert.True(result.FalseAlarmKept, $"{id} fired on {result.FalseAlarms} of {result.Twins} clean twins and promises at most {result.Card.FalseAlarmRate}.");
    }

    [Theory]
    [Trait("speed", "slow")]
    [MemberData(nameof(CheckSubjects.Ids), MemberType = typeof(CheckSubjects))]
    public void Both_promises_hold_over_fifty_times_as_many_draws(string id)
    {
        var result = CheckTrust.Measure(CheckSubjects.Of(id), 50 * CheckTrust.UsualTraps, 50 * CheckTrust.UsualTwins, firstSeed: 1_000_000);
        Assert.True(result.DetectionKept, $"{id} caught {result.Caught} of {result.Traps} planted flaws and promises {result.Card.DetectionRate}.");
        Assert.True(result.FalseAlarmKept, $"{id} fired on {result.FalseAlarms} of {result.Twins} clean twins and promises at most {result.Card.FalseAlarmRate}.");
    }
}
