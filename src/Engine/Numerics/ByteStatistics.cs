using System.Numerics;
using System.Runtime.Intrinsics;

namespace FlowMeter.Engine.Numerics;

/// <summary>Statistics of a few hundred bytes.</summary>
internal static unsafe class ByteStatistics
{
    /// <summary>Bytes that <see cref="Entropy"/> takes at most.</summary>
    public const int MaxLength = 256;

    private const double Rounding = 1e-9;

    // log₂ n of each number n of bytes, and by how much c·log₂ c grows at c.
    private static readonly double[] s_log2 = [0, .. Enumerable.Range(1, MaxLength).Select(n => Math.Log2(n))];
    private static readonly double[] s_growth =
        [0, .. Enumerable.Range(1, MaxLength - 1).Select(c => ((c + 1) * Math.Log2(c + 1)) - (c * Math.Log2(c)))];

    /// <summary>
    /// Shannon's entropy of bytes by their frequencies, in bits a byte, from 0 to log₂ of their number: log₂ n − Σ c·log₂ c / n over all
    /// values that a byte can have, where c is how often it is there. 0 for none.
    /// </summary>
    /// <param name="first">The first byte.</param>
    /// <param name="count">Number of bytes, at most <see cref="MaxLength"/>.</param>
    public static double Entropy(byte* first, int count)
    {
        if (count == 0)
        {
            return 0;
        }

        // One pass: the sum grows with each byte by what its count makes of it. Four sums, since an addition waits for the one before.
        ushort* counts = stackalloc ushort[256];
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        fixed (double* growth = s_growth)
        {
            int i = 0;
            for (; i <= count - 4; i += 4)
            {
                a += growth[counts[first[i]]++];
                b += growth[counts[first[i + 1]]++];
                c += growth[counts[first[i + 2]]++];
                d += growth[counts[first[i + 3]]++];
            }

            for (; i < count; i++)
            {
                a += growth[counts[first[i]]++];
            }
        }

        // What is below this is rounding: a single byte that differs makes more.
        double entropy = s_log2[count] - ((a + b + (c + d)) / count);
        return entropy < Rounding ? 0 : entropy;
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
