using FlowMeter.Native;

namespace FlowMeter.Engine.Capture;

/// <summary>
/// Lets only those packets of a source through that match a BPF expression. The filter is compiled by libpcap, once a link type.
/// </summary>
public sealed unsafe class FilteredSource(IPacketSource source, string expression) : IPacketSource
{
    private static readonly string[] s_words = ["vlan", "mpls", "pppoes"];

    private readonly Dictionary<LinkType, BpfFilter> _filters = [];

    private long _dropped;

    // By what stands between Ethernet and IP, in the order of the words.
    private readonly long[] _droppedBehind = new long[s_words.Length];

    /// <summary>Packets that the filter kept out; from any thread.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>
    /// The word that an expression must have before it looks behind what all packets kept out begin with (pcap-filter(7)): vlan, mpls or
    /// pppoes; null where that is not the reason.
    /// </summary>
    public string? MissingWord =>
        Dropped == 0 ? null : s_words.Where((_, word) => Volatile.Read(ref _droppedBehind[word]) == Dropped).FirstOrDefault();

    /// <summary>Checks an expression without any packets, so that a wrong one is told before the first file is opened.</summary>
    /// <exception cref="PcapException">It is not valid, or there is no libpcap.</exception>
    public static void Check(string expression) => Compile(expression, LinkType.Ethernet).Dispose();

    /// <inheritdoc/>
    public bool TryFill(PacketBatch batch)
    {
        if (!source.TryFill(batch))
        {
            return false;
        }

        // Also where no packet is left: the caller checks between two batches whether to stop.
        Filter(batch);
        return true;
    }

    /// <inheritdoc/>
    public bool TryReserve(PacketBatch batch) => source.TryReserve(batch);

    /// <inheritdoc/>
    public bool TryTake(PacketBatch batch)
    {
        if (!source.TryTake(batch))
        {
            return false;
        }

        Filter(batch);
        return true;
    }

    /// <inheritdoc/>
    public void Keep() => source.Keep();

    /// <inheritdoc/>
    public void Dispose()
    {
        source.Dispose();
        foreach (BpfFilter filter in _filters.Values)
        {
            filter.Dispose();
        }
    }

    private static BpfFilter Compile(string expression, LinkType linkType) =>
        BpfFilter.Compile(expression, (int)linkType, (int)SavefileFormat.MaxCapturedLength);

    private BpfFilter CompileFor(LinkType linkType)
    {
        try
        {
            return Compile(expression, linkType);
        }
        catch (PcapException e)
        {
            // An expression can be valid for the files before and not for this one's link type; what they gave must come out all the same.
            throw new CaptureException($"--filter does not fit packets of link type {(int)linkType}: {e.Message}", e);
        }
    }

    /// <summary>Compiles the expression for a batch's link type, so that it is known before the first packet whether it fits.</summary>
    /// <exception cref="CaptureException">It does not.</exception>
    public void Prepare(PacketBatch batch) => _ = FilterFor(batch);

    /// <summary>Whether a packet of a batch matches.</summary>
    /// <exception cref="CaptureException">The expression does not fit the batch's link type.</exception>
    public bool Matches(PacketBatch batch, int index) =>
        FilterFor(batch).Matches(batch.Data[index], batch.CapturedLength[index], batch.WireLength[index]);

    private BpfFilter FilterFor(PacketBatch batch)
    {
        if (!_filters.TryGetValue(batch.LinkType, out BpfFilter? filter))
        {
            filter = CompileFor(batch.LinkType);
            _filters.Add(batch.LinkType, filter);
        }

        return filter;
    }

    private void Filter(PacketBatch batch)
    {
        BpfFilter filter = FilterFor(batch);
        int kept = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            if (filter.Matches(batch.Data[i], batch.CapturedLength[i], batch.WireLength[i]))
            {
                batch.Move(i, kept++);
            }
            else if (WordOf(batch, i) is >= 0 and int word)
            {
                _droppedBehind[word]++;
            }
        }

        _dropped += batch.Count - kept;
        batch.SetCount(kept);
    }

    private static int WordOf(PacketBatch batch, int packet)
    {
        int at = batch.LinkType switch
        {
            LinkType.Ethernet => 12,
            LinkType.LinuxSll => 14,
            LinkType.LinuxSll2 => 0,
            _ => -1,
        };
        if (at < 0 || batch.CapturedLength[packet] < at + 2)
        {
            return -1;
        }

        return ((batch.Data[packet][at] << 8) | batch.Data[packet][at + 1]) switch
        {
            0x8100 or 0x88A8 or 0x9100 or 0x9200 or 0x9300 => 0,
            0x8847 or 0x8848 => 1,
            0x8864 => 2,
            _ => -1,
        };
    }
}
