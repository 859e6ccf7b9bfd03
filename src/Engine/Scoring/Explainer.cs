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
        _isQuoted = model.Features.Any(feature => feature.Name.AsSpan().ContainsAny(",\"\r\n"));
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
            (double value, double deviation) = term.Weigh(values, stride);
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
    /// Writes them as a field of CSV: <c>feature lower..upper +1.23</c> for bins, two ranges for pairs, the number of n-grams for hash, the
    /// value in place of the range for others, joined by <c>; </c>. Returns where it ended.
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
            *at++ = (byte)' ';
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
        private readonly double[] _deviations;

        private readonly int[] _columns;

        public Term(ModelFeature feature, int[] columns)
        {
            _feature = feature;
            _columns = columns;
            Name = Encoding.UTF8.GetBytes(feature.Name.Replace("\"", "\"\"", StringComparison.Ordinal));
            double mean = feature.MeanShare;
            _deviations = [.. feature.Weights.Select(weight => weight - mean)];
        }

        public byte[] Name { get; }

        /// <summary>
        /// The value of a flow, and what it adds more than on average. The value of pairs is the number of the cell, that of hash how many
        /// n-grams there are.
        /// </summary>
        public (double Value, double Deviation) Weigh(double* values, nint stride)
        {
            double value = values[_columns[0] * stride];
            switch (_feature.Transform)
            {
                case Transform.Bins:
                    return (value, _deviations[_feature.BinOf(value)]);
                case Transform.Pairs:
                    int cell = _feature.CellOf(value, values[_columns[1] * stride]);
                    return (cell, _deviations[cell]);
                case Transform.Hash:
                    return WeighSizes(values, stride);
                default:
                    return (value, _feature.ShareOf(value));
            }
        }

        public byte* WriteValue(byte* at, double value)
        {
            switch (_feature.Transform)
            {
                case Transform.Bins:
                    return WriteRange(at, _feature.Edges, _feature.BinOf(value));
                case Transform.Pairs:
                    (int first, int second) = Math.DivRem((int)value, _feature.SecondEdges.Length + 1);
                    at = Copy(WriteRange(at, _feature.Edges, first), " × "u8);
                    return WriteRange(at, _feature.SecondEdges, second);
                default:
                    return ShortestDouble.Write(at, value);
            }
        }

        private (double Value, double Deviation) WeighSizes(double* values, nint stride)
        {
            Span<double> sizes = stackalloc double[SizeNGrams.MaxSizes];
            for (int i = 0; i < _columns.Length; i++)
            {
                sizes[i] = values[_columns[i] * stride];
            }

            (int count, double share) = SizeNGrams.Weigh(_feature, sizes[.._columns.Length]);
            return (count, share - _feature.Mean);
        }

        private static byte* WriteRange(byte* at, ImmutableArray<double> edges, int bin)
        {
            at = bin == 0 ? at : ShortestDouble.Write(at, edges[bin - 1]);
            at = Copy(at, ".."u8);
            return bin == edges.Length ? at : ShortestDouble.Write(at, edges[bin]);
        }
    }
}
