using System.Text;
using Gnomon.Core.Tables;
using Gnomon.Data.Files;
using Gnomon.Data.Files.Csv.Streaming;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Data.Files.Streaming;

/// <summary>Hashes are those of the embedded engine; source: the engine, asked in the test; tolerance: none.</summary>
public sealed class CellHashTests
{
    [Fact]
    public void Hashes_of_numbers_and_texts_of_every_length_are_the_engines()
    {
        var random = new Rng(7);
        var numbers = Enumerable.Range(0, 3_000).Select(_ => (long)random.NextUInt64() >> random.NextInt(64)).Concat([0, -1, long.MinValue, long.MaxValue]).ToArray();
        var texts = numbers.Select((_, i) => string.Concat(Enumerable.Range(0, 1 + (i % 70)).Select(_ => (char)('!' + random.NextInt(700))))).ToArray();
        var table = Table.With("n", numbers).And("t", texts);
        using var engine = new SourceLoader(new SourceOptions { Memory = table }, () => Stream.Null, TestContext.Current.CancellationToken).OpenEngine();
        var row = 0;
        engine.Scan(
            Query.Of(new Projection("n", Scalar.Column("n").Hash()), new Projection("t", Scalar.Column("t").Hash())),
            chunk =>
            {
                for (var i = 0; i < chunk.Rows; i++, row++)
                {
                    Assert.Equal(chunk.Hashes(0)[i], CellHash.Of(numbers[row]));
                    var utf8 = Encoding.UTF8.GetBytes(texts[row]);
                    byte[] padded = [.. utf8, .. new byte[RawBlock.Padding].Select(_ => (byte)random.NextInt(256))];
                    Assert.Equal(chunk.Hashes(1)[i], CellHash.Of(ref padded[0], 0, utf8.Length));
                }

                return true;
            },
            TestContext.Current.CancellationToken);
        Assert.Equal(numbers.Length, row);
    }
}
