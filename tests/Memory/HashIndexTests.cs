using FlowMeter.Engine.Memory;

namespace FlowMeter.Tests.Memory;

/// <summary>The index against a dictionary, with hashes that collide as they please.</summary>
public sealed class HashIndexTests
{
    /// <summary>How many different hashes there are: with few of them every bucket overflows into the ones after it.</summary>
    [Theory]
    [InlineData(8, 200)]
    [InlineData(40, 600)]
    [InlineData(100_000, 600)]
    [InlineData(100_000, 20_000)]
    public void Any_order_of_adds_and_removes_leaves_what_a_dictionary_has(int differentHashes, int liveAtMost)
    {
        Random random = new(differentHashes);
        ulong[] hashes = [.. Enumerable.Range(0, differentHashes).Select(_ => (ulong)random.NextInt64(long.MinValue, long.MaxValue))];
        Dictionary<uint, ulong> live = [];
        List<uint> rows = [];
        using HashIndex index = new(1);
        for (uint step = 0; step < 60_000; step++)
        {
            // Fills up, and empties now and then.
            bool isEmptying = step / 10_000 % 3 == 2;
            if (rows.Count > 0 && (rows.Count == liveAtMost || random.Next(5) < (isEmptying ? 4 : 1)))
            {
                int chosen = random.Next(rows.Count);
                index.Remove(live[rows[chosen]], rows[chosen]);
                live.Remove(rows[chosen]);
                rows[chosen] = rows[^1];
                rows.RemoveAt(rows.Count - 1);
            }
            else
            {
                if (index.Count == index.Limit)
                {
                    index.Grow(row => live[row], _ => { });
                }

                ulong hash = hashes[random.Next(hashes.Length)];
                index.Add(hash, step);
                live.Add(step, hash);
                rows.Add(step);
            }

            if (step % 500 == 0)
            {
                AssertHolds(index, live, hashes);
            }
        }

        AssertHolds(index, live, hashes);
        foreach ((uint row, ulong hash) in live)
        {
            index.Remove(hash, row);
        }

        Assert.Equal(0, index.Count);
        Assert.All(hashes.Take(1000), hash => Assert.Equal(-1, index.Find(hash).Next()));
    }

    [Fact]
    public void A_guess_is_a_row_of_the_same_tag_or_none()
    {
        using HashIndex index = new(1000);
        Assert.Equal(-1, index.Guess(5));
        index.Add(5, 77);
        Assert.Equal(77, index.Guess(5));
        index.Remove(5, 77);
        Assert.Equal(-1, index.Guess(5));
    }

    /// <summary>
    /// SPEC wants no more than 256 bytes a flow: the index takes 7 to 14 of them, where it is at least as full as after doubling.
    /// </summary>
    [Fact]
    public void An_entry_takes_a_few_bytes()
    {
        using HashIndex index = new(1);
        for (uint row = 0; row < 300_000; row++)
        {
            if (index.Count == index.Limit)
            {
                index.Grow(at => at * 0x9E3779B97F4A7C15, _ => { });
            }

            index.Add(row * 0x9E3779B97F4A7C15, row);
        }

        Assert.InRange((double)index.Bytes / index.Count, 6.6, 13.4);
    }

    private static void AssertHolds(HashIndex index, Dictionary<uint, ulong> live, ulong[] hashes)
    {
        Assert.Equal(live.Count, index.Count);
        ILookup<ulong, uint> rowsOf = live.ToLookup(entry => entry.Value, entry => entry.Key);
        foreach (ulong hash in hashes.Take(300).Concat(live.Values.Take(300)))
        {
            HashSet<long> found = [];
            HashIndex.Candidates candidates = index.Find(hash);
            for (long row = candidates.Next(); row >= 0; row = candidates.Next())
            {
                Assert.True(found.Add(row), "a row comes once");
                Assert.True(live.ContainsKey((uint)row), "a row that was removed does not come");
            }

            Assert.All(rowsOf[hash], row => Assert.Contains(row, found));
        }
    }
}
