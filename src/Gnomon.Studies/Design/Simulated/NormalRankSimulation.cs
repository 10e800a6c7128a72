using Gnomon.Methods;
using Gnomon.Methods.Ranks;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Studies.Design.Simulated;

/// <summary>The Brunner-Munzel test of two normal arms of equal spread, when no history was named.</summary>
/// <param name="ratio">Units of the second arm for each of the first.</param>
internal sealed class NormalRankSimulation(double ratio) : SimulatedTest
{
    public override string Metric => "the chance that a treated unit lies above a control unit";

    public override string EffectUnit => "proportion";

    public override string Method => "Brunner-Munzel test of two normal arms";

    public override int UsualRuns => 4_000;

    public override double Furthest => 0.49;

    public override int Fewest => 10;

    public override double ErrorPerRoot => Math.Sqrt((1 + 1 / ratio) / 12);

    public override Func<Rng, double?> Draw(int size, double effect)
    {
        var second = Math.Max(2, (int)Math.Round(size * ratio));
        var shift = Math.Sqrt(2) * Normal.Quantile(0.5 + effect);
        return rng =>
        {
            var (x, y) = (new double[size], new double[second]);
            for (var i = 0; i < size; i++)
            {
                x[i] = rng.NextNormal();
            }

            for (var i = 0; i < second; i++)
            {
                y[i] = shift + rng.NextNormal();
            }

            try
            {
                return BrunnerMunzel.Test(x, y).PValue;
            }
            catch (NotEstimableException)
            {
                return null; // counted: the arms do not overlap, so there is no error
            }
        };
    }

    public override IEnumerable<string> Assumptions() => ["Both arms are taken as normal with equal spread; name history to draw from it instead (DATA --metric COLUMN)."];
}
