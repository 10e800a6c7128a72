namespace Gnomon.Studies.Sql.Recipes;

/// <summary>
/// The longest run of consecutive days, weeks or months: period minus its rank names the island. Length and start of a run are packed into one number, so that the longest and earliest run is a plain maximum
/// instead of a second sort.
/// </summary>
internal sealed class Streak : Recipe
{
    // More than twice the days of ten thousand years.
    private const int Place = 1 << 23;

    public override string Name => "streak";

    public override string Asks(SqlRecipeOptions options) => $"Which {Naming.Many(options.Unit!)} have at least {Least(options)} {Grain(options)}s in a row, and when did the longest run begin?";

    public override string Pitfall => "Comparing months without their year breaks every run at New Year, and several rows in a period break it too; of two longest runs one must be chosen by a rule.";

    protected override IReadOnlyList<string> Needs => ["unit", "time"];

    public override RecipeQuery Write(RecipeInput i)
    {
        var grain = Grain(i.Options);
        var right = $"SELECT {i.Unit}, length FROM {Answer}";
        return new RecipeQuery
        {
            Sql = Text(i, grain, i.D.Period(i.Time, grain), isDistinct: true, isLatest: false, i.D.StartOf("first_period", grain)),
            Entities = Naming.Many(i.Options.Unit!),
            Rules = ["Of several longest runs the earliest is given.", $"A {grain} counts once, however many rows it has."],
            Usual =
            [
                .. grain == "month" ? [new UsualForm("numbering months without their year", Flaw.Window, Columns(i, Text(i, grain, $"CAST(EXTRACT(MONTH FROM {i.D.LocalDate(i.Time)}) AS BIGINT)", isDistinct: true, isLatest: false, "first_period")), right)] : Array.Empty<UsualForm>(),
                new($"counting every row of a {grain}", Flaw.Window, Columns(i, Text(i, grain, i.D.Period(i.Time, grain), isDistinct: false, isLatest: false, "first_period")), right),
                new("leaving open which of two longest runs is meant", Flaw.Tie, $"SELECT {i.Unit}, first_{grain} FROM ({Text(i, grain, i.D.Period(i.Time, grain), isDistinct: true, isLatest: true, i.D.StartOf("first_period", grain))}) AS latest", $"SELECT {i.Unit}, first_{grain} FROM {Answer}"),
            ],
            Probes = [i.LeftOut(), .. i.Repeats(), .. i.DayBoundary()],
        };
    }

    private static string Columns(RecipeInput i, string sql) => $"SELECT {i.Unit}, length FROM ({sql}) AS usual";

    private static string Text(RecipeInput i, string grain, string period, bool isDistinct, bool isLatest, string first) =>
        $"WITH periods AS (\n  SELECT {(isDistinct ? "DISTINCT " : string.Empty)}{i.Unit}, {period} AS period\n  FROM {i.Table}\n  WHERE {i.Kept()}\n),\n"
        + $"islands AS (\n  SELECT {i.Unit}, period,\n    period - ROW_NUMBER() OVER (PARTITION BY {i.Unit} ORDER BY period) AS island\n  FROM periods\n),\n"
        + $"runs AS (\n  SELECT {i.Unit}, MIN(period) AS first_period, COUNT(*) AS length\n  FROM islands\n  GROUP BY {i.Unit}, island\n),\n"
        + $"longest AS (\n  SELECT {i.Unit}, MAX(length * {Place} {(isLatest ? '+' : '-')} first_period) AS packed\n  FROM runs\n  WHERE length >= {Least(i.Options)}\n  GROUP BY {i.Unit}\n),\n"
        + $"unpacked AS (\n  SELECT {i.Unit}, packed, {i.D.WholeDivide($"(packed + {Place / 2})", $"{Place}")} AS length\n  FROM longest\n),\n"
        + $"found AS (\n  SELECT {i.Unit}, length, {(isLatest ? $"packed - length * {Place}" : $"length * {Place} - packed")} AS first_period\n  FROM unpacked\n)\n"
        + $"SELECT {i.Unit}, {first} AS first_{grain}, length\nFROM found\nORDER BY {i.Unit}";

    private static int Least(SqlRecipeOptions options) => options.Count ?? 3;

    private static string Grain(SqlRecipeOptions options) => options.Grain ?? "month";
}
