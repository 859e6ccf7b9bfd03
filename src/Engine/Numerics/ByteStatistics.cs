using System.Numerics;
using System.Runtime.Intrinsics;

namespace FlowMeter.Engine.Numerics;

/// <summary>Statistics of a few hundred bytes.</summary>
internal static unsafe class ByteStatistics
{
    /// <summary>Bytes that <see cref="Entropy"/> takes at most.</summary>
    public const int MaxLength = 256;

    // log₂ of 0 (never looked up) to 256.
    private static readonly double[] s_log2 = [0, .. Enumerable.Range(1, MaxLength).Select(n => Math.Log2(n))];

    /// <summary>
    /// Shannon's entropy of bytes by their frequencies, in bits a byte, from 0 to log₂ of their number: log₂ n − Σ log₂ c(b) / n over
    /// all bytes b, where c is how often the value of b is there. 0 for none.
    /// </summary>
    /// <param name="first">The first byte.</param>
    /// <param name="count">Number of bytes, at most <see cref="MaxLength"/>.</param>
    public static double Entropy(byte* first, int count)
    {
        if (count == 0)
        {
            return 0;
        }

        // Two tables, since a count that was just stored can not be loaded at once.
        ushort* even = stackalloc ushort[512];
        ushort* odd = even + 256;
        int i = 0;
        for (; i < count - 1; i += 2)
        {
            even[first[i]]++;
            odd[first[i + 1]]++;
        }

        if (i < count)
        {
            even[first[i]]++;
        }

        double low = 0;
        double high = 0;
        ReadOnlySpan<double> log2 = s_log2;
        for (i = 0; i < count - 1; i += 2)
        {
            low += log2[even[first[i]] + odd[first[i]]];
            high += log2[even[first[i + 1]] + odd[first[i + 1]]];
        }

        if (i < count)
        {
            low += log2[even[first[i]] + odd[first[i]]];
        }

        // What is below this is rounding: a single byte that differs makes more.
        double entropy = log2[count] - ((low + high) / count);
        return entropy < 1e-9 ? 0 : entropy;
    }

    /// <summary>Counts printable ASCII characters: those from blank to tilde, tabulator, line feed and carriage return.</summary>
    public static int CountPrintable(byte* first, int count)
    {
        int printable = 0;
        int i = 0;
        for (; i <= count - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            Vector128<byte> bytes = Vector128.Load(first + i);
            Vector128<byte> hit = Vector128.LessThanOrEqual(bytes - Vector128.Create((byte)' '), Vector128.Create((byte)('~' - ' ')))
                | Vector128.Equals(bytes, Vector128.Create((byte)'\t'))
                | Vector128.Equals(bytes, Vector128.Create((byte)'\n'))
                | Vector128.Equals(bytes, Vector128.Create((byte)'\r'));
            printable += BitOperations.PopCount(hit.ExtractMostSignificantBits());
        }

        return printable + CountPrintableOneByOne(first + i, count - i);
    }

    /// <summary>The scalar twin of <see cref="CountPrintable"/>.</summary>
    internal static int CountPrintableOneByOne(byte* first, int count)
    {
        int printable = 0;
        for (int i = 0; i < count; i++)
        {
            printable += first[i] is (>= (byte)' ' and <= (byte)'~') or (byte)'\t' or (byte)'\n' or (byte)'\r' ? 1 : 0;
        }

        return printable;
    }
}
