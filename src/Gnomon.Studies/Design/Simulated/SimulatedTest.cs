using Gnomon.Numerics.Random;

namespace Gnomon.Studies.Design.Simulated;

/// <summary>A test whose power has no formula: it draws data sets of any size with any effect, and tests each as the analysis will.</summary>
internal abstract class SimulatedTest
{
    /// <summary>The test in the words of the finding.</summary>
    public abstract string Method { get; }

    /// <summary>What is measured, in sentences.</summary>
    public abstract string Metric { get; }

    /// <summary>Unit of effects.</summary>
    public abstract string EffectUnit { get; }

    /// <summary>What a size counts.</summary>
    public virtual string Noun => "units";

    /// <summary>Value that percentages are taken of; null where they have a meaning of their own or none.</summary>
    public virtual double? Baseline => null;

    /// <summary>Effects are ratios less 1: a rise by half is 0.5.</summary>
    public virtual bool IsRatio => false;

    /// <summary>Effects are at most this far from 0.</summary>
    public virtual double Furthest => double.PositiveInfinity;

    /// <summary>The smallest size that can be drawn and tested.</summary>
    public abstract int Fewest { get; }

    /// <summary>The largest size that is tried.</summary>
    public virtual int Most => 200_000;

    /// <summary>Data sets behind each stated power, unless told otherwise.</summary>
    public virtual int UsualRuns => 1_000;

    /// <summary>Standard error of the effect times the root of the size, on the logarithmic scale for ratios: where searches begin.</summary>
    public abstract double ErrorPerRoot { get; }

    /// <summary>Draws one data set and returns the p-value of its test; null when the model could not be fitted to it. Called from several threads at once.</summary>
    /// <param name="size">Units of control, or of the whole sample.</param>
    /// <param name="effect">The true effect.</param>
    public abstract Func<Rng, double?> Draw(int size, double effect);

    /// <summary>What the simulation takes for granted, one sentence each.</summary>
    public virtual IEnumerable<string> Assumptions() => [];

    /// <summary><c>a coefficient of x of +0.3</c>: what is found, around the effect in words.</summary>
    public virtual string Thing(string effect) => $"a change of {effect}";

    /// <summary>The command that analyses what was planned.</summary>
    public virtual string? AnalyseWith => null;
}
