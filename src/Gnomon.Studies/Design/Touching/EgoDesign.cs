using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Interference;
using Gnomon.Numerics.Random;

namespace Gnomon.Studies.Design.Touching;

/// <summary>Ego clusters before launch: how many can be cut out of the links, what they keep, what such a test sees, and the arms.</summary>
internal sealed class EgoDesign
{
    private static readonly double[] Shares = [0.5, 0.6, 0.7, 0.8, 0.9, 1.0];
    private readonly DesignOptions _options;
    private readonly IReadOnlyList<string> _names;
    private readonly UnitGraph _graph;
    private readonly EgoClusterSet _set;

    public EgoDesign(DesignOptions options, StudyContext context)
    {
        _options = options;
        (_names, _graph) = Read(context);
        _set = EgoClusters.Find(_graph, options.Kept, (ulong)options.Seed);
        if (_set.Egos.Count < 4)
        {
            throw new GnomonError("too-few-clusters", $"{Figures.Count(_set.Egos.Count, "ego")} can be cut out with {Figures.WholePercent(options.Kept)} of their links; at least 4 are needed.", "--kept", "Write a lower --kept, or assign communities instead: ab --edges finds them.");
        }

        if (options.Egos is { } file)
        {
            Write(file);
        }
    }

    private bool IsOwn => _options.EgoArm == "own";

    // Egos that one effect compares: half of them, or one quarter against another.
    private double PerArm => _set.Egos.Count / (IsOwn ? 4.0 : 2.0);

    public static IEnumerable<GnomonError> Validate(DesignOptions o)
    {
        if (!o.HasHistory)
        {
            yield return new GnomonError("data-missing", "Ego clusters are cut out of a file of links.", "DATA", "Name a file whose first two columns hold the ids of linked units.");
        }

        if (o.Egos is not null && File.Exists(o.Egos))
        {
            yield return new GnomonError("file-exists", $"{o.Egos} exists; an assignment is not overwritten.", "--egos", "Name another file, or move the old one away.");
        }

        foreach (var wrong in TouchingDesigns.Refuse(o, "ego", "--sd", "--baseline"))
        {
            yield return wrong;
        }
    }

    public StudyReport Finding()
    {
        var inside = _set.EgoOf.Count(e => e >= 0);
        return new StudyReport
        {
            Question = "design",
            Title = "How many egos can be cut out with those around them?",
            Propose = _ => new Proposal(DecisionAction.Answer,
                $"{Figures.Count(_set.Egos.Count, "ego")} with {Figures.Count(_set.Alters, "alter")} can be cut out of {Figures.Count(_graph.Units, "unit")} and {Figures.Count(_graph.Edges, "link")}; egos keep {Figures.WholePercent(_set.KeptShare)} of their links inside their cluster. {Power()}{(_options.Egos is { } file ? $"The arms are in {file}." : "Add --egos FILE to write the arms.")}"),
            Limitations =
            [
                $"Units were visited in an order drawn by chance (seed {_options.Seed}); one becomes an ego when at least {Figures.WholePercent(_options.Kept)} of its neighbours are still free, and keeps them as its alters (Saint-Jacques et al. 2019). {Figures.Count(_graph.Units - inside, "unit")} are in no cluster and get no arm.",
                $"Egos have {Figures.Number(Math.Round(_set.EgoDegree, 1))} links on average, linked units {Figures.Number(Math.Round(_set.LinkedDegree, 1))}: the answer is that of such egos, not of people with many links.",
                IsOwn ? "The own arm of an ego is drawn apart from that of its alters: the direct effect and what comes through alters are told apart, each between quarters of the egos."
                    : "An ego has the arm of its alters: the total effect of a launch is read between halves of the egos, and its parts are not told apart (--ego-arm own does).",
            ],
            Next = [$"Read it with: gnomon ab DATA --unit UNIT --ego ego --edges EDGES --variant arm --metric {_options.Metric ?? "METRIC"}"],
            Tables = [Sizes(), .. Effects()],
        };
    }

    private ResultTable Sizes() => new("kept", "Egos by the share of links they must keep", ["links kept at least", "egos", "alters", "links kept", "links of an ego"],
        [.. Shares.Select(s => EgoClusters.Find(_graph, s, (ulong)_options.Seed) is var set ? (IReadOnlyList<object?>)[Figures.WholePercent(s), (long)set.Egos.Count, (long)set.Alters, set.KeptShare, Math.Round(set.EgoDegree, 1)] : [])]);

    private double? Deviation => _options.Sd ?? (_options.Baseline is { } b and > 0 and < 1 ? Math.Sqrt(b * (1 - b)) : null);

    private string Unit => _options.Sd is null ? "proportion" : _options.Metric ?? "metric";

    private double? Seen => Deviation is { } sd && PerArm >= 2 ? PowerTwoMeans.MinimumDetectableDifference(PerArm, sd, _options.Power, new PowerOptions { Alpha = _options.Alpha }) : null;

    private string Power()
    {
        if (Seen is not { } seen)
        {
            return string.Empty;
        }

        var enough = _options.Mde is null ? string.Empty : Math.Abs(EffectSize.Parse(_options.Mde, "--mde").Absolute(_options.Baseline, "--mde")) >= seen ? ", which is enough for the effect wanted" : $", more than the {_options.Mde} wanted: lower --kept, or take communities as clusters";
        return $"With {Figures.Count((long)PerArm)} egos in {(IsOwn ? "each quarter" : "each arm")} such a test sees {Figures.Effect(seen, Unit).TrimStart('+')} with power {_options.Power:0.##}{enough}. ";
    }

    private IEnumerable<ResultTable> Effects()
    {
        if (Deviation is { } sd)
        {
            yield return new ResultTable("effects", "Smallest effect seen", ["links kept at least", "egos", "smallest effect"],
                [.. Shares.Select(s => (Share: s, Count: EgoClusters.Find(_graph, s, (ulong)_options.Seed).Egos.Count)).Where(x => x.Count / (IsOwn ? 4.0 : 2.0) >= 2)
                    .Select(x => (IReadOnlyList<object?>)[Figures.WholePercent(x.Share), (long)x.Count, PowerTwoMeans.MinimumDetectableDifference(x.Count / (IsOwn ? 4.0 : 2.0), sd, _options.Power, new PowerOptions { Alpha = _options.Alpha })])]);
        }
    }

    // Halves of the egos, by a shuffle: the arms differ by at most one ego. Own arms are halved within each half.
    private void Write(string file)
    {
        var rng = new Rng((ulong)_options.Seed).Stream("ego arms");
        int[] order = [.. Enumerable.Range(0, _set.Egos.Count)];
        rng.Shuffle<int>(order);
        var (alters, own) = (new Dictionary<int, bool>(), new Dictionary<int, bool>());
        for (var i = 0; i < order.Length; i++)
        {
            var ego = _set.Egos[order[i]];
            (alters[ego], own[ego]) = (i % 2 == 1, IsOwn ? i / 2 % 2 == 1 : i % 2 == 1);
        }

        CsvFile.Write(file, "--egos", "The arms", writer =>
        {
            writer.WriteLine("unit,ego,arm");
            for (var i = 0; i < _names.Count; i++)
            {
                if (_set.EgoOf[i] is >= 0 and var ego)
                {
                    writer.WriteLine($"{CsvFile.Cell(_names[i])},{CsvFile.Cell(_names[ego])},{((ego == i ? own : alters)[ego] ? "treatment" : "control")}");
                }
            }
        });
    }

    private static (IReadOnlyList<string> Names, UnitGraph Graph) Read(StudyContext context)
    {
        var data = context.RequireData();
        if (data.Schema.Count < 2)
        {
            throw new GnomonError("bad-edge", $"{data.Name} has {Figures.Count(data.Schema.Count, "column")}; links take two.", "DATA", "Name a file whose first two columns hold the ids of linked units.");
        }

        var (a, b) = (Scalar.Column(data.Schema[0].Name).ToText(), Scalar.Column(data.Schema[1].Name).ToText());
        var table = data.Read(new Query { Select = [new("a", a), new("b", b)], Where = a.IsNull().Not().And(b.IsNull().Not()) }, context.Cancellation);
        var (from, to) = ((TextColumn)table.Columns[0], (TextColumn)table.Columns[1]);
        List<string> names = [.. from.Dictionary.Concat(to.Dictionary).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var index = names.Select((n, i) => (n, i)).ToDictionary(x => x.n, x => x.i, StringComparer.Ordinal);
        int[] Of(TextColumn column) => [.. Enumerable.Range(0, table.Rows).Select(i => index[column.Dictionary[column.Codes[i]]])];
        var graph = UnitGraph.Of(names.Count, Of(from), Of(to));
        return graph.Edges > 0 ? (names, graph) : throw new GnomonError("edges-not-linked", $"{data.Name}: no row links two different units.", "DATA", "Name a file whose first two columns hold the ids of linked units.");
    }
}
