using System.Text;

namespace Gnomon.Core.Studies;

/// <summary>A command line as typed, taken apart into words.</summary>
public static class CommandWords
{
    /// <summary>Splits at blanks; single or double quotes hold a word together, as in a shell.</summary>
    public static IReadOnlyList<string> Split(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var words = new List<string>();
        var word = new StringBuilder();
        char? quote = null;
        foreach (var letter in line)
        {
            if (quote is null && letter is '\'' or '"')
            {
                quote = letter;
            }
            else if (letter == quote)
            {
                quote = null;
            }
            else if (letter == ' ' && quote is null)
            {
                Flush();
            }
            else
            {
                word.Append(letter);
            }
        }

        Flush();
        return words;

        void Flush()
        {
            if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
    }
}
