using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>
/// Packets of an interface from libpcap: created, set up, then activated. Owns the <c>pcap_t</c>. For one thread at a time, but for
/// <see cref="BreakLoop"/>. Every member throws <see cref="PcapException"/> with libpcap's text when libpcap refuses.
/// </summary>
public sealed unsafe class PcapCapture : ICallingHandle
{
    private readonly PcapHandle _handle;
    private readonly string _name;

    private PcapCapture(PcapHandle handle, string name)
    {
        _handle = handle;
        _name = name;
    }

    /// <summary>The interface.</summary>
    public string Name => _name;

    /// <summary>The LINKTYPE_ value of the packets. After activation.</summary>
    public int LinkType => DataLink.ToLinkType(Check(LibPcap.pcap_datalink(_handle), "The link type is not known"));

    /// <summary>Most bytes captured of a packet.</summary>
    public int SnapLength => Check(LibPcap.pcap_snapshot(_handle), "The snap length is not known");

    /// <summary>What a header's fraction counts: 1 for nanoseconds, 1000 for microseconds.</summary>
    public int NanosecondsPerFraction => LibPcap.pcap_get_tstamp_precision(_handle) == LibPcap.PCAP_TSTAMP_PRECISION_NANO ? 1 : 1000;

    /// <summary>
    /// The file descriptor packets are read from, owned by the capture; -1 where there is none. PACKET_FANOUT is set on it.
    /// </summary>
    public int Descriptor => LibPcap.pcap_fileno(_handle);

    /// <summary>
    /// Prepares a capture on an interface: set it up, then <see cref="Activate"/>. Nanosecond timestamps are asked for; where the interface
    /// has none, <see cref="NanosecondsPerFraction"/> says so.
    /// </summary>
    /// <param name="device">An interface by its <see cref="CaptureDevice.Name"/>, or "any" on Linux.</param>
    /// <returns>The capture; the caller disposes it.</returns>
    public static PcapCapture Create(string device)
    {
        ArgumentException.ThrowIfNullOrEmpty(device);
        byte* error = stackalloc byte[LibPcap.PCAP_ERRBUF_SIZE];
        PcapHandle handle = LibPcap.pcap_create(device, error);
        if (handle.IsInvalid)
        {
            handle.Dispose();
            throw new PcapException($"{device}: {LibPcap.Text(error)}");
        }

        _ = LibPcap.pcap_set_tstamp_precision(handle, LibPcap.PCAP_TSTAMP_PRECISION_NANO);
        return new PcapCapture(handle, device);
    }

    /// <summary>Most bytes to capture of a packet. Before activation.</summary>
    public void SetSnapLength(int bytes) => Check(LibPcap.pcap_set_snaplen(_handle, bytes), "The snap length cannot be set");

    /// <summary>Whether to capture packets addressed to others. Before activation.</summary>
    public void SetPromiscuous(bool promiscuous) =>
        Check(LibPcap.pcap_set_promisc(_handle, promiscuous ? 1 : 0), "Promiscuous mode cannot be set");

    /// <summary>How long, in milliseconds, the system may collect packets before it hands them over. Before activation.</summary>
    public void SetReadTimeout(int milliseconds) =>
        Check(LibPcap.pcap_set_timeout(_handle, milliseconds), "The read timeout cannot be set");

    /// <summary>Bytes of the system's buffer. Before activation.</summary>
    public void SetBufferSize(int bytes) => Check(LibPcap.pcap_set_buffer_size(_handle, bytes), "The buffer size cannot be set");

    /// <summary>Starts capturing.</summary>
    /// <returns>libpcap's warning when it captures, but not as asked; otherwise null.</returns>
    public string? Activate()
    {
        int status = Check(LibPcap.pcap_activate(_handle), "The capture cannot start");
        return status == 0 ? null : _handle.Explain(status);
    }

    /// <summary>Whether <see cref="Dispatch"/> returns at once when there is no packet. After activation.</summary>
    public void SetNonBlocking(bool nonBlocking)
    {
        byte* error = stackalloc byte[LibPcap.PCAP_ERRBUF_SIZE];
        int status = LibPcap.pcap_setnonblock(_handle, nonBlocking ? 1 : 0, error);
        if (status != 0)
        {
            throw new PcapException($"{_name}: non-blocking mode cannot be set: {LibPcap.Text(error)}", (PcapError)status);
        }
    }

    /// <summary>Which packets to capture. After activation.</summary>
    public void SetDirection(CaptureDirection direction) =>
        Check(LibPcap.pcap_setdirection(_handle, direction), "The direction cannot be set");

    /// <summary>Lets only packets that match <paramref name="expression"/> through, on Linux in the kernel. After activation.</summary>
    public void SetFilter(string expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        BpfProgram program = Compile(expression);
        try
        {
            Check(LibPcap.pcap_setfilter(_handle, &program), "The filter cannot be set");
        }
        finally
        {
            LibPcap.pcap_freecode(&program);
        }
    }

    /// <summary>Hands the packets of one buffer to <paramref name="callback"/>.</summary>
    /// <param name="countMax">Most packets to hand over; 0 or less for all of the buffer.</param>
    /// <param name="callback">
    /// Gets <paramref name="user"/>, the header and the bytes, both valid during the call only. It must not throw.
    /// </param>
    /// <param name="user">Handed through untouched.</param>
    /// <returns>
    /// Packets handed over; 0 when the read timeout passed without one; <see cref="PcapError.Break"/> as a number when
    /// <see cref="BreakLoop"/> came before the first.
    /// </returns>
    public int Dispatch(int countMax, delegate* unmanaged[Cdecl]<byte*, PcapPacketHeader*, byte*, void> callback, void* user) =>
        CheckDispatch(LibPcap.pcap_dispatch(_handle, countMax, callback, (byte*)user));

    /// <summary>
    /// Ends a running <see cref="Dispatch"/>, or the next one. From any thread; before libpcap 1.10 a thread that
    /// waits for packets notices only when one comes or the read timeout passes.
    /// </summary>
    public void BreakLoop() => LibPcap.pcap_breakloop(_handle);

    /// <inheritdoc/>
    public void AwaitPackets(int milliseconds)
    {
        if (OperatingSystem.IsWindows())
        {
            Thread.Sleep(1);
        }
        else
        {
            _ = Descriptors.AwaitReadable(LibPcap.pcap_get_selectable_fd(_handle), milliseconds);
        }
    }

    /// <inheritdoc/>
    public void RefusePackets()
    {
        if (OperatingSystem.IsLinux())
        {
            DropAllFilter.Close(Descriptor);
        }
    }

    /// <summary>What has been counted since activation.</summary>
    public PcapStatistics Stats()
    {
        PcapStatistics statistics;
        Check(LibPcap.pcap_stats(_handle, &statistics), "There are no statistics");
        return statistics;
    }

    /// <summary>Sends one packet, link-layer header included. Never throws; <see cref="LastError"/> has the reason of a failure.</summary>
    public SendResult TryInject(ReadOnlySpan<byte> packet)
    {
        const int TooLong = 90;
        const int NoBuffers = 105;
        const int TryAgain = 11;
        fixed (byte* first = packet)
        {
            return LibPcap.pcap_inject(_handle, first, (nuint)packet.Length) >= 0 ? SendResult.Sent
                : Marshal.GetLastPInvokeError() switch
                {
                    TooLong => SendResult.TooLong,
                    NoBuffers or TryAgain => SendResult.NoBuffers,
                    _ => SendResult.Failed,
                };
        }
    }

    /// <summary>libpcap's text on the call that failed last.</summary>
    public string LastError => LibPcap.Text(LibPcap.pcap_geterr(_handle));

    /// <summary>Stops capturing and closes.</summary>
    public void Dispose() => _handle.Dispose();

    /// <summary>
    /// Compiles an expression as it is for this interface. After activation. The caller frees the program with pcap_freecode.
    /// </summary>
    internal BpfProgram Compile(string expression) => BpfProgram.Compile(_handle, expression, Netmask());

    // Only "ip broadcast" asks for the netmask; without one libpcap refuses that expression and no other.
    private uint Netmask()
    {
        byte* error = stackalloc byte[LibPcap.PCAP_ERRBUF_SIZE];
        uint network, mask;
        return LibPcap.pcap_lookupnet(_name, &network, &mask, error) == 0 ? mask : LibPcap.PCAP_NETMASK_UNKNOWN;
    }

    private int CheckDispatch(int status) => status == (int)PcapError.Break ? status
        : status == (int)PcapError.Generic && SaysThatNothingIsThere() ? 0
        : Check(status, "The packets cannot be read");

    /// <summary>libpcap's readers of nflog and nfqueue call it a failure that there is no packet and they must not wait.</summary>
    private bool SaysThatNothingIsThere()
    {
        const int TryAgain = 11;
        return OperatingSystem.IsLinux()
            && _handle.Explain((int)PcapError.Generic).EndsWith(Marshal.GetPInvokeErrorMessage(TryAgain), StringComparison.Ordinal);
    }

    private int Check(int status, string what) => status >= 0 ? status : throw _handle.Failure($"{_name}: {what}", status);
}
