using Gnomon.Cli.Parsing;
using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon.Cli.Commands;

/// <summary><c>gnomon completions SHELL</c>: a script that knows every verb, option and choice; nothing runs when Tab is pressed.</summary>
internal sealed class CompletionsCommand : ICommand
{
    private static readonly string[] Shells = ["bash", "zsh", "fish", "pwsh"];
    private static readonly string[] Words = ["cases", "checks", "ledger", "trust", "completions", "help"];

    public string Name => "completions";

    public string Summary => "Print a completion script for bash, zsh, fish or pwsh.";

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
        var line = LineParser.Parse(Name, [], words);
        line.Expect(mostPositionals: 1);
        var shell = line.Positionals.FirstOrDefault();
        surface.Out.Write(shell switch
        {
            "bash" => Bash(Catalogue.Verbs),
            "zsh" => Zsh(Catalogue.Verbs),
            "fish" => Fish(Catalogue.Verbs),
            "pwsh" => Pwsh(Catalogue.Verbs),
            _ => throw new GnomonError(
                "bad-choice", shell is null ? "Which shell?" : $"There are no completions for '{shell}'.", "completions",
                (shell is null ? null : NearestName.To(shell, Shells)) is { } nearest ? $"Did you mean '{nearest}'?" : $"Choose one of {string.Join(", ", Shells)}."),
        });
        return ExitCode.Answered;
    }

    private static string Bash(IReadOnlyList<VerbCard> verbs)
    {
        var cases = string.Concat(verbs.Select(v => $"    {v.Name}) options=\"{string.Join(' ', VerbLine.Shapes(v).Select(o => o.Dashed))}\" ;;\n"));
        var choices = string.Concat(verbs.SelectMany(v => VerbLine.Shapes(v)).Where(o => o.Choices.Count > 0).DistinctBy(o => o.Name)
            .Select(o => $"    {o.Dashed}) COMPREPLY=($(compgen -W '{string.Join(' ', o.Choices)}' -- \"$current\")); return ;;\n"));
        return $$"""
            _gnomon() {
              local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" options=""
              COMPREPLY=()
              if [ "$COMP_CWORD" -eq 1 ]; then
                COMPREPLY=($(compgen -W '{{string.Join(' ', verbs.Select(v => v.Name).Concat(Words))}} --help --version' -- "$current"))
                return
              fi
              case "$previous" in
            {{choices}}  esac
              case "${COMP_WORDS[1]}" in
            {{cases}}    cases) options="list show run check --area --level --verb --check --search --no-verdict --scene --twin --seed --full --keep --seeds --json" ;;
                checks) options="list show --json" ;;
                ledger) options="list show export verify override --ledger --json" ;;
                trust) options="--checks --draws --seed --json" ;;
                completions) options="{{string.Join(' ', Shells)}}" ;;
                help) options="{{string.Join(' ', verbs.Select(v => v.Name))}} --all" ;;
              esac
              if [[ "$current" == -* || "${COMP_WORDS[1]}" =~ ^(cases|checks|ledger|completions|help)$ ]]; then
                COMPREPLY=($(compgen -W "$options" -- "$current"))
              fi
            }
            complete -o bashdefault -o default -F _gnomon gnomon

            """;
    }

    private static string Zsh(IReadOnlyList<VerbCard> verbs)
    {
        var cases = string.Concat(verbs.Select(v =>
            $"    {v.Name}) _arguments '1:verb:' '*:data:_files' \\\n{string.Join(" \\\n", VerbLine.Shapes(v).Select(o => $"      '{ZshOption(o)}'"))} ;;\n"));
        return $$"""
            #compdef gnomon
            _gnomon() {
              local -a verbs
              verbs=(
            {{string.Concat(verbs.Select(v => $"    '{v.Name}:{Quote(v.Question)}'\n"))}}{{string.Concat(Words.Select(w => $"    '{w}'\n"))}}  )
              if (( CURRENT == 2 )); then _describe verb verbs; return; fi
              case "$words[2]" in
            {{cases}}    completions) _values shell {{string.Join(' ', Shells)}} ;;
                help) _describe verb verbs ;;
                cases) _values word list show run check ;;
                checks) _values word list show ;;
                ledger) _values word list show export verify override ;;
              esac
            }
            compdef _gnomon gnomon

            """;
    }

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

    private static string Fish(IReadOnlyList<VerbCard> verbs)
    {
        var top = string.Concat(verbs.Select(v => $"complete -c gnomon -n __fish_use_subcommand -a {v.Name} -d '{Quote(v.Question)}'\n"))
            + string.Concat(Words.Select(w => $"complete -c gnomon -n __fish_use_subcommand -a {w}\n"));
        var options = string.Concat(verbs.SelectMany(v => VerbLine.Shapes(v).Select(o =>
            $"complete -c gnomon -n '__fish_seen_subcommand_from {v.Name}' -l {o.Name}{FishValue(o)} -d '{Quote(o.Summary)}'\n")));
        return top + options + $"complete -c gnomon -n '__fish_seen_subcommand_from completions' -f -a '{string.Join(' ', Shells)}'\n";
    }

    private static string FishValue(OptionShape option) => option switch
    {
        { IsSwitch: true } => string.Empty,
        { Choices.Count: > 0 } => $" -x -a '{string.Join(' ', option.Choices)}'",
        _ => " -r",
    };

    private static string Pwsh(IReadOnlyList<VerbCard> verbs)
    {
        var options = string.Concat(verbs.Select(v => $"    '{v.Name}' = @({string.Join(", ", VerbLine.Shapes(v).Select(o => $"'{o.Dashed}'"))})\n"));
        return $$"""
            Register-ArgumentCompleter -Native -CommandName gnomon -ScriptBlock {
              param($word, $ast, $cursor)
              $options = @{
            {{options}}    'completions' = @({{string.Join(", ", Shells.Select(s => $"'{s}'"))}})
              }
              $verbs = @({{string.Join(", ", verbs.Select(v => v.Name).Concat(Words).Select(w => $"'{w}'"))}})
              $typed = @($ast.CommandElements | ForEach-Object { $_.ToString() })
              $candidates = if ($typed.Count -le 1 -or ($typed.Count -eq 2 -and $word)) { $verbs } else { $options[$typed[1]] }
              $candidates | Where-Object { $_ -like "$word*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
              }
            }

            """;
    }

    private static string Quote(string text) => text.Replace("'", string.Empty, StringComparison.Ordinal).Replace(":", " -", StringComparison.Ordinal);
}
