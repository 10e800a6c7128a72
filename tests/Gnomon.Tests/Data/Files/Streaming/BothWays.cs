using System.Globalization;
using System.Text;
using Gnomon.Core.Tables;
using Gnomon.Data.Files;
using Gnomon.Data.Files.Csv;
using Gnomon.Data.Files.Csv.Streaming;
using Xunit;

namespace Gnomon.Tests.Data.Files.Streaming;

/// <summary>Reads a file by its bytes and by the engine and holds the two against each other, cell for cell and bit for bit.</summary>
internal static class BothWays
{
    /// <summary>True when the file is streamed; everything it says is then compared. False when it is left to the engine.</summary>
    public static bool Agree(string path, int blockBytes = BlockSource.UsualBytes, SourceOptions? options = null)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var source = (options ?? new SourceOptions()) with { Path = path };
        if (StreamedFileFinder.TryFind(source, cancellation, blockBytes) is not { } file)
        {
            return false;
        }

        using var engine = new SourceLoader(source, () => Stream.Null, cancellation).OpenEngine();
        using var hash = new FileHash();
        hash.Add([path]);
        using var streamed = new StreamedCsvDataset(file, FileFinder.Shown(path), path, hash.Wait, null, _ => throw new InvalidOperationException("The engine was not to be asked."), blockBytes);
        Assert.Equal(engine.Name, streamed.Name);
        Assert.Equal(engine.Schema.ToList(), streamed.Schema.ToList());
        Assert.Equal(engine.Issues, streamed.Issues);
        Assert.Equal(engine.Identify(cancellation), streamed.Identify(cancellation));
        var query = new Query { Select = [.. streamed.Schema.SelectMany(Questions)] };
        var lanes = LanePlan.For(query, streamed.Schema, file.Types)!;
        var expected = Dump(engine, query, lanes);
        Assert.Equal(expected, Dump(streamed, query, lanes));
        using var unguarded = new SourceLoader(source, () => Stream.Null, cancellation) { AreRowsSeen = true }.OpenEngine();
        Assert.Equal(engine.Schema.ToList(), unguarded.Schema.ToList());
        Assert.Equal(expected, Dump(unguarded, query, lanes));
        return true;
    }

    /// <summary>Everything that a streamed scan can answer about a column.</summary>
    private static IEnumerable<Projection> Questions(Field field)
    {
        var column = Scalar.Column(field.Name);
        Scalar[] all =
        [
            column, column.ToText(), column.ToDouble(), column.Hash(), column.ToText().Hash(), column.IsNull(),
            Scalar.Call(ScalarFunction.ToDay, column), Scalar.Call(ScalarFunction.ToMicroseconds, column),
            Scalar.Call(ScalarFunction.Length, column), Scalar.Call(ScalarFunction.Length, column.ToText()),
            column.ToText().EqualTo(Scalar.Value("a")).ToDouble(), column.ToText().EqualTo(Scalar.Value("7")).ToDouble(), column.ToText().EqualTo(Scalar.Value("true")).ToDouble(),
        ];
        return all.Where(s => IsStreamed(s, field)).Select((s, i) => new Projection(FormattableString.Invariant($"{field.Name} {i}"), s));
    }

    private static bool IsStreamed(Scalar scalar, Field field)
    {
        var type = field.Type switch
        {
            ColumnType.Boolean => ReadAs.Boolean,
            ColumnType.Integer => ReadAs.Integer,
            ColumnType.Double => ReadAs.Double,
            ColumnType.Date => ReadAs.Date,
            ColumnType.LocalTimestamp => ReadAs.LocalTimestamp,
            _ => ReadAs.Text,
        };
        return LanePlan.For(Query.Of(new Projection("x", scalar)), new Schema("one", [field]), [type]) is not null;
    }

    /// <summary>Chunk by chunk, so that chunks must have the same rows too.</summary>
    public static List<string> Dump(IDataset data, Query query, IReadOnlyList<LanePlan> lanes)
    {
        var lines = new List<string>();
        data.Scan(
            query,
            chunk =>
            {
                for (var c = 0; c < lanes.Count; c++)
                {
                    var text = new StringBuilder(FormattableString.Invariant($"{query.Select[c].Name} {chunk.Rows}:"));
                    for (var row = 0; row < chunk.Rows; row++)
                    {
                        text.Append(' ').Append(Cell(chunk, c, row, lanes[c]));
                    }

                    lines.Add(text.ToString());
                }

                return true;
            },
            TestContext.Current.CancellationToken);
        return lines;
    }

    private static string Cell(Chunk chunk, int c, int row, LanePlan lane)
    {
        var cell = lane.Kind switch
        {
            LaneKind.Text => FormattableString.Invariant($"{chunk.Codes(c)[row]}={(chunk.Codes(c)[row] < 0 ? "~" : chunk.Dictionary(c)[chunk.Codes(c)[row]])}"),
            LaneKind.Hash => chunk.Hashes(c)[row].ToString(CultureInfo.InvariantCulture) + "/" + Bits(chunk.Doubles(c)[row]),
            LaneKind.Real or LaneKind.WholeAsReal or LaneKind.IsText => Bits(chunk.Doubles(c)[row]),
            _ when lane is { As: ReadAs.LocalTimestamp, Kind: LaneKind.Whole } => chunk.Integers(c)[row].ToString(CultureInfo.InvariantCulture),
            _ => chunk.Integers(c)[row].ToString(CultureInfo.InvariantCulture) + "/" + Bits(chunk.Doubles(c)[row]),
        };
        return chunk.IsNull(c, row) ? cell + "!" : cell;
    }

    private static string Bits(double value) => BitConverter.DoubleToInt64Bits(value).ToString("X", CultureInfo.InvariantCulture);
}
