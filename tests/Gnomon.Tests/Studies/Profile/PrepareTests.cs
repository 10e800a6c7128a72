using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Profile;
using Gnomon.Studies.Profile.Prepare;
using Gnomon.Tests.Data;
using Xunit;

namespace Gnomon.Tests.Studies.Profile;

/// <summary>A preparation in both orders, its file, and scripts. The numbers themselves are held against scikit-learn where the methods are tested.</summary>
public sealed class PrepareTests : IDisposable
{
    private readonly Sources _sources = new();

    public void Dispose() => _sources.Dispose();

    [Fact]
    public void Both_scores_their_difference_and_the_step_to_blame_are_told()
    {
        var finding = Ask.Profile(Noise(width: 300) with { Prepare = ["impute", "best=10", "scale"] });
        var (inside, whole, gap) = (Value(finding, "out-of-fold AUC"), Value(finding, "inflated AUC"), Value(finding, "gap in AUC"));
        Assert.Equal(whole.Value - inside.Value, gap.Value, 1e-12);
        Assert.True(inside.Value < 0.62 && whole.Value > 0.7 && gap.Low > 0.1, $"{inside.Value} {whole.Value}");
        var check = finding.Checks.Single(c => c.Id == "preprocessing-before-split");
        Assert.Equal(CheckStatus.Fail, check.Status);
        Assert.Contains("choosing the 10 best columns alone adds 0.", check.Evidence, StringComparison.Ordinal);
        var steps = finding.Tables.Single(t => t.Id == "preparation-steps").Rows;
        Assert.Equal([300L, 10L, 10L], steps.Select(r => r[2]).Cast<long>());
        Assert.Contains(finding.Limitations, l => l.Contains("none is dropped", StringComparison.Ordinal));
    }

    [Fact]
    public void The_kept_steps_read_again_give_the_same_score_and_refuse_other_columns()
    {
        var path = Path.Combine(_sources.Folder, "kept.json");
        var options = Noise() with { Prepare = ["impute", "clip", "twins", "best=10", "scale"], WritePrepared = path };
        _ = Ask.Profile(options);
        var file = PreparedFile.Read(path);
        Assert.Contains(file.Pipeline.Steps, step => step.Kept.Count == 59);
        Assert.Contains("\"twins\"", File.ReadAllText(path), StringComparison.Ordinal);
        var again = Ask.Profile(options with { Prepare = [], WritePrepared = null, Prepared = path });
        var twice = Ask.Profile(options with { Prepare = [], WritePrepared = null, Prepared = path, Threads = 1 });
        Assert.Equal(Value(again, "AUC of the kept model").Value, Value(twice, "AUC of the kept model").Value);
        Assert.True(Value(again, "AUC of the kept model").Value > 0.7);
        var narrow = _sources.Write("narrow.csv", string.Join('\n', File.ReadAllLines(options.Data!).Select(l => string.Join(',', l.Split(',').Take(20)))) + "\n");
        Assert.Equal("column-not-found", Assert.Throws<GnomonError>(() => Ask.Profile(new ProfileOptions { Data = narrow, Target = "left", Prepared = path })).Code);
        Assert.Equal("bad-preparation", Assert.Throws<GnomonError>(() => Ask.Profile(new ProfileOptions { Data = narrow, Target = "left", Prepared = _sources.Write("no.json", "{\"schema\":\"gnomon.preparation/1\"}") })).Code);
        Assert.Equal("preparation-not-read", Assert.Throws<GnomonError>(() => Ask.Profile(new ProfileOptions { Data = narrow, Target = "left", Prepared = "nowhere.json" })).Code);
    }

    [Fact]
    public void The_file_holds_every_number_to_the_last_bit()
    {
        var path = Path.Combine(_sources.Folder, "kept.json");
        _ = Ask.Profile(Noise() with { Prepare = ["impute", "clip", "scale", "best=5"], WritePrepared = path });
        var first = PreparedFile.Read(path);
        double[][] rows = [.. first.Columns.Select((_, j) => new[] { j * 0.37, double.NaN, -1.5 })];
        File.WriteAllText(path, first.Write());
        Assert.Equal(first.Pipeline.Score(rows), PreparedFile.Read(path).Pipeline.Score(rows));
    }

    [Fact]
    public void A_number_is_told_by_a_linear_model_and_graded_by_R_squared()
    {
        var rng = new Rng(4).Stream("linear");
        var lines = Enumerable.Range(0, 200).Select(_ => (X: rng.NextNormal(), Z: rng.NextNormal(), E: rng.NextNormal())).Select(v => FormattableString.Invariant($"{v.X:R},{v.Z:R},{(2 * v.X) + v.E:R}"));
        var finding = Ask.Profile(new ProfileOptions { Data = _sources.Write("line.csv", "x,z,spend\n" + string.Join('\n', lines) + "\n"), Target = "spend", Prepare = ["clip", "scale"] });
        Assert.InRange(Value(finding, "out-of-fold R squared").Value, 0.7, 0.9);
        Assert.Equal(CheckStatus.Pass, finding.Checks.Single(c => c.Id == "preprocessing-before-split").Status);
    }

    [Theory]
    [InlineData("fit-before-split", "s = StandardScaler()\nX = s.fit_transform(X)\na, b = train_test_split(X)")]
    [InlineData("fit-before-split", "scaler.fit(X)\nX = scaler.transform(X)\ncross_val_score(model, X, y)")]
    [InlineData("fit-before-split", "pre <- preProcess(df, method = c('center'))\nidx <- createDataPartition(df$y, p = 0.8)")]
    [InlineData("fit-before-split", "x <- scale(df)\nidx <- sample(nrow(df), 100)")]
    [InlineData("select-before-split", "X = SelectKBest(f_classif, k=20).fit_transform(X, y)\ncross_val_score(m, X, y)")]
    [InlineData("select-before-split", "bad = df.corr().abs()\ntrain, test = train_test_split(df)")]
    [InlineData("resample-before-split", "X, y = SMOTE().fit_resample(X, y)\ntrain_test_split(X, y)")]
    [InlineData("statistics-before-split", "df['age'] = df['age'].fillna(df['age'].median())\ntrain_test_split(df)")]
    [InlineData("statistics-before-split", "df$age[is.na(df$age)] <- mean(df$age, na.rm = TRUE)\nidx <- sample(nrow(df), 100)")]
    [InlineData("drop-rows-before-split", "df = df[df['x'] < df['x'].quantile(0.99)]\ntrain_test_split(df)")]
    [InlineData("target-before-split", "df['city_mean'] = df.groupby('city')['y'].transform('mean')\ntrain_test_split(df)")]
    [InlineData("fit-on-test-rows", "Xtr, X_test = train_test_split(X)\nX_test = scaler.fit_transform(X_test)")]
    public void Lines_that_learn_before_the_split_are_named(string rule, string script)
    {
        var remark = Assert.Single(ScriptReview.Of(script).Remarks(), r => r.Rule == rule);
        Assert.True(remark.Line >= 1 && remark.Column >= 1 && remark.Instead.Length > 0 && char.IsUpper(remark.Instead[0]));
    }

    [Theory]
    [InlineData("from sklearn.preprocessing import StandardScaler\npipe = make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression())\ncross_val_score(pipe, X, y)")]
    [InlineData("X_train, X_test = train_test_split(X)\nscaler.fit(X_train)\nX_test = scaler.transform(X_test)")]
    [InlineData("# X = scaler.fit_transform(X)\nprint('df.corr() and fit_transform(')\ntrain_test_split(X)")]
    [InlineData("rec <- recipe(y ~ ., data = df) |> step_normalize(all_numeric())\nfolds <- vfold_cv(df)")]
    [InlineData("X = scaler.fit_transform(X)\nmodel.fit(X, y)")]
    [InlineData("df = df.rename(columns={'a': 'b'})\ndf['c'] = df['a'] * 2\ntrain_test_split(df)")]
    public void What_learns_inside_the_fold_or_has_no_split_is_left_alone(string script) => Assert.Empty(ScriptReview.Of(script).Remarks());

    [Fact]
    public void A_script_without_a_preparation_is_a_note_and_with_one_its_lines_stand_beside_the_measure()
    {
        var script = _sources.Write("prepare.py", "X = SelectKBest(f_classif, k=10).fit_transform(df, y)\nprint(cross_val_score(m, X, y))\n");
        var alone = Ask.Profile(Noise() with { Script = script });
        Assert.Equal(CheckStatus.Pass, alone.Checks.Single(c => c.Id == "preprocessing-before-split").Status);
        Assert.Contains(alone.Limitations, l => l.StartsWith("Line 1 chooses columns by what they tell of all rows before the split in line 2", StringComparison.Ordinal));
        var measured = Ask.Profile(Noise() with { Script = script, Prepare = ["impute", "best=10", "scale"] });
        Assert.Contains("line 1 chooses columns", measured.Checks.Single(c => c.Id == "preprocessing-before-split").Evidence, StringComparison.Ordinal);
        Assert.Equal([1L, "select-before-split"], measured.Tables.Single(t => t.Id == "script").Rows.Single().Where((_, i) => i is 0 or 2));
    }

    [Theory]
    [InlineData("impute,best", "unknown-step")]
    [InlineData("best=0", "unknown-step")]
    [InlineData("impute,impute", "unknown-step")]
    [InlineData("whiten", "unknown-step")]
    [InlineData("scale", "not-estimable")]
    [InlineData("impute", "too-few-rows")]
    public void What_cannot_be_done_is_refused(string steps, string code) =>
        Assert.Equal(code, Assert.Throws<GnomonError>(() => Ask.Profile(Noise(width: 150) with { Prepare = steps.Split(',') })).Code);

    [Fact]
    public void Options_that_do_not_go_together_are_refused()
    {
        Assert.Equal("option-missing", Assert.Throws<GnomonError>(() => Ask.Profile(Noise() with { Target = null, Prepare = ["scale"] })).Code);
        Assert.Equal("option-missing", Assert.Throws<GnomonError>(() => Ask.Profile(Noise() with { WritePrepared = "x.json" })).Code);
        Assert.Equal("not-a-target", Assert.Throws<GnomonError>(() => Ask.Profile(Noise() with { Target = "city", Prepare = ["impute"] })).Code);
        Assert.Equal("column-not-found", Assert.Throws<GnomonError>(() => Ask.Profile(Noise() with { Fold = "no", Prepare = ["impute", "best=5"] })).Code);
    }

    // 160 rows of noise with gaps; column 5 is column 4 in other units.
    private ProfileOptions Noise(int width = 60)
    {
        var rng = new Rng(12).Stream("prepare");
        string[] cities = ["Bern", "Graz", "Lyon"];
        var text = "left,city," + string.Join(',', Enumerable.Range(0, width).Select(j => $"x{j}")) + "\n";
        for (var i = 0; i < 160; i++)
        {
            double[] x = [.. Enumerable.Range(0, width).Select(_ => rng.NextNormal())];
            x[5] = 3 * x[4];
            text += $"{(i % 2 == 0 ? "no" : "yes")},{cities[rng.NextInt(3)]},{string.Join(',', x.Select((v, j) => j is 4 or 5 || rng.NextDouble() > 0.05 ? FormattableString.Invariant($"{v:R}") : string.Empty))}\n";
        }

        return new ProfileOptions { Data = _sources.Write("noise.csv", text), Target = "left" };
    }

    private static Estimate Value(Finding finding, string name) => finding.Estimates.Single(e => e.Name == name);
}
