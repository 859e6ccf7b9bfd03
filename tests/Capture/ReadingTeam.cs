using System.Security.Cryptography;
using FlowMeter.Engine.Capture;

namespace FlowMeter.Tests.Capture;

/// <summary>
/// Workers on one source in one thread, in an order that chance decides: they reserve, read ahead, take what they have read when it is
/// their turn, and look at it some time later, before they reserve again.
/// </summary>
internal sealed class ReadingTeam(IPacketSource source, Random random) : IDisposable
{
    private readonly Member[] _members = [.. Enumerable.Range(0, 4).Select(_ => new Member())];
    private readonly Queue<Member> _turns = [];
    private readonly List<List<string>> _handOvers = [];

    /// <summary>What identifies the packets, in the order in which they were given out.</summary>
    public IReadOnlyList<string> Packets => [.. _handOvers.SelectMany(packets => packets)];

    /// <summary>How many hand-overs came from what was read ahead.</summary>
    public int TakenAhead { get; private set; }

    /// <summary>What identifies the packets of a batch.</summary>
    public static unsafe IEnumerable<string> PacketsOf(PacketBatch batch)
    {
        List<string> packets = [];
        for (int i = 0; i < batch.Count; i++)
        {
            byte[] hash = SHA256.HashData(new ReadOnlySpan<byte>(batch.Data[i], (int)batch.CapturedLength[i]));
            packets.Add($"{batch.LinkType} {batch.Time[i]} {batch.CapturedLength[i]} {batch.WireLength[i]} {Convert.ToHexString(hash)}");
        }

        return packets;
    }

    /// <summary>
    /// Has a member that is free reserve and read ahead. Returns false if there is none, or the source does not allow it.
    /// </summary>
    public bool Reserve()
    {
        Member? free = _members.FirstOrDefault(member => !member.HasTurn);
        free?.LookAtAll();
        if (free == null || !source.TryReserve(free.Batches[0]))
        {
            return false;
        }

        free.HasTurn = true;
        free.Batches[0].Fetch();
        _turns.Enqueue(free);
        return true;
    }

    /// <summary>Reads on to the end.</summary>
    /// <param name="isEager">Whether to reserve whenever that is possible, as real workers do.</param>
    public void ReadToEnd(bool isEager)
    {
        bool isEnded = false;
        for (int steps = 0; !isEnded || _turns.Count > 0; steps++)
        {
            Assert.True(steps < 100_000, "it does not come to an end");
            if (!isEnded && (isEager || random.Next(2) == 0) && Reserve())
            {
                continue;
            }

            if (_turns.Count > 0)
            {
                Take(_turns.Peek());
            }
            else
            {
                Member reader = _members[random.Next(_members.Length)];
                reader.LookAtAll();
                isEnded = !source.TryFill(reader.Batches[0]);
                HandOver(reader, isEnded ? 0 : 1);
                source.Keep();
            }
        }

        Array.ForEach(_members, member => member.LookAtAll());
    }

    public void Dispose()
    {
        foreach (PacketBatch batch in _members.SelectMany(member => member.Batches))
        {
            batch.Dispose();
        }
    }

    private void Take(Member member)
    {
        member.LookAtAll();
        int filled = 0;
        int most = random.Next(1, member.Batches.Length + 1);
        while (filled < most && source.TryTake(member.Batches[filled]))
        {
            filled++;
        }

        if (filled < most)
        {
            _turns.Dequeue();
            member.HasTurn = false;
        }

        source.Keep();
        TakenAhead += filled > 0 ? 1 : 0;
        HandOver(member, filled);
    }

    private void HandOver(Member member, int filled)
    {
        List<string> packets = [];
        _handOvers.Add(packets);
        member.Unseen = (packets, filled);
    }

    private sealed class Member
    {
        public PacketBatch[] Batches { get; } = [new(), new(), new()];

        public bool HasTurn { get; set; }

        public (List<string> Packets, int Filled) Unseen { get; set; } = ([], 0);

        public void LookAtAll()
        {
            foreach (PacketBatch batch in Batches.Take(Unseen.Filled))
            {
                Unseen.Packets.AddRange(PacketsOf(batch));
            }

            Unseen = ([], 0);
        }
    }
}
