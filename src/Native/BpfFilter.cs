using System.Runtime.CompilerServices;

namespace FlowMeter.Native;

/// <summary>
/// A filter expression of pcap-filter(7), compiled by libpcap for packets of one link type. Any number of threads may match at once;
/// dispose only after the last has finished. Owns the compiled program.
/// </summary>
public sealed unsafe class BpfFilter : IDisposable
{
    // libpcap's own maximum (MAXIMUM_SNAPLEN), which it also takes for a savefile that says 0.
    private const int MaxSnapLength = 262144;

    private readonly uint _length;
    private BpfInstruction* _instructions;

    private BpfFilter(BpfProgram program)
    {
        _length = program.Length;
        _instructions = program.Instructions;
    }

    /// <summary>Frees the program if nobody disposed the filter.</summary>
    ~BpfFilter() => Free();

    /// <summary>Compiles an expression such as "tcp port 443 and not host 192.0.2.1".</summary>
    /// <param name="expression">The expression; the empty one matches every packet.</param>
    /// <param name="linkType">The LINKTYPE_ value a savefile carries, such as 1 for Ethernet or 101 for raw IP.</param>
    /// <param name="snapLength">Most bytes captured of a packet; 0 or less for libpcap's maximum.</param>
    /// <returns>The filter; the caller disposes it.</returns>
    /// <exception cref="PcapException">libpcap rejects the expression (the message says why) or is not installed.</exception>
    public static BpfFilter Compile(string expression, int linkType, int snapLength)
    {
        ArgumentNullException.ThrowIfNull(expression);
        using PcapHandle handle = LibPcap.pcap_open_dead_with_tstamp_precision(
            DataLink.FromLinkType(linkType), snapLength > 0 ? snapLength : MaxSnapLength, LibPcap.PCAP_TSTAMP_PRECISION_NANO);
        if (handle.IsInvalid)
        {
            throw new PcapException($"libpcap does not open a handle for link type {linkType}.");
        }

        return new BpfFilter(BpfProgram.Compile(handle, expression, LibPcap.PCAP_NETMASK_UNKNOWN));
    }

    /// <summary>Whether the filter lets a packet through.</summary>
    /// <param name="packet">The packet from its link-layer header on; only read.</param>
    /// <param name="capturedLength">Bytes at <paramref name="packet"/>. A test on bytes beyond them is not a match.</param>
    /// <param name="wireLength">Bytes on the wire, what "len", "less" and "greater" compare.</param>
    /// <exception cref="ObjectDisposedException">The filter has been disposed.</exception>
    // Never inlined: the JIT looks up a function called without GC transition when it compiles the caller, so a reader with this call
    // inside would ask for libpcap even where no filter is set.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Matches(byte* packet, uint capturedLength, uint wireLength)
    {
        ObjectDisposedException.ThrowIf(_instructions is null, this);
        BpfProgram program = new() { Length = _length, Instructions = _instructions };
        PcapPacketHeader header = new() { CapturedLength = capturedLength, WireLength = wireLength };
        int accepted = LibPcap.pcap_offline_filter(&program, &header, packet);
        GC.KeepAlive(this);
        return accepted != 0;
    }

    /// <summary>Frees the program.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_instructions is null)
        {
            return;
        }

        BpfProgram program = new() { Length = _length, Instructions = _instructions };
        _instructions = null;
        LibPcap.pcap_freecode(&program);
    }
}
