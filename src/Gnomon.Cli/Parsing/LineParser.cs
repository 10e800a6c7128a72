using System.CommandLine;
using System.CommandLine.Parsing;

namespace Gnomon.Cli.Parsing;

/// <summary>Words to options, by the platform's own parser; only the command that was named is built.</summary>
internal static class LineParser
{
    private static readonly ParserConfiguration Plain = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    public static ParsedLine Parse(string commandName, IReadOnlyList<OptionShape> shapes, IReadOnlyList<string> words)
    {
        var command = new Command(commandName);
        var rest = new Argument<string[]>("rest") { Arity = ArgumentArity.ZeroOrMore };
        command.Arguments.Add(rest);
        var options = shapes.Select(Build).ToList();
        options.ForEach(command.Options.Add);

        var parsed = command.Parse([.. words], Plain);
        var given = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (shape, option) in shapes.Zip(options))
        {
            if (parsed.GetResult(option) is { Implicit: false } result)
            {
                given[shape.Name] = [.. result.Tokens.Select(t => t.Value)];
            }
        }

        var loose = (parsed.GetResult(rest)?.Tokens ?? []).Select(t => t.Value).Concat(parsed.UnmatchedTokens).ToList();
        return new ParsedLine(
            commandName, given,
            [.. loose.Where(w => !LooksLikeOption(w))],
            [.. loose.Where(LooksLikeOption).Select(w => w.TrimStart('-').Split('=')[0])],
            [.. shapes.Select(s => s.Name)]);
    }

    private static bool LooksLikeOption(string word) => word.Length > 1 && word[0] == '-' && !char.IsAsciiDigit(word[1]) && word[1] != '.';

    private static Option Build(OptionShape shape)
    {
        string[] aliases = shape.Alias.Length switch
        {
            0 => [],
            1 => [$"-{shape.Alias}"],
            _ => [$"--{shape.Alias}"],
        };
        return shape.IsSwitch
            ? new Option<bool>(shape.Dashed, aliases) { Arity = ArgumentArity.ZeroOrOne }
            : new Option<string[]>(shape.Dashed, aliases) { Arity = ArgumentArity.ZeroOrMore, AllowMultipleArgumentsPerToken = false };
    }
}
