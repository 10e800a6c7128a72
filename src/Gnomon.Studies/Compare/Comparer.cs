using Gnomon.Methods;
using Gnomon.Methods.Counts;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Groups;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Ranks;
using Gnomon.Methods.Resampling;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Compare;

/// <summary>Picks the method from the kind of metric and the number of groups, and runs the one it did not pick beside it.</summary>
internal sealed class Comparer
{
    private const int Resamples = 1_999;
    private const int Permutations = 9_999;
    private const long ManyUnits = 20_000;
    private const long MostResampled = 200_000;
    private const double SkewP = 0.001;

    private readonly CompareOptions _options;
    private readonly CompareInput _input;
    private readonly int _threads;
    private readonly List<MethodLine> _methods = [];
    private readonly List<string> _refusals = [];
    private readonly List<string> _remarks = [];

    private Comparer(CompareOptions options, CompareInput input, int threads)
    {
        _options = options;
        _input = input;
        _threads = threads;
    }

    private double Level => _options.Level;

    private bool IsMany => _input.Groups.Count > 2;

    private string Groups => IsMany ? $"{_input.Groups.Count} groups" : "two groups";

    public static CompareAnswer Compare(CompareOptions options, CompareInput input, int threads) => new Comparer(options, input, threads).Run();

    private CompareAnswer Run() => (_input.IsPaired, _input.Kind) switch
    {
        (true, MetricKind.Binary) => IsMany ? PairedSeveral() : PairedShares(),
        (true, _) => IsMany ? PairedSeveral() : PairedNumbers(),
        (_, MetricKind.Binary) => Shares(),
        (_, MetricKind.Mean) => Means(),
        (_, MetricKind.Ordered) => Ordered(),
        _ => Categories(),
    };

    // ---- means ----------------------------------------------------------------------------------------------------------

    private CompareAnswer Means()
    {
        var contrasts = IsMany ? ManyMeans() : TwoMeans();
        OmnibusResult? omnibus = null;
        if (IsMany)
        {
            omnibus = Try(() => WelchAnova.Test(Values()));
            Add(used: true, "Welch ANOVA", "all groups at once, without assuming equal spread", omnibus);
            var ranks = Try(() => KruskalWallis.Test(Values()));
            Add(used: false, "Kruskal-Wallis", "by ranks: whole distributions, not means", ranks?.Test);
            Add(used: false, "one-way ANOVA", "assumes equal spread", Try(() => WelchAnova.Classical(Values())));
        }

        return Answer(contrasts, omnibus, Try(() => IsMany ? EffectSize.OmegaSquared(Moments(), Level) : null),
            $"{_input.Metric} is a number and the {Groups} are separate units, so means are compared by Welch's test, which does not need equal spread{(contrasts.Exists(c => c.Main.Method.StartsWith("permutation", StringComparison.Ordinal)) ? "; it is resampled, because the values are skewed for this number of units" : string.Empty)}.");
    }

    private List<GroupContrast> TwoMeans()
    {
        var (y, x) = (_input.Groups[0], _input.Groups[1]);
        var welch = Try(() => WelchT.Test(x.Moments, y.Moments, Level));
        if (welch is null)
        {
            return [];
        }

        var main = Skewed(x, y) ? Resampled(x, y, welch) ?? welch : welch;
        Line(used: true, main.Method, ReferenceEquals(main, welch) ? "the difference of means, without assuming equal spread" : "the values are too skewed for the normal approximation at this size", main, "difference", x, y);
        if (!ReferenceEquals(main, welch))
        {
            Line(used: false, welch.Method, "leans on the normal approximation", welch, "difference", x, y);
        }

        RankLines(x, y);
        Line(used: false, "Yuen", "means without the outer fifths: what the bulk does", Try(() => TrimmedMeans.Yuen(x.Values, y.Values, level: Level)), "difference", x, y);
        var medians = Try(() => QuantileDifference.Test(x.Values, y.Values, level: Level, first: $"medians, {x.Name}", second: $"medians, {y.Name}"));
        Line(used: false, "medians", medians?.Method.EndsWith("mid-distribution", StringComparison.Ordinal) == true ? "the middle value, read between values that repeat" : "the middle value", medians, "difference", x, y);
        return [Contrast(x, y, main, main.PValue)];
    }

    private bool Skewed(GroupData x, GroupData y) => x.N + y.N <= MostResampled && new[] { x, y }.Any(g =>
        HeavyTail.SkewGuard(g.Moments) is { TooFewUnits: true } guard && guard.SkewnessPValue < SkewP);

    private ContrastResult? Resampled(GroupData x, GroupData y, ContrastResult welch)
    {
        var options = new BootstrapOptions { Kind = BootstrapKind.Studentised, Resamples = Resamples, Level = Level, Seed = (ulong)_options.Seed, Threads = _threads };
        var bootstrap = Try(() => Bootstrap.DifferenceOfMeans(x.Values, y.Values, options));
        var permuted = Try(() => PermutationTest.Welch(x.Values, y.Values, new PermutationOptions { Permutations = x.N + y.N > ManyUnits ? Resamples : Permutations, Seed = (ulong)_options.Seed }));
        return bootstrap is null || permuted is null
            ? null
            : welch with { Low = bootstrap.Interval.Low, High = bootstrap.Interval.High, PValue = permuted.PValue, Method = "permutation test of Welch's t, studentised bootstrap interval" };
    }

    private void RankLines(GroupData x, GroupData y)
    {
        var ranks = Try(() => MannWhitney.Test(x.Values, y.Values));
        if (ranks is null)
        {
            return;
        }

        var chance = Try(() => BrunnerMunzel.Test(x.Values, y.Values, Level));
        Line(used: _input.Kind == MetricKind.Ordered, "Brunner-Munzel", "the chance that a value of the first group is the higher one", chance, "superiority", x, y);
        _methods.Add(new MethodLine(false, $"Mann-Whitney{(ranks.IsExact ? ", exact" : string.Empty)}", "whether both groups have one distribution; not a test of means", null, "superiority", "proportion", ranks.PValue, Label(x, y)));
        if (Try(() => HodgesLehmann.Shift(x.Values, y.Values, Level)) is { } shift)
        {
            _methods.Add(new MethodLine(
                false, "Hodges-Lehmann", "the typical difference of a value of one group and one of the other",
                new ContrastResult(shift.Value, shift.Low, shift.High, 0, 0, null, ranks.PValue, Level, "Hodges-Lehmann"), "shift", _input.Unit, ranks.PValue, Label(x, y)));
        }
    }

    private List<GroupContrast> ManyMeans()
    {
        var moments = Moments();
        var isDunnett = _options.Control is not null;
        var pairs = Try(() => isDunnett ? Dunnett.Welch(moments, 0, Level) : GamesHowell.Test(moments, Level));
        if (pairs is null)
        {
            return [];
        }

        return [.. pairs.Select(p =>
        {
            var (x, y) = (_input.Groups[p.First], _input.Groups[p.Second]);
            Line(used: true, p.Contrast.Method, isDunnett ? "every group against the control; intervals hold together" : "every pair; intervals hold together", p.Contrast, "difference", x, y);
            return Contrast(x, y, p.Contrast, Try(() => WelchT.Test(x.Moments, y.Moments, Level))?.PValue ?? p.Contrast.PValue);
        })];
    }

    // ---- shares ---------------------------------------------------------------------------------------------------------

    private CompareAnswer Shares()
    {
        var pairs = Pairs();
        var joint = IsMany ? 1 - (1 - Level) / pairs.Count : Level;
        var tests = pairs.Select(p => TwoProportions.Compare(p.X.Events, p.X.N, p.Y.Events, p.Y.N, joint)).ToList();
        var adjusted = Multiplicity.Bonferroni([.. tests.Select(t => t.PValue)]);
        var contrasts = new List<GroupContrast>();
        for (var i = 0; i < pairs.Count; i++)
        {
            var (x, y) = pairs[i];
            var main = IsMany ? tests[i] with { PValue = adjusted[i], Level = Level, Method = $"{tests[i].Method}; Bonferroni p and intervals" } : tests[i];
            contrasts.Add(Contrast(x, y, main, tests[i].PValue) with { Needed = NumberNeededToTreat.Of(main) });
            Line(used: true, main.Method, "the difference of shares", main, "difference", x, y);
            if (!IsMany)
            {
                ShareLines(x, y, tests[i]);
            }
        }

        OmnibusResult? omnibus = null;
        if (IsMany && Try(() => ContingencyTable.Test([.. _input.Groups.SelectMany(g => new[] { g.Events, g.N - g.Events })], 2, seed: (ulong)_options.Seed)) is { } table)
        {
            omnibus = new(table.Statistic, table.DegreesOfFreedom, null, table.PValue, TableName(table));
            Add(used: true, omnibus.Method, "all groups at once", omnibus);
        }

        return Answer(contrasts, omnibus, null, $"{_input.Metric} is yes or no and the {Groups} are separate units, so shares are compared{(contrasts.Exists(c => c.Main.Method.StartsWith("Boschloo", StringComparison.Ordinal) || c.Main.Method.StartsWith("Fisher", StringComparison.Ordinal)) ? ", exactly, because an expected count is below 5" : " by the score test")}.");
    }

    private void ShareLines(GroupData x, GroupData y, ContrastResult main)
    {
        _methods.Add(new MethodLine(false, "Fisher mid-p", "given both totals", null, "difference", _input.Unit, TwoProportions.FisherMidP(x.Events, x.N, y.Events, y.N, Level).PValue, Label(x, y)));
        if (!main.Method.StartsWith("two-proportion", StringComparison.Ordinal))
        {
            Line(used: false, "score test", "leans on larger counts", Try(() => TwoProportions.Score(x.Events, x.N, y.Events, y.N, Level)), "difference", x, y);
        }

        Ratio("risk-ratio", "ratio of the shares", Try(() => RiskRatio.Score(x.Events, x.N, y.Events, y.N, Level)));
        Ratio("odds-ratio", "ratio of the odds", Try(() => OddsRatio.Log(x.Events, x.N, y.Events, y.N, Level)));

        void Ratio(string name, string why, ContrastResult? ratio)
        {
            if (ratio is not null)
            {
                _methods.Add(new MethodLine(false, ratio.Method, why, ratio, name, name.Replace('-', ' '), ratio.PValue, $"{x.Name} / {y.Name}"));
            }
        }
    }

    // ---- ordered scores ---------------------------------------------------------------------------------------------------

    private CompareAnswer Ordered()
    {
        var contrasts = new List<GroupContrast>();
        var pairs = Pairs();
        var joint = IsMany ? 1 - (1 - Level) / pairs.Count : Level;
        foreach (var (x, y) in pairs)
        {
            if (!IsMany)
            {
                RankLines(x, y);
                Line(used: false, "Welch", "takes the scores for amounts", Try(() => WelchT.Test(x.Moments, y.Moments, Level)), "difference", x, y);
            }

            if (Superiority(x, y, joint) is { } main)
            {
                contrasts.Add(new GroupContrast { Group = x, Reference = y, Main = main, Name = "superiority", Unit = "proportion", Null = 0.5, OwnP = main.PValue });
            }
        }

        if (IsMany)
        {
            var adjusted = Multiplicity.Bonferroni([.. contrasts.Select(c => c.OwnP)]);
            contrasts = [.. contrasts.Select((c, i) => c with { Main = c.Main with { PValue = adjusted[i], Level = Level, Method = $"{c.Main.Method}; Bonferroni p and intervals" } })];
            contrasts.ForEach(c => Line(used: true, c.Main.Method, "every pair by rank", c.Main, "superiority", c.Group, c.Reference));
        }

        var test = IsMany ? Try(() => KruskalWallis.Test(Values())) : null;
        Add(used: true, "Kruskal-Wallis", "all groups at once, by ranks", test?.Test);
        var why = $"{_input.Metric} is an ordered score and the {Groups} are separate units, so the chance of the higher score is compared; 50 % is no difference.";
        return Answer(contrasts, test?.Test, null, why);
    }

    // Groups that do not overlap leave Brunner and Munzel without an error: the exact test speaks, with the limit of a share of 1 in the smaller group.
    private ContrastResult? Superiority(GroupData x, GroupData y, double level)
    {
        if (x.N >= 2 && y.N >= 2)
        {
            try
            {
                return BrunnerMunzel.Test(x.Values, y.Values, level);
            }
            catch (NotEstimableException)
            {
                // Answered below.
            }
        }

        var ranks = Try(() => MannWhitney.Test(x.Values, y.Values));
        if (ranks is null || ranks.Superiority is not (0 or 1))
        {
            _refusals.Add($"{x.Name} - {y.Name}: all scores are equal");
            return null;
        }

        var reach = Math.Pow(0.5 * (1 - level), 1.0 / Math.Min(x.N, y.N));
        return ranks.Superiority == 1
            ? new(1, reach, 1, 0, ranks.U, null, ranks.PValue, level, "Mann-Whitney; the groups do not overlap")
            : new(0, 0, 1 - reach, 0, ranks.U, null, ranks.PValue, level, "Mann-Whitney; the groups do not overlap");
    }

    // ---- categories -------------------------------------------------------------------------------------------------------

    private CompareAnswer Categories()
    {
        var k = _input.Categories.Count;
        long[][] counts = [.. _input.Groups.Select(g => Enumerable.Range(0, k).Select(c => g.Values.LongCount(v => (int)v == c)).ToArray())];
        OmnibusResult? omnibus = null;
        EffectSizeResult? overall = null;
        if (Try(() => ContingencyTable.Test([.. counts.SelectMany(c => c)], k, seed: (ulong)_options.Seed)) is { } table)
        {
            omnibus = new(table.Statistic, table.DegreesOfFreedom, null, table.PValue, TableName(table));
            Add(used: true, omnibus.Method, "all categories and groups at once", omnibus);
            overall = ContingencyTable.CramersV([.. counts.SelectMany(c => c)], k, Level);
        }

        var contrasts = new List<GroupContrast>();
        if (!IsMany)
        {
            var (y, x) = (_input.Groups[0], _input.Groups[1]);
            var joint = 1 - (1 - Level) / k;
            var tests = Enumerable.Range(0, k).Select(c => TwoProportions.Compare(counts[1][c], x.N, counts[0][c], y.N, joint)).ToList();
            var adjusted = Multiplicity.Bonferroni([.. tests.Select(t => t.PValue)]);
            contrasts.AddRange(Enumerable.Range(0, k).Select(c => new GroupContrast
            {
                Group = x, Reference = y, Category = _input.Categories[c], Unit = "proportion", OwnP = tests[c].PValue,
                Main = tests[c] with { PValue = adjusted[c], Level = Level, Method = $"{tests[c].Method}; Bonferroni p and intervals" },
            }));
        }

        return Answer(contrasts, omnibus, overall, $"{_input.Metric} has {k} categories, so their shares are compared all at once{(IsMany ? string.Empty : " and one by one, corrected for their number")}.");
    }

    private static string TableName(TableResult table) => table.Method switch
    {
        TableMethod.ChiSquare => "chi-square test of independence",
        TableMethod.Exact => $"exact test of independence ({table.Tables:N0} tables)",
        _ => $"Monte Carlo test of independence ({table.Tables:N0} tables)",
    };

    // ---- pairs ------------------------------------------------------------------------------------------------------------

    private CompareAnswer PairedNumbers()
    {
        var (y, x) = (_input.Groups[0], _input.Groups[1]);
        double[] d = [.. x.Values.Zip(y.Values, (a, b) => a - b)];
        var paired = Try(() => OneSampleT.Paired(x.Values, y.Values, Level));
        var signed = Try(() => WilcoxonSignedRank.Test(d));
        var centre = Try(() => HodgesLehmann.Centre(d, Level));
        var contrasts = new List<GroupContrast>();
        var isOrdered = _input.Kind == MetricKind.Ordered;
        if (isOrdered && signed is not null && centre is not null)
        {
            var main = new ContrastResult(centre.Value, centre.Low, centre.High, 0, signed.W, null, signed.PValue, Level, $"Wilcoxon signed rank{(signed.IsExact ? ", exact" : string.Empty)}; Hodges-Lehmann interval");
            contrasts.Add(new GroupContrast { Group = x, Reference = y, Main = main, Name = "shift", Unit = _input.Unit, OwnP = main.PValue });
            Line(used: true, main.Method, "the typical difference within a pair, by ranks", main, "shift", x, y);
        }
        else if (paired is not null)
        {
            contrasts.Add(Contrast(x, y, paired, paired.PValue) with { Size = Try(() => EffectSize.PairedG(Numerics.Moments.Of(d), Level)) });
        }

        if (paired is not null)
        {
            Line(used: !isOrdered, paired.Method, isOrdered ? "takes the scores for amounts" : "the mean difference within a pair", paired, "difference", x, y);
        }

        if (!isOrdered && signed is not null)
        {
            var shift = centre is null ? null : new ContrastResult(centre.Value, centre.Low, centre.High, 0, signed.W, null, signed.PValue, Level, "Wilcoxon signed rank");
            _methods.Add(new MethodLine(false, "Wilcoxon signed rank", "the typical difference, by ranks", shift, "shift", _input.Unit, signed.PValue, Label(x, y)));
        }

        if (Try(() => SignTest.Test(d, Level)) is { } sign)
        {
            _methods.Add(new MethodLine(false, "sign test", "how many rise and how many fall", new(sign.Median, sign.Low, sign.High, 0, sign.Positive, null, sign.PValue, Level, "sign test"), "median-difference", _input.Unit, sign.PValue, Label(x, y)));
        }

        Line(used: false, "Welch", "ignores the pairs", Try(() => WelchT.Test(x.Moments, y.Moments, Level)), "difference", x, y);
        return Answer(contrasts, null, null, $"Each of the {x.N:N0} pairs has a value in both groups, so the differences within pairs are tested{(isOrdered ? " by their ranks, because scores are not amounts" : string.Empty)}.");
    }

    private CompareAnswer PairedShares()
    {
        var (y, x) = (_input.Groups[0], _input.Groups[1]);
        long both = 0, onlyX = 0, onlyY = 0, neither = 0;
        for (var i = 0; i < x.Values.Length; i++)
        {
            both += x.Values[i] == 1 && y.Values[i] == 1 ? 1 : 0;
            onlyX += x.Values[i] == 1 && y.Values[i] == 0 ? 1 : 0;
            onlyY += x.Values[i] == 0 && y.Values[i] == 1 ? 1 : 0;
            neither += x.Values[i] == 0 && y.Values[i] == 0 ? 1 : 0;
        }

        var contrasts = new List<GroupContrast>();
        if (Try(() => PairedProportions.McNemar(both, onlyX, onlyY, neither, Level)) is { } main)
        {
            contrasts.Add(Contrast(x, y, main, main.PValue) with { Needed = NumberNeededToTreat.Of(main) });
            Line(used: true, main.Method, $"the {onlyX + onlyY} pairs that changed: {onlyX} one way, {onlyY} the other", main, "difference", x, y);
            Line(used: false, "two separate groups", "ignores the pairs", Try(() => TwoProportions.Compare(x.Events, x.N, y.Events, y.N, Level)), "difference", x, y);
        }

        return Answer(contrasts, null, null, $"Each of the {x.N:N0} pairs has a yes or no in both groups, so only pairs that changed speak: McNemar's test.");
    }

    private CompareAnswer PairedSeveral()
    {
        var contrasts = new List<GroupContrast>();
        var pairs = Pairs();
        var joint = 1 - (1 - Level) / pairs.Count;
        foreach (var (x, y) in pairs)
        {
            if (Try(() => OneSampleT.Paired(x.Values, y.Values, joint)) is { } test)
            {
                contrasts.Add(Contrast(x, y, test, test.PValue));
            }
        }

        var adjusted = Multiplicity.Bonferroni([.. contrasts.Select(c => c.OwnP)]);
        contrasts = [.. contrasts.Select((c, i) => c with { Main = c.Main with { PValue = adjusted[i], Level = Level, Method = "paired t; Bonferroni p and intervals" } })];
        contrasts.ForEach(c => Line(used: true, c.Main.Method, "every pair of groups, within units", c.Main, "difference", c.Group, c.Reference));
        var friedman = Try(() => Friedman.Test(Values()));
        var omnibus = friedman?.F ?? friedman?.ChiSquare;
        Add(used: true, omnibus?.Method ?? "Friedman", "all groups at once, by ranks within units", omnibus);
        foreach (var (why, result) in RepeatedComparison.Lines(_input))
        {
            Add(used: false, result.Method, why, result);
        }

        return Answer(contrasts, omnibus, null, $"Each of the {_input.Groups[0].N:N0} units has a value in all {_input.Groups.Count} groups, so they are ranked within the unit (Friedman) and the differences within units are taken pair by pair.");
    }

    // ---- shared -----------------------------------------------------------------------------------------------------------

    private CompareAnswer Answer(List<GroupContrast> contrasts, OmnibusResult? omnibus, EffectSizeResult? overall, string why) => new()
    {
        Contrasts = WithinStrata(contrasts),
        Omnibus = omnibus,
        Overall = overall,
        Methods = _methods,
        Why = why,
        Refusals = [.. _refusals.Distinct()],
        Remarks = _remarks,
    };

    // Strata that were asked for decide; the plain difference then stands beside.
    private List<GroupContrast> WithinStrata(List<GroupContrast> contrasts)
    {
        if (_input.StrataCount == 0 || _input.Kind is MetricKind.Category)
        {
            return contrasts;
        }

        var joint = 1 - (1 - Level) / Math.Max(1, contrasts.Count);
        var made = contrasts.ConvertAll(c => WithinStrata(c, joint));
        if (made.Count > 1)
        {
            var adjusted = Multiplicity.Bonferroni([.. made.Select(c => c.OwnP)]);
            made = [.. made.Select((c, i) => c.WithinStrata is null ? c : c with { Main = c.Main with { PValue = adjusted[i], Level = Level, Method = c.Main.Method + "; Bonferroni p and intervals" } })];
        }

        return made;
    }

    private GroupContrast WithinStrata(GroupContrast contrast, double level)
    {
        var within = Try(() => Mixture.Within(contrast, _input, [.. Enumerable.Range(0, _input.StrataCount)], level));
        var names = string.Join(", ", _options.Strata);
        if (within is null)
        {
            _refusals.Add($"{contrast.Contrast} within {names}: no stratum holds two units of both groups");
            return contrast;
        }

        if (within.UnitsOutside > 0)
        {
            _remarks.Add($"{Core.Findings.Figures.Count(within.UnitsOutside)} units lie in strata without both groups, or have no stratum, and are left out of the stratified difference.");
        }

        var s = within.Stratified;
        var main = s with { Value = s.Value + contrast.Null, Low = s.Low + contrast.Null, High = s.High + contrast.Null, Method = $"within {names}, standardised to the mix of both groups" };
        Line(used: true, main.Method, "the difference inside the strata, put together", main, contrast.Name, contrast.Group, contrast.Reference);
        if (_input.Kind == MetricKind.Binary && !IsMany)
        {
            Tables(contrast);
        }

        return contrast with { WithinStrata = within, Crude = contrast.Main, Main = main, OwnP = s.PValue, Needed = _input.Kind == MetricKind.Binary ? NumberNeededToTreat.Of(main) : null, Lift = null };
    }

    private void Tables(GroupContrast contrast)
    {
        if (Try(() => StratifiedTables.Test(Mixture.Tables(contrast, _input, _input.StrataCount), Level)) is not { } tables)
        {
            return;
        }

        Line(used: false, tables.Difference.Method, "weighs the strata by their information instead of their size", tables.Difference, "difference", contrast.Group, contrast.Reference);
        Add(used: false, "Cochran-Mantel-Haenszel", "no difference in any stratum", tables.CochranMantelHaenszel);
        Add(used: false, "Breslow-Day", "whether the odds ratio is the same in all strata", tables.BreslowDay);
        if (tables.OddsRatio is { } odds)
        {
            _methods.Add(new MethodLine(false, odds.Method, "one odds ratio for all strata", odds, "odds-ratio", "odds ratio", odds.PValue, $"{contrast.Group.Name} / {contrast.Reference.Name}"));
        }
    }

    private GroupContrast Contrast(GroupData x, GroupData y, ContrastResult main, double ownP) => new()
    {
        Group = x,
        Reference = y,
        Main = main,
        Unit = _input.Unit,
        OwnP = ownP,
        Lift = _input.IsPaired || y.Moments.Mean <= 0 || y.N < 2 || x.N < 2 ? null : Quiet(() => RelativeLift.Compare(MeanEstimate.Of(x.Moments), MeanEstimate.Of(y.Moments), 0, Level)),
        Size = _input.Kind == MetricKind.Mean && !_input.IsPaired && !IsMany ? Quiet(() => EffectSize.HedgesG(x.Moments, y.Moments, Level)) : null,
    };

    private List<(GroupData X, GroupData Y)> Pairs()
    {
        var pairs = new List<(GroupData X, GroupData Y)>();
        for (var i = 0; i < (_options.Control is null ? _input.Groups.Count : 1); i++)
        {
            for (var j = i + 1; j < _input.Groups.Count; j++)
            {
                pairs.Add((_input.Groups[j], _input.Groups[i]));
            }
        }

        return pairs;
    }

    private Moments[] Moments() => [.. _input.Groups.Select(g => g.Moments)];

    private double[][] Values() => [.. _input.Groups.Select(g => g.Values)];

    private string Label(GroupData x, GroupData y) => $"{x.Name} - {y.Name}";

    private void Line(bool used, string method, string why, ContrastResult? contrast, string name, GroupData x, GroupData y)
    {
        if (contrast is not null)
        {
            _methods.Add(new MethodLine(used, contrast.Method.Length > 0 ? contrast.Method : method, why, contrast, name, name == "superiority" ? "proportion" : _input.Unit, contrast.PValue, Label(x, y)));
        }
    }

    private void Add(bool used, string method, string why, OmnibusResult? omnibus)
    {
        if (omnibus is not null)
        {
            _methods.Add(new MethodLine(used, method, why, null, "all groups", string.Empty, omnibus.PValue, "all groups"));
        }
    }

    // What stands beside an answer may be missing without a word.
    private static T? Quiet<T>(Func<T?> method)
        where T : class
    {
        try
        {
            return method();
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }

    // A method that these data refuse is named in the limitations, not hidden.
    private T? Try<T>(Func<T?> method)
        where T : class
    {
        try
        {
            return method();
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            _refusals.Add(e.Message.TrimEnd('.'));
            return null;
        }
    }
}
