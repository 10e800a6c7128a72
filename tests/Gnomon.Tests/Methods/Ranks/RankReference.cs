using System.Text.Json;
using Gnomon.Tests.Numerics;

namespace Gnomon.Tests.Methods.Ranks;

/// <summary>tests/reference/compare: compare.json from scipy, statsmodels, formulas and enumeration (make.py); r.json from R (make.R).</summary>
internal static class RankReference
{
    public static readonly JsonElement Python = ReferenceFile.Open("compare", "compare.json");

    public static readonly JsonElement R = ReferenceFile.Open("compare", "r.json");

    public static IEnumerable<(JsonElement Python, JsonElement R)> Both(string name) =>
        Python.GetProperty(name).EnumerateArray().Zip(R.GetProperty(name).EnumerateArray());

    /// <summary>Null stands for a number that the tool did not give.</summary>
    public static double?[] Maybe(this JsonElement e, string name) =>
        [.. e.GetProperty(name).EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Null ? (double?)null : v.GetDouble())];

    public static double[] List(this JsonElement e) => [.. e.EnumerateArray().Select(v => v.GetDouble())];

    public static bool Has(this JsonElement e, string name) => e.TryGetProperty(name, out var v) && v.ValueKind != JsonValueKind.Null;

    public static long[] Table(this JsonElement e) => [.. e.EnumerateArray().SelectMany(r => r.EnumerateArray()).Select(v => v.GetInt64())];
}
