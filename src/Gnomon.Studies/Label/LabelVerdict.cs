using Gnomon.Core.Findings;
using Gnomon.Methods.Sampling;

namespace Gnomon.Studies.Label;

/// <summary>What the two curves say: choose, or draw at random.</summary>
internal enum LabelAnswer
{
    Choose,
    NoDifference,
    WorseSomewhere,
    RandomBetter,
    Open,
}

/// <summary>The decision from the replay: error at the same number of labels, labels for the same error, and scenarios that got worse.</summary>
internal sealed class LabelVerdict
{
    public LabelVerdict(LabelReplay replay, LabelSlices slices, LabelOptions options)
    {
        (Replay, Slices) = (replay, slices);
        Difference = replay.Focus.Difference(replay.Budgets.Length - 1, options.Level);
        var last = replay.Budgets.Length - 1;
        LabelsForSame = Needed(replay, Enumerable.Range(0, replay.Budgets.Length).Min(b => replay.Focus.Error(LabelReplay.Random, b)));
        LabelsForTriggers = Needed(replay, replay.Focus.Error(LabelReplay.Triggered, last));
        Answer = Difference.High < 0 && -Difference.Difference >= options.Margin ? slices.Broken.Count > 0 ? LabelAnswer.WorseSomewhere : LabelAnswer.Choose
            : Difference.Low > 0 && Difference.Difference >= options.Margin ? LabelAnswer.RandomBetter
            : Difference.Low > -options.Margin && Difference.High < options.Margin ? LabelAnswer.NoDifference
            : LabelAnswer.Open;
    }

    public LabelReplay Replay { get; }

    public LabelSlices Slices { get; }

    /// <summary>Error of chosen rows less that of random rows, all labels spent.</summary>
    public GroupedDifference Difference { get; }

    /// <summary>Labels after which chosen rows reach the least error of random ones, read between the points of the curve; null where they do not.</summary>
    public double? LabelsForSame { get; }

    /// <summary>Labels after which chosen rows reach the error of all rows drawn among those that the triggers keep; null where they do not.</summary>
    public double? LabelsForTriggers { get; }

    /// <summary>True where the first point of the curve is there already: fewer labels may do.</summary>
    public bool IsAtMost(double labels) => labels <= Replay.Budgets[0];

    public LabelAnswer Answer { get; }

    public DecisionAction Action => Answer switch
    {
        LabelAnswer.Choose => DecisionAction.Ship,
        LabelAnswer.NoDifference => DecisionAction.UseSimplerModel,
        LabelAnswer.RandomBetter => DecisionAction.DoNotShip,
        LabelAnswer.WorseSomewhere => DecisionAction.Investigate,
        _ => DecisionAction.Inconclusive,
    };

    private static double? Needed(LabelReplay replay, double goal)
    {
        var (focus, last) = (replay.Focus, replay.Budgets.Length - 1);
        for (var b = 0; b <= last; b++)
        {
            var error = focus.Error(LabelReplay.Chosen, b);
            if (error > goal)
            {
                continue;
            }

            if (b == 0)
            {
                return replay.Budgets[0];
            }

            var before = focus.Error(LabelReplay.Chosen, b - 1);
            var share = (before - goal) / (before - error);
            return replay.Budgets[b - 1] * Math.Pow(replay.Budgets[b] / (double)replay.Budgets[b - 1], share);
        }

        return null;
    }
}
