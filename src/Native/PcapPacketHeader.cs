using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>
/// <c>struct pcap_pkthdr</c>: what libpcap says of one packet. <see cref="CLong"/> is C's long: 64 bits on Linux and macOS, 32 on Windows,
/// so one struct has the right layout on each.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct PcapPacketHeader
{
    private CLong _seconds;

    // Of macOS's tv_usec only the low 32 bits are defined: it is an int there, and four bytes of padding follow.
    private CLong _fraction;

    /// <summary>Bytes of the packet that follow in memory (caplen).</summary>
    public uint CapturedLength;

    /// <summary>Bytes the packet had on the wire (len).</summary>
    public uint WireLength;

    /// <summary>Fills in a header, to be written with a packet.</summary>
    /// <param name="seconds">Seconds since 1970-01-01 UTC.</param>
    /// <param name="fraction">Microseconds or nanoseconds within the second, as the handle's precision says.</param>
    /// <param name="capturedLength">Bytes in memory.</param>
    /// <param name="wireLength">Bytes on the wire.</param>
    public PcapPacketHeader(long seconds, int fraction, uint capturedLength, uint wireLength)
    {
        _seconds = new CLong((nint)seconds);
        _fraction = new CLong(fraction);
        CapturedLength = capturedLength;
        WireLength = wireLength;
    }

    /// <summary>Whole seconds since 1970-01-01 UTC.</summary>
    public readonly long Seconds => _seconds.Value;

    /// <summary>The rest of the second, in microseconds or nanoseconds as the handle's precision says.</summary>
    public readonly int Fraction => unchecked((int)_fraction.Value);

    /// <summary>The time of the packet, in nanoseconds since 1970-01-01 UTC.</summary>
    /// <param name="nanosecondsPerFraction"><see cref="PcapCapture.NanosecondsPerFraction"/> of the handle the packet came from.</param>
    public readonly long TimestampNs(int nanosecondsPerFraction) => (Seconds * 1_000_000_000) + ((long)Fraction * nanosecondsPerFraction);
}
