namespace Gnomon.Cli;

/// <summary>What the process ends with; outside tools rely on it.</summary>
internal static class ExitCode
{
    /// <summary>A finding was produced, or the command did its work.</summary>
    public const int Answered = 0;

    /// <summary>A check reached the level given with <c>--fail-on</c>.</summary>
    public const int Reached = 1;

    /// <summary>The question, the data or a file to write could not be used.</summary>
    public const int Unusable = 2;

    /// <summary>A defect in Gnomon.</summary>
    public const int Defect = 3;

    /// <summary>Stopped with Ctrl-C, as shells count it.</summary>
    public const int Interrupted = 130;

    /// <summary>Asked to end by the system, as shells count it.</summary>
    public const int Terminated = 143;
}
