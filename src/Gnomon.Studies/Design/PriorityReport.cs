using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Studies;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Planning;
using Gnomon.Numerics;

namespace Gnomon.Studies.Design;

/// <summary>The answer of <c>--kind priorities</c>: an order that admits that its inputs are guesses, what to learn first, and what fits.</summary>
internal sealed class PriorityReport
{
    private const int Draws = 20_000;
    private const int MostShown = 40;
    private const double Firm = 0.7;
    private static readonly string[] InputNames = ["reach", "impact", "confidence", "effort"];
    private readonly DesignOptions _options;
    private readonly List<PriorityRow> _rows;
    private readonly IReadOnlyList<PriorityRank> _ranks;
    private readonly IReadOnlyList<InputValue> _inputs;
    private readonly List<PriorityRow> _past;
    private readonly KnapsackResult? _fit;

    private PriorityReport(DesignOptions options, IReadOnlyList<PriorityRow> rows)
    {
        _options = options;
        _past = [.. rows.Where(r => r.Realised is not null)];
        _rows = [.. rows.Where(r => r.Realised is null).OrderByDescending(r => r.Item.ExpectedScore)];
        if (_rows.Count < 2)
        {
            throw new GnomonError("too-few-rows", $"{_rows.Count} items are left to be ranked; an order needs 2.", "DATA", "Rows with a realised impact count as past items; list the open ones beside them.");
        }

        PriorityItem[] items = [.. _rows.Select(r => r.Item)];
        _ranks = PriorityRanks.Simulate(items, (int)(options.Seed % int.MaxValue), Draws);
        _inputs = PriorityRanks.Inputs(items);
        _fit = Fit();
    }

    public static StudyReport Run(DesignOptions options, StudyContext context) => new PriorityReport(options, PriorityReader.Read(context.RequireData(), context.Cancellation)).Finding();

    private StudyReport Finding()
    {
        var rival = Enumerable.Range(1, _rows.Count - 1).OrderByDescending(i => _ranks[i].Shares[0]).First();
        return new StudyReport
        {
            Question = "design",
            Title = $"Which of {_rows.Count} items first?",
            Propose = _ => Propose(rival),
            Estimates = [.. _rows.Take(12).Select(Score)],
            Evidence = [new RankShares { Top = _rows[0].Name, Share = _ranks[0].Shares[0], Rival = _rows[rival].Name, RivalShare = _ranks[rival].Shares[0], Items = _rows.Count, Draws = Draws }],
            Limitations = [.. Limitations()],
            Next = [.. Next()],
            Plots = [new Plot("scores", "Scores over the stated ranges (5 to 95 % of draws)", IntervalPlot.Build([.. _rows.Take(MostShown).Select((r, i) => new IntervalRow(r.Name, r.Item.ExpectedScore, _ranks[i].Low, _ranks[i].High))], "score", new PlotUnit("number")))],
            Tables = [.. Tables()],
        };
    }

    private Proposal Propose(int rival)
    {
        var top = _ranks[0].Shares[0];
        var fit = _fit is null ? string.Empty : $" Within {Figures.Number(_options.Capacity!.Value)} of effort the best set is {string.Join(", ", _rows.Where((_, i) => _fit.Chosen[i]).Select(r => r.Name))}.";
        if (top >= Firm)
        {
            return new Proposal(DecisionAction.Answer, $"{_rows[0].Name} first: it leads in {Figures.WholePercent(top)} of draws from the stated ranges.{fit}");
        }

        var learn = _inputs.Count > 0 && _inputs[0].Value > 0 ? $" Learn the {InputNames[_inputs[0].Input]} of {_rows[_inputs[0].Item].Name} first: no other number is worth as much to this choice." : string.Empty;
        return new Proposal(DecisionAction.Investigate, $"{_rows[0].Name} and {_rows[rival].Name} cannot be told apart: {_rows[0].Name} leads in {Figures.WholePercent(top)} of draws, {_rows[rival].Name} in {Figures.WholePercent(_ranks[rival].Shares[0])}.{learn}{fit}");
    }

    private Estimate Score(PriorityRow row, int i) => new()
    {
        Name = "score", Metric = row.Name, Value = row.Item.ExpectedScore, Low = _ranks[i].Low, High = _ranks[i].High, Level = 0.9, Unit = "number", N = 0,
        Method = "expected score; range of 90 % of draws from the stated triangular ranges", Role = i == 0 ? "primary" : "secondary",
    };

    private IEnumerable<ResultTable> Tables()
    {
        yield return new ResultTable("ranks", "The order, and how firm it is", ["item", "score as typed", "expected score", "low", "high", "mean place", "first, share", "top three, share"],
            [.. _rows.Take(MostShown).Select((r, i) => (IReadOnlyList<object?>)[r.Name, r.Item.Score, r.Item.ExpectedScore, _ranks[i].Low, _ranks[i].High, Math.Round(_ranks[i].MeanRank, 2), Math.Round(_ranks[i].Shares[0], 3), Math.Round(_ranks[i].Shares.Take(3).Sum(), 3)])]);
        var worth = _inputs.Where(v => v.Value > 0).Take(10).ToList();
        if (worth.Count > 0)
        {
            yield return new ResultTable("learn", "What to learn before choosing", ["item", "input", "worth in score", "can change the first"],
                [.. worth.Select(v => (IReadOnlyList<object?>)[_rows[v.Item].Name, InputNames[v.Input], v.Value, v.FlipsTop])]);
        }

        if (_fit is { } fit)
        {
            yield return new ResultTable("capacity", $"What fits into {Figures.Number(_options.Capacity!.Value)}", ["item", "taken", "must", "expected benefit", "expected effort"],
                [.. _rows.Take(MostShown).Select((r, i) => (IReadOnlyList<object?>)[r.Name, fit.Chosen[i], r.Must, r.Item.Benefit, r.Item.Effort.Mean])]);
        }
    }

    private IEnumerable<string> Limitations()
    {
        yield return "Scores are reach x impact x confidence / effort. Ranges are read as triangular and independent; a guess that is wrong for all items moves none past another.";
        if (_rows.All(r => r.Item is { Reach.IsPoint: true, Impact.IsPoint: true, Confidence.IsPoint: true, Effort.IsPoint: true }))
        {
            yield return "No input has a range, so the order looks firmer than it is: give reach_low and reach_high, and so on.";
        }

        if (Inflation() is { } inflation)
        {
            var r = inflation.Interval;
            yield return $"Over {Figures.Count(_past.Count, "past item")} the stated impact was {Figures.Number(Math.Round(Math.Exp(inflation.Value), 1))} times what came ({Figures.Number(Math.Round(Math.Exp(r.Low), 1))} to {Figures.Number(Math.Round(Math.Exp(r.High), 1))}): divide expected benefits by it. The order does not change.";
        }

        if (_fit is { IsOptimal: false })
        {
            yield return "The search for the best set was cut off: it is good, and another may be better.";
        }
    }

    // Ratios are compared on the log scale, where two times too much and half of it are alike.
    private ContrastResult? Inflation()
    {
        double[] logs = [.. _past.Where(p => p.Realised > 0 && p.Item.Impact.Likely > 0).Select(p => Math.Log(p.Item.Impact.Likely / p.Realised!.Value))];
        try
        {
            return logs.Length < 2 ? null : OneSampleT.Test(Moments.Of(logs));
        }
        catch (NotEstimableException)
        {
            return null;
        }
    }

    private IEnumerable<string> Next()
    {
        foreach (var v in _inputs.Where(v => v.Value > 0).Take(2))
        {
            yield return $"A small test of the {InputNames[v.Input]} of {_rows[v.Item].Name} is worth up to {Figures.Number(v.Value)} of score before the choice{(v.FlipsTop ? ", and can change what comes first" : string.Empty)}.";
        }

        if (_past.Count == 0)
        {
            yield return "Keep finished items in the list with their realised impact (column realised): the scorers' inflation is then measured.";
        }
    }

    private KnapsackResult? Fit()
    {
        if (_options.Capacity is not { } capacity)
        {
            return null;
        }

        try
        {
            return Knapsack.Solve([.. _rows.Select(r => r.Item.Benefit)], [.. _rows.Select(r => r.Item.Effort.Mean)], capacity, [.. _rows.Select(r => r.Must)]);
        }
        catch (NotEstimableException)
        {
            var needed = _rows.Where(r => r.Must).Sum(r => r.Item.Effort.Mean);
            throw new GnomonError("capacity-too-small", $"The items that must be done need {Figures.Number(needed)} of effort; --capacity is {Figures.Number(capacity)}.", "--capacity", "Raise it, or drop a must.");
        }
    }
}
