using System.Diagnostics;
using Xunit;

namespace Gnomon.System.Cli;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public void Every_script_knows_every_verb_and_option(string shell)
    {
        var script = CommandLine.Run("completions", shell).Out;
        Assert.All(Catalogue.Verbs, v => Assert.Contains(v.Name, script, StringComparison.Ordinal));
        Assert.All(Catalogue.Verbs.SelectMany(v => v.Options).Where(o => !o.Positional), o => Assert.Contains(o.Name, script, StringComparison.Ordinal));
        Assert.DoesNotContain("\r", script, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_shell_is_refused_by_name() =>
        Assert.Contains("There are no completions for 'tcsh'", CommandLine.Run("completions", "tcsh").Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("gnomon a", "ab")]
    [InlineData("gnomon ab --le", "--level")]
    [InlineData("gnomon ab --fail-on w", "warn")]
    public void In_bash_a_started_word_is_completed(string typed, string expected)
    {
        if (!File.Exists("/bin/bash"))
        {
            Assert.Skip("bash is not on this machine.");
        }

        var words = typed.Split(' ');
        var script = CommandLine.Run("completions", "bash").Out
            + $"COMP_WORDS=({string.Join(' ', words)}); COMP_CWORD={words.Length - 1}; _gnomon; echo \"${{COMPREPLY[@]}}\"\n";
        using var bash = Process.Start(new ProcessStartInfo("/bin/bash", ["--noprofile", "--norc", "-s"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        bash.StandardInput.Write(script);
        bash.StandardInput.Close();
        Assert.Contains(expected, bash.StandardOutput.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        bash.WaitForExit();
    }
}
