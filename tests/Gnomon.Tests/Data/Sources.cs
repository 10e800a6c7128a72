using System.Globalization;
using System.Text;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Xunit;

namespace Gnomon.Tests.Data;

/// <summary>Files in a folder of their own, opened and read in one line.</summary>
internal sealed class Sources : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("gnomon-tests-").FullName;

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public Reading Read(string name, string text, SourceOptions? options = null) => Read(name, Encoding.UTF8.GetBytes(text), options);

    public Reading Read(string name, byte[] bytes, SourceOptions? options = null) =>
        Reading.Of((options ?? new SourceOptions()) with { Path = Write(name, bytes) });

    public GnomonError Refused(string name, string text, SourceOptions? options = null) => Refused(name, Encoding.UTF8.GetBytes(text), options);

    public GnomonError Refused(string name, byte[] bytes, SourceOptions? options = null) =>
        Refused((options ?? new SourceOptions()) with { Path = Write(name, bytes) });

    public static GnomonError Refused(SourceOptions options) => Assert.Throws<GnomonError>(() => Reading.Of(options));

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>All of a source: schema, issues, cells as text.</summary>
internal sealed record Reading(Schema Schema, IReadOnlyList<ReadIssue> Issues, DataIdentity Identity, Table Table)
{
    public static Reading Of(SourceOptions options, Func<Stream>? standardInput = null)
    {
        using var engine = new DuckDbEngine(standardInput);
        using var data = engine.Open(options, TestContext.Current.CancellationToken);
        return new Reading(data.Schema, data.Issues, data.Identify(TestContext.Current.CancellationToken), data.All());
    }

    /// <summary>name:Type for each column.</summary>
    public string Types => string.Join(' ', Schema.Select(f => $"{f.Name}:{f.Type}"));

    /// <summary>Rows joined by '/', cells by '|', null as '~'.</summary>
    public string Cells => string.Join('/', Enumerable.Range(0, Table.Rows).Select(r => string.Join('|', Table.Columns.Select(c => Show(c.Cell(r))))));

    public string Kinds => string.Join(' ', Issues.Select(i => $"{i.Kind}:{i.Count}"));

    private static string Show(object? cell) => cell switch
    {
        null => "~",
        bool b => b ? "true" : "false",
        DateOnly d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset t => t.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => cell.ToString()!,
    };
}

internal static class DatasetExtensions
{
    public static Query Columns(this IDataset data) => new() { Select = [.. data.Schema.Select(f => Projection.Column(f.Name))] };

    public static Table All(this IDataset data) => data.Read(data.Columns(), TestContext.Current.CancellationToken);

    /// <summary>One number from one aggregate.</summary>
    public static object? Ask(this IDataset data, Scalar value) =>
        data.Read(Query.Of(new Projection("value", value)), TestContext.Current.CancellationToken).Columns[0].Cell(0);
}
