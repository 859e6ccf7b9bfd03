using FlowMeter.Engine.Hosts;
using FlowMeter.Engine.Numerics;

namespace FlowMeter.Tests.Hosts;

public sealed unsafe class LedgerTableTests
{
    [Fact]
    public void A_key_keeps_its_entry()
    {
        using LedgerTable<ShareEntry> table = new(100);
        uint[] numbers = [.. Enumerable.Range(0, 100).Select(i => FindOrAdd(table, i))];
        Assert.Equal(100, numbers.Distinct().Count());
        Assert.Equal(numbers, Enumerable.Range(0, 100).Select(i => FindOrAdd(table, i)));
    }

    [Fact]
    public void What_was_not_used_since_the_hand_passed_is_forgotten_first()
    {
        using LedgerTable<ShareEntry> table = new(4);
        uint[] first = [.. Enumerable.Range(0, 4).Select(i => FindOrAdd(table, i))];

        // All were used; the hand clears their marks on its first way round and takes the first.
        Assert.Equal(first[0], FindOrAdd(table, 10));
        _ = FindOrAdd(table, 1);
        Assert.Equal(first[2], FindOrAdd(table, 11));
        Assert.True(Is(table, first[1], 1));
        Assert.False(Is(table, first[2], 2));
        Assert.Equal(first[3], FindOrAdd(table, 12));
    }

    /// <summary>Against a plain model of the same rule, so it does not depend on the random hash.</summary>
    [Fact]
    public void Which_entry_is_forgotten_depends_on_uses_alone()
    {
        const int Capacity = 16;
        Random random = new(3);
        using LedgerTable<ShareEntry> table = new(Capacity);
        List<(int Key, bool Used)> model = [];
        int hand = -1;
        for (int step = 0; step < 20_000; step++)
        {
            int key = random.Next(40);
            int at = model.FindIndex(entry => entry.Key == key);
            if (at >= 0)
            {
                model[at] = (key, true);
            }
            else if (model.Count < Capacity)
            {
                at = model.Count;
                model.Add((key, true));
            }
            else
            {
                do
                {
                    hand = (hand + 1) % Capacity;
                    at = hand;
                    (int old, bool used) = model[at];
                    model[at] = (old, false);
                    if (!used)
                    {
                        break;
                    }
                }
                while (true);
                model[at] = (key, true);
            }

            Assert.Equal((uint)at, FindOrAdd(table, key));
        }
    }

    [Fact]
    public void A_new_entry_is_zeroed()
    {
        using LedgerTable<ShareEntry> table = new(1);
        _ = table.At(FindOrAdd(table, 1))->Take(0);
        ShareEntry* entry = table.At(FindOrAdd(table, 2));
        Assert.Equal(0, entry->Flows[0]);
        Assert.Equal(0, entry->Clock);
    }

    private static ulong HashOf(int number) => SplitMix64.Mix((ulong)number);

    private static uint FindOrAdd(LedgerTable<ShareEntry> table, int number) =>
        table.FindOrAdd(HashOf(number), table.Guess(HashOf(number)));

    private static bool Is(LedgerTable<ShareEntry> table, uint entry, int number) => table.AtIf(entry, HashOf(number)) != null;
}
