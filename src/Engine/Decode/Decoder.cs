using System.Runtime.CompilerServices;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Observe;

namespace FlowMeter.Engine.Decode;

/// <summary>Turns packets into keys, hashes, sizes and times, a window at a time, and gives every frame its fate.</summary>
internal sealed unsafe class Decoder : IDisposable
{
    private readonly FlowHash _hash;
    private readonly Shard _shard;
    private readonly FlowRules _rules;
    private readonly InternetLayer _internet;

    public Decoder(FlowHash hash, Shard shard, FlowRules rules, bool decapsulate)
    {
        _hash = hash;
        _shard = shard;
        _rules = rules;
        _internet = new InternetLayer(decapsulate, hash);
    }

    /// <summary>Frames seen so far. With several shards every decoder sees all frames.</summary>
    public FrameCounts Counts { get; } = new();

    /// <summary>Decodes <paramref name="count"/> packets of a batch, at most a window, from <paramref name="first"/> on; the window gets those of this shard.</summary>
    public void Decode(PacketBatch batch, int first, int count, PacketWindow window)
    {
        LinkType linkType = batch.LinkType;
        bool takesAll = _shard.IsWhole;
        bool sizeIsCaptured = _rules.SizeIsCapturedLength;
        bool isSelective = _rules.IsTcpUdpOnly || _rules.LeavesOutLaterFragments;
        byte** data = batch.Data + first;
        uint* captured = batch.CapturedLength + first;
        uint* wire = batch.WireLength + first;
        long* times = batch.Time + first;
        long newest = window.Newest;
        long bytes = 0;
        int metered = 0;
        int kept = 0;
        Unsafe.SkipInit(out PacketHeaders headers);
        for (int i = 0; i < count; i++)
        {
            _internet.Time = times[i];
            FrameFate fate = LinkLayer.Decode(linkType, data[i], captured[i], _internet, ref headers);
            if (fate != FrameFate.Metered)
            {
                Counts.Add(fate);
                continue;
            }

            metered++;
            bytes += wire[i];
            newest = Math.Max(newest, times[i]);
            if (isSelective && IsLeftOut(in headers))
            {
                Counts.OutsideProfile++;
                continue;
            }

            FlowKey key = FlowKey.Of(in headers, out byte fromHigh);
            ulong hash = _hash.Of(in key, out ulong other);
            if (!takesAll && !_shard.Has(other))
            {
                continue;
            }

            window.Keys[kept] = key;
            window.Hashes[kept] = hash;
            window.Times[kept] = times[i];
            window.Sizes[kept] = sizeIsCaptured ? captured[i] : wire[i];
            window.FromHigh[kept] = fromHigh;
            window.TcpFlags[kept] = headers.TcpFlags;
            kept++;
        }

        Counts.AddMetered(metered);
        Counts.Bytes += bytes;
        window.Newest = newest;
        window.Count = kept;
    }

    /// <inheritdoc/>
    public void Dispose() => _internet.Dispose();

    private bool IsLeftOut(in PacketHeaders headers) =>
        (_rules.IsTcpUdpOnly && headers.Protocol is not 6 and not 17) || (_rules.LeavesOutLaterFragments && headers.IsLaterFragment);
}
