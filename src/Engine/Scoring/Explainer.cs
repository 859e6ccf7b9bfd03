using System.Collections.Immutable;
using System.Text;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Text;

namespace FlowMeter.Engine.Scoring;

/// <summary>
/// Says which features pushed a score most. The log-odds of a flow are those of the average flow of the training and, for each feature,
/// what it adds less what it adds on average: exact for a linear model. Of a flow judged malicious the features that pushed up are named,
/// of one judged benign those that pushed down, of an undecided one both; the strongest first, the first of the model among equals.
/// Immutable, so threads may share it; it allocates nothing for a flow.
/// </summary>
internal sealed unsafe class Explainer
{
    private const int NumberLength = 32;
    private const double ShownExactlyFrom = 1e9;

    private readonly Term[] _terms;
    private readonly bool _isQuoted;

    /// <summary>Prepares a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="featureNames">The features in the order of the columns of a block.</param>
    /// <param name="most">Features to name at most, at least 1.</param>
    public Explainer(Model model, IReadOnlyList<string> featureNames, int most)
    {
        Most = most;
        Dictionary<string, int> columnOf = featureNames.Index().ToDictionary(column => column.Item, column => column.Index);
        _terms = [.. model.Features.Select(feature => new Term(feature, [.. feature.Names.Select(name => columnOf[name])]))];
        _isQuoted = model.Features.Any(feature => feature.Names.Any(name => name.AsSpan().ContainsAny(",\"\r\n")));
        MaxLength = 2 + (most * (_terms.Max(term => term.Name.Length) + (5 * NumberLength) + 16));
    }

    /// <summary>Features to name at most.</summary>
    public int Most { get; }

    /// <summary>Bytes of a text at most.</summary>
    public int MaxLength { get; }

    /// <summary>Finds the features of a flow that pushed its score most.</summary>
    /// <param name="values">The value of the flow in the first column.</param>
    /// <param name="stride">Doubles from a column to the next.</param>
    /// <param name="verdict">The verdict on the flow.</param>
    /// <param name="pushes">Receives <see cref="Most"/> of them, the strongest first; those that there are not have a deviation of
    /// 0.</param>
    public void Find(double* values, nint stride, Verdict verdict, ScorePush* pushes)
    {
        int found = 0;
        for (int t = 0; t < _terms.Length; t++)
        {
            Term term = _terms[t];
            double value = term.Value(values, stride);
            double deviation = term.Deviation(values, stride, value);
            double strength = Strength(deviation, verdict);
            if (!(strength > 0) || (found == Most && !(strength > Strength(pushes[found - 1].Deviation, verdict))))
            {
                continue;
            }

            int at = found == Most ? found - 1 : found++;
            for (; at > 0 && Strength(pushes[at - 1].Deviation, verdict) < strength; at--)
            {
                pushes[at] = pushes[at - 1];
            }

            pushes[at] = new ScorePush(t, value, deviation);
        }

        for (; found < Most; found++)
        {
            pushes[found] = default;
        }
    }

    /// <summary>
    /// Writes them as a field of CSV, joined by <c>; </c>: <c>feature lower..upper +1.23</c> for bins, with two ranges for pairs, the value
    /// in place of the range for identity and log1p, nothing for hash. Returns where it ended.
    /// </summary>
    /// <param name="at">Room for <see cref="MaxLength"/> bytes.</param>
    /// <param name="pushes"><see cref="Most"/> of them.</param>
    public byte* Write(byte* at, ScorePush* pushes)
    {
        byte* first = at;
        for (int i = 0; i < Most && pushes[i].Deviation != 0; i++)
        {
            at = Copy(at, i > 0 ? "; "u8 : _isQuoted ? "\""u8 : []);
            Term term = _terms[pushes[i].Feature];
            at = Copy(at, term.Name);
            at = term.WriteValue(at, pushes[i].Value);
            *at++ = (byte)' ';
            at = WriteDeviation(at, pushes[i].Deviation);
        }

        return at > first && _isQuoted ? Copy(at, "\""u8) : at;
    }

    private static double Strength(double deviation, Verdict verdict) => verdict switch
    {
        Verdict.Malicious => deviation,
        Verdict.Benign => -deviation,
        _ => Math.Abs(deviation),
    };

    /// <summary>Two decimals, but for what is too large to be read that way.</summary>
    private static byte* WriteDeviation(byte* at, double deviation)
    {
        *at++ = deviation > 0 ? (byte)'+' : (byte)'-';
        double size = Math.Abs(deviation);
        return !(size < ShownExactlyFrom) ? ShortestDouble.Write(at, size) : WriteHundredths(at, (ulong)((size * 100) + 0.5));
    }

    private static byte* WriteHundredths(byte* at, ulong hundredths)
    {
        at = IntegerText.Write(at, hundredths / 100);
        *at++ = (byte)'.';
        *at++ = (byte)('0' + (hundredths / 10 % 10));
        *at++ = (byte)('0' + (hundredths % 10));
        return at;
    }

    private static byte* Copy(byte* at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(new Span<byte>(at, text.Length));
        return at + text.Length;
    }

    /// <summary>A feature of the model, made ready.</summary>
    private sealed class Term
    {
        private readonly ModelFeature _feature;
        private readonly int[] _columns;
        private readonly double _mean;

        public Term(ModelFeature feature, int[] columns)
        {
            _feature = feature;
            _columns = columns;
            _mean = feature.MeanShare;
            Name = Encoding.UTF8.GetBytes(feature.Name.Replace("\"", "\"\"", StringComparison.Ordinal));
        }

        public byte[] Name { get; }

        /// <summary>The value of the feature; of pairs the number of their cell, of hash nothing.</summary>
        public double Value(double* values, nint stride) => _feature.Transform switch
        {
            Transform.Pairs => _feature.CellOf(values[_columns[0] * stride], values[_columns[1] * stride]),
            Transform.Hash => 0,
            _ => values[_columns[0] * stride],
        };

        public double Deviation(double* values, nint stride, double value) => _feature.Transform switch
        {
            Transform.Bins => _feature.Weights[_feature.BinOf(value)] - _mean,
            Transform.Pairs => _feature.Weights[(int)value] - _mean,
            Transform.Hash => ShareOfSizes(values, stride) - _mean,
            _ => _feature.ShareOf(value),
        };

        /// <summary>Writes a blank and the range, or value; of hash nothing.</summary>
        public byte* WriteValue(byte* at, double value)
        {
            if (_feature.Transform == Transform.Hash)
            {
                return at;
            }

            *at++ = (byte)' ';
            if (_feature.Transform == Transform.Pairs)
            {
                (int first, int second) = Math.DivRem((int)value, _feature.SecondEdges.Length + 1);
                return WriteRange(Copy(WriteRange(at, _feature.Edges, first), " × "u8), _feature.SecondEdges, second);
            }

            return _feature.Transform == Transform.Bins
                ? WriteRange(at, _feature.Edges, _feature.BinOf(value))
                : ShortestDouble.Write(at, value);
        }

        private static byte* WriteRange(byte* at, ImmutableArray<double> edges, int bin)
        {
            at = bin == 0 ? at : ShortestDouble.Write(at, edges[bin - 1]);
            at = Copy(at, ".."u8);
            return bin == edges.Length ? at : ShortestDouble.Write(at, edges[bin]);
        }

        private double ShareOfSizes(double* values, nint stride)
        {
            Span<double> sizes = stackalloc double[SizeNGrams.MaxSizes];
            for (int i = 0; i < _columns.Length; i++)
            {
                sizes[i] = values[_columns[i] * stride];
            }

            return SizeNGrams.Share(_feature, sizes[.._columns.Length]);
        }
    }
}
