using Gnomon.Core.Tables;

namespace Gnomon.Studies.Label;

/// <summary>Asks the trigger rules of block after block.</summary>
internal sealed class TriggerFilter
{
    private readonly IReadOnlyList<TriggerRule> _rules;
    private readonly int[][] _columns;
    private readonly int[][] _codes;
    private readonly int[][] _seen;
    private bool[] _holds = [];

    public TriggerFilter(IReadOnlyList<TriggerRule> rules, Schema schema, ColumnReader reader)
    {
        _rules = rules;
        _columns = [.. rules.Select(r => r.Clauses.Select(c => c.IsText ? reader.Text(schema.Require(c.Column)) : reader.Number(schema.Require(c.Column))).ToArray())];
        _codes = [.. rules.Select(r => r.Clauses.Select(_ => -1).ToArray())];
        _seen = [.. rules.Select(r => new int[r.Clauses.Count])];
        (Hits, Alone) = (new long[rules.Count], new long[rules.Count]);
    }

    /// <summary>Rows that meet each rule.</summary>
    public long[] Hits { get; }

    /// <summary>Rows that meet this rule and no other.</summary>
    public long[] Alone { get; }

    /// <summary>Number of rules that each row of the block meets.</summary>
    public void Ask(Chunk chunk, Span<byte> met)
    {
        var rows = chunk.Rows;
        met[..rows].Clear();
        if (_holds.Length < rows)
        {
            _holds = new bool[rows];
        }

        for (var r = 0; r < _rules.Count; r++)
        {
            var holds = _holds.AsSpan(0, rows);
            holds.Fill(true);
            for (var c = 0; c < _columns[r].Length; c++)
            {
                And(chunk, r, c, holds);
            }

            for (var i = 0; i < rows; i++)
            {
                if (holds[i])
                {
                    met[i]++;
                    Hits[r]++;
                }
            }
        }

        // A row that one rule alone keeps is found by asking again; there are few.
        for (var i = 0; i < rows && _rules.Count > 1; i++)
        {
            if (met[i] == 1)
            {
                Alone[Only(chunk, i)]++;
            }
        }

        if (_rules.Count == 1)
        {
            Alone[0] = Hits[0];
        }
    }

    private int Only(Chunk chunk, int row)
    {
        for (var r = 0; r < _rules.Count - 1; r++)
        {
            var all = true;
            for (var c = 0; c < _columns[r].Length && all; c++)
            {
                var (clause, at) = (_rules[r].Clauses[c], _columns[r][c]);
                all = !chunk.IsNull(at, row) && (clause.IsText ? clause.Comparison == "=" == (chunk.Codes(at)[row] == _codes[r][c]) : clause.Holds(chunk.Doubles(at)[row]));
            }

            if (all)
            {
                return r;
            }
        }

        return _rules.Count - 1;
    }

    private void And(Chunk chunk, int r, int c, Span<bool> holds)
    {
        var (clause, at) = (_rules[r].Clauses[c], _columns[r][c]);
        if (clause.IsText)
        {
            var codes = chunk.Codes(at);
            // A dictionary only grows: what was looked through once is not looked through again.
            var dictionary = chunk.Dictionary(at);
            for (; _codes[r][c] < 0 && _seen[r][c] < dictionary.Count; _seen[r][c]++)
            {
                if (dictionary[_seen[r][c]] == clause.Text)
                {
                    _codes[r][c] = _seen[r][c];
                }
            }

            var (wanted, isEqual) = (_codes[r][c], clause.Comparison == "=");
            for (var i = 0; i < holds.Length; i++)
            {
                holds[i] &= codes[i] >= 0 && (codes[i] == wanted) == isEqual;
            }

            return;
        }

        var values = chunk.Doubles(at);
        for (var i = 0; i < holds.Length; i++)
        {
            holds[i] &= clause.Holds(values[i]);
        }

        if (!chunk.Validity(at).IsEmpty)
        {
            for (var i = 0; i < holds.Length; i++)
            {
                holds[i] &= !chunk.IsNull(at, i);
            }
        }
    }
}
