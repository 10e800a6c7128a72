using System.Globalization;
using System.Text;
using System.Xml;
using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Render.Words;

namespace Gnomon.Render.Junit;

/// <summary>A finding as JUnit XML: one suite, one case per check, so that a build server shows the checks as it shows tests.</summary>
public static class JunitRenderer
{
    /// <param name="finding">What to render.</param>
    /// <param name="failOn">The status from which a case counts as failed: <c>Fail</c>, or <c>Warn</c> for warnings too.</param>
    public static string Render(Finding finding, CheckStatus failOn = CheckStatus.Fail)
    {
        ArgumentNullException.ThrowIfNull(finding);
        if (failOn is not (CheckStatus.Fail or CheckStatus.Warn))
        {
            throw new ArgumentOutOfRangeException(nameof(failOn), failOn, "A case fails on Fail or on Warn.");
        }

        var text = new Utf8Writer();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n", CheckCharacters = true }))
        {
            WriteSuites(xml, finding, failOn);
        }

        return text.ToString() + "\n";
    }

    private static void WriteSuites(XmlWriter xml, Finding finding, CheckStatus failOn)
    {
        var name = $"gnomon {finding.Question}";
        xml.WriteStartDocument();
        xml.WriteStartElement("testsuites");
        Counts(xml, finding, failOn, name);
        xml.WriteStartElement("testsuite");
        Counts(xml, finding, failOn, name);
        xml.WriteAttributeString("skipped", Number(finding.Checks.Count(c => c.Status == CheckStatus.Skipped) + RuleTable.Of(finding).Count(r => r.Status == RuleTable.NotAsked)));
        xml.WriteAttributeString("timestamp", finding.Provenance.StartedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
        WriteProperties(xml, finding);
        foreach (var check in finding.Checks)
        {
            WriteCase(xml, check, $"gnomon.{finding.Question}", failOn);
        }

        foreach (var rule in RuleTable.Of(finding))
        {
            WriteRule(xml, rule, RuleTable.Contract(finding) ?? RuleTable.Id);
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndDocument();
    }

    private static void Counts(XmlWriter xml, Finding finding, CheckStatus failOn, string name)
    {
        Attribute(xml, "name", name);
        xml.WriteAttributeString("tests", Number(finding.Checks.Count + RuleTable.Of(finding).Count));
        xml.WriteAttributeString("failures", Number(finding.Checks.Count(c => Fails(c, failOn)) + RuleTable.Of(finding).Count(r => r.IsBroken)));
        xml.WriteAttributeString("errors", "0");
        xml.WriteAttributeString("time", finding.Provenance.Seconds.ToString("0.000", CultureInfo.InvariantCulture));
    }

    private static void WriteProperties(XmlWriter xml, Finding finding)
    {
        xml.WriteStartElement("properties");
        Property(xml, "title", finding.Title);
        Property(xml, "action", finding.Decision.Action.Word());
        Property(xml, "summary", finding.Decision.Summary);
        Property(xml, "command", Prose.Command(finding.Provenance));
        Property(xml, "version", finding.Provenance.Version);
        xml.WriteEndElement();
    }

    private static void Property(XmlWriter xml, string name, string value)
    {
        xml.WriteStartElement("property");
        xml.WriteAttributeString("name", name);
        Attribute(xml, "value", value);
        xml.WriteEndElement();
    }

    private static void WriteCase(XmlWriter xml, CheckReport check, string suite, CheckStatus failOn)
    {
        xml.WriteStartElement("testcase");
        Attribute(xml, "classname", suite);
        Attribute(xml, "name", check.Id);
        xml.WriteAttributeString("time", "0");
        if (Fails(check, failOn))
        {
            xml.WriteStartElement("failure");
            Attribute(xml, "message", check.Evidence);
            xml.WriteAttributeString("type", check.Status == CheckStatus.Fail ? "fail" : "warn");
            xml.WriteString(Xml($"{check.Evidence}\n{check.Remedy}\nSource: {check.Source}"));
            xml.WriteEndElement();
        }
        else if (check.Status == CheckStatus.Skipped)
        {
            xml.WriteStartElement("skipped");
            Attribute(xml, "message", check.Evidence);
            xml.WriteEndElement();
        }
        else
        {
            xml.WriteElementString("system-out", Xml(check.Status == CheckStatus.Warn ? $"warning: {check.Evidence}\n{check.Remedy}" : check.Evidence));
        }

        xml.WriteEndElement();
    }

    // A rule is a case of its own, so that a build server names the rule and not only the check over all rules.
    private static void WriteRule(XmlWriter xml, RuleRow rule, string contract)
    {
        xml.WriteStartElement("testcase");
        Attribute(xml, "classname", contract);
        Attribute(xml, "name", rule.Rule);
        Attribute(xml, "file", contract);
        xml.WriteAttributeString("line", Number(rule.Line));
        xml.WriteAttributeString("time", "0");
        if (rule.IsBroken)
        {
            xml.WriteStartElement("failure");
            Attribute(xml, "message", rule.Says);
            xml.WriteAttributeString("type", "rule");
            xml.WriteString(Xml($"{rule.Says}\n{rule.Which}"));
            xml.WriteEndElement();
        }
        else if (rule.Status == RuleTable.NotAsked)
        {
            xml.WriteStartElement("skipped");
            Attribute(xml, "message", rule.Which);
            xml.WriteEndElement();
        }
        else
        {
            xml.WriteElementString("system-out", Xml(rule.Says));
        }

        xml.WriteEndElement();
    }

    private static bool Fails(CheckReport check, CheckStatus failOn) =>
        check.Status == CheckStatus.Fail || (failOn == CheckStatus.Warn && check.Status == CheckStatus.Warn);

    private static string Number(int n) => n.ToString(CultureInfo.InvariantCulture);

    private static void Attribute(XmlWriter xml, string name, string value) => xml.WriteAttributeString(name, Xml(value));

    // XML 1.0 has no place for most control characters or half surrogate pairs, not even escaped; marks that reorder text are taken out.
    private static string Xml(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes().Where(r => !r.IsBmp || !Prose.IsDirectionMark((char)r.Value)))
        {
            clean.Append(rune.Value is '\n' or '\t' || (!Rune.IsControl(rune) && rune.Value is not (0xFFFE or 0xFFFF)) ? rune.ToString() : " ");
        }

        return clean.ToString();
    }

    private sealed class Utf8Writer : StringWriter
    {
        public override Encoding Encoding => Encoding.UTF8;
    }
}
