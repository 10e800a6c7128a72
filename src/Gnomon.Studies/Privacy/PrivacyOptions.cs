using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Methods.Privacy;

namespace Gnomon.Studies.Privacy;

/// <summary>What a table would give away about people, and what it costs to protect them.</summary>
/// <remarks>
/// Looks for columns that name a person and combinations that single one out, coarsens values until every combination has k rows, writes a file for release, answers counts, means and histograms with noise
/// under a budget that cannot be overspent, and shows what detail and noise do to a model. The finding itself is for the inside: it holds exact numbers.
/// </remarks>
[Verb("privacy", "What would these data give away about people, and what does protection cost?", Example = "gnomon privacy customers.csv --quasi age,zip,sex --target fraud")]
public sealed record PrivacyOptions : StudyOptions
{
    /// <summary>Columns that an outsider may know of a person: age, postcode, job. Without it all columns count but identifiers, numbers with decimals, the target and the sensitive value.</summary>
    [Option(Value = "COLUMN[,COLUMN]", Group = "Roles")]
    public IReadOnlyList<string> Quasi { get; init; } = [];

    /// <summary>Columns that name a person, besides those that are found by their values or names.</summary>
    [Option(Value = "COLUMN[,COLUMN]", Group = "Roles")]
    public IReadOnlyList<string> Identifiers { get; init; } = [];

    /// <summary>Column whose value nobody should learn of a person, such as a diagnosis: its variety in each group is counted.</summary>
    [Option(Value = "COLUMN", Group = "Roles")]
    public string? Sensitive { get; init; }

    /// <summary>Column with two values that a model predicts: what coarser values and noise cost it is measured.</summary>
    [Option(Value = "COLUMN", Group = "Roles")]
    public string? Target { get; init; }

    /// <summary>Column that names the person of a row; it becomes a pseudonym in a release with --key-file.</summary>
    [Option(Value = "COLUMN", Group = "Roles")]
    public string? Unit { get; init; }

    /// <summary>Rows that must share every combination of values.</summary>
    [Option(Value = "K", Group = "Release", Above = 1, Below = 10001)]
    public long K { get; init; } = 5;

    /// <summary>Share of rows that may be left out because their combination stays rare.</summary>
    [Option(Value = "SHARE", Group = "Release", Above = -1e-12, Below = 0.5)]
    public double Suppress { get; init; } = 0.05;

    /// <summary>Writes the coarsened rows as CSV: identifiers out, rare rows out. A file that exists is not overwritten.</summary>
    [Option(Value = "FILE", Group = "Release")]
    public string? Release { get; init; }

    /// <summary>File with the secret key of pseudonyms; made with 32 random bytes when it is not there. Keep it away from the release.</summary>
    [Option(Value = "FILE", Group = "Release")]
    public string? KeyFile { get; init; }

    /// <summary>Numbers to answer with noise: count, mean:COLUMN, histogram:COLUMN, logistic. Each costs --epsilon.</summary>
    [Option(Value = "WHAT[,WHAT]", Group = "Noise")]
    public IReadOnlyList<string> Ask { get; init; } = [];

    /// <summary>Privacy loss of each number of --ask, at most six decimals; also marked in the curve.</summary>
    [Option(Value = "EPSILON", Group = "Noise")]
    public string Epsilon { get; init; } = "1";

    /// <summary>Range of a number, stated without looking at the data: amount=0:5000. Means and private models need it.</summary>
    [Option(Value = "COLUMN=LOW:HIGH[,...]", Group = "Noise")]
    public IReadOnlyList<string> Bounds { get; init; } = [];

    /// <summary>Most rows of one person; noise grows with it.</summary>
    [Option(Value = "N", Group = "Noise", Above = 0, Below = 1001)]
    public long RowsPerPerson { get; init; } = 1;

    /// <summary>Strength of the penalty of private models; larger is calmer and coarser.</summary>
    [Option(Value = "PENALTY", Group = "Noise", Above = 0)]
    public double Penalty { get; init; } = 2;

    /// <summary>Seed of the noise, for tests and examples only: whoever knows it takes the noise off again. The operating system's cryptographic source when left out.</summary>
    [Option(Value = "N", Group = "Noise", Above = -1)]
    public long? NoiseSeed { get; init; }

    /// <summary>The log of budget, releases, purposes and deletions, one JSON line each; --ask needs it.</summary>
    [Option(Value = "FILE", Group = "Log")]
    public string? Log { get; init; }

    /// <summary>The whole budget of these data, written to a new log; it cannot be raised afterwards.</summary>
    [Option(Value = "EPSILON", Group = "Log")]
    public string? Total { get; init; }

    /// <summary>People whose rows are left out from now on, by their value of --unit; noted in the log by pseudonym.</summary>
    [Option(Value = "VALUE[,VALUE]", Group = "Log")]
    public IReadOnlyList<string> Forget { get; init; } = [];

    /// <summary>What the data are used for, in words.</summary>
    [Option(Value = "TEXT", Group = "Wording")]
    public string? Purpose { get; init; }

    /// <summary>Legal basis, in words.</summary>
    [Option(Value = "TEXT", Group = "Wording")]
    public string? LegalBasis { get; init; }

    /// <summary>Who receives the release.</summary>
    [Option(Value = "TEXT", Group = "Wording")]
    public string? Recipient { get; init; }

    /// <summary>Day by which the release is deleted, as 2027-12-31.</summary>
    [Option(Value = "DATE", Group = "Wording")]
    public string? RetainUntil { get; init; }

    /// <summary>Confidence level of the intervals.</summary>
    [Option(Value = "LEVEL", Group = "Wording", Above = 0, Below = 1)]
    public double Level { get; init; } = 0.95;

    internal Epsilon Loss => Methods.Privacy.Epsilon.TryParse(Epsilon, out var loss) ? loss : Methods.Privacy.Epsilon.Zero;

    /// <inheritdoc/>
    public override IEnumerable<GnomonError> Validate()
    {
        if (Data is null && Query is null)
        {
            yield return new GnomonError("data-missing", "No data were given.", "DATA", "Name a file, or use --query.");
        }

        foreach (var (name, text) in new[] { ("--epsilon", Epsilon), ("--total", Total) })
        {
            if (text is not null && !Methods.Privacy.Epsilon.TryParse(text, out _))
            {
                yield return new GnomonError("bad-number", $"{name} must be a number above 0 and at most 1,000 with at most six decimals; got '{text}'.", name, $"Write {name} 1.");
            }
        }

        foreach (var wrong in Bounds.Where(b => !PrivacyBounds.IsBound(b)))
        {
            yield return new GnomonError("bad-bounds", $"--bounds needs COLUMN=LOW:HIGH with LOW below HIGH; got '{wrong}'.", "--bounds", "Write --bounds amount=0:5000.");
        }

        foreach (var wrong in Ask.Where(a => a is not ("count" or "logistic") && !((a.StartsWith("mean:", StringComparison.Ordinal) || a.StartsWith("histogram:", StringComparison.Ordinal)) && !a.EndsWith(':'))))
        {
            yield return new GnomonError("bad-choice", $"--ask takes count, mean:COLUMN, histogram:COLUMN and logistic; got '{wrong}'.", "--ask");
        }

        if (Ask.Count > 0 && Log is null)
        {
            yield return new GnomonError("option-missing", "Noise protects as long as all answers together stay within a budget, and there is no log of it.", "--log", "Add --log privacy.jsonl, with --total 3 the first time.");
        }

        if (Ask.Contains("logistic") && Target is null)
        {
            yield return new GnomonError("option-missing", "A logistic regression needs the column that it predicts.", "--target", "Add --target COLUMN.");
        }

        if (Total is not null && Log is null)
        {
            yield return new GnomonError("option-missing", "--total is written to a log, and none is named.", "--log", "Add --log privacy.jsonl.");
        }

        if (Forget.Count > 0 && (Unit is null || Log is null || KeyFile is null))
        {
            yield return new GnomonError("option-missing", "To forget people takes the column that names them, the log that notes it and the key that hides them there.", "--unit, --log, --key-file", "Name all three.");
        }

        if (RetainUntil is not null && !DateOnly.TryParseExact(RetainUntil, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            yield return new GnomonError("bad-date", $"--retain-until must be a date; got '{RetainUntil}'.", "--retain-until", "Write it as 2027-12-31.");
        }

        var files = new[] { Data, Release, KeyFile, Log }.OfType<string>().Where(f => f != "-").Select(Path.GetFullPath).ToList();
        if (files.Distinct(StringComparer.Ordinal).Count() < files.Count)
        {
            yield return new GnomonError("options-conflict", "Data, release, key and log must be four different files.", "--release, --key-file, --log");
        }
    }
}
