using System.Text.Json;
using Gnomon.Core.Tables;

namespace Gnomon.Data.DuckDb;

/// <summary>The engine's account of a statement that it ran.</summary>
internal static class PlanReader
{
    private const int LongestDetail = 120;

    public static WorkDone Read(string json, long rows, int threads)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 4096 });
        var root = document.RootElement;
        var steps = new List<PlanStep>();
        var (scanned, bytes) = (0L, 0L);
        Walk(root, 0);
        return new WorkDone
        {
            Rows = rows, RowsScanned = scanned, BytesScanned = bytes, PeakMemory = Whole(root, "system_peak_buffer_memory"), PeakSpill = Whole(root, "system_peak_temp_dir_size"),
            Seconds = Real(root, "latency"), CpuSeconds = Real(root, "cpu_time"), Threads = threads, Steps = steps,
        };

        void Walk(JsonElement node, int depth)
        {
            foreach (var child in node.GetProperty("children").EnumerateArray())
            {
                var name = child.TryGetProperty("operator_name", out var n) ? n.GetString()!.Trim() : "STEP";
                var isOwn = name is "EXPLAIN_ANALYZE" or "CREATE_TABLE_AS" or "BATCH_CREATE_TABLE_AS";
                if (!isOwn)
                {
                    steps.Add(new PlanStep(name, depth, Whole(child, "operator_cardinality"), Real(child, "operator_timing"), Detail(child)));
                }

                // A step without another below it reads; readers of text count blocks and not rows, so what they hand on is taken.
                if (!isOwn && child.GetProperty("children").GetArrayLength() == 0)
                {
                    scanned += Math.Max(Whole(child, "operator_rows_scanned"), Whole(child, "operator_cardinality"));
                    bytes += Whole(child, "result_set_size");
                }

                Walk(child, isOwn ? depth : depth + 1);
            }
        }
    }

    private static string Detail(JsonElement node)
    {
        if (!node.TryGetProperty("extra_info", out var extra) || extra.ValueKind != JsonValueKind.Object)
        {
            return string.Empty;
        }

        var parts = new[] { "Function", "Table", "Filters", "Conditions", "Join Type", "Groups", "Order By", "Expression" }
            .Where(k => extra.TryGetProperty(k, out _))
            .Select(k => Text(extra.GetProperty(k)))
            .Where(t => t.Length > 0);
        var text = string.Join("; ", parts).ReplaceLineEndings(" ");
        return text.Length > LongestDetail ? text[..LongestDetail] + "..." : text;
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Text)),
        JsonValueKind.String => value.GetString()!,
        _ => value.GetRawText(),
    };

    private static long Whole(JsonElement node, string name) => node.TryGetProperty(name, out var value) && value.TryGetDouble(out var number) ? (long)number : 0;

    private static double Real(JsonElement node, string name) => node.TryGetProperty(name, out var value) && value.TryGetDouble(out var number) ? number : 0;
}
