using Gnomon.Cli.Parsing;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;

namespace Gnomon.Cli.Commands;

/// <summary><c>gnomon completions SHELL</c>: a script that knows every verb, option and choice; nothing runs when Tab is pressed.</summary>
internal sealed class CompletionsCommand : ICommand
{
    private static readonly string[] Shells = ["bash", "zsh", "fish", "pwsh"];

    public string Name => "completions";

    public string Summary => "Print a completion script for bash, zsh, fish or pwsh.";

    public IReadOnlyList<OptionShape> Options => [];

    public IReadOnlyList<string> Words => Shells;

    public IEnumerable<string> Help(int width) =>
    [
        "gnomon completions bash|zsh|fish|pwsh", string.Empty,
        "  bash:  gnomon completions bash > ~/.local/share/bash-completion/completions/gnomon",
        "  zsh:   gnomon completions zsh > ~/.zfunc/_gnomon       (with fpath+=~/.zfunc before compinit)",
        "  fish:  gnomon completions fish > ~/.config/fish/completions/gnomon.fish",
        "  pwsh:  gnomon completions pwsh >> $PROFILE",
    ];

    public int Run(IReadOnlyList<string> words, Surface surface, CancellationToken cancellation)
    {
        var line = LineParser.Parse(Name, Options, words);
        line.Expect(mostPositionals: 1);
        var shell = line.Positionals.FirstOrDefault();
        surface.Out.Write(shell switch
        {
            "bash" => Bash(Topics()),
            "zsh" => Zsh(Topics()),
            "fish" => Fish(Topics()),
            "pwsh" => Pwsh(Topics()),
            _ => throw new GnomonError(
                "bad-choice", shell is null ? "Which shell?" : $"There are no completions for '{shell}'.", "completions",
                (shell is null ? null : NearestName.To(shell, Shells)) is { } nearest ? $"Did you mean '{nearest}'?" : $"Choose one of {string.Join(", ", Shells)}."),
        });
        return ExitCode.Answered;
    }

    // Verbs and commands alike: a name, a line of text, what may follow.
    private static IReadOnlyList<Topic> Topics() =>
    [
        .. Catalogue.Verbs.Select(v => new Topic(v.Name, v.Question, [], VerbLine.Shapes(v), TakesData: true)),
        .. CommandList.All.Select(c => new Topic(c.Name, c.Summary, c.Words, c.Options, TakesData: false)),
    ];

    private static string Bash(IReadOnlyList<Topic> topics)
    {
        var cases = string.Concat(topics.Select(t => $"    {t.Name}) options=\"{string.Join(' ', t.Words.Concat(t.Options.Select(o => o.Dashed)))}\" ;;\n"));
        var choices = string.Concat(topics.SelectMany(t => t.Options).Where(o => o.Choices.Count > 0).DistinctBy(o => o.Name)
            .Select(o => $"    {o.Dashed}) COMPREPLY=($(compgen -W '{string.Join(' ', o.Choices)}' -- \"$current\")); return ;;\n"));
        var commands = string.Join('|', topics.Where(t => !t.TakesData).Select(t => t.Name));
        return $$"""
            _gnomon() {
              local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" options=""
              COMPREPLY=()
              if [ "$COMP_CWORD" -eq 1 ]; then
                COMPREPLY=($(compgen -W '{{string.Join(' ', topics.Select(t => t.Name))}} --help --version' -- "$current"))
                return
              fi
              case "$previous" in
            {{choices}}  esac
              case "${COMP_WORDS[1]}" in
            {{cases}}  esac
              if [[ "$current" == -* || "${COMP_WORDS[1]}" =~ ^({{commands}})$ ]]; then
                COMPREPLY=($(compgen -W "$options" -- "$current"))
              fi
            }
            complete -o bashdefault -o default -F _gnomon gnomon

            """;
    }

    private static string Zsh(IReadOnlyList<Topic> topics)
    {
        var cases = string.Concat(topics.Select(t => $"    {t.Name}) _arguments '1:verb:' {ZshRest(t)}{string.Concat(t.Options.Select(o => $" \\\n      '{ZshOption(o)}'"))} ;;\n"));
        return $$"""
            #compdef gnomon
            _gnomon() {
              local -a verbs
              verbs=(
            {{string.Concat(topics.Select(t => $"    '{t.Name}:{Quote(t.Text)}'\n"))}}  )
              if (( CURRENT == 2 )); then _describe verb verbs; return; fi
              case "$words[2]" in
            {{cases}}  esac
            }
            compdef _gnomon gnomon

            """;
    }

    private static string ZshRest(Topic topic) => topic.TakesData ? "'*:data:_files'" : topic.Words.Count > 0 ? $"'2:word:({string.Join(' ', topic.Words)})'" : string.Empty;

    private static string ZshOption(OptionShape option)
    {
        var text = Quote(option.Summary).Replace("[", "(", StringComparison.Ordinal).Replace("]", ")", StringComparison.Ordinal);
        var value = option switch
        {
            { IsSwitch: true } => string.Empty,
            { Choices.Count: > 0 } => $":value:({string.Join(' ', option.Choices)})",
            { IsFile: true } => ":file:_files",
            _ => ":value:",
        };
        return $"*{option.Dashed}[{text}]{value}";
    }

    private static string Fish(IReadOnlyList<Topic> topics) => string.Concat(topics.Select(t =>
    {
        var seen = $"complete -c gnomon -n '__fish_seen_subcommand_from {t.Name}'";
        return $"complete -c gnomon -n __fish_use_subcommand {(t.TakesData ? string.Empty : "-f ")}-a {t.Name} -d '{Quote(t.Text)}'\n"
            + (t.Words.Count > 0 ? $"{seen} -f -a '{string.Join(' ', t.Words)}'\n" : string.Empty)
            + string.Concat(t.Options.Select(o => $"{seen} -l {o.Name}{FishValue(o)} -d '{Quote(o.Summary)}'\n"));
    }));

    private static string FishValue(OptionShape option) => option switch
    {
        { IsSwitch: true } => string.Empty,
        { Choices.Count: > 0 } => $" -x -a '{string.Join(' ', option.Choices)}'",
        _ => " -r",
    };

    private static string Pwsh(IReadOnlyList<Topic> topics)
    {
        var options = string.Concat(topics.Select(t => $"    '{t.Name}' = @({string.Join(", ", t.Words.Concat(t.Options.Select(o => o.Dashed)).Select(w => $"'{w}'"))})\n"));
        return $$"""
            Register-ArgumentCompleter -Native -CommandName gnomon -ScriptBlock {
              param($word, $ast, $cursor)
              $options = @{
            {{options}}  }
              $verbs = @({{string.Join(", ", topics.Select(t => $"'{t.Name}'"))}})
              $typed = @($ast.CommandElements | ForEach-Object { $_.ToString() })
              $candidates = if ($typed.Count -le 1 -or ($typed.Count -eq 2 -and $word)) { $verbs } else { $options[$typed[1]] }
              $candidates | Where-Object { $_ -like "$word*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
              }
            }

            """;
    }

    private static string Quote(string text) => text.Replace("'", string.Empty, StringComparison.Ordinal).Replace(":", " -", StringComparison.Ordinal);

    private sealed record Topic(string Name, string Text, IReadOnlyList<string> Words, IReadOnlyList<OptionShape> Options, bool TakesData);
}
