using Gnomon.Cli.Running;
using Gnomon.Core.Studies;
using Gnomon.System.Packaging;
using Xunit;

namespace Gnomon.System.Cli;

public sealed class StreamTests
{
    [Fact]
    public void A_reader_that_leaves_early_is_no_error() => Bash("ab --counts A=500/11034,B=420/11037 --no-ledger | head -1; exit ${PIPESTATUS[0]}", expected: 0);

    [Fact]
    public void An_output_that_is_full_is_one_message()
    {
        if (!File.Exists("/dev/full"))
        {
            Assert.Skip("This machine has no /dev/full.");
        }

        var result = Bash("ab --counts A=500/11034,B=420/11037 --no-ledger > /dev/full", expected: 2);
        Assert.Contains("The output could not be written", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5, "[############------------]  50 % reading")]
    [InlineData(2.0, "[########################] 100 % reading")]
    [InlineData(null, "reading")]
    public void Progress_is_one_short_line(double? share, string text) => Assert.Equal(text, ProgressLine.Text(new StudyProgress("reading", share)));

    [Theory]
    [InlineData(0.5, 10, null, ", about 10 s left")]
    [InlineData(0.25, 600, 4.0 * 1073741824, ", 2 MiB/s, about 30 min left")]
    [InlineData(0.05, 3600, null, ", about 19.0 h left")]
    [InlineData(0.01, 60, null, "")]
    [InlineData(1.0, 60, null, "")]
    [InlineData(0.5, 0, null, "")]
    [InlineData(null, 60, null, "")]
    public void Progress_tells_rate_and_time_left(double? share, int seconds, double? bytes, string text) =>
        Assert.Equal(text, ProgressLine.Pace(new StudyProgress("reading", share, bytes), TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void A_short_run_draws_no_progress()
    {
        using var writer = new StringWriter();
        using (var line = new ProgressLine(writer))
        {
            line.Report(new StudyProgress("reading", 0.5));
        }

        Assert.Empty(writer.ToString());
    }

    private static CommandResult Bash(string line, int expected)
    {
        if (!File.Exists("/bin/bash"))
        {
            Assert.Skip("bash is not on this machine.");
        }

        var result = Tool.Run("/bin/bash", Path.GetTempPath(), "-c", $"dotnet '{Path.Combine(AppContext.BaseDirectory, "Gnomon.Cli.dll")}' {line}");
        Assert.True(result.Code == expected, result.ToString());
        return result;
    }
}
