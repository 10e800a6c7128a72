namespace Gnomon.Methods.Regression;

/// <summary>How the columns separate an outcome.</summary>
/// <param name="Terms">Columns whose coefficients run to infinity.</param>
/// <param name="IsComplete">True when some combination puts every row strictly on its own side; false when some rows lie on the border (quasi-complete).</param>
public sealed record SeparationResult(IReadOnlyList<string> Terms, bool IsComplete);

/// <summary>Does a combination of columns separate the outcome, so that the maximum likelihood estimate is infinite?</summary>
/// <remarks>
/// Sources: Albert and Anderson 1984, Biometrika 71; Konis 2007 (the linear programme); Correia, Guimaraes and Zylkin 2020 (counts). The programme maximises the sum
/// of (2y - 1) x'b with every term at least 0 and b in a box; its optimum is above 0 exactly when the data separate. Counts of 0 stand for the lower side, other
/// counts for equalities. Rows enter the programme only when the current solution violates them. Simplex on a dictionary, Bland's rule against cycling.
/// </remarks>
public static class Separation
{
    const double Feasible = 1e-9;
    const double Strict = 1e-6;
    const int FirstRows = 200;
    const int RowsPerRound = 100;
    const int MostRounds = 10_000;

    /// <param name="design">Independent columns, the column of ones included.</param>
    /// <param name="y">Outcome in the range of the family.</param>
    /// <param name="options">Family (binomial, Poisson or negative binomial) of the model.</param>
    /// <returns>Null when the maximum likelihood estimate is finite.</returns>
    public static SeparationResult? Detect(DesignMatrix design, ReadOnlySpan<double> y, GlmOptions options)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(options);
        RegressionGuard.SameRows(design.Rows, y.Length);
        var isBinomial = options.Family.Law == OutcomeLaw.Binomial;
        if (!isBinomial && options.Family.Law is not (OutcomeLaw.Poisson or OutcomeLaw.NegativeBinomial))
        {
            return null;
        }

        var side = new sbyte[y.Length];
        for (var i = 0; i < side.Length; i++)
        {
            side[i] = (sbyte)(y[i] == 0 ? -1 : isBinomial && y[i] == 1 ? 1 : 0);
        }

        return new Programme(design, side).Solve();
    }

    sealed class Programme
    {
        readonly DesignMatrix _design;
        readonly StandardisedColumns _columns;
        readonly sbyte[] _side;
        readonly double[][] _z;
        readonly int _k;

        public Programme(DesignMatrix design, sbyte[] side)
        {
            _design = design;
            _columns = new StandardisedColumns(design);
            _side = side;
            _k = design.Columns;
            _z = new double[_k][];
            for (var j = 0; j < _k; j++)
            {
                _z[j] = new double[side.Length];
                _columns.Copy(j, 0, side.Length, _z[j]);
            }

            for (var i = 0; i < side.Length; i++)
            {
                var length = 0.0;
                for (var j = 0; j < _k; j++)
                {
                    length += _z[j][i] * _z[j][i];
                }

                length = length > 0 ? Math.Sqrt(length) : 1.0;
                for (var j = 0; j < _k; j++)
                {
                    _z[j][i] *= (side[i] == 0 ? 1.0 : side[i]) / length;
                }
            }
        }

        public SeparationResult? Solve()
        {
            var objective = new double[_k];
            for (var j = 0; j < _k; j++)
            {
                for (var i = 0; i < _side.Length; i++)
                {
                    objective[j] += _side[i] == 0 ? 0.0 : _z[j][i] / _side.Length;
                }
            }

            if (Maximise(objective, withMargin: false) is not { } direction)
            {
                return null;
            }

            // The largest sum may leave rows on the border that another combination would move; the largest margin may not.
            var margin = new double[_k + 1];
            margin[_k] = 1.0;
            var isComplete = Array.IndexOf(_side, (sbyte)0) < 0 && Maximise(margin, withMargin: true) is not null;
            return Result(direction, isComplete);
        }

        // Null when the optimum is 0.
        double[]? Maximise(double[] objective, bool withMargin)
        {
            var active = new List<(int Row, int Sign)>();
            var step = Math.Max(1, _side.Length / FirstRows);
            for (var i = 0; i < _side.Length; i += step)
            {
                Activate(active, i, _side[i] == 0 ? 0 : 1);
            }

            for (var round = 0; round < MostRounds; round++)
            {
                var beta = new Simplex(objective.Length, [.. active.Select(a => Row(a.Row, a.Sign, withMargin))], objective).Maximise();
                if (SmallMatrix.Dot(beta, objective) <= Feasible)
                {
                    return null;
                }

                var violated = Violated(beta, withMargin ? beta[_k] : 0.0, out var most);
                if (violated.Count == 0)
                {
                    return most > Strict ? beta : null;
                }

                foreach (var (row, sign, _) in violated.OrderBy(v => v.Value).ThenBy(v => v.Row).Take(RowsPerRound))
                {
                    active.Add((row, sign));
                }
            }

            throw new NotEstimableException("The linear programme for separation did not finish.");
        }

        static void Activate(List<(int Row, int Sign)> active, int row, int sign)
        {
            if (sign != 0)
            {
                active.Add((row, sign));
                return;
            }

            active.Add((row, 1));
            active.Add((row, -1));
        }

        double[] Row(int i, int sign, bool withMargin)
        {
            var row = new double[withMargin ? _k + 1 : _k];
            for (var j = 0; j < _k; j++)
            {
                row[j] = sign * _z[j][i];
            }

            if (withMargin)
            {
                row[_k] = -1.0;
            }

            return row;
        }

        List<(int Row, int Sign, double Value)> Violated(double[] beta, double margin, out double most)
        {
            var violated = new List<(int Row, int Sign, double Value)>();
            most = 0.0;
            for (var i = 0; i < _side.Length; i++)
            {
                var value = 0.0;
                for (var j = 0; j < _k; j++)
                {
                    value += beta[j] * _z[j][i];
                }

                if (_side[i] == 0 ? Math.Abs(value) > Feasible : value < margin - Feasible)
                {
                    var sign = _side[i] == 0 && value > 0 ? -1 : 1;
                    violated.Add((i, sign, sign * value));
                }
                else if (_side[i] != 0)
                {
                    most = Math.Max(most, value);
                }
            }

            return violated;
        }

        SeparationResult Result(double[] gamma, bool isComplete)
        {
            var terms = new List<string>();
            for (var j = 0; j < _k; j++)
            {
                if (j != _design.Intercept && Math.Abs(gamma[j]) > Strict)
                {
                    terms.Add(_design.Names[j]);
                }
            }

            if (terms.Count == 0)
            {
                terms.Add(_design.Names[Math.Max(0, _design.Intercept)]);
            }

            return new SeparationResult(terms, isComplete);
        }
    }

    /// <summary>Maximises c'b subject to rows'b at least 0 and -1 to 1 for each b; b = 0 is feasible.</summary>
    sealed class Simplex
    {
        const double Zero = 1e-11;
        const int MostPivots = 200_000;

        readonly int _k;
        readonly int _rows;

        // Basic variable i = right[i] + sum over j of table[i][j] times nonbasic variable j.
        readonly double[][] _table;
        readonly double[] _right;
        readonly double[] _cost;

        // Variables 0..k-1 are b, the others slacks.
        readonly int[] _basic;
        readonly int[] _nonbasic;

        public Simplex(int k, double[][] rows, double[] objective)
        {
            _k = k;
            _rows = rows.Length + 2 * k;
            _table = new double[_rows][];
            _right = new double[_rows];
            _basic = new int[_rows];
            _nonbasic = new int[k];
            _cost = [.. objective];
            for (var j = 0; j < k; j++)
            {
                _nonbasic[j] = j;
                _table[2 * j] = new double[k];
                _table[2 * j + 1] = new double[k];
                _table[2 * j][j] = -1.0;
                _table[2 * j + 1][j] = 1.0;
                _right[2 * j] = _right[2 * j + 1] = 1.0;
            }

            for (var i = 0; i < rows.Length; i++)
            {
                _table[2 * k + i] = rows[i];
            }

            for (var i = 0; i < _rows; i++)
            {
                _basic[i] = k + i;
            }
        }

        public double[] Maximise()
        {
            var still = 0;
            for (var pivot = 0; pivot < MostPivots; pivot++)
            {
                var entering = Entering(still > 2 * _k);
                if (entering < 0)
                {
                    break;
                }

                var direction = _cost[entering] > 0 ? 1.0 : -1.0;
                var leaving = Leaving(entering, direction, out var reach);
                if (leaving < 0)
                {
                    break;
                }

                still = reach > Zero ? 0 : still + 1;
                Pivot(leaving, entering);
            }

            var beta = new double[_k];
            for (var i = 0; i < _rows; i++)
            {
                if (_basic[i] < _k)
                {
                    beta[_basic[i]] = _right[i];
                }
            }

            return beta;
        }

        int Entering(bool bland)
        {
            var best = -1;
            for (var j = 0; j < _k; j++)
            {
                var isFree = _nonbasic[j] < _k;
                var gain = isFree ? Math.Abs(_cost[j]) : _cost[j];
                if (gain > Zero && (best < 0 || (bland ? _nonbasic[j] < _nonbasic[best] : gain > Math.Abs(_cost[best]))))
                {
                    best = j;
                }
            }

            return best;
        }

        int Leaving(int entering, double direction, out double reach)
        {
            var best = -1;
            reach = double.PositiveInfinity;
            for (var i = 0; i < _rows; i++)
            {
                var fall = -_table[i][entering] * direction;
                if (_basic[i] < _k || fall <= Zero)
                {
                    continue;
                }

                var limit = Math.Max(0.0, _right[i]) / fall;
                if (best < 0 || limit < reach - Zero || (limit <= reach + Zero && _basic[i] < _basic[best]))
                {
                    best = i;
                    reach = Math.Min(limit, reach);
                }
            }

            return best;
        }

        void Pivot(int row, int column)
        {
            var pivotRow = _table[row];
            var factor = 1.0 / pivotRow[column];
            (_basic[row], _nonbasic[column]) = (_nonbasic[column], _basic[row]);
            for (var j = 0; j < _k; j++)
            {
                pivotRow[j] *= j == column ? 0.0 : -factor;
            }

            pivotRow[column] = factor;
            _right[row] *= -factor;
            for (var i = 0; i < _rows; i++)
            {
                if (i != row)
                {
                    var times = _table[i][column];
                    _table[i][column] = 0.0;
                    Vectors.AddScaled(_table[i], pivotRow, times);
                    _right[i] += times * _right[row];
                }
            }

            var cost = _cost[column];
            _cost[column] = 0.0;
            Vectors.AddScaled(_cost, pivotRow, cost);
        }
    }
}
