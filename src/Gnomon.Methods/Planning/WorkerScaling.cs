namespace Gnomon.Methods.Planning;

/// <summary>What more workers do for a job of many equal tasks: part of each task can be shared out, part cannot, and handing a task out costs time of its own.</summary>
/// <remarks>
/// time(w) = tasks x (serial + dispatch + divisible / w) for w of 2 or more, and tasks x (serial + divisible) for one worker, who needs no dispatcher. Without dispatch this is Amdahl's law: speed-up 1 / (s + (1 - s) / w)
/// with s = serial / (serial + divisible). Source: Amdahl 1967, AFIPS Spring Joint Computer Conference; the term for overhead: Gunther 1993 keeps it linear in the tasks. Closed form.
/// </remarks>
public static class WorkerScaling
{
    /// <param name="tasks">Tasks of the job, at least 1.</param>
    /// <param name="serialSeconds">Seconds of each task that are spent one after the other however many workers there are: 0 or more.</param>
    /// <param name="divisibleSeconds">Seconds of each task that workers share: 0 or more; not both may be 0.</param>
    /// <param name="dispatchSeconds">Seconds that handing out one task takes the one who hands it out: 0 or more.</param>
    /// <param name="workers">Workers, at least 1.</param>
    /// <returns>Seconds of the job, how many times as fast as one worker, and the most that any number of workers can reach.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range or not finite.</exception>
    public static WorkerTime Of(long tasks, double serialSeconds, double divisibleSeconds, double dispatchSeconds, int workers)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tasks);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(workers);
        NotNegative(serialSeconds, nameof(serialSeconds));
        NotNegative(divisibleSeconds, nameof(divisibleSeconds));
        NotNegative(dispatchSeconds, nameof(dispatchSeconds));
        var alone = serialSeconds + divisibleSeconds;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(alone, nameof(divisibleSeconds));
        var one = tasks * alone;
        var floor = tasks * (serialSeconds + dispatchSeconds);
        var seconds = workers == 1 ? one : floor + (tasks * divisibleSeconds / workers);
        return new WorkerTime(workers, seconds, one / seconds, floor, floor > 0 ? one / floor : null);
    }

    static void NotNegative(double value, string name)
    {
        if (!(value >= 0) || double.IsInfinity(value))
        {
            throw new ArgumentOutOfRangeException(name, value, "Seconds are finite and 0 or more.");
        }
    }
}

/// <param name="Workers">Workers.</param>
/// <param name="Seconds">Seconds of the whole job.</param>
/// <param name="SpeedUp">One worker's time over theirs.</param>
/// <param name="FloorSeconds">Seconds that remain with any number of workers.</param>
/// <param name="LargestSpeedUp">The limit of the speed-up; null where nothing is serial and there is none.</param>
public sealed record WorkerTime(int Workers, double Seconds, double SpeedUp, double FloorSeconds, double? LargestSpeedUp);
