using System.Text.RegularExpressions;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Records;

namespace Gnomon.Studies.Profile.Entities;

/// <summary>Which rows are one person, firm or place, though they are spelt differently.</summary>
internal sealed partial class EntityLook
{
    private const int MostPairs = 20;
    private const long MostRows = 5_000_000;
    private readonly ProfileFacts _facts;
    private readonly IReadOnlyList<RecordField> _fields;
    private readonly RecordMatches _matches;
    private readonly EntityClustering _clusters;

    private EntityLook(ProfileFacts facts, IReadOnlyList<RecordField> fields, RecordMatches matches)
    {
        (_facts, _fields, _matches) = (facts, fields, matches);
        _clusters = EntityClusters.Of(matches.Pairs, fields[0].Rows, Threshold);
    }

    private double Threshold => _facts.Options.MatchFrom;

    public static IEnumerable<ProfilePart> Of(ProfileFacts facts, StudyContext context)
    {
        var options = facts.Options;
        if (options.Entities.Count == 0)
        {
            yield break;
        }

        var data = context.RequireData();
        var names = options.InfersEntities ? Infer(facts) : [.. options.Entities.Select(e => data.Schema.Require(e, "--entities").Name)];
        if (facts.Rows > MostRows)
        {
            throw new GnomonError("too-many-rows", $"{data.Name} has {Figures.Count(facts.Rows)} rows; entities are looked for in at most {Figures.Count(MostRows)}.", "--entities", "Cut the data with --where, for example by region, and look part by part.");
        }

        context.Progress?.Report(new StudyProgress("reading records", null));
        var fields = Read(data, names, context);
        context.Progress?.Report(new StudyProgress("looking for pairs", null));
        var pairs = CandidatePairs.Find(fields);
        context.Progress?.Report(new StudyProgress("comparing pairs", null));
        RecordMatches matches;
        try
        {
            matches = FellegiSunter.Match(fields, pairs, (ulong)options.Seed, context.Threads);
        }
        catch (TooFewRowsException few)
        {
            throw new GnomonError("too-few-rows", $"{data.Name}: {few.Message}", "--entities", "Look at them yourself.", few);
        }

        var look = new EntityLook(facts, fields, matches);
        look.Write();
        yield return look.Part();
    }

    // Columns named like what tells people, firms and places apart.
    private static List<string> Infer(ProfileFacts facts)
    {
        var names = facts.Columns.Where(c => c.Role is not (Role.Empty or Role.Constant) && EntityName().IsMatch(c.Name)).Select(c => c.Name).Take(24).ToList();
        return names.Count >= 2 ? names : throw new GnomonError(
            "too-few-columns", $"{facts.Source} has {(names.Count == 0 ? "no column" : $"one column, {names[0]},")} that is named like a name, an address or a number of a person.", "--entities", "Name the columns: --entities COLUMN,COLUMN.");
    }

    private static List<RecordField> Read(IDataset data, List<string> names, StudyContext context)
    {
        var codes = names.Select(_ => new List<int>()).ToArray();
        var texts = new IReadOnlyList<string>[names.Count];
        data.Scan(new Query { Select = [.. names.Select((n, i) => new Projection(FormattableString.Invariant($"c{i}"), Scalar.Column(n).ToText()))] }, chunk =>
        {
            for (var c = 0; c < codes.Length; c++)
            {
                codes[c].AddRange(chunk.Codes(c));
                texts[c] = chunk.Dictionary(c);
            }

            return true;
        }, context.Cancellation);
        return [.. names.Select((n, i) => RecordField.Of(n, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(codes[i]), texts[i] ?? []))];
    }

    private void Write()
    {
        if (_facts.Options.Out is { } path)
        {
            CsvFile.Write(path, "--out", "The entities", writer =>
            {
                writer.WriteLine("row,entity");
                for (var i = 0; i < _clusters.Labels.Length; i++)
                {
                    writer.WriteLine(FormattableString.Invariant($"{i + 1},{_clusters.Labels[i] + 1}"));
                }
            });
        }
    }

    private ProfilePart Part()
    {
        long rows = _clusters.Labels.Length;
        var repeats = rows - _clusters.Entities;
        var precision = _matches.Precision(Threshold);
        return new ProfilePart
        {
            Evidence = [new RecordRepeats { On = string.Join(", ", _fields.Select(f => f.Name)), IsKey = false, IsLinked = true, Rows = rows, RowsSeen = rows, Repeats = repeats, ExpectedByChance = (1 - precision) * repeats }],
            Tables = [.. new[] { Summary(rows, precision), Agreement(), Pairs() }.OfType<ResultTable>()],
            HoldsRows = ["entity-pairs"],
            Limitations = [.. Limitations(precision)],
            Next = repeats > 0 && _facts.Options.Out is null ? ["Add --out entities.csv to write the entity of every row."] : [],
        };
    }

    private ResultTable Summary(long rows, double precision) => new("entities", "Rows and entities", ["measure", "value"],
    [
        ["rows", rows],
        ["entities", _clusters.Entities],
        ["rows that repeat an entity", rows - _clusters.Entities],
        ["pairs compared", _matches.Compared],
        [$"pairs at {Threshold:0.###} or more", _matches.Pairs.LongCount(p => p.Probability >= Threshold)],
        ["of these right, expected", Figures.Percent(precision)],
        ["true pairs found, expected", Figures.Percent(_matches.Recall(Threshold))],
    ]);

    private ResultTable? Agreement() => _matches.ExpectedMatches < 1 ? null : new("entity-columns", "How columns agree", ["column", "equal in one entity", "nearly", "equal in two", "judged with"],
        [.. _matches.Fields.Select(f => (IReadOnlyList<object?>)[f.Name, f.M[FellegiSunter.Same], f.M[2] + f.M[1], f.U[FellegiSunter.Same], f.Parent])]);

    // The least sure of the accepted pairs first: they are what is worth looking at.
    private ResultTable? Pairs()
    {
        var shown = _matches.Pairs.Where(p => p.Probability >= Threshold && _clusters.Labels[p.First] == _clusters.Labels[p.Second]).OrderBy(p => p.Weight).ThenBy(p => p.First).Take(MostPairs).ToList();
        return shown.Count == 0 ? null : new ResultTable("entity-pairs", "Least sure pairs of rows taken as one", ["row", "and row", "probability", "weight", "they differ in"],
            [.. shown.Select(p => (IReadOnlyList<object?>)[p.First + 1L, p.Second + 1L, p.Probability, p.Weight, Differences(p)])]);
    }

    private string Differences(RecordPair pair)
    {
        var differ = _fields.Where(f => f.Compare(pair.First, pair.Second) is not FellegiSunter.Same).Select(f => $"{f.Name}: {Value(f, pair.First)} | {Value(f, pair.Second)}").ToList();
        return differ.Count == 0 ? "nothing" : string.Join("; ", differ);
    }

    private static string Value(RecordField field, int row) => field.Codes[row] < 0 ? "none" : field.Value(field.Codes[row]);

    private IEnumerable<string> Limitations(double precision)
    {
        if (_matches.Pairs.All(p => p.Probability < Threshold))
        {
            yield return $"No two rows are one entity by {string.Join(", ", _fields.Select(f => f.Name))}: of {Figures.Count(_matches.Compared, "pair")} compared none reaches a probability of {Figures.Number(Threshold)}.";
            yield break;
        }

        yield return $"Pairs count from a probability of {Figures.Number(Threshold)}: by the model {Figures.Percent(precision)} of them are right, and {Figures.Percent(_matches.Recall(Threshold))} of the true pairs among the {Figures.Count(_matches.Compared)} compared are found. Pairs that share no value, sound or spelling were not compared.";
        if (_clusters.Broken > 0)
        {
            yield return $"{Figures.Count(_clusters.Broken, "pair")} would have joined groups of rows of which fewer than half are alike; {(_clusters.Broken == 1 ? "it was" : "they were")} left apart.";
        }

        if (!_matches.Converged)
        {
            yield return $"The chances of agreement had not settled after {_matches.Iterations} rounds.";
        }
    }

    [GeneratedRegex(@"(^|[_\W])(name|given|first|last|sur|family|street|road|address|addr|house|city|suburb|town|post|zip|state|phone|tel|mobile|email|mail|birth|dob|ssn|soc|iban|vat|tax)|name$|(?<=[a-z])(Name|Street|Address|City|Zip|Phone|Email|Birth)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex EntityName();
}
