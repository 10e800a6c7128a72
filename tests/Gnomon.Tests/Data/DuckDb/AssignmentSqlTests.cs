using System.Globalization;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Gnomon.Methods.Experiments;
using Xunit;

namespace Gnomon.Tests.Data.DuckDb;

/// <summary>A unit has the same arm in SQL and in C#.</summary>
public sealed class AssignmentSqlTests
{
    [Fact]
    public void The_expression_gives_the_arm_of_the_library()
    {
        double[] shares = [0.5, 0.3, 0.1];
        string[] arms = ["control", "B", "C"];
        var sql = Assignment.Sql(AssignmentDialect.DuckDb, "checkout", "id", arms, shares, from: 0.05);
        using var engine = new DuckDbEngine();
        using var data = engine.Open(new() { Sql = $"select id, coalesce({sql}, 'none') as arm from (select range::varchar as id from range(20000))" }, TestContext.Current.CancellationToken);
        var table = data.Read(data.Columns(), TestContext.Current.CancellationToken);
        var read = (TextColumn)table["arm"];
        var ids = (TextColumn)table["id"];
        for (var i = 0; i < table.Rows; i++)
        {
            var arm = Assignment.Arm("checkout", (string)ids.Cell(i)!, shares, 0.05);
            Assert.Equal(arm < 0 ? "none" : arms[arm], (string)read.Cell(i)!);
        }

        Assert.Equal(20_000, table.Rows);
    }

    // The same expressions by hand in PostgreSQL 15: 20,000 of 20,000 agree. The other dialects' text is fixed here.
    [Fact]
    public void Every_dialect_has_one_expression()
    {
        Assert.Equal(
            "CASE WHEN ('x' || substr(md5('s:' || user_id), 1, 8))::bit(32)::bigint / 4294967296.0 < 0.5 THEN 'A' ELSE 'B' END",
            Assignment.Sql(AssignmentDialect.PostgreSql, "s", "user_id", ["A", "B"], [0.5, 0.5]));
        Assert.Equal(
            "CASE WHEN reinterpretAsUInt32(reverse(substring(MD5(concat('s:', toString(user_id))), 1, 4))) / 4294967296.0 < 0.5 THEN 'A' ELSE 'B' END",
            Assignment.Sql(AssignmentDialect.ClickHouse, "s", "user_id", ["A", "B"], [0.5, 0.5]));
        Assert.Equal(0.1.ToString("0.0", CultureInfo.InvariantCulture), Assignment.Sql(AssignmentDialect.DuckDb, "s", "u", ["A"], [0.1]).Split("< ")[1].Split(' ')[0]);
    }
}
