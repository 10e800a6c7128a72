using System.Globalization;
using Gnomon.Core.Tables;
using Xunit;

namespace Gnomon.Tests.Data.Files;

/// <summary>A file that is reached through symbolic links is the same file: its length is not that of the link.</summary>
public sealed class LinkedFileTests : IDisposable
{
    private readonly Sources _sources = new();

    public void Dispose() => _sources.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_row_is_read_through_links(int links)
    {
        const int Rows = 20_000;
        var path = _sources.Write("rows.csv", "unit,arm,y\n" + string.Concat(Enumerable.Range(0, Rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"u{i},{(i % 2 == 0 ? "A" : "B")},{i % 7}\n"))));
        var whole = Reading.Of(new SourceOptions { Path = path });
        for (var i = 0; i < links; i++)
        {
            var link = Path.Combine(_sources.Folder, $"link{i}.csv");
            File.CreateSymbolicLink(link, path);
            path = link;
        }

        Assert.Equal(new FileInfo(Path.Combine(_sources.Folder, "rows.csv")).Length, FollowedFile.At(path).Length);
        var read = Reading.Of(new SourceOptions { Path = path });
        Assert.Equal(Rows, read.Table.Rows);
        Assert.Equal(whole.Cells, read.Cells);
        Assert.Equal(whole.Identity.Sha256, read.Identity.Sha256);
        var table = Ask.Ab(new Gnomon.Studies.Ab.AbOptions { Data = path, Unit = "unit", Variant = "arm", Metric = ["y"] });
        Assert.Equal(Rows, table.Estimates[0].N);
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_a_missing_file()
    {
        var link = Path.Combine(_sources.Folder, "gone.csv");
        File.CreateSymbolicLink(link, Path.Combine(_sources.Folder, "nothing.csv"));
        Assert.False(FollowedFile.At(link).Exists);
        Assert.NotNull(Sources.Refused(new SourceOptions { Path = link }).Hint);
    }
}
