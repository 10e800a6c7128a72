using System.Security.Cryptography;
using Gnomon.Data.Files;
using Xunit;

namespace Gnomon.Tests.Data.Files;

/// <summary>A kept hash is used for the very bytes it was computed from, and for no others. Reference: SHA-256 of the bytes by the platform.</summary>
public sealed class KnownHashesTests : IDisposable
{
    private static readonly DateTime Old = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private readonly Sources _sources = new();

    public KnownHashesTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Only on 1 system, Linux, the moment of a file's last change is asked for.");

    private string Folder => Path.Combine(_sources.Folder, "hashes");

    public void Dispose() => _sources.Dispose();

    [Fact]
    public void An_unchanged_file_is_not_hashed_again()
    {
        var path = _sources.Write("a.bin", [1, 2, 3]);
        Assert.Equal(Sha([1, 2, 3]), Hash(path, minutes: 2));
        var entry = Assert.Single(Directory.GetFiles(Folder));

        // Another hash in its place shows that it is the one that is given.
        var planted = new string('a', 64);
        File.WriteAllText(entry, File.ReadAllText(entry).Replace(Sha([1, 2, 3]), planted, StringComparison.Ordinal));
        Assert.Equal(planted, Hash(path, minutes: 2));
        Assert.DoesNotContain("a.bin", File.ReadAllText(entry), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_bytes_of_the_same_length_and_time_are_hashed()
    {
        var path = _sources.Write("a.bin", [1, 2, 3]);
        File.SetLastWriteTimeUtc(path, Old);
        Assert.Equal(Sha([1, 2, 3]), Hash(path, minutes: 2));
        Assert.Single(Directory.GetFiles(Folder));
        using (var file = File.OpenWrite(path))
        {
            file.Write([1, 2, 4]);
        }

        File.SetLastWriteTimeUtc(path, Old);
        Assert.Equal(Sha([1, 2, 4]), Hash(path, minutes: 2));
    }

    [Fact]
    public void A_file_put_in_its_place_is_hashed()
    {
        var path = _sources.Write("a.bin", [1, 2, 3]);
        Assert.Equal(Sha([1, 2, 3]), Hash(path, minutes: 2));
        var other = _sources.Write("b.bin", [7, 8, 9]);
        File.SetLastWriteTimeUtc(other, File.GetLastWriteTimeUtc(path));
        File.Move(other, path, overwrite: true);
        Assert.Equal(Sha([7, 8, 9]), Hash(path, minutes: 2));
    }

    [Fact]
    public void A_link_is_known_by_the_file_that_it_leads_to()
    {
        var link = Path.Combine(_sources.Folder, "link.bin");
        File.CreateSymbolicLink(link, _sources.Write("a.bin", [1, 2, 3]));
        Assert.Equal(Sha([1, 2, 3]), Hash(link, minutes: 2));
        File.Delete(link);
        File.CreateSymbolicLink(link, _sources.Write("b.bin", [4, 5, 6]));
        Assert.Equal(Sha([4, 5, 6]), Hash(link, minutes: 2));
    }

    [Fact]
    public void A_file_that_was_just_written_is_not_kept()
    {
        var path = _sources.Write("a.bin", [1, 2, 3]);
        Assert.Equal(Sha([1, 2, 3]), Hash(path, minutes: 0));
        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public void A_small_file_is_not_kept()
    {
        var path = _sources.Write("a.bin", [1, 2, 3]);
        Assert.Equal(Sha([1, 2, 3]), Hash(path, minutes: 2, fewestBytes: 4));
        Assert.False(Directory.Exists(Folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("gnomon.hash/1\n")]
    [InlineData("gnomon.hash/1 1 2 3 4 5 6 7\n")]
    [InlineData("cut")]
    [InlineData("upper")]
    public void A_damaged_entry_is_passed_over(string damage)
    {
        var path = _sources.Write("a.bin", [1, 2, 3]);
        _ = Hash(path, minutes: 2);
        var entry = Assert.Single(Directory.GetFiles(Folder));
        var whole = File.ReadAllText(entry);
        File.WriteAllText(entry, damage switch { "cut" => whole[..^9], "upper" => whole.ToUpperInvariant(), _ => damage });
        Assert.Equal(Sha([1, 2, 3]), Hash(path, minutes: 2));
        Assert.Equal(whole, File.ReadAllText(entry));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_keeps_nothing_from_being_hashed()
    {
        var path = _sources.Write("a.bin", [1, 2, 3]);
        File.WriteAllText(Folder, "a file where the folder should be");
        Assert.Equal(Sha([1, 2, 3]), Hash(path, minutes: 2));
    }

    [Fact]
    public void Old_entries_make_room()
    {
        Directory.CreateDirectory(Folder);
        for (var i = 0; i < 1_000; i++)
        {
            var old = Path.Combine(Folder, FormattableString.Invariant($"{i}-1"));
            File.WriteAllText(old, "x");
            File.SetLastWriteTimeUtc(old, Old.AddMinutes(i));
        }

        _ = Hash(_sources.Write("a.bin", [1, 2, 3]), minutes: 2);
        Assert.Equal(501, Directory.GetFiles(Folder).Length);
        Assert.False(File.Exists(Path.Combine(Folder, "499-1")));
        Assert.True(File.Exists(Path.Combine(Folder, "500-1")));
    }

    private static string Sha(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Asked so many minutes after the file was written.</summary>
    private string? Hash(string path, int minutes, long fewestBytes = 1)
    {
        using var hash = new FileHash(new KnownHashes(Folder, new LaterClock(minutes), fewestBytes));
        hash.Add([path]);
        return hash.Wait(TestContext.Current.CancellationToken);
    }

    private sealed class LaterClock(int minutes) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => TimeProvider.System.GetUtcNow().AddMinutes(minutes);
    }
}
