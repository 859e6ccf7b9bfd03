using System.Runtime.CompilerServices;
using FlowMeter.Engine.Capture;

namespace FlowMeter.Engine.Decode;

/// <summary>Turns packets into keys, sizes and times, a window at a time, and gives every frame its decode result.</summary>
internal sealed unsafe class Decoder
{
    /// <summary>
    /// Packets decoded, looked up and accounted for at a time: enough to hide a memory access, few enough to stay in the first-level cache.
    /// </summary>
    public const int Window = 64;

    private readonly DecodeRules _rules;
    private readonly TunnelPorts? _tunnels;
    private readonly InternetLayer _internet;
    private readonly FrameCounts _before = new();

    /// <summary>Makes a decoder.</summary>
    /// <param name="rules">What counts as a packet's size, and which packets are metered.</param>
    /// <param name="tunnels">
    /// The ports of the tunnels that are metered by the packet inside; null for none, GRE and its like included.
    /// </param>
    /// <param name="fragments">What is known of fragments; stays the caller's.</param>
    /// <param name="payloads">What the columns that it writes to keep of payloads.</param>
    public Decoder(DecodeRules rules, TunnelPorts? tunnels, FragmentTable fragments, PayloadDetail payloads = PayloadDetail.None)
    {
        _rules = rules;
        _tunnels = tunnels;
        _internet = new InternetLayer(tunnels, fragments, payloads);
    }

    /// <summary>Frames seen so far.</summary>
    public FrameCounts Counts { get; } = new();

    /// <summary>
    /// What became of the newest frame that belongs to no flow; <see cref="DecodeResult.Metered"/> where the profile leaves it out.
    /// </summary>
    public DecodeResult Rejected { get; private set; }

    /// <summary>Type and code of the ICMP message decoded last; -1 where it has none.</summary>
    public int IcmpTypeAndCode { get; private set; }

    /// <summary>
    /// Decodes <paramref name="count"/> packets of a batch, at most <see cref="Window"/>, from <paramref name="first"/> on, in place of
    /// what the columns have.
    /// </summary>
    public void Decode(PacketBatch batch, int first, int count, PacketColumns window)
    {
        switch (window.Detail)
        {
            case PayloadDetail.None:
                Decode(batch, first, count, window, PayloadDetail.None);
                break;
            case PayloadDetail.Lengths:
                Decode(batch, first, count, window, PayloadDetail.Lengths);
                break;
            case PayloadDetail.Places:
                Decode(batch, first, count, window, PayloadDetail.Places);
                break;
            default:
                Decode(batch, first, count, window, PayloadDetail.Lengths | PayloadDetail.Places);
                break;
        }
    }

    /// <summary>Written once and compiled for each case: what is wanted of payloads is a constant of each copy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Decode(PacketBatch batch, int first, int count, PacketColumns window, PayloadDetail detail)
    {
        bool mayBeCommon = batch.LinkType == LinkType.Ethernet;
        TunnelPorts? tunnels = _tunnels;
        byte** data = batch.Data + first;
        uint* captured = batch.CapturedLength + first;
        long* times = batch.Time + first;
        uint* sizes = (_rules.SizeIsCapturedLength ? batch.CapturedLength : batch.WireLength) + first;
        FlowKey* keys = window.Keys;
        long* keptTimes = window.Times;
        uint* keptSizes = window.Sizes;
        byte* fromB = window.FromB;
        byte* tcpFlags = window.TcpFlags;
        PacketPayload* payloads = window.Payloads;
        TransportPlace* places = window.Places;
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            bool isCommon = mayBeCommon && EthernetIPv4FastPath.TryDecode(data[i], captured[i], keys + kept, fromB + kept, tcpFlags + kept)
                && (tunnels == null || !EthernetIPv4FastPath.MayBeTunnel(data[i], tunnels));
            if ((detail & PayloadDetail.Lengths) != 0 && isCommon)
            {
                payloads[kept] = PacketPayload.FromFastPath(data[i], captured[i], batch.WireLength[first + i]);
            }

            if ((detail & PayloadDetail.Places) != 0 && isCommon)
            {
                places[kept] = EthernetIPv4FastPath.Place(data[i], captured[i], batch.WireLength[first + i]);
            }

            if (isCommon || DecodeAny(batch.LinkType, data[i], captured[i], batch.WireLength[first + i], times[i], window, kept))
            {
                keptTimes[kept] = times[i];
                keptSizes[kept] = sizes[i];
                kept++;
            }
        }

        // What was not kept has counted itself, and its bytes, in DecodeAny.
        Counts.AddMetered(kept);
        Counts.Bytes += SumWireLengths(batch.WireLength + first, count);
        if (HasRealMtu(batch.LinkType))
        {
            Counts.LongFrames += CountLong(batch.WireLength + first, count);
        }

        window.Count = kept;
    }

    /// <summary>
    /// Decodes whole batches, as one, and deals the packets out to the shards of <paramref name="into"/>, which must have room for them.
    /// </summary>
    /// <param name="batches">The batches, in the capture's order.</param>
    /// <param name="window">Memory to decode in, for <see cref="Window"/> packets.</param>
    /// <param name="hash">The hash of all workers.</param>
    /// <param name="into">Where the packets go.</param>
    /// <param name="isInTurn">Whether all earlier batches have been decoded.</param>
    /// <returns>
    /// False if there are fragments and it is not their turn; nothing has been counted then, and <paramref name="into"/> means nothing.
    /// </returns>
    public bool TryDecode(ReadOnlySpan<PacketBatch> batches, PacketColumns window, FlowHash hash, DecodedBatch into, bool isInTurn)
    {
        into.Clear();
        _before.Set(Counts);
        _internet.PutsOffFragments = !isInTurn;
        _internet.HasPutOff = false;
        foreach (PacketBatch batch in batches)
        {
            for (int first = 0; first < batch.Count; first += Window)
            {
                Decode(batch, first, Math.Min(Window, batch.Count - first), window);
                into.Scatter(window, hash);
            }

            into.Now = batch.Now;
            into.IsIdle = batch.IsIdle;
        }

        if (_internet.HasPutOff)
        {
            Counts.Set(_before);
            return false;
        }

        return true;
    }

    /// <summary>
    /// Decodes one packet behind those that the columns have already; they must not be full. Nothing points at <paramref name="data"/>
    /// afterwards.
    /// </summary>
    /// <returns>Whether the columns have it now; otherwise no flow gets it.</returns>
    public bool Add(LinkType linkType, byte* data, uint captured, uint wire, long time, PacketColumns window)
    {
        int to = window.Count;
        bool isCommon = linkType == LinkType.Ethernet
            && EthernetIPv4FastPath.TryDecode(data, captured, window.Keys + to, window.FromB + to, window.TcpFlags + to)
            && (_tunnels == null || !EthernetIPv4FastPath.MayBeTunnel(data, _tunnels));
        Counts.Bytes += wire;
        if (wire > FrameCounts.LongFrame && HasRealMtu(linkType))
        {
            Counts.LongFrames++;
        }

        if (isCommon && (window.Detail & PayloadDetail.Lengths) != 0)
        {
            window.Payloads[to] = PacketPayload.FromFastPath(data, captured, wire);
        }

        if (isCommon && (window.Detail & PayloadDetail.Places) != 0)
        {
            window.Places[to] = EthernetIPv4FastPath.Place(data, captured, wire);
        }

        if (!isCommon && !DecodeAny(linkType, data, captured, wire, time, window, to))
        {
            return false;
        }

        if ((window.Detail & PayloadDetail.Places) != 0)
        {
            window.OwnBytes(to);
        }

        window.Times[to] = time;
        window.Sizes[to] = _rules.SizeIsCapturedLength ? captured : wire;
        window.Count = to + 1;
        Counts.AddMetered(1);
        return true;
    }

    private static long SumWireLengths(uint* lengths, int count)
    {
        long sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += lengths[i];
        }

        return sum;
    }

    /// <summary>A loopback's MTU is no wire's: BSD's has a link type of its own.</summary>
    private static bool HasRealMtu(LinkType linkType) => linkType is not LinkType.Null and not LinkType.Loop;

    private static long CountLong(uint* lengths, int count)
    {
        long sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += lengths[i] > FrameCounts.LongFrame ? 1 : 0;
        }

        return sum;
    }

    /// <summary>Decodes any frame. False for one that belongs to no flow.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool DecodeAny(LinkType linkType, byte* data, uint captured, uint wire, long time, PacketColumns window, int to)
    {
        PacketHeaders headers = default;
        _internet.Time = time;
        _internet.Beyond = (long)wire - captured;
        _internet.Unknown = 0;
        DecodeResult result = LinkLayer.Decode(linkType, data, captured, _internet, ref headers);
        if (result != DecodeResult.Metered)
        {
            Rejected = result;
            Counts.Add(result);
            Counts.Bytes -= wire;
            if (result == DecodeResult.NonIp && _internet.Unknown != 0)
            {
                Counts.UnknownTypes.Add(_internet.Unknown);
            }
            else if (result == DecodeResult.UnsupportedLinkType)
            {
                Counts.UnsupportedLinkType = (int)linkType;
            }

            return false;
        }

        if ((_rules.IsTcpUdpOnly && headers.Protocol is not 6 and not 17)
            || (_rules.IsIPv4Only && headers.Version != 4)
            || (_rules.LeavesOutLaterFragments && headers.IsLaterFragment))
        {
            Rejected = result;
            Counts.AddMetered(1);
            Counts.OutsideProfile++;
            Counts.ProtocolsOutside.Add(headers.Protocol);
            return false;
        }

        window.Keys[to] = FlowKey.From(in headers, out window.FromB[to]);
        window.TcpFlags[to] = headers.TcpFlags;
        IcmpTypeAndCode = headers.IcmpTypeAndCode;
        if ((window.Detail & PayloadDetail.Lengths) != 0)
        {
            window.Payloads[to] = headers.Payload;
        }

        if ((window.Detail & PayloadDetail.Places) != 0)
        {
            window.Places[to] = headers.Place;
        }

        return true;
    }
}
