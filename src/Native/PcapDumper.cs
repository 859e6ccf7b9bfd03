using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Native;

/// <summary>
/// A savefile being written by libpcap (<c>pcap_dumper_t*</c>), opened by <see cref="PcapCapture.OpenDumper"/>. Disposing writes out what
/// is buffered and closes the file. For one thread at a time.
/// </summary>
public sealed unsafe class PcapDumper : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>For the source generator, which sets the handle; use <see cref="PcapCapture.OpenDumper"/>.</summary>
    public PcapDumper()
        : base(ownsHandle: true)
    {
    }

    /// <summary>Appends one packet. libpcap reports a write error only at <see cref="Flush"/>.</summary>
    /// <param name="header">The packet's header, in the precision of the capture the dumper was opened on.</param>
    /// <param name="packet"><see cref="PcapPacketHeader.CapturedLength"/> bytes.</param>
    public void Write(in PcapPacketHeader header, byte* packet)
    {
        fixed (PcapPacketHeader* first = &header)
        {
            LibPcap.pcap_dump(this, first, packet);
        }
    }

    /// <summary>Hands what is buffered to the system.</summary>
    /// <exception cref="PcapException">The system does not take it: the disk is full, say.</exception>
    public void Flush()
    {
        if (LibPcap.pcap_dump_flush(this) != 0)
        {
            throw new PcapException("The savefile cannot be written.");
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibPcap.pcap_dump_close(handle);
        return true;
    }
}
