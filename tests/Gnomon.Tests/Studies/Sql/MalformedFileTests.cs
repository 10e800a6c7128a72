using System.Text;
using Gnomon.Core.Errors;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Sql;
using Gnomon.Tests.Data;
using Xunit;

namespace Gnomon.Tests.Studies.Sql;

/// <summary>
/// Two hundred files that were good and are not any more (cut, bits flipped, mixed line ends, unbalanced quotes, wrong numbers of cells, marks, zero bytes, huge cells, broken UTF-8, empty): each gives an answer that
/// accounts for every row, or one error with a name.
/// </summary>
public sealed class MalformedFileTests : IDisposable
{
    private const int Rows = 400;

    private readonly Sources _sources = new();

    public void Dispose() => _sources.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [Trait("speed", "slow")]
    public void Every_row_is_accounted_for_or_one_error_is_named(int part)
    {
        var faults = new List<string>();
        for (var seed = part * 50; seed < (part + 1) * 50; seed++)
        {
            var rng = new Rng(seed).Stream("malformed-files");
            var kind = (seed % 5) switch { 0 or 1 or 2 => "csv", 3 => "jsonl", _ => "parquet" };
            var (bytes, how) = Mutate(Good(kind), kind, rng);
            var file = _sources.Write($"f{seed}.{kind}", bytes);
            if (Fault(file, kind, bytes, how) is { } fault)
            {
                faults.Add($"{seed} ({kind}, {how}): {fault}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private string? Fault(string file, string kind, byte[] bytes, string how)
    {
        var copy = Path.ChangeExtension(file, ".copy.parquet");
        try
        {
            var finding = Ask.Sql(new SqlOptions { Data = file, Out = copy });
            var rejects = Path.ChangeExtension(copy, ".rejects.csv");
            var aside = File.Exists(rejects) ? Encoding.Latin1.GetString(File.ReadAllBytes(rejects)).Split('\n').Count(l => l.Contains(",too many cells,", StringComparison.Ordinal) || l.Contains(",broken at", StringComparison.Ordinal) || l.Contains(",not an object", StringComparison.Ordinal) || l.Contains(",not UTF-8", StringComparison.Ordinal)) : 0;
            var rows = Reading.Of(new() { Path = copy }).Identity.Rows!.Value;
            return Expected(kind, bytes, how) is { } expected && expected != rows + aside ? $"{expected} rows in, {rows} rows out and {aside} set aside" : finding.Decision.Summary.Length == 0 ? "nothing is said" : null;
        }
        catch (GnomonError e)
        {
            return e.Code.Length == 0 || e.Message.Length == 0 ? "the error has no name" : File.Exists(copy) || File.Exists(copy + ".partial") ? "a half-written copy was left" : null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return $"{e.GetType().Name}: {e.Message}";
        }
    }

    // Records of a file without quotes are its lines that are not blank; a flipped byte may make a quote or a line end of its own.
    private static long? Expected(string kind, byte[] bytes, string how) => kind switch
    {
        "parquet" => Rows,
        _ when how is "bits" or "quotes" or "utf16" or "header" => null,
        "csv" => Math.Max(0, Lines(bytes) - 1),

        // Records of JSON lines end with a line feed alone.
        _ => Encoding.Latin1.GetString(bytes).Split('\n').Count(l => l.Trim(' ', '\t', '\r').Length > 0),
    };

    private static long Lines(byte[] bytes) =>
        Encoding.Latin1.GetString(bytes).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n').Count(l => l.Trim(' ', '\t').Length > 0);

    private byte[] Good(string kind)
    {
        if (kind == "parquet")
        {
            var path = Path.Combine(_sources.Folder, "good.parquet");
            if (!File.Exists(path))
            {
                _ = Ask.Sql(new SqlOptions { Query = $"SELECT i AS id, 'name ' || i AS name, i / 8.0 AS value, DATE '2026-01-01' + CAST(i AS INTEGER) AS day FROM range({Rows}) AS t(i)", Out = path, Rows = 1 });
            }

            return File.ReadAllBytes(path);
        }

        var lines = Enumerable.Range(0, Rows).Select(i => kind == "csv" ? $"{i},name {i % 7},{i / 8.0},2026-01-{1 + (i % 28):00}" : $"{{\"id\":{i},\"name\":\"name {i % 7}\",\"value\":{i / 8.0}}}");
        return Encoding.UTF8.GetBytes((kind == "csv" ? "id,name,value,day\n" : string.Empty) + string.Join('\n', lines) + "\n");
    }

    private static (byte[] Bytes, string How) Mutate(byte[] good, string kind, Rng rng)
    {
        if (kind == "parquet")
        {
            switch (rng.NextInt(4))
            {
                case 0: return (good[..rng.NextInt(good.Length)], "cut");
                case 1: return (Flip(good, rng, 1 + rng.NextInt(20)), "bits");
                case 2: return ([.. good[..(good.Length / 2)], .. good[^40..]], "middle missing");
                default: return ([.. good[..^8], 255, 255, 255, 127, .. good[^4..]], "footer length");
            }
        }

        switch (rng.NextInt(12))
        {
            case 0: return (good[..rng.NextInt(good.Length)], "cut");
            case 1: return (Flip(good, rng, 1 + rng.NextInt(10)), "bits");
            case 2: return (Lines(good, rng, (l, r) => l + (r.NextInt(3) switch { 0 => "\r\n", 1 => "\r", _ => "\n" }), 1, string.Empty), "line ends");
            case 3: return (Lines(good, rng, (l, _) => l.Insert(l.Length / 2, "\""), 0.02), "quotes");
            case 4: return (Lines(good, rng, (l, r) => r.NextInt(2) == 0 ? l + ",more,and more" : l[..Math.Max(1, l.LastIndexOf(',') + 1)], 0.03), "cells");
            case 5: return ([0xEF, 0xBB, 0xBF, .. good], "mark");
            case 6: return ([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(good))], "utf16");
            case 7: return (Lines(good, rng, (l, _) => l.Insert(l.Length / 2, "\0"), 0.01), "zero bytes");
            case 8: return (Lines(good, rng, (l, _) => l + new string('x', 300_000), 0.005), "huge cells");
            case 9: return (Bytes(good, rng, 0xC3, 5), "broken utf8");
            case 10: return ([], "empty");
            default: return (good[(1 + rng.NextInt(10))..], "header");
        }
    }

    private static byte[] Flip(byte[] good, Rng rng, int times)
    {
        var bytes = (byte[])good.Clone();
        for (var i = 0; i < times; i++)
        {
            bytes[rng.NextInt(bytes.Length)] ^= (byte)(1 << rng.NextInt(8));
        }

        return bytes;
    }

    // Letters become half a character, never a mark that cells or lines are told by.
    private static byte[] Bytes(byte[] good, Rng rng, byte with, int times)
    {
        var bytes = (byte[])good.Clone();
        for (var i = 0; i < times; i++)
        {
            var at = rng.NextInt(bytes.Length);
            bytes[at] = char.IsAsciiLetter((char)bytes[at]) ? with : bytes[at];
        }

        return bytes;
    }

    private static byte[] Lines(byte[] good, Rng rng, Func<string, Rng, string> change, double share, string end = "\n") =>
        Encoding.UTF8.GetBytes(string.Concat(Encoding.UTF8.GetString(good).TrimEnd('\n').Split('\n').Select((l, i) => i > 0 && rng.NextDouble() < share ? change(l, rng) + end : l + "\n")));
}
