using System.Globalization;

namespace Gnomon.Studies.Sql;

/// <summary>Sizes as people write them.</summary>
internal static class Bytes
{
    /// <summary>1536 is 1.5 KiB.</summary>
    public static string Text(double bytes)
    {
        string[] units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
        var k = 0;
        while (bytes >= 1024 && k < units.Length - 1)
        {
            (bytes, k) = (bytes / 1024, k + 1);
        }

        return $"{bytes.ToString(k == 0 || bytes >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture)} {units[k]}";
    }
}
