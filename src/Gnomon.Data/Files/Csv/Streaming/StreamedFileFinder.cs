using Gnomon.Core.Errors;
using Gnomon.Core.Tables;

namespace Gnomon.Data.Files.Csv.Streaming;

/// <summary>Decides whether a source can be read straight from its bytes. Whatever is not plain, and every error, is left to <see cref="CsvLoader"/>.</summary>
internal static class StreamedFileFinder
{
    /// <summary>More workers than this wait for one another.</summary>
    private const int MostWorkers = 4;

    private const int HeadBytes = 4096;

    /// <returns>Null when the source is not one plain file of delimited text whose rows are all alike.</returns>
    public static StreamedFile? TryFind(SourceOptions options, CancellationToken cancellation, int blockBytes = BlockSource.UsualBytes)
    {
        var isPlain = options is { Memory: null, Sql: null, Path: not (null or "-"), MemoryLimit: null, Threads: null or > 0, Decimal: '.', NullText.Count: 0 }
            && string.IsNullOrWhiteSpace(options.Where);
        if (!isPlain || !File.Exists(options.Path))
        {
            return null;
        }

        try
        {
            return IsPlainText(options) ? TryRead(options, cancellation, blockBytes) : null;
        }
        catch (Exception e) when (e is GnomonError or IOException or UnauthorizedAccessException)
        {
            // Said again, in full, by the careful reader.
            return null;
        }
    }

    /// <summary>Pipes have no length; packed files, other encodings and other formats show in the first bytes.</summary>
    private static bool IsPlainText(SourceOptions options)
    {
        var path = options.Path!;
        if (FollowedFile.At(path).Length == 0)
        {
            return false;
        }

        using var file = File.OpenRead(path);
        var head = new byte[Math.Min(HeadBytes, file.Length)];
        var read = head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
        return !read.StartsWith(FileFormat.GzipMagic)
            && Spool.WideEncoding(read) is null
            && (FileFormat.Named(options.Format) ?? FileFormat.Detect(FileFinder.Shown(path), path, read)) == FileKind.DelimitedText;
    }

    private static StreamedFile? TryRead(SourceOptions options, CancellationToken cancellation, int blockBytes)
    {
        var path = options.Path!;
        var shown = FileFinder.Shown(path);
        var stamp = FollowedFile.At(path);
        var (length, modified) = (stamp.Length, stamp.LastWriteTimeUtc);
        var (head, isWhole, markLength) = FileHead.Read(path, CsvLoader.HeadBytes);
        CsvLoader.CheckText(shown, head.Span);
        var sniffer = new CsvSniffer(options, head, isWhole);
        var format = sniffer.Format();
        var layout = new HeaderFinder(shown, format, sniffer.Records(format)).Find();
        if (layout is not { IsOdd: false, Width: > 1, Format: { Escape: CsvFormat.Quote, Delimiter.Length: 1 } }
            || layout.Names.Distinct(StringComparer.OrdinalIgnoreCase).Count() != layout.Width
            || DataStart(head.Span, layout.DataLine - 1) is not { } start)
        {
            return null;
        }

        var survey = CsvSurvey.Of(shown, Bytes.Stream(head), isWhole, layout, options, cancellation);
        var part = new CsvPart(shown, path, layout, survey, IsRewritten: false) { MarkLength = markLength };
        var decisions = layout.Names.Select((name, i) => CsvLoader.Decision(survey.Columns[i], name, [part])).ToList();
        if (survey.NeedsRewrite || !decisions.TrueForAll(d => IsSure(d, isWhole)))
        {
            return null;
        }

        var feed = head.Span.IndexOf((byte)'\n');
        var shape = new StreamShape(path, markLength + start, length, modified, layout.Format.Delimiter[0], layout.Width, feed > 0 && head.Span[feed - 1] == (byte)'\r');
        var types = decisions.Select(d => d.As).ToList();
        var workers = (int)Math.Min(Math.Clamp(options.Threads ?? Environment.ProcessorCount, 1, MostWorkers), 1 + ((length - shape.Start) / blockBytes));
        var rows = options.TrustsHead ? null : CsvFastSurvey.Rows(shape, types, workers, cancellation, blockBytes);
        return rows is null && !options.TrustsHead
            ? null
            : new StreamedFile(shape, types, layout.Names, [.. Issues(layout, survey, decisions)], rows, workers);
    }

    /// <summary>Words for no value and spaces around numbers need the careful reader.</summary>
    private static bool IsSure(ColumnDecision decision, bool isWhole) =>
        LanePlan.Supports(decision.As) && (isWhole || !decision.IsDoubtful) && (decision.As == ReadAs.Text || decision is { IsPadded: false, MissingWords: null or { Count: 0 } });

    private static IEnumerable<ReadIssue> Issues(CsvLayout layout, CsvSurvey survey, List<ColumnDecision> decisions) =>
        layout.Issues.Concat(survey.Issues(layout.Width)).Concat(decisions.Select(d => d.Issue).OfType<ReadIssue>());

    /// <summary>Where the line behind this many lines begins; null when the head ends before.</summary>
    private static int? DataStart(ReadOnlySpan<byte> head, long lines)
    {
        var at = 0;
        for (; lines > 0; lines--)
        {
            var feed = head[at..].IndexOf((byte)'\n');
            if (feed < 0)
            {
                return null;
            }

            at += feed + 1;
        }

        return at;
    }
}
