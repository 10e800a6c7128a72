using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Studies;
using Gnomon.Methods;
using Gnomon.Methods.Bandits;

namespace Gnomon.Studies.Ab.Bandit;

/// <summary>The finding of "what would another policy have earned?", from the log of the one that ran.</summary>
internal sealed class PolicyReport
{
    private const int Folds = 5;
    private const double FewestEffective = 100;
    private const double LeastEffectiveShare = 0.05;
    private readonly AbOptions _options;
    private readonly BanditInput _input;
    private readonly string _policy;
    private readonly OffPolicyResult _value;
    private readonly double _clip;

    public PolicyReport(AbOptions options, BanditInput input)
    {
        (_options, _input) = (options, input);
        _policy = PolicySpec.Words(options.Policy!);
        var shares = PolicySpec.Shares(options.Policy!, input.Arms);
        var target = input.Target ?? Array.ConvertAll(input.Chosen, a => shares![a]);

        // Weights above the root of the rows let one row decide; cutting there keeps the bias below the error that is left (Ionides 2008).
        _clip = Math.Sqrt(input.Chosen.Length);
        var (chosen, policy) = shares is null ? ([], []) : Model(shares);
        try
        {
            _value = OffPolicy.Evaluate(input.Reward, input.Propensity, target, chosen, policy, _clip, options.Level);
        }
        catch (TooFewRowsException wrong)
        {
            throw new GnomonError("too-few-rows", wrong.Message, "DATA", "Collect more rows.", wrong);
        }
        catch (NotEstimableException wrong)
        {
            throw new GnomonError("not-estimable", $"--policy {options.Policy}: {wrong.Message}", "--policy", "Name a policy whose arms the log has shown.", wrong);
        }
    }

    private PolicyValue Read => _value.DoublyRobust ?? _value.SelfNormalised;

    private bool IsThin => _value.EffectiveRows < FewestEffective || _value.EffectiveRows < LeastEffectiveShare * _input.Chosen.Length;

    // Weights average 1 when the propensities are right and the log shows every arm that the policy would show.
    private bool IsOff => Math.Abs(_value.MeanWeight - 1) > 4 * _value.MeanWeightError;

    public StudyReport Finding() => new()
    {
        Question = "ab",
        Title = $"What would {_policy} have earned in {_input.Metric}?",
        Propose = _ => Propose(),
        Estimates = [.. Estimates()],
        Evidence = [_input.Flow, Allocation()],
        Limitations = [.. Limitations()],
        Next = ["A log can rank policies that resemble the one that ran; confirm the best one in a fixed split before it takes over."],
        Plots = [Picture()],
        Tables = [Weights()],
    };

    private AdaptiveAllocation Allocation()
    {
        var (fits, misfit) = AllocationFit.Of(_input);
        return new AdaptiveAllocation
        {
            Metric = _input.Metric, Arm = _policy, SmallestShare = _input.Propensity.Min(), LargestShare = _input.Propensity.Max(), IsLogged = true, WeightsEveryRow = true, LogFitsP = fits, LogMisfit = misfit,
            Days = _input.Day is { } day ? day.Distinct().Count() : 0, Plain = _value.Difference.Value, PlainLow = _value.Difference.Low, PlainHigh = _value.Difference.High, Unit = _input.Unit,
        };
    }

    private Proposal Propose()
    {
        var (value, difference) = (Read, _value.Difference);
        var said = $"{Capital(_policy)} would have earned {Figures.Level(value.Value, _input.Unit, value.Low, value.High)} of {_input.Metric} per row ({Figures.Confidence(_options.Level)} interval {Figures.Interval(Estimates().First()).Range}), "
            + $"against {Figures.Level(_value.Logged.Value, _input.Unit, value.Low, value.High)} of the policy that ran: {Figures.Effect(difference.Value, _input.Unit, difference.High - difference.Low)} ({Figures.Range(difference.Low, difference.High, _input.Unit)})";
        return IsThin || IsOff
            ? new Proposal(DecisionAction.Inconclusive, $"Not known from this log: {(IsOff ? $"weights average {_value.MeanWeight:0.00} instead of 1, so probabilities are wrong, the log lacks arms{(_input.Drawn.Chosen.Length > _input.Chosen.Length ? ", or outcomes are missing more often in some arms" : string.Empty)}" : $"{Figures.Count((long)_value.EffectiveRows)} effective rows of {Figures.Count(_input.Chosen.Length)} are left, since the two policies hardly overlap")}. {said}.")
            : difference.Low <= 0 && difference.High >= 0
                ? new Proposal(DecisionAction.Inconclusive, $"No clear difference. {said}.")
                : new Proposal(DecisionAction.Answer, $"{said}.");
    }

    private IEnumerable<Estimate> Estimates()
    {
        Estimate Of(string name, PolicyValue v, string method, string role, string? contrast = null) => new()
        {
            Name = name, Metric = _input.Metric, Contrast = contrast, Value = v.Value, Low = v.Low, High = v.High, Level = _options.Level, Unit = _input.Unit, N = _input.Chosen.Length, Method = method, Role = role,
        };

        const string robust = "doubly robust, arm means cross-fitted over five folds";
        const string normalised = "self-normalised inverse propensity scoring";
        yield return Of("value of the policy", Read, _value.DoublyRobust is null ? normalised : robust, "primary");
        yield return Of("difference", _value.Difference, _value.DoublyRobust is null ? normalised : robust, "primary", $"{_options.Policy} - logged");
        if (_value.DoublyRobust is not null)
        {
            yield return Of("value of the policy, self-normalised", _value.SelfNormalised, normalised, "sensitivity");
        }

        yield return Of("value of the policy, inverse propensity", _value.Ips, "inverse propensity scoring", "sensitivity");
        yield return Of("value of the logged policy", _value.Logged, "mean of the log", "descriptive");
    }

    private IEnumerable<string> Limitations()
    {
        yield return $"{Figures.Count((long)_value.EffectiveRows)} effective rows of {Figures.Count(_input.Chosen.Length)}; the largest weight is {_value.LargestWeight:0.0}{(_value.ClippedShare > 0 ? $", {Figures.Percent(_value.ClippedShare)} of weights were cut at {_clip:0}, which pulls the answer towards the model" : string.Empty)}.";
        yield return $"Weights average {_value.MeanWeight:0.000} (1 is right, standard error {_value.MeanWeightError:0.000}).";
        if (_input.RowsRead > _input.Chosen.Length)
        {
            yield return $"{Figures.Count(_input.RowsRead - _input.Chosen.Length, "row")} with a gap {(_input.RowsRead - _input.Chosen.Length == 1 ? "is" : "are")} left out.";
        }

        yield return "The log's arms, contexts and time are those of the policy that ran; rows are taken as independent.";
    }

    private Plot Picture()
    {
        var title = $"{_input.Metric} per row";
        List<IntervalRow> rows = [new(_policy, Read.Value, Read.Low, Read.High)];
        if (_value.DoublyRobust is not null)
        {
            rows.Add(new("self-normalised", _value.SelfNormalised.Value, _value.SelfNormalised.Low, _value.SelfNormalised.High));
        }

        rows.Add(new("logged policy", _value.Logged.Value, _value.Logged.Low, _value.Logged.High));
        return new Plot("value", title, IntervalPlot.Build(rows, title, new PlotUnit(_input.Unit)));
    }

    private ResultTable Weights() => new("weights", "Overlap of the two policies", ["what", "value"],
    [
        ["rows", (long)_input.Chosen.Length], ["arms", (long)_input.Arms.Count], ["effective rows", _value.EffectiveRows], ["mean weight", _value.MeanWeight], ["largest weight", _value.LargestWeight], ["share of weights cut", _value.ClippedShare],
    ]);

    // The mean of every arm among the rows of the other folds, pulled towards the mean of all by one row's worth.
    private (double[] Chosen, double[] Policy) Model(double[] shares)
    {
        var (n, k) = (_input.Chosen.Length, _input.Arms.Count);
        var (chosen, policy) = (new double[n], new double[n]);
        for (var fold = 0; fold < Folds; fold++)
        {
            var (sum, count, total, rows) = (new double[k], new long[k], 0.0, 0L);
            for (var i = 0; i < n; i++)
            {
                if (i % Folds != fold)
                {
                    sum[_input.Chosen[i]] += _input.Reward[i];
                    count[_input.Chosen[i]]++;
                    total += _input.Reward[i];
                    rows++;
                }
            }

            var overall = rows > 0 ? total / rows : 0.0;
            var means = Enumerable.Range(0, k).Select(a => (sum[a] + overall) / (count[a] + 1)).ToArray();
            var expected = means.Zip(shares, (m, s) => m * s).Sum();
            for (var i = fold; i < n; i += Folds)
            {
                (chosen[i], policy[i]) = (means[_input.Chosen[i]], expected);
            }
        }

        return (chosen, policy);
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
