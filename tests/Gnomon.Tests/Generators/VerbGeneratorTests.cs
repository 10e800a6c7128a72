using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Gnomon.Tests.Generators;

public sealed class VerbGeneratorTests
{
    private const string Probe = """
        namespace Sample.Probe;

        /// <summary>Options of the probe.</summary>
        /// <remarks>What it is for, with <c>code</c>.</remarks>
        [Verb("probe", "Is it deep?", Example = "gnomon probe sea.csv")]
        public sealed record ProbeOptions : StudyOptions
        {
            private const double UsualLevel = 0.95;

            /// <summary>
            /// Column that names the <see cref="Unit"/>; see <c>docs</c>
            /// for more.
            ///
            /// A second paragraph.
            /// </summary>
            [Option(Value = "COLUMN", Group = "Roles", Alias = "u")]
            public string? Unit { get; init; }

            /// <summary>Confidence level, in (0, 1): a &lt; b.</summary>
            [Option(Group = "Design", Above = 0, Below = 1)]
            public double Level { get; init; } = UsualLevel;

            /// <summary>Margin.</summary>
            [Option]
            public double? MaximumLoss { get; init; }

            /// <summary>Draws.</summary>
            [Option(Above = 0)]
            public int DrawCount { get; init; } = 400;

            /// <summary>Days.</summary>
            [Option]
            public long? Days { get; init; }

            /// <summary>Fast or exact.</summary>
            [Option(Choices = "fast|exact")]
            public string Mode { get; init; } = "fast";

            /// <summary>Metrics.</summary>
            [Option]
            public IReadOnlyList<string> Metric { get; init; } = ["a", "b"];

            /// <summary>Verbatim.</summary>
            [Option(Commas = false)]
            public IReadOnlyList<string> Stats { get; init; } = [];

            /// <summary>Families.</summary>
            [Option(Choices = "x|y")]
            public IReadOnlyList<string> Family { get; init; } = [];

            /// <summary>Dry run.</summary>
            [Option]
            public bool SQLOnly { get; init; }
        }

        public sealed class ProbeStudy : Study<ProbeOptions>
        {
            public override StudyReport Run(ProbeOptions options, StudyContext context) =>
                new() { Question = "probe", Title = options.Unit ?? "", Propose = _ => new Proposal(DecisionAction.Answer, "Deep.") };
        }
        """;

    private static readonly Lazy<VerbCard> Compiled = new(() => Assert.Single(new GeneratorRun(Probe).Value<IReadOnlyList<VerbCard>>("Sample.VerbCatalogue", "All")));

    private static VerbCard Card() => Compiled.Value;

    private static StudyOptions Bind(VerbCard card, params (string Name, string[] Values)[] given) =>
        card.Bind(given.Select(g => KeyValuePair.Create(g.Name, (IReadOnlyList<string>)g.Values)));

    private static object? Read(StudyOptions options, string property) => options.GetType().GetProperty(property)!.GetValue(options);

    [Fact]
    public void The_card_says_what_the_attribute_and_the_comment_say()
    {
        var card = Card();
        Assert.Equal(("probe", "Is it deep?", "gnomon probe sea.csv", "What it is for, with code."), (card.Name, card.Question, card.Example, card.Remarks));
        var unit = card.Options[0];
        Assert.Equal(("unit", "u", "text", "COLUMN", "Roles", ""), (unit.Name, unit.Alias, unit.Kind, unit.Value, unit.Group, unit.Default));
        Assert.Equal("Column that names the Unit; see docs for more.", unit.Summary);
        Assert.Equal("Confidence level, in (0, 1): a < b.", card.Options[1].Summary);
    }

    [Fact]
    public void Names_are_kebab_case_kinds_follow_types_and_defaults_follow_initialisers()
    {
        var options = Card().Options.ToDictionary(o => o.Name);
        Assert.Equal("0.95", options["level"].Default);
        Assert.Equal("400", options["draw-count"].Default);
        Assert.Equal("fast", options["mode"].Default);
        Assert.Equal("a,b", options["metric"].Default);
        Assert.Equal(["fast", "exact"], options["mode"].Choices);
        Assert.Equal(
            ["text", "number", "number", "integer", "integer", "choice", "list", "list", "list", "flag"],
            Card().Options.Take(10).Select(o => o.Kind));
        Assert.Equal("sql-only", Card().Options[9].Name);
    }

    [Fact]
    public void Options_of_the_base_record_come_last_with_their_own_summaries()
    {
        var options = Card().Options;
        var shared = options.Skip(10).ToList();
        Assert.Equal(StudyOptionsCards.Own.Select(o => o.Name), shared.Select(o => o.Name));
        Assert.Contains("data", shared.Where(o => o.Positional).Select(o => o.Name));
        Assert.All(options, o => Assert.NotEmpty(o.Summary));
    }

    [Fact]
    public void Binding_sets_own_and_shared_options_by_type()
    {
        var bound = Bind(Card(), ("unit", ["id"]), ("level", ["0.9"]), ("maximum-loss", ["-1.5"]), ("draw-count", ["7"]), ("metric", ["x,y", "z"]), ("stats", ["1,2,3"]), ("sql-only", []), ("seed", ["42"]), ("data", ["sea.csv"]));
        Assert.Equal("id", Read(bound, "Unit"));
        Assert.Equal(0.9, Read(bound, "Level"));
        Assert.Equal(-1.5, Read(bound, "MaximumLoss"));
        Assert.Equal(7, Read(bound, "DrawCount"));
        Assert.Null(Read(bound, "Days"));
        Assert.Equal(["x", "y", "z"], (IReadOnlyList<string>)Read(bound, "Metric")!);
        Assert.Equal(["1,2,3"], (IReadOnlyList<string>)Read(bound, "Stats")!);
        Assert.Equal(true, Read(bound, "SQLOnly"));
        Assert.Equal((42L, "sea.csv"), (bound.Seed, bound.Data));
    }

    [Fact]
    public void All_wrong_options_are_reported_together()
    {
        var wrong = Assert.Throws<GnomonError>(() => Bind(Card(), ("level", ["95"]), ("mode", ["fat"]), ("family", ["z"]), ("draw-count", ["99999999999"]), ("uint", [])));
        Assert.Contains("--level must lie above 0 and below 1; got 95. Write --level 0.95.", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'fast'?", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("--family must be one of x, y; got 'z'.", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("--draw-count", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("Did you mean '--unit'?", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_study_of_the_card_runs()
    {
        var card = Card();
        var context = new StudyContext(null, Gnomon.Core.Ledger.NoLedger.Instance, 1, DateTimeOffset.UnixEpoch, CancellationToken.None);
        Assert.Equal("id", card.Study.Run(Bind(card, ("unit", ["id"])), context).Title);
    }

    [Theory]
    [InlineData(DocumentationMode.None)]
    [InlineData(DocumentationMode.Parse)]
    [InlineData(DocumentationMode.Diagnose)]
    public void Summaries_are_found_however_the_compiler_treats_comments(DocumentationMode mode)
    {
        var verbs = new GeneratorRun(Probe, mode).Value<IReadOnlyList<VerbCard>>("Sample.VerbCatalogue", "All");
        Assert.StartsWith("Column that names", verbs[0].Options[0].Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("            /// <summary>Margin.</summary>\n", "", "GNOMON101")]
    [InlineData("public double? MaximumLoss", "public DateTime MaximumLoss", "GNOMON106")]
    [InlineData("public long? Days", "public new long? Seed", "GNOMON107")]
    [InlineData("sealed class ProbeStudy", "abstract class ProbeStudy", "GNOMON105")]
    [InlineData("public sealed record ProbeOptions", "public abstract record ProbeOptions", "GNOMON108")]
    public void A_fault_of_the_author_is_a_compile_error(string from, string to, string id)
    {
        var source = Probe.ReplaceLineEndings("\n");
        var changed = source.Replace(from.TrimStart(), to, StringComparison.Ordinal);
        Assert.NotEqual(source, changed);
        Assert.Contains(new GeneratorRun(changed).Problems, p => p.StartsWith(id, StringComparison.Ordinal));
    }

    [Fact]
    public void Two_verbs_of_one_name_are_a_compile_error()
    {
        const string second = """

            /// <summary>Another.</summary>
            [Verb("probe", "Again?")]
            public sealed record OtherOptions : StudyOptions;

            public sealed class OtherStudy : Study<OtherOptions>
            {
                public override StudyReport Run(OtherOptions options, StudyContext context) => throw new InvalidOperationException();
            }
            """;
        Assert.Contains("GNOMON103: The verb name 'probe' is taken", new GeneratorRun(Probe + second).Problems);
    }

    [Fact]
    public void An_unrelated_edit_writes_nothing_again()
    {
        var first = new GeneratorRun(Probe);
        var edited = first.Compiled.RemoveSyntaxTrees(first.Compiled.SyntaxTrees.Skip(1))
            .AddSyntaxTrees(Microsoft.CodeAnalysis.CSharp.CSharpSyntaxTree.ParseText("class Unrelated;", (Microsoft.CodeAnalysis.CSharp.CSharpParseOptions)first.Compiled.SyntaxTrees.First().Options));
        var again = first.Driver.RunGenerators(edited).GetRunResult();
        Assert.All(
            again.Results.SelectMany(r => r.TrackedOutputSteps).SelectMany(s => s.Value).SelectMany(s => s.Outputs),
            output => Assert.True(output.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, output.Reason.ToString()));
    }
}
