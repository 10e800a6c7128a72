using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Studies.Sql.Frames;

namespace Gnomon.Studies.Sql;

/// <summary>What is known of a loop over many small files whose columns <c>--derive</c> makes.</summary>
public abstract record SqlFrameOptions : SqlWorkOptions
{
    /// <summary>With --derive over many files: milliseconds that the loop takes for one file by step, load=20,parse=90,compute=1290,write=40; or measure, to time such a loop here on some of the files. All files are then answered in one pass and compared with the loop.</summary>
    [Option(Value = "STEP=MS,...|measure", Group = "Files")]
    public IReadOnlyList<string> LoopSteps { get; init; } = [];

    /// <summary>With --loop-steps: workers that are proposed for the loop; what they would gain is said by Amdahl's law.</summary>
    [Option(Value = "N", Group = "Files", Above = 1, Below = 100001)]
    public int? Workers { get; init; }

    /// <summary>With --loop-steps: steps that are done one after the other however many workers there are, such as write, where all results go into one file.</summary>
    [Option(Value = "STEP[,STEP]", Group = "Files")]
    public IReadOnlyList<string> SerialSteps { get; init; } = ["write"];

    /// <summary>With --loop-steps: milliseconds that a scheduler takes to hand one file to a worker.</summary>
    [Option(Value = "MS", Group = "Files", Above = -1e-9)]
    public double DispatchCost { get; init; } = 1;

    /// <summary>The columns replace a loop over files.</summary>
    internal bool IsFrames => LoopSteps.Count > 0;

    /// <summary>What is wrong with these options.</summary>
    internal IEnumerable<GnomonError> FrameErrors()
    {
        if (!IsFrames)
        {
            if (Workers is not null)
            {
                yield return new GnomonError("options-conflict", "--workers is about a loop over files, and nothing is known of one.", "--workers", "Add --loop-steps load=20,parse=90,compute=1290,write=40, or --loop-steps measure.");
            }

            yield break;
        }

        if (Derive is null || Data is null || Query is not null || Where is not null || LoopCost is not null)
        {
            yield return new GnomonError("options-conflict", "--loop-steps is for columns made by --derive from the files of one pattern; it goes with no --query, --where or --loop-cost.", "--loop-steps", "Write: gnomon sql 'frames/*.csv' --derive RULES --loop-steps load=20,parse=90,compute=1290,write=40.");
        }

        foreach (var wrong in LoopTimes.Faults(LoopSteps, SerialSteps))
        {
            yield return wrong;
        }
    }
}
