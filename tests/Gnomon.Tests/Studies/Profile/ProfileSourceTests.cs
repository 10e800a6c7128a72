using Gnomon.Data.Ledger;
using Gnomon.Studies.Profile;
using Xunit;

namespace Gnomon.Tests.Studies.Profile;

/// <summary>Which bytes were read: stated, and compared with the last profile of the same name.</summary>
public sealed class ProfileSourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gnomon-source-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_whose_bytes_changed_is_not_the_same_file()
    {
        var file = Path.Combine(_folder, "visits.csv");
        File.WriteAllLines(file, ["a,b", .. Enumerable.Range(0, 60).Select(i => FormattableString.Invariant($"{i % 7},{i}"))]);
        using var ledger = new SqliteLedger(Path.Combine(_folder, "ledger.db"));
        IReadOnlyList<string> Limits() => Gnomon.Ask.Profile(new ProfileOptions { Data = file }, new AskSettings { Ledger = ledger }).Limitations;
        Assert.DoesNotContain(Limits(), l => l.Contains("is not the file", StringComparison.Ordinal));
        Assert.DoesNotContain(Limits(), l => l.Contains("is not the file", StringComparison.Ordinal));
        File.AppendAllLines(file, ["3,60"]);
        Assert.Contains(Limits(), l => l.Contains("is not the file that was profiled on", StringComparison.Ordinal) && l.Contains("60 rows then, 61 now", StringComparison.Ordinal));
        Assert.DoesNotContain(Limits(), l => l.Contains("is not the file", StringComparison.Ordinal));
    }

    [Fact]
    public void The_finding_says_what_was_read_and_how()
    {
        var file = Path.Combine(_folder, "prices.csv");
        File.WriteAllLines(file, ["a;b", .. Enumerable.Range(0, 60).Select(i => FormattableString.Invariant($"{i % 7};{i},5"))]);
        var finding = Gnomon.Ask.Profile(new ProfileOptions { Data = file, Decimal = ",", Delimiter = ";" });
        var read = finding.Tables.Single(t => t.Id == "source").Rows.ToDictionary(r => (string)r[0]!, r => (string)r[1]!, StringComparer.Ordinal);
        Assert.Equal(finding.Provenance.Data[0].Sha256, read["sha256"]);
        Assert.Equal(new FileInfo(file).Length.ToString(System.Globalization.CultureInfo.InvariantCulture), read["bytes"]);
        Assert.Equal(",", read["--decimal"]);
        Assert.Equal(";", read["--delimiter"]);
    }

    [Fact]
    public void Rules_asked_of_the_rows_they_came_from_say_so()
    {
        var file = Path.Combine(_folder, "same.csv");
        var rules = Path.Combine(_folder, "rules.json");
        File.WriteAllLines(file, ["a,b", .. Enumerable.Range(0, 200).Select(i => FormattableString.Invariant($"{i % 7},{i}"))]);
        Gnomon.Ask.Profile(new ProfileOptions { Data = file, WriteRules = rules });
        Assert.Contains(Gnomon.Ask.Profile(new ProfileOptions { Data = file, Rules = rules }).Limitations, l => l.StartsWith("These are the very rows that", StringComparison.Ordinal));
    }
}
