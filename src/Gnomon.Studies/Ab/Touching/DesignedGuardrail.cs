using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Ab.Touching;

/// <summary>Is harm beyond a guardrail's margin ruled out, by the error that the design gives?</summary>
internal static class DesignedGuardrail
{
    /// <summary>One-sided p that the harm exceeds the margin, by Student's t with the degrees of freedom of the difference.</summary>
    public static double NonInferiorityP(Comparison c, bool relative)
    {
        var contrast = relative ? c.EffectLift.Contrast! : c.Effect;
        var margin = relative || !c.Spec.MarginIsRelative ? c.Spec.Margin : c.Spec.Margin * Math.Abs(c.Baseline.Values.Mean);
        var t = (c.Spec.Sign * contrast.Value + margin) / contrast.StandardError;
        return c.Effect.DegreesOfFreedom is { } degrees ? StudentT.Sf(t, degrees) : Normal.Sf(t);
    }
}
