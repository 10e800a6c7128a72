using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Evidence.Inference;
using Gnomon.Core.Evidence.Regression;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Studies;
using Gnomon.Methods;
using Gnomon.Methods.Regression;
using Gnomon.Numerics;

namespace Gnomon.Studies.Compare;

/// <summary>The finding of before against after on one series: the change of level beside the trend first, the plain difference last.</summary>
internal sealed class ChangeReport
{
    private const string Method = "segmented regression, AR(1) errors averaged over their memory";
    private const double LargestPlaceboShare = 0.1;
    private readonly CompareOptions _options;
    private readonly ChangeInput _input;
    private readonly int? _threads;
    private readonly InterruptedSeriesFit _fit;
    private readonly CoefficientEstimate _level;
    private readonly CoefficientEstimate _trend;
    private readonly double _memory;

    public ChangeReport(CompareOptions options, ChangeInput input, int? threads)
    {
        (_options, _input, _threads) = (options, input, threads);
        try
        {
            _fit = InterruptedSeries.Fit(input.Values, input.Change, input.Trials, options.Level, (ulong)options.Seed);
        }
        catch (TooFewRowsException wrong)
        {
            throw new GnomonError("too-few-rows", $"{input.Before} rows before and {input.After} after {input.At}: {wrong.Message}", "--change-at", "Collect a longer series; 4 rows on either side are the least, 12 or more are wise.", wrong);
        }
        catch (NotEstimableException wrong)
        {
            throw new GnomonError("not-estimable", $"{input.Metric}: {wrong.Message}", input.Metric, "Check the series.", wrong);
        }

        (_level, _trend) = (_fit.Averaged[InterruptedSeries.Level], _fit.Averaged[InterruptedSeries.Trend]);
        _memory = _fit.Memory;
    }

    private double Alpha => _options.Alpha;

    private bool IsClear => _level.PValue is { } p && p < Alpha;

    public StudyReport Finding()
    {
        var proposal = Propose();
        return new StudyReport
        {
            Question = "compare",
            Title = $"Did {_input.Metric} change at {_input.At}?",
            Propose = _ => proposal,
            Estimates = [.. Estimates()],
            Evidence = [.. Evidence()],
            Limitations = [.. Limitations()],
            Next = [.. Next()],
            Plots = [.. Plots()],
            Tables = [Segments(), Views(), Placebos()],
        };
    }

    private Proposal Propose()
    {
        var plain = $"The plain difference of the means is {Effect(_fit.Plain.Value, _fit.Plain.Low, _fit.Plain.High)} ({Relative()}), but it knows neither trend nor memory";
        var range = Figures.Range(_level.Low, _level.High, _input.Unit);
        if (!IsClear)
        {
            return new Proposal(DecisionAction.Inconclusive, $"Not established: beside the trend, {_input.Metric} changed its level at {_input.At} by anything from {range}. {plain}.");
        }

        var doubt = _fit.PlaceboShare > LargestPlaceboShare || _fit.PermutationP >= Alpha
            ? $" Weeks at which nothing happened look alike, though: {Doubt()}."
            : string.Empty;
        return new Proposal(
            doubt.Length > 0 ? DecisionAction.Inconclusive : DecisionAction.Answer,
            $"{(doubt.Length > 0 ? "Not established" : "Beside the trend")}: {_input.Metric} {(_level.Value > 0 ? "rose" : "fell")} at {_input.At} by {Figures.Effect(Math.Abs(_level.Value), _input.Unit, _level.High - _level.Low).TrimStart('+')} ({Figures.Confidence(_options.Level)} interval {range}).{doubt} {plain}. A change at that time is no proof of its cause.");
    }

    private string Doubt()
    {
        var said = new List<string>();
        if (_fit.PlaceboShare is > LargestPlaceboShare and var share)
        {
            said.Add($"{Figures.WholePercent(share)} of other starts change as much");
        }

        if (_fit.PermutationP >= Alpha)
        {
            said.Add($"blocks in another order do so with {Figures.P(_fit.PermutationP)}");
        }

        return string.Join(", ", said);
    }

    private string Effect(double value, double low, double high) => Figures.Effect(value, _input.Unit, high - low);

    private string Relative()
    {
        var before = Moments.MeanVariance(_input.Values.AsSpan(0, _input.Change)).Mean;
        return before > 0 ? $"{Figures.Effect(_fit.Plain.Value / before, "relative")} of {Figures.Level(before, _input.Unit, _fit.Plain.High - _fit.Plain.Low)}" : "no share of what was before";
    }

    private IEnumerable<Estimate> Estimates()
    {
        Estimate Of(string name, CoefficientEstimate e, string method, string role) => new()
        {
            Name = name, Metric = _input.Metric, Contrast = "after - before", Value = e.Value, Low = e.Low, High = e.High, Level = _options.Level, Unit = _input.Unit, P = e.PValue, N = _input.Values.Length, Method = method, Role = role,
        };

        yield return Of("change of level", _level, Method, "primary");
        yield return Of("change of trend per row", _trend, Method, "secondary");
        yield return Of("change of level, Newey-West", _fit.FixedB.Table(_fit.Segmented, _options.Level)[InterruptedSeries.Level], $"segmented regression, {_fit.FixedB.Method}", "sensitivity");
        yield return Of("change of level, AR(1)", _fit.Autoregressive.Coefficients[InterruptedSeries.Level], "segmented regression, AR(1) errors by restricted likelihood", "sensitivity");
        if (_fit.Forecast is { } forecast)
        {
            yield return Of("actual less forecast", forecast.Difference, "mean after less forecast of the line before, AR(1) errors averaged over their memory", "sensitivity");
        }

        yield return new Estimate
        {
            Name = "plain difference", Metric = _input.Metric, Contrast = "after - before", Value = _fit.Plain.Value, Low = _fit.Plain.Low, High = _fit.Plain.High, Level = _options.Level, Unit = _input.Unit, N = _input.Values.Length,
            Method = $"{_fit.Plain.Method}: rows independent, no trend; not the answer", Role = "descriptive",
        };
    }

    private IEnumerable<IEvidence> Evidence()
    {
        yield return Serial();
        yield return Control();
        if (_options.Claim is { } text)
        {
            var claim = Claim.Parse(text);
            var before = Moments.MeanVariance(_input.Values.AsSpan(0, _input.Change)).Mean;
            yield return new StatedResult
            {
                Claim = text, StatedP = claim.P?.Value, PDecimals = claim.P?.Decimals ?? 0, StatedLift = claim.Lift?.Value, LiftDecimals = claim.Lift?.Decimals ?? 0, StatedDifference = claim.Difference?.Value,
                DifferenceDecimals = claim.Difference?.Decimals ?? 0, Recomputed = claim.P is null ? [] : [(_fit.Plain.Method, _fit.Plain.PValue)], Lift = before > 0 ? _fit.Plain.Value / before : null, Difference = _fit.Plain.Value,
            };
        }
    }

    // Residuals around the two lines: around two means a plain trend would look like memory.
    private SerialResiduals Serial()
    {
        var fit = LeastSquares.Fit(_fit.Segmented.Design, _input.Values, threads: _threads);
        var lags = Math.Max(1, Math.Min(10, _input.Values.Length / 5));
        var watson = SerialCorrelation.DurbinWatson(fit);
        return new SerialResiduals
        {
            Outcome = _input.Metric, Time = _input.Time, Rows = _input.Values.Length, FirstAutocorrelation = SerialCorrelation.Autocorrelations(fit.Residuals, 1)[0], DurbinWatson = watson.Statistic, DurbinWatsonP = watson.PValue,
            LjungBoxP = SerialCorrelation.LjungBox(fit.Residuals, lags).PValue, Lags = lags, ErrorRatio = RobustErrors.NeweyWest(fit).StandardError(InterruptedSeries.Level) / RobustErrors.Heteroskedastic(fit, HcKind.Hc1).StandardError(InterruptedSeries.Level), ErrorsRespectOrder = true,
        };
    }

    private BeforeAfter Control()
    {
        var evidence = new BeforeAfter { Metric = _input.Metric, Change = _input.At, RowsBefore = _input.Before, RowsAfter = _input.After, Difference = _level.Value, IsEstablished = IsClear };
        if (_input.UntouchedValues is not { } untouched)
        {
            return evidence;
        }

        var own = LeastSquares.Fit(_fit.Segmented.Design, untouched);
        var gap = LeastSquares.Fit(_fit.Segmented.Design, [.. _input.Values.Select((v, t) => v - untouched[t])]);
        var row = AveragedMemory.Fit(gap.Design, gap.Response).Table(_options.Level)[InterruptedSeries.Level];
        return evidence with { Untouched = _input.Untouched, UntouchedDifference = own.Coefficients[InterruptedSeries.Level], Low = row.Low, High = row.High };
    }

    private IEnumerable<string> Limitations()
    {
        yield return $"The answer is the change of level of two straight lines that meet the series before and after {_input.At}, whose errors remember the row before by a share that the series itself tells (every memory counts by how well it fits). {Figures.Count(_input.Before, "row")} before, {Figures.Count(_input.After)} after: seasons of more than a few rows cannot be told from the change.";
        if (Math.Abs(_memory) > 0.05)
        {
            var size = InterruptedSeries.PlainSize(_input.Before, _input.After, Math.Clamp(_memory, -0.95, 0.95), seed: (ulong)_options.Seed);
            yield return $"Neighbouring rows keep about {_memory:0.00} of each other around the lines. A plain t-test on series of this length and memory calls a change in {Figures.Percent(size, 0)} of series in which nothing changed, not in 5 %.";
        }

        yield return $"Relative and absolute are not the same: {Relative()} is {Effect(_fit.Plain.Value, _fit.Plain.Low, _fit.Plain.High)} between the plain means.";
        if (_input.Trials is null && _input.IsShare)
        {
            yield return "Rates came without the counts behind them, so every row counts alike. Name the counts with --trials: rows with few trials say less.";
        }

        if (_input.Gaps > 0)
        {
            yield return $"{Figures.Count(_input.Gaps, "step")} of {_input.Time} {(_input.Gaps == 1 ? "is" : "are")} longer or shorter than the usual one; the lines count rows, not time.";
        }

        if (_input.Values.Length < _input.RowsRead)
        {
            yield return $"{Figures.Count(_input.RowsRead - _input.Values.Length)} of {Figures.Count(_input.RowsRead)} rows have a gap and are left out.";
        }

        if (_fit.Forecast is null)
        {
            yield return "Too few rows before the change for a forecast of what would have come.";
        }
    }

    private IEnumerable<string> Next()
    {
        yield return $"List what else happened around {_input.At} (prices, season, other campaigns, tracking): the series cannot tell them apart.";
        if (_input.Untouched is null)
        {
            yield return "Add a series that the change did not touch with --untouched, or hold the change back from some units next time (gnomon ab).";
        }

        if (_input.Trials is null)
        {
            yield return "Collect the counts behind each value, and a longer series before the change.";
        }
    }

    private ResultTable Segments()
    {
        var cosines = _fit.Errors.Table(_fit.Segmented, _options.Level);
        var fixedB = _fit.FixedB.Table(_fit.Segmented, _options.Level);
        var ar = _fit.Autoregressive.Coefficients;
        return new ResultTable(
            "segments", "Lines before and after", ["term", "coefficient", "standard error", "low", "high", "p", "AR(1) coefficient", "AR(1) p", "least squares", "Newey-West p", "cosines p"],
            [.. _fit.Averaged.Select((c, j) => (IReadOnlyList<object?>)[c.Term, c.Value, c.StandardError, c.Low, c.High, c.PValue, ar[j].Value, ar[j].PValue, cosines[j].Value, fixedB[j].PValue, cosines[j].PValue])]);
    }

    private ResultTable Views()
    {
        var rows = new List<IReadOnlyList<object?>>
        {
            new object?[] { "change of level, memory averaged (the answer)", _level.Value, _level.Low, _level.High, _level.PValue },
        };
        var ar = _fit.Autoregressive.Coefficients[InterruptedSeries.Level];
        rows.Add(["change of level, AR(1) at its estimate", ar.Value, ar.Low, ar.High, ar.PValue]);
        var hac = _fit.FixedB.Table(_fit.Segmented, _options.Level)[InterruptedSeries.Level];
        rows.Add(["change of level, Newey-West with fixed-b", hac.Value, hac.Low, hac.High, hac.PValue]);
        rows.Add([$"change of level, blocks of {_fit.BlockRows} in another order", _level.Value, null, null, _fit.PermutationP]);
        if (_fit.Forecast is { } forecast)
        {
            rows.Add(["mean after less forecast of the trend before", forecast.Difference.Value, forecast.Difference.Low, forecast.Difference.High, forecast.Difference.PValue]);
        }

        rows.Add(["plain difference of means (Welch), not the answer", _fit.Plain.Value, _fit.Plain.Low, _fit.Plain.High, _fit.Plain.PValue]);
        return new ResultTable("views", "The same change, seen in several ways", ["way", "change", "low", "high", "p"], rows);
    }

    private ResultTable Placebos() => new(
        "placebo-starts", "The change of level at other starts", ["start", "change of level", "t, rows independent"],
        [.. _fit.Placebos.Select(p => (IReadOnlyList<object?>)[ChangeReader.Shown(_input.Times[p.Start], _input.TimesAreDates), p.Level, p.Statistic])]);

    private IEnumerable<Plot> Plots()
    {
        double X(int t) => t;
        var points = _input.Values.Select((v, t) => new BandPoint(X(t), v, "seen")).ToList();
        if (_fit.Forecast is { } forecast)
        {
            points.AddRange(forecast.Expected.Select((v, h) => new BandPoint(X(_input.Change + h), v, "forecast from before", forecast.Low[h], forecast.High[h])));
        }

        var fitted = _fit.Segmented.Fitted();
        points.AddRange(fitted.Take(_input.Change).Select((v, t) => new BandPoint(X(t), v, "line before")));
        points.AddRange(fitted.Skip(_input.Change).Select((v, t) => new BandPoint(X(_input.Change + t), v, "line after")));
        yield return new Plot("series", $"{_input.Metric}, the change before row {_input.Change} (from 0)", BandPlot.Build(points, $"row in order of {_input.Time}", _input.Metric, new PlotUnit(_input.Unit), "line", fromZero: false));
        yield return new Plot("ways", "The same change, seen in several ways", IntervalPlot.Build(
            [
                .. new (string Label, double Value, double Low, double High)?[]
                {
                    ("level, memory averaged", _level.Value, _level.Low, _level.High),
                    (_fit.Autoregressive.Coefficients[InterruptedSeries.Level] is var ar ? ("level, AR(1)", ar.Value, ar.Low, ar.High) : null),
                    _fit.Forecast is { } f ? ("actual less forecast", f.Difference.Value, f.Difference.Low, f.Difference.High) : null,
                    ("plain difference", _fit.Plain.Value, _fit.Plain.Low, _fit.Plain.High),
                }.OfType<(string Label, double Value, double Low, double High)>().Select(r => new IntervalRow(r.Label, r.Value, r.Low, r.High)),
            ], $"change of {_input.Metric}", new PlotUnit(_input.Unit, Change: true)));
    }
}
