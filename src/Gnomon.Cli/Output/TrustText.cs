using System.Globalization;
using System.Text.Json;
using Gnomon.Cli.Commands;
using Gnomon.Cli.Help;
using Gnomon.Cli.Running;
using Gnomon.Trust;

namespace Gnomon.Cli.Output;

/// <summary>The figures of <c>gnomon trust</c> on the terminal and as JSON.</summary>
internal static class TrustText
{
    public static void Print(Surface surface, IReadOnlyList<MethodTrustResult> methods, IReadOnlyList<CheckTrustResult> checks, IReadOnlyList<NistResult> digits, int seed)
    {
        IReadOnlyList<string>[] parts = [[.. Methods(methods, seed)], [.. Checks(checks, seed)], [.. Digits(digits)]];
        surface.Out.WriteLine(string.Join(Environment.NewLine + Environment.NewLine, parts.Where(p => p.Count > 0).Select(p => string.Join(Environment.NewLine, p))));
    }

    public static string Json(IReadOnlyList<MethodTrustResult> methods, IReadOnlyList<CheckTrustResult> checks, IReadOnlyList<NistResult> digits, int seed) => JsonDocumentText.Write("gnomon.trust/1", writer =>
    {
        writer.WriteString("version", ProductVersion.Text);
        writer.WriteNumber("seed", seed);
        Array(writer, "methods", methods, Write);
        Array(writer, "checks", checks, Write);
        if (digits.Count > 0)
        {
            Array(writer, "nist", digits, Write);
        }
    });

    private static IEnumerable<string> Methods(IReadOnlyList<MethodTrustResult> methods, int seed)
    {
        if (methods.Count == 0)
        {
            yield break;
        }

        foreach (var text in Columns.Grid([["path", "size", "promised", "coverage", "promised", "power", "kept"], .. methods.Select(Row)]))
        {
            yield return text;
        }

        yield return string.Empty;
        foreach (var method in methods)
        {
            yield return $"{method.Path.Id}: {method.Path.Method}; {method.Path.Situation}.";
        }

        var broken = methods.Count(m => !m.IsKept);
        yield return string.Empty;
        yield return broken == 0
            ? $"All {methods.Count} paths keep their promise within binomial error ({methods[0].Draws} data sets each without and with an effect, seed {seed})."
            : $"{broken} of {methods.Count} paths break their promise ({methods[0].Draws} data sets each without and with an effect, seed {seed}).";
    }

    private static IReadOnlyList<string> Row(MethodTrustResult m) =>
    [
        m.Path.Id, Fixed(m.Size, m.Path.Alpha < 0.01 ? 3 : 2), m.PromisedSize, m.Path.HasInterval ? Fixed(m.Coverage, 2) : "-", m.PromisedCoverage, m.PowerText, Word(m.IsKept),
    ];

    private static IEnumerable<string> Checks(IReadOnlyList<CheckTrustResult> results, int seed)
    {
        if (results.Count == 0)
        {
            yield break;
        }

        foreach (var text in Columns.Grid([["check", "level", "caught", "promised", "false alarms", "promised", "kept"], .. results.Select(Row)]))
        {
            yield return text;
        }

        var broken = results.Count(r => !r.DetectionKept || !r.FalseAlarmKept);
        yield return string.Empty;
        yield return broken == 0
            ? $"All {results.Count} checks keep their promise within binomial error (seed {seed})."
            : $"{broken} of {results.Count} checks break their promise (seed {seed}).";
    }

    private static IReadOnlyList<string> Row(CheckTrustResult r) =>
    [
        r.Card.Id, ChecksCommand.Word(r.Card.Level),
        $"{r.Caught}/{r.Traps}", $">= {Percent(r.Card.DetectionRate)}",
        $"{r.FalseAlarms}/{r.Twins}", $"<= {Percent(r.Card.FalseAlarmRate)}",
        Word(r.DetectionKept && r.FalseAlarmKept),
    ];

    private static IEnumerable<string> Digits(IReadOnlyList<NistResult> results)
    {
        if (results.Count == 0)
        {
            yield break;
        }

        IReadOnlyList<string> peers = [.. NistPeer.All.Select(p => p.Name)];
        IReadOnlyList<string> head = ["set", "kind", "level", "quantity", "Gnomon", "promised", "kept", .. peers];
        foreach (var text in Columns.Grid([head, .. results.Select(r => (IReadOnlyList<string>)[
            r.Set, r.Kind, r.Level, r.Quantity, Digits(r.Digits), r.Promised.ToString("0", CultureInfo.InvariantCulture), Word(r.Kept), .. NistPeer.All.Select(p => Digits(p.Digits.GetValueOrDefault((r.Set, r.Quantity))))])]))
        {
            yield return text;
        }

        yield return string.Empty;
        yield return "Worst case of every kind, in correct digits:";
        foreach (var text in Columns.Grid([["kind", "quantities", "Gnomon", .. peers, .. peers.Select(p => $"{p} below 4")], .. NistWorst.Of(results).Select(w => (IReadOnlyList<string>)[
            w.Kind, w.Quantities.ToString(CultureInfo.InvariantCulture), Digits(w.Least), .. w.PeerLeast.Select(Digits), .. w.PeerBelowFour.Select(n => n.ToString(CultureInfo.InvariantCulture))])]))
        {
            yield return text;
        }

        var broken = results.Count(r => !r.Kept);
        yield return string.Empty;
        yield return broken == 0 ? $"All {results.Count} quantities keep their digits." : $"{broken} of {results.Count} quantities have fewer digits than promised.";
        yield return "The other tools ran once, with the functions and settings their users get first; 0.0 means that the tool gave up.";
    }

    private static string Digits(double digits) => digits.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Word(bool kept) => kept ? "yes" : "NO";

    private static string Fixed(double rate, int decimals) => (rate * 100).ToString("F" + decimals, CultureInfo.InvariantCulture) + " %";

    private static string Percent(double rate) => string.Create(CultureInfo.InvariantCulture, $"{rate * 100:0.###} %");

    private static void Array<T>(Utf8JsonWriter writer, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            writer.WriteStartObject();
            write(writer, item);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, MethodTrustResult m)
    {
        writer.WriteString("id", m.Path.Id);
        writer.WriteString("method", m.Path.Method);
        writer.WriteString("situation", m.Path.Situation);
        writer.WriteNumber("draws", m.Draws);
        writer.WriteNumber("alpha", m.Path.Alpha);
        writer.WriteNumber("size", m.Size);
        if (m.Path.HasInterval)
        {
            writer.WriteNumber("coverage", m.Coverage);
        }

        writer.WriteNumber("power", m.Power);
        writer.WriteBoolean("kept", m.IsKept);
    }

    private static void Write(Utf8JsonWriter writer, CheckTrustResult r)
    {
        writer.WriteString("id", r.Card.Id);
        writer.WriteString("level", ChecksCommand.Word(r.Card.Level));
        writer.WriteNumber("traps", r.Traps);
        writer.WriteNumber("caught", r.Caught);
        writer.WriteNumber("detectionRate", r.Card.DetectionRate);
        writer.WriteNumber("twins", r.Twins);
        writer.WriteNumber("falseAlarms", r.FalseAlarms);
        writer.WriteNumber("falseAlarmRate", r.Card.FalseAlarmRate);
        writer.WriteBoolean("kept", r.DetectionKept && r.FalseAlarmKept);
    }

    private static void Write(Utf8JsonWriter writer, NistResult r)
    {
        writer.WriteString("set", r.Set);
        writer.WriteString("kind", r.Kind);
        writer.WriteString("level", r.Level);
        writer.WriteString("quantity", r.Quantity);
        writer.WriteNumber("digits", r.Digits);
        writer.WriteNumber("promised", r.Promised);
        writer.WriteBoolean("kept", r.Kept);
        writer.WriteStartObject("others");
        foreach (var peer in NistPeer.All)
        {
            writer.WriteNumber(peer.Name, peer.Digits.GetValueOrDefault((r.Set, r.Quantity)));
        }

        writer.WriteEndObject();
    }
}
