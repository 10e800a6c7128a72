using Gnomon.Core.Findings;
using Gnomon.Studies.Compare;

namespace Gnomon.Cases.Inference;

/// <summary>The test whose name is remembered, on five kinds of data it does not fit.</summary>
public sealed class TextbookToolboxCertified : Case
{
    private static readonly string[] Numbers = ["width", "length", "height", "hardness", "weight", "gloss", "strength", "warp"];

    public override CaseCard Card { get; } = new(
        "inference/textbook-toolbox-certified", CaseLevel.Basic,
        "\"I ran a t-test\": five data sets for which that is not the answer",
        "An analyst knows one test by name and runs it on everything: machines that scatter differently, orders with a few giants, repeated visits, eight numbers at once, a series of weeks.",
        "The method follows from the data: unequal spread, heavy tails, rows that repeat, several tests and order in time each have theirs. Where equal spread was taken for granted, 20 against 80 values call a difference in 28 of 100 cases without one.")
    {
        Verbs = ["compare", "regress", "ab", "trust"],
        Keywords = ["Welch", "Student t", "unequal variance", "bootstrap", "clustered rows", "many tests", "Newey-West", "which test"],
        Gaps = ["Nothing is asked back: what the columns mean is read from the data and the options."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "Two machines: 20 pieces that scatter by 4 and 80 that scatter by 1; Student's test said p = 0.017.", DecisionAction.Inconclusive,
            "compare pieces.csv --metric hardness --by machine --randomized --margin 1 --tools --claim p=0.017")
        {
            Fires = ["reported-result-inconsistent", "underpowered-test"],
            Files = d => [Pieces(d, 20, 4, 80, 1, 1.2)],
            InCode = InCode.Of(() => new CompareOptions
            {
                Data = "pieces.csv",
                Metric = "hardness",
                By = "machine",
                Randomized = true,
                Margin = "1",
                Tools = true,
                Claim = "p=0.017",
            }),
        },
        new("giants", "Order values of two shops, 300 each: a few orders hold most of the money.", DecisionAction.Inconclusive, "compare orders.csv --metric value --by shop --randomized")
        {
            Fires = ["heavy-tailed-mean"],
            Files = d => [Orders(d)],
        },
        new("visits", "Four visits of each of 150 patients, half of them treated.", DecisionAction.FixDataFirst, "compare visits.csv --metric pressure --by arm --randomized")
        {
            Fires = ["unit-of-analysis-error"],
            Files = d => [Visits(d)],
        },
        new("eight-numbers", "Eight numbers of the same two machines, tested one by one; one of them has p = 0.02.", DecisionAction.Inconclusive,
            $"ab numbers.csv --unit piece_id --variant machine --control old --metric {string.Join(',', Numbers)}")
        {
            Fires = ["multiple-comparisons"],
            Files = d => [Eight(d)],
        },
        new("weeks", "Three years of weekly sales on weekly advertising, the errors of one week in the next.", DecisionAction.Investigate,
            "regress weeks.csv --target sales --on adverts --time week --errors classical")
        {
            Fires = ["autocorrelated-residuals"],
            Files = d => [Weeks(d, 0.75)],
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "The two machines with equal spread and a real difference.", DecisionAction.Answer, "compare pieces.csv --metric hardness --by machine --randomized --margin 1")
    {
        Files = d => [Pieces(d, 80, 1, 80, 1, 2)],
    };

    // Values on normal quantiles: mean and spread do not depend on the seed.
    private static CaseFile Pieces(Draw d, int first, double firstSpread, int second, double secondSpread, double gap)
    {
        var rows = Plant.Normal(d.Stream("a"), first, 50 + gap, firstSpread).Select(v => Invariant($"A,{v:0.000}"))
            .Concat(Plant.Normal(d.Stream("b"), second, 50, secondSpread).Select(v => Invariant($"B,{v:0.000}"))).ToArray();
        d.Stream("order").Shuffle<string>(rows);
        return new CaseFile("pieces.csv", rows.Select((r, i) => $"p{i + 1},{r}").Prepend("piece_id,machine,hardness"));
    }

    private static CaseFile Orders(Draw d)
    {
        var rows = new[] { "north", "south" }
            .SelectMany(shop => Plant.Lognormal(d.Stream(shop), 300, shop == "north" ? 3.0 : 3.3, 1.6).Select(v => Invariant($"{shop},{v:0.00}"))).ToArray();
        d.Stream("order").Shuffle<string>(rows);
        return new CaseFile("orders.csv", rows.Select((r, i) => $"o{i + 1},{r}").Prepend("order_id,shop,value"));
    }

    private static CaseFile Visits(Draw d)
    {
        var rng = d.Stream("visits");
        var rows = new List<string>();
        for (var patient = 0; patient < 150; patient++)
        {
            var level = 130 + (12 * rng.NextNormal());
            for (var visit = 0; visit < 4; visit++)
            {
                rows.Add(Invariant($"m{patient + 1},{(patient % 2 == 0 ? "placebo" : "drug")},{level + (4 * rng.NextNormal()):0.0}"));
            }
        }

        var mixed = rows.ToArray();
        d.Stream("order").Shuffle<string>(mixed);
        return new CaseFile("visits.csv", mixed.Prepend("patient_id,arm,pressure"));
    }

    // Differences of at most a third of a standard error, and one of 2.3, which eight tests bring about in one of six cases without any difference.
    private static CaseFile Eight(Draw d)
    {
        const int each = 200;
        double[] gaps = [0.02, -0.03, 0.01, 0.235, -0.02, 0.03, -0.01, 0.02];
        var columns = gaps.Select((gap, i) => (New: Plant.Normal(d.Stream("new", i), each, 10 + gap, 1), Old: Plant.Normal(d.Stream("old", i), each, 10, 1))).ToList();
        var rows = Enumerable.Range(0, each).SelectMany(i => new[]
        {
            Invariant($"new,{string.Join(',', columns.Select(c => Invariant($"{c.New[i]:0.0000}")))}"),
            Invariant($"old,{string.Join(',', columns.Select(c => Invariant($"{c.Old[i]:0.0000}")))}"),
        }).ToArray();
        d.Stream("order").Shuffle<string>(rows);
        return new CaseFile("numbers.csv", rows.Select((r, i) => $"p{i + 1},{r}").Prepend($"piece_id,machine,{string.Join(',', Numbers)}"));
    }

    private static CaseFile Weeks(Draw d, double memory)
    {
        var rng = d.Stream("weeks");
        var rows = new List<string> { "week,adverts,sales" };
        double adverts = 0, error = 0;
        for (var week = 0; week < 156; week++)
        {
            adverts = (0.7 * adverts) + rng.NextNormal();
            error = (memory * error) + rng.NextNormal();
            rows.Add(Invariant($"{Plant.Date(7 * week)},{20 + (4 * adverts):0.00},{300 + (6 * adverts) + (12 * error):0.0}"));
        }

        return new CaseFile("weeks.csv", rows);
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
