namespace FlowMeter.Engine.Scoring;

/// <summary>
/// The n-grams of a flow's first payload sizes, hashed to buckets, as docs/model-format.md defines them: each size alone with its place,
/// and two and three in a row wherever they are. Sizes count by direction and power of two.
/// </summary>
public static class SizeNGrams
{
    /// <summary>Number of buckets.</summary>
    public const int Buckets = 1 << Bits;

    /// <summary>What stands for an n-gram that is not there, because one of its sizes is 0 or missing.</summary>
    public const ushort None = Buckets;

    /// <summary>The most sizes that are read.</summary>
    public const int MaxSizes = 16;

    private const int Bits = 14;
    private const int CodeBits = 6;
    private const int LargestStep = 31;
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    /// <summary>How many n-grams there are of this many sizes, with those that are not there.</summary>
    public static int CountOf(int sizes) => sizes + Math.Max(sizes - 1, 0) + Math.Max(sizes - 2, 0);

    /// <summary>
    /// The code of a size: 0 for none, else twice its step, plus 1 for a backward one. The step of a size is its number of bits.
    /// </summary>
    public static int CodeOf(double size)
    {
        long bits = BitConverter.DoubleToInt64Bits(size);
        int step = (int)((bits >> 52) & 0x7FF) - 1022;
        return step < 1 || double.IsNaN(size) ? 0 : (2 * Math.Min(step, LargestStep)) + (bits < 0 ? 1 : 0);
    }

    /// <summary>The bucket of an n-gram.</summary>
    /// <param name="place">The place of a single size, from 1; 0 for more.</param>
    /// <param name="first">The code of the first size.</param>
    /// <param name="second">That of the second; 0 where there is none.</param>
    /// <param name="third">That of the third; 0 where there is none.</param>
    public static ushort BucketOf(int place, int first, int second, int third)
    {
        uint key = (uint)(first | (second << CodeBits) | (third << (2 * CodeBits)) | (place << (3 * CodeBits)));
        return (ushort)((key * Multiplier) >> (64 - Bits));
    }

    /// <summary>The buckets of the n-grams of some sizes: all single ones, then all of two, then all of three.</summary>
    /// <param name="sizes">The sizes, from the first on; <see cref="MaxSizes"/> at most.</param>
    /// <param name="buckets">Receives <see cref="CountOf"/> of them, <see cref="None"/> for those that are not there.</param>
    public static void Fill(ReadOnlySpan<double> sizes, Span<ushort> buckets)
    {
        Span<int> codes = stackalloc int[MaxSizes];
        for (int i = 0; i < sizes.Length; i++)
        {
            codes[i] = CodeOf(sizes[i]);
        }

        int count = 0;
        for (int i = 0; i < sizes.Length; i++)
        {
            buckets[count++] = codes[i] == 0 ? None : BucketOf(i + 1, codes[i], 0, 0);
        }

        for (int i = 0; i + 1 < sizes.Length; i++)
        {
            buckets[count++] = codes[i] == 0 || codes[i + 1] == 0 ? None : BucketOf(0, codes[i], codes[i + 1], 0);
        }

        for (int i = 0; i + 2 < sizes.Length; i++)
        {
            buckets[count++] = codes[i] == 0 || codes[i + 1] == 0 || codes[i + 2] == 0
                ? None
                : BucketOf(0, codes[i], codes[i + 1], codes[i + 2]);
        }
    }

    /// <summary>How many n-grams some sizes have, and what they add to the sum of a model by its feature of transform hash.</summary>
    public static (int Count, double Share) Weigh(ModelFeature feature, ReadOnlySpan<double> sizes)
    {
        Span<ushort> buckets = stackalloc ushort[CountOf(sizes.Length)];
        Fill(sizes, buckets);
        double sum = 0;
        int there = 0;
        foreach (ushort bucket in buckets)
        {
            there += bucket == None ? 0 : 1;
            int place = feature.Buckets.AsSpan().BinarySearch((int)bucket);
            sum += place < 0 ? 0 : feature.Weights[place];
        }

        return (there, sum);
    }
}
