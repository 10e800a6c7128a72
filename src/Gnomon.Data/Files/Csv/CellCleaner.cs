using System.Text;
using System.Text.Unicode;

namespace Gnomon.Data.Files.Csv;

/// <summary>Cells that are not UTF-8 are read as Windows-1252, where every byte is a character; zero bytes are taken out.</summary>
internal sealed class CellCleaner
{
    /// <summary>What Windows-1252 has at 0x80 to 0x9F; the five unassigned bytes keep their number (WHATWG Encoding Standard).</summary>
    private const string HighControls =
        "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F" +
        "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

    private byte[] _clean = new byte[256];

    public bool WasForeign { get; private set; }

    public bool HadZero { get; private set; }

    /// <summary>True when a record holds nothing to clean, which is the rule.</summary>
    public static bool IsClean(ReadOnlySpan<byte> record) => Utf8.IsValid(record) && !record.Contains((byte)0);

    public ReadOnlySpan<byte> Clean(ReadOnlySpan<byte> cell)
    {
        WasForeign = !Utf8.IsValid(cell);
        HadZero = cell.Contains((byte)0);
        if (!WasForeign && !HadZero)
        {
            return cell;
        }

        if (_clean.Length < cell.Length * 3)
        {
            _clean = new byte[cell.Length * 4];
        }

        var written = 0;
        foreach (var b in cell)
        {
            if (b == 0)
            {
                continue;
            }

            if (!WasForeign || b < 0x80)
            {
                _clean[written++] = b;
                continue;
            }

            var character = new Rune(b < 0xA0 ? HighControls[b - 0x80] : (char)b);
            written += character.EncodeToUtf8(_clean.AsSpan(written));
        }

        return _clean.AsSpan(0, written);
    }
}
