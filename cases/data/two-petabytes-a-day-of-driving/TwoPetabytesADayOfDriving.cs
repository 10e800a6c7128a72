using System.Globalization;
using System.Text;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Label;

namespace Gnomon.Cases.Data;

/// <summary>A fleet that records more than anybody can store, and labels that nobody can afford.</summary>
public sealed class TwoPetabytesADayOfDriving : Case
{
    private const string Roles = "label fleet.csv --group vehicle --scenario scenario --embedding e* --target cut_in --second second_label --score today --split split --keep disagreement>0.3,decel>4 --raw 2000";
    private const string Line = $"{Roles} --budget 800";
    private const string SmallLine = $"{Roles} --budget 400 --repeats 3";
    private const int Context = 10;
    private const int RareKinds = 6;
    private const int CommonKinds = 34;
    private static readonly string[] Roads = ["highway", "ramp", "city", "suburb", "rural", "tunnel"];
    private static readonly string[] Moves = ["cruise", "follow", "merge", "turn", "stop", "overtake"];
    private static readonly string[] Rare = ["debris on the lane", "cyclist alongside", "wrong-way driver", "animal crossing", "emergency vehicle", "open car door"];

    public override CaseCard Card { get; } = new(
        "data/two-petabytes-a-day-of-driving", CaseLevel.Advanced,
        "Two petabytes a day of driving",
        "2,000 vehicles record a terabyte a day each. A model for lane changes has to learn from some of it: somebody decides what is kept, what is labelled and what the next model is judged on.",
        "Labels go where the model fails, not where the road is long: triggers and diverse selection reach the rare scenarios with a fraction of the labels. The random slice stays, since only it speaks for what no trigger sees.")
    {
        Verbs = ["label"],
        Keywords = ["active learning", "labelling", "annotation", "fleet", "autonomous driving", "trigger", "k-center", "core set", "near duplicate", "Horvitz-Thompson", "lineage", "storage", "rare scenario", "long tail"],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("rare-scenarios", "250,000 seconds of 200 vehicles; 6 of 40 scenarios hold about 0.1 % of the seconds each and what today's model cannot do; one label in twenty is wrong.", DecisionAction.Ship, Line)
        {
            Fires = ["subgroup-performance-gap", "label-noise"],
            SmallCommand = SmallLine,
            Files = d => [new CaseFile("fleet.csv", Fleet(d, isHard: true, byRow: false))],
            InCode = InCode.Of(() => new LabelOptions
            {
                Data = "fleet.csv",
                Group = "vehicle",
                Scenario = "scenario",
                Embedding = ["e*"],
                Target = "cut_in",
                Second = "second_label",
                Score = "today",
                Split = "split",
                Keep = ["disagreement>0.3", "decel>4"],
                Raw = 2000,
                Budget = 800,
            }),
        },
        new("split-by-row", "The same fleet, its seconds dealt to training and test one by one.", DecisionAction.FixDataFirst, Line)
        {
            Fires = ["near-duplicate-across-split", "group-leakage-across-splits"],
            SmallCommand = SmallLine,
            Files = d => [new CaseFile("fleet.csv", Fleet(d, isHard: true, byRow: true))],
        },
    ];

    public override Scene Twin { get; } = new(Scene.TwinName, "The same fleet where every scenario is as hard as any other, triggers included; labels are right but for one in two hundred.", DecisionAction.UseSimplerModel, Line)
    {
        SmallCommand = SmallLine,
        Files = d => [new CaseFile("fleet.csv", Fleet(d, isHard: false, byRow: false))],
    };

    // Vehicles one by one, events of a few seconds within: seconds of an event are near copies of each other.
    private static IEnumerable<string> Fleet(Draw d, bool isHard, bool byRow)
    {
        yield return $"vehicle,second,scenario,disagreement,decel,{string.Join(',', Enumerable.Range(1, Context + RareKinds).Select(j => $"e{j}"))},today,cut_in,second_label,split";
        var (vehicles, seconds, rare) = (d.Of(200, 100), d.Of(1_250, 900), d.Of(0.0012, 0.0035));
        var rule = Rule(d.Stream("today"));
        for (var v = 0; v < vehicles; v++)
        {
            var rng = d.Stream("vehicle", v);
            var side = rng.NextDouble() < 0.8;
            for (var second = 0; second < seconds;)
            {
                var moment = Event(rng, rare, isHard);
                for (var left = 5 + rng.NextInt(8); left > 0 && second < seconds; left--, second++)
                {
                    yield return Second(rng, moment, $"v{v:000},{second}", rule, isHard, (byRow ? rng.NextDouble() < 0.8 : side) ? "train" : "test");
                }
            }
        }
    }

    private sealed record Moment(string Scenario, double Disagreement, double Brake, double[] Embedding, bool IsCutIn);

    private static Moment Event(Rng rng, double rare, bool isHard)
    {
        var isRare = rng.NextDouble() < RareKinds * rare;
        var kind = isRare ? rng.NextInt(RareKinds) : Common(rng);
        var embedding = new double[Context + RareKinds];
        for (var j = 0; j < Context; j++)
        {
            embedding[j] = rng.NextNormal();
        }

        // What decides in a rare scenario is seen in that scenario alone.
        var decides = isRare && isHard;
        if (decides)
        {
            embedding[Context + kind] = (rng.NextDouble() < 0.5 ? -1 : 1) * (1.5 + (0.5 * rng.NextDouble()));
        }

        var logit = decides ? 8 * embedding[Context + kind] : 10 * (embedding[0] + (0.5 * embedding[1]));
        var (disagree, brake) = decides ? (0.7, 0.4) : (0.04, 0.02);
        return new Moment(
            isRare ? Rare[kind] : $"{Roads[kind % 6]} {Moves[kind / 6]}", rng.NextDouble() < disagree ? 0.35 + (0.5 * rng.NextDouble()) : 0.25 * rng.NextDouble(), rng.NextDouble() < brake ? 4.5 + (3 * rng.NextDouble()) : 3 * rng.NextDouble(),
            embedding, rng.NextDouble() < 1 / (1 + Math.Exp(-logit)));
    }

    // Shares from 9 % down to 1.3 %.
    private static int Common(Rng rng)
    {
        var all = Enumerable.Range(0, CommonKinds).Sum(k => 1.0 / (k + 6));
        var at = rng.NextDouble() * all;
        for (var k = 0; k < CommonKinds; k++)
        {
            at -= 1.0 / (k + 6);
            if (at < 0)
            {
                return k;
            }
        }

        return CommonKinds - 1;
    }

    // Today's model knows the common road, off by a turn of about 15 degrees in a direction of its own: as well as a model of some hundred random labels.
    private static double[] Rule(Rng rng)
    {
        double[] turn = [.. Enumerable.Range(0, Context).Select(_ => rng.NextNormal())];
        double[] right = [.. Enumerable.Range(0, Context).Select(j => j == 0 ? 10.0 : j == 1 ? 5 : 0)];
        var along = turn.Zip(right, (t, r) => t * r).Sum() / right.Sum(r => r * r);
        turn = [.. turn.Zip(right, (t, r) => t - (along * r))];
        var length = Math.Sqrt(turn.Sum(t => t * t));
        return [.. right.Zip(turn, (r, t) => r + (3 * t / length))];
    }

    private static string Second(Rng rng, Moment moment, string place, double[] rule, bool isHard, string side)
    {
        var text = new StringBuilder(200);
        text.Append(CultureInfo.InvariantCulture, $"{place},{moment.Scenario},{Math.Max(0, moment.Disagreement + (0.01 * rng.NextNormal())):0.000},{Math.Max(0, moment.Brake + (0.1 * rng.NextNormal())):0.00}");
        double logit = 0;
        for (var j = 0; j < moment.Embedding.Length; j++)
        {
            var value = moment.Embedding[j] + (0.03 * rng.NextNormal());
            logit += j < Context ? rule[j] * moment.Embedding[j] : 0;
            text.Append(CultureInfo.InvariantCulture, $",{value:0.000}");
        }

        bool Wrong(double chance) => rng.NextDouble() < chance;
        var (first, second) = (moment.IsCutIn ^ Wrong(isHard ? 0.05 : 0.005), moment.IsCutIn ^ Wrong(0.005));
        text.Append(CultureInfo.InvariantCulture, $",{1 / (1 + Math.Exp(-logit)):0.0000},{Plant.Bit(first)},{Plant.Bit(second)},{side}");
        return text.ToString();
    }
}
