using Xunit;

namespace Gnomon.System.Packaging;

/// <summary>The scripts at the root of the repository.</summary>
public sealed class ScriptTests
{
    [Theory]
    [InlineData("gnomon")]
    [InlineData("test")]
    [InlineData(".ci/run")]
    [InlineData("build/tools.sh")]
    public void Bash_understands_the_script(string script)
    {
        if (!File.Exists("/bin/bash"))
        {
            Assert.Skip("bash is not on this machine.");
        }

        var result = Tool.Run("/bin/bash", Repository.Root, "-n", script);
        Assert.True(result.Code == 0, result.ToString());
    }

    [Fact]
    public void Without_npm_the_script_says_in_one_message_what_to_get()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("The bash script is not for Windows.");
        }

        using var folder = new Cli.TemporaryFolder();
        Directory.CreateDirectory(folder["build"]);
        Directory.CreateDirectory(folder["src"]);
        File.Copy(Path.Combine(Repository.Root, "gnomon"), folder["gnomon"]);
        File.Copy(Path.Combine(Repository.Root, "build/tools.sh"), folder["build/tools.sh"]);
        var result = Tool.Run("/bin/bash", folder.Path, "-c", "npm() { return 127; }; command() { [ \"$2\" != npm ] && builtin command \"$@\"; }; export -f npm command; ./gnomon --version");
        Assert.Equal(2, result.Code);
        Assert.StartsWith("gnomon: npm is missing", result.Error, StringComparison.Ordinal);
    }
}
