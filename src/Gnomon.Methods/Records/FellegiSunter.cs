using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Records;

/// <summary>How the columns of one entity's records agree, and how those of two entities do.</summary>
/// <param name="Name">The column.</param>
/// <param name="M">Chance of different, somewhat, nearly and equal values in two records of one entity.</param>
/// <param name="U">The same in two records of different entities.</param>
/// <param name="Parent">Column on whose equality its chances depend among different entities, as a suburb's on its postcode; null for none.</param>
/// <param name="UWithParent">Chances where the parent's values are equal; empty without a parent.</param>
public sealed record AgreementModel(string Name, double[] M, double[] U, string? Parent, double[] UWithParent);

/// <summary>A pair of rows and how likely it is one entity.</summary>
/// <param name="First">Row, from 0.</param>
/// <param name="Second">Row after it.</param>
/// <param name="Weight">Log base 2 of how much more often this agreement is seen within an entity than between two.</param>
/// <param name="Probability">Chance that the two are one entity, prior chance included.</param>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
public readonly record struct RecordPair(int First, int Second, double Weight, double Probability);

/// <summary>Pairs judged, and what the model believes of them.</summary>
/// <param name="Pairs">Pairs with a probability of at least 1 %, in the order of the rows.</param>
/// <param name="Compared">Pairs that were compared.</param>
/// <param name="ExpectedMatches">Pairs of one entity among all compared, expected.</param>
/// <param name="Fields">Agreement by column.</param>
/// <param name="Converged">True when EM settled.</param>
/// <param name="Iterations">Rounds of EM.</param>
public sealed record RecordMatches(IReadOnlyList<RecordPair> Pairs, long Compared, double ExpectedMatches, IReadOnlyList<AgreementModel> Fields, bool Converged, int Iterations)
{
    /// <summary>Expected share of right pairs among those at or above a probability; 1 where there are none.</summary>
    public double Precision(double threshold)
    {
        double right = 0, all = 0;
        foreach (var pair in Pairs)
        {
            if (pair.Probability >= threshold)
            {
                right += pair.Probability;
                all++;
            }
        }
        return all > 0 ? right / all : 1;
    }

    /// <summary>Expected share, of the true pairs among those compared, that is at or above a probability; pairs that were never compared are not in it. 1 where none is expected.</summary>
    public double Recall(double threshold)
    {
        var right = 0.0;
        foreach (var pair in Pairs)
            right += pair.Probability >= threshold ? pair.Probability : 0;
        return ExpectedMatches > 0 ? Math.Min(1, right / ExpectedMatches) : 1;
    }
}

/// <summary>Which pairs of records are one person, firm or place?</summary>
/// <remarks>
/// Source: Fellegi and Sunter 1969; EM for agreement within an entity after Winkler 1988; value frequencies after Winkler 2000, so that two Smiths say less than two Efthimious.
/// Chances among different entities come from random pairs of rows, not from the pairs compared, so that what was used to find pairs does not count twice; the prior chance is that of
/// any pair of the table. A column whose agreement depends on another's among different entities is judged given that other. Missing values say nothing.
/// </remarks>
public static class FellegiSunter
{
    /// <summary>Level of equal values.</summary>
    public const int Same = 3;

    const int Levels = 4;
    const int RandomPairs = 200_000;
    const int DependencePairs = 4_000;
    const int FewestDependent = 200;
    const double LeastLift = 3;
    const double LeastDependence = 0.1;
    const int MostIterations = 500;
    const double Tolerance = 1e-9;
    const double Kept = 0.01;

    // What an entity's records look like before any was seen: mostly equal. Weighs as much as this many pairs.
    const double PriorPairs = 10;
    static readonly double[] PriorM = [0.08, 0.04, 0.08, 0.80];

    /// <param name="fields">Columns, two or more, at most 24, all over the same rows.</param>
    /// <param name="pairs">Pairs to compare, as <see cref="CandidatePairs.Find"/> gives them.</param>
    /// <param name="seed">Seed of the random pairs.</param>
    /// <param name="threads">Threads that compare pairs; the answer does not depend on it.</param>
    /// <exception cref="TooFewRowsException">Fewer than 10 rows.</exception>
    public static RecordMatches Match(IReadOnlyList<RecordField> fields, ReadOnlyMemory<ulong> pairs, ulong seed = 1, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(fields);
        if (fields.Count is < 2 or > 24)
            throw new ArgumentOutOfRangeException(nameof(fields), fields.Count, "Between 2 and 24 columns are compared.");
        var n = fields[0].Rows;
        if (n < 10)
            throw new TooFewRowsException("The table", n, 10);
        return new Model(fields, n, seed).Run(pairs, threads);
    }

    sealed class Model(IReadOnlyList<RecordField> fields, int n, ulong seed)
    {
        readonly int _k = fields.Count;
        readonly double[][] _u = new double[fields.Count][];
        readonly double[][] _m = new double[fields.Count][];
        readonly double[][] _uGiven = new double[fields.Count][];
        readonly int[] _parent = new int[fields.Count];
        readonly double _all = n * (n - 1.0) / 2;
        double _matches;
        int _iterations;
        bool _converged;

        public RecordMatches Run(ReadOnlyMemory<ulong> pairs, int threads)
        {
            Array.Fill(_parent, -1);
            var patterns = Compare(pairs, threads);
            var counts = new Dictionary<ulong, long>();
            foreach (var pattern in patterns)
                System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counts, pattern, out _)++;
            ulong[] keys = [.. counts.Keys];
            Array.Sort(keys);
            var seen = new Patterns(keys, Array.ConvertAll(keys, key => counts[key]));
            Unmatched();
            Estimate(seen);
            if (Depend())
                Estimate(seen);
            return Score(pairs.Span, patterns);
        }

        // Levels of all columns in one number, 3 bits each, one more than the level so that 0 means missing.
        ulong[] Compare(ReadOnlyMemory<ulong> pairs, int threads)
        {
            var patterns = new ulong[pairs.Length];
            const int Size = 4_096;
            var blocks = (pairs.Length + Size - 1) / Size;
            void Do(int block)
            {
                var span = pairs.Span;
                for (var i = block * Size; i < Math.Min(pairs.Length, (block + 1) * Size); i++)
                    patterns[i] = Pattern((int)(span[i] >> 32), (int)(uint)span[i]);
            }
            if (threads > 1 && blocks > 1)
                Parallel.For(0, blocks, new ParallelOptions { MaxDegreeOfParallelism = threads }, Do);
            else
                for (var b = 0; b < blocks; b++)
                    Do(b);
            return patterns;
        }

        ulong Pattern(int a, int b)
        {
            var pattern = 0UL;
            for (var f = 0; f < _k; f++)
                pattern |= (ulong)(fields[f].Compare(a, b) + 1) << (3 * f);
            return pattern;
        }

        static int Level(ulong pattern, int field) => (int)((pattern >> (3 * field)) & 7) - 1;

        // Agreement of random rows; equal values are counted exactly, over all pairs.
        void Unmatched()
        {
            var rng = new Rng(seed).Stream("random-pairs");
            var counts = new double[_k][];
            for (var f = 0; f < _k; f++)
                counts[f] = new double[Levels];
            for (var i = 0; i < RandomPairs; i++)
            {
                var a = rng.NextInt(n);
                var b = rng.NextInt(n - 1);
                b += b >= a ? 1 : 0;
                for (var f = 0; f < _k; f++)
                {
                    var level = fields[f].Compare(a, b);
                    if (level >= 0)
                        counts[f][level]++;
                }
            }
            for (var f = 0; f < _k; f++)
            {
                var present = fields[f].Present;
                var equal = present > 1 ? Math.Max(fields[f].PairsAlike, 0.5) / (present * (present - 1.0) / 2) : 0.5;
                var rest = counts[f][0] + counts[f][1] + counts[f][2] + 1.5;
                _u[f] = [(counts[f][0] + 0.5) / rest * (1 - equal), (counts[f][1] + 0.5) / rest * (1 - equal), (counts[f][2] + 0.5) / rest * (1 - equal), equal];
                _m[f] = (double[])PriorM.Clone();
                _uGiven[f] = [];
            }
            _matches = Math.Max(1, 0.05 * n);
        }

        // A column depends on an earlier one where pairs of different entities that share the one share the other much more often than random pairs do.
        bool Depend()
        {
            var found = false;
            var rng = new Rng(seed).Stream("dependence");
            for (var f = 1; f < _k; f++)
            {
                var best = 0.0;
                for (var g = 0; g < f; g++)
                {
                    var (levels, weight) = Given(g, f, rng);
                    var dependence = levels[Same] - _u[f][Same];
                    if (weight >= FewestDependent && levels[Same] > LeastLift * _u[f][Same] && dependence > LeastDependence && dependence > best)
                    {
                        (best, _parent[f], _uGiven[f]) = (dependence, g, levels);
                        found = true;
                    }
                }
            }
            return found;
        }

        // Levels of one column among pairs that share a value of another, each pair weighted by its chance of being two entities.
        (double[] Levels, double Weight) Given(int g, int f, Rng rng)
        {
            var sizes = new List<int>[fields[g].Distinct];
            var shared = new List<int>();
            for (var i = 0; i < n; i++)
            {
                var code = fields[g].Codes[i];
                if (code >= 0 && fields[g].Count(code) > 1)
                {
                    (sizes[code] ??= []).Add(i);
                    if (sizes[code].Count == 2)
                        shared.Add(code);
                }
            }
            var levels = new double[Levels];
            var total = 0.0;
            for (var draw = 0; draw < DependencePairs && shared.Count > 0; draw++)
            {
                var rows = sizes[shared[rng.NextInt(shared.Count)]];
                var i = rng.NextInt(rows.Count);
                var j = rng.NextInt(rows.Count - 1);
                j += j >= i ? 1 : 0;
                var pattern = Pattern(rows[i], rows[j]);
                var level = Level(pattern, f);
                if (level < 0)
                    continue;
                var apart = 1 - Posterior(Weight(pattern, without: f));
                levels[level] += apart;
                total += apart;
            }
            for (var l = 0; l < Levels; l++)
                levels[l] = (levels[l] + 0.5) / (total + 0.5 * Levels);
            return (levels, total);
        }

        void Estimate(Patterns seen)
        {
            _converged = false;
            for (_iterations = 1; _iterations <= MostIterations && !_converged; _iterations++)
            {
                var sums = new double[_k][];
                for (var f = 0; f < _k; f++)
                    sums[f] = [PriorPairs * PriorM[0], PriorPairs * PriorM[1], PriorPairs * PriorM[2], PriorPairs * PriorM[3]];
                var matches = 0.0;
                for (var p = 0; p < seen.Keys.Length; p++)
                {
                    var post = Posterior(Weight(seen.Keys[p])) * seen.Counts[p];
                    matches += post;
                    for (var f = 0; f < _k; f++)
                    {
                        var level = Level(seen.Keys[p], f);
                        if (level >= 0)
                            sums[f][level] += post;
                    }
                }
                var change = Math.Abs(matches - _matches) / Math.Max(1, _matches);
                for (var f = 0; f < _k; f++)
                {
                    var total = sums[f][0] + sums[f][1] + sums[f][2] + sums[f][3];
                    for (var l = 0; l < Levels; l++)
                    {
                        change = Math.Max(change, Math.Abs(sums[f][l] / total - _m[f][l]));
                        _m[f][l] = sums[f][l] / total;
                    }
                }
                // At least a hundredth of a pair is expected: a chance of nought could not grow again.
                _matches = Math.Max(0.01, matches);
                _converged = change < Tolerance;
            }
            _iterations--;
        }

        double Posterior(double weight)
        {
            var odds = _matches / Math.Max(1, _all - _matches) * Math.Exp(weight);
            return double.IsPositiveInfinity(odds) ? 1 : odds / (1 + odds);
        }

        // Natural logarithm of the likelihood ratio; one column may be left out.
        double Weight(ulong pattern, int without = -1)
        {
            var weight = 0.0;
            for (var f = 0; f < _k; f++)
            {
                var level = Level(pattern, f);
                if (level >= 0 && f != without)
                    weight += Math.Log(_m[f][level] / Apart(pattern, f)[level]);
            }
            return weight;
        }

        double[] Apart(ulong pattern, int f) => _parent[f] >= 0 && Level(pattern, _parent[f]) == Same ? _uGiven[f] : _u[f];

        // Equal values count by how frequent the value is, where the column stands on its own.
        double Frequency(ulong pattern, int a)
        {
            var adjust = 0.0;
            for (var f = 0; f < _k; f++)
            {
                if (Level(pattern, f) != Same || Apart(pattern, f) != _u[f])
                    continue;
                double count = fields[f].Count(fields[f].Codes[a]), present = fields[f].Present;
                // Both rows of the pair hold the value; the others decide how frequent it is among different entities, half a row at least.
                var share = Math.Max(0.5, count - 1) / Math.Max(1, present - 1);
                adjust += Math.Log(_u[f][Same] / Math.Clamp(share, _u[f][Same] / 1_000, 1));
            }
            return adjust;
        }

        RecordMatches Score(ReadOnlySpan<ulong> pairs, ulong[] patterns)
        {
            var kept = new List<RecordPair>();
            var expected = 0.0;
            for (var i = 0; i < pairs.Length; i++)
            {
                int a = (int)(pairs[i] >> 32), b = (int)(uint)pairs[i];
                var weight = Weight(patterns[i]) + Frequency(patterns[i], a);
                var probability = Posterior(weight);
                expected += probability;
                if (probability >= Kept)
                    kept.Add(new(a, b, weight / Math.Log(2), probability));
            }
            var models = new AgreementModel[_k];
            for (var f = 0; f < _k; f++)
                models[f] = new(fields[f].Name, _m[f], _u[f], _parent[f] < 0 ? null : fields[_parent[f]].Name, _uGiven[f]);
            return new(kept, pairs.Length, expected, models, _converged, _iterations);
        }
    }

    sealed record Patterns(ulong[] Keys, long[] Counts);
}
