using System.Numerics;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Memory;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Decode;

/// <summary>The hash is keyed at random, so its statistics are bounds that a good hash exceeds once in many million runs.</summary>
public sealed class FlowHashTests
{
    private const int Keys = 100_000;

    /// <summary>Sets of keys that an unkeyed hash of few instructions likes to send to one place.</summary>
    public static TheoryData<string> Attacks => [.. s_attacks.Keys];

    private static readonly Dictionary<string, Func<uint, FlowKey>> s_attacks = new()
    {
        ["ports that count up"] = i => new FlowKey(0, 1, 0, 2, i | 0x0406_0000_0000UL),
        ["ports of one exclusive or"] = i => new FlowKey(0, i >> 16, 0, 2, (i & 0xFFFF) | ((ulong)(~i & 0xFFFF) << 16)
            | 0x0406_0000_0000UL),
        ["ports of one sum"] = i => new FlowKey(0, i >> 16, 0, 2, (i & 0xFFFF) | ((ulong)(ushort)(1000 - i) << 16) | 0x0406_0000_0000UL),
        ["addresses of one exclusive or"] = i => new FlowKey(0, i, 0, i ^ 0xFFFF_FFFF, 0x0406_0050_0050),
        ["addresses of one sum"] = i => new FlowKey(0, i, 0, 1_000_000 - i, 0x0406_0050_0050),
        ["halves of an address exchanged"] = i => new FlowKey(i, ~(ulong)i, ~(ulong)i, i, 0x0611_0035_0035),
        ["an address that cancels a port"] = i => new FlowKey(0, i, 0, 7, ((ulong)(ushort)i << 16) | 0x0406_0000_0050),
        ["one bit set in each of two words"] = i =>
            new FlowKey(1UL << (int)(i & 63), 1UL << (int)((i >> 6) & 63), i >> 12, 0, 0x0606_0000_0000),
        ["multiples of a large power of two"] = i => new FlowKey((ulong)i << 47, 0, 0, 0, 0x0606_0000_0000),
    };

    /// <summary>
    /// At a load of 0.8 an entry lies 0.1 buckets behind its own on average, and 30 for none; one crowded place would show at once.
    /// </summary>
    [Theory, MemberData(nameof(Attacks))]
    public void Crafted_keys_are_spread_over_the_index(string attack)
    {
        FlowHash hash = new();
        using HashIndex index = new(Keys);
        ulong[] hashes = [.. Enumerable.Range(0, Keys).Select(i => hash.Compute(s_attacks[attack]((uint)i)))];
        for (int i = 0; i < Keys; i++)
        {
            index.Add(hashes[i], (uint)i);
        }

        // How many candidates a look-up has to compare: itself, and those of the same tag on the way.
        long candidates = 0;
        long most = 0;
        for (int i = 0; i < Keys; i++)
        {
            HashIndex.Candidates found = index.Find(hashes[i]);
            long walked = 1;
            while (found.Next() != i)
            {
                walked++;
            }

            candidates += walked;
            most = Math.Max(most, walked);
        }

        Assert.InRange((double)candidates / Keys, 1, 1.3);
        Assert.InRange(most, 1, 16);
    }

    /// <summary>Without keys that repeat: each attack must make different keys, else it shows nothing.</summary>
    [Theory, MemberData(nameof(Attacks))]
    public void Buckets_are_filled_as_evenly_as_by_chance(string attack)
    {
        const int Buckets = 1 << 14;
        FlowHash hash = new();
        HashSet<FlowKey> keys = [.. Enumerable.Range(0, Keys).Select(i => s_attacks[attack]((uint)i))];
        Assert.InRange(keys.Count, Keys / 2, Keys);
        int[] low = new int[Buckets];
        int[] other = new int[Buckets];
        foreach (FlowKey key in keys)
        {
            low[hash.Compute(in key, out ulong more) & (Buckets - 1)]++;
            other[more >> 50]++;
        }

        // Chi square with 16383 degrees of freedom has a deviation of 181. Less is no harm: keys that differ in few bytes are spread more
        // evenly than by chance.
        Assert.InRange(ChiSquare(low, keys.Count), 0, 17_900);
        Assert.InRange(ChiSquare(other, keys.Count), 0, 17_900);
    }

    [Fact]
    public void Every_bit_of_the_key_changes_half_the_bits_of_the_hash()
    {
        for (int bit = 0; bit < (4 * 64) + 48; bit++)
        {
            long changed = 0;
            long otherChanged = 0;
            for (uint i = 0; i < 64; i++)
            {
                FlowHash hash = new();
                ulong plain = hash.Compute(Flipped(i, -1), out ulong other);
                ulong flipped = hash.Compute(Flipped(i, bit), out ulong otherFlipped);
                changed += BitOperations.PopCount(plain ^ flipped);
                otherChanged += BitOperations.PopCount(other ^ otherFlipped);
            }

            // 4096 bits, each changed by the toss of a coin: a deviation of 32.
            Assert.InRange(changed, 1800, 2300);
            Assert.InRange(otherChanged, 1800, 2300);
        }
    }

    [Fact]
    public void Every_bit_of_the_hash_is_balanced()
    {
        FlowHash hash = new();
        int[] ones = new int[128];
        for (uint i = 0; i < Keys; i++)
        {
            ulong low = hash.Compute(TestKeys.Of(i), out ulong high);
            for (int bit = 0; bit < 64; bit++)
            {
                ones[bit] += (int)(low >> bit) & 1;
                ones[64 + bit] += (int)(high >> bit) & 1;
            }
        }

        // A deviation of 158.
        Assert.All(ones, count => Assert.InRange(count, (Keys / 2) - 1200, (Keys / 2) + 1200));
    }

    [Fact]
    public void Two_hashes_have_two_keys() =>
        Assert.NotEqual(new FlowHash().Compute(TestKeys.Of(1)), new FlowHash().Compute(TestKeys.Of(1)));

    private static FlowKey Flipped(uint number, int bit)
    {
        ulong[] words = [number, 0, number * 77UL, 5, 0x0406_1234_0050];
        if (bit >= 0)
        {
            words[bit / 64] ^= 1UL << (bit % 64);
        }

        return new FlowKey(words[0], words[1], words[2], words[3], words[4]);
    }

    private static double ChiSquare(int[] counts, int total)
    {
        double expected = (double)total / counts.Length;
        return counts.Sum(count => (count - expected) * (count - expected) / expected);
    }
}
