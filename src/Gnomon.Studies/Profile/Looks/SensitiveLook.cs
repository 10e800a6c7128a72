using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Profile.Looks;

/// <summary>Columns of addresses, cards and credentials.</summary>
internal static class SensitiveLook
{
    // One in ten long numbers passes the checksum by chance; a column of cards passes always.
    private const double MostlyCards = 0.5;

    public static SensitiveColumns Of(IReadOnlyList<SampleColumn> columns)
    {
        var looked = columns.Where(c => c.Facts.Shape is not null || c.Facts.Type == ColumnType.Integer).ToList();
        return new SensitiveColumns { Looked = looked.Count, Columns = [.. looked.SelectMany(Kinds)] };
    }

    private static IEnumerable<SensitiveColumn> Kinds(SampleColumn column)
    {
        if (column.Facts.Shape is not { } shape)
        {
            var cards = CardShare(column.Numbers);
            if (cards > MostlyCards)
            {
                yield return new SensitiveColumn(column.Name, "payment card numbers", cards, IsSecret: true);
            }

            yield break;
        }

        if (shape.Emails > 0)
        {
            yield return new SensitiveColumn(column.Name, "e-mail addresses", shape.Emails, IsSecret: false);
        }

        if (shape.Cards > MostlyCards * shape.CardLike)
        {
            yield return new SensitiveColumn(column.Name, "payment card numbers", shape.Cards, IsSecret: true);
        }

        if (shape.Secrets > 0)
        {
            yield return new SensitiveColumn(column.Name, "credentials", shape.Secrets, IsSecret: true);
        }
    }

    private static double CardShare(double[] numbers)
    {
        double seen = 0, passed = 0;
        foreach (var number in numbers)
        {
            if (double.IsNaN(number))
            {
                continue;
            }

            seen++;
            passed += number is >= 3e12 and < 9e15 && TextShape.IsCardNumber((long)number) ? 1 : 0;
        }

        return seen < 20 ? 0 : passed / seen;
    }
}
