using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Synthetic;

/// <summary>
/// Finds the addresses that a frame is metered by, in frames of every link type: the decoder says what they are, and where they stand is
/// looked for.
/// </summary>
internal sealed unsafe class AddressFinder : IDisposable
{
    private const uint MaxHeaders = 0x7FFF;

    private readonly FragmentTable _fragments = new(new FlowHash());
    private readonly InternetLayer _internet;

    public AddressFinder() => _internet = new InternetLayer(null, _fragments);

    /// <summary>
    /// Where the source address is in the frame; the top bit stands for IPv6. 0 where it can not be changed: it is not found, or a checksum
    /// that the decoder looks at protects it.
    /// </summary>
    public ushort Find(LinkType linkType, byte* frame, uint length, uint wireLength, out bool isMetered)
    {
        isMetered = TryDecode(linkType, frame, length, wireLength, out PacketHeaders headers);
        if (!isMetered)
        {
            return 0;
        }

        bool isIPv4 = headers.Version == 4;
        uint header = isIPv4 ? 12u : 8u;
        uint size = isIPv4 ? 8u : 32u;
        for (uint at = header; at + size <= length && at < MaxHeaders; at++)
        {
            if (frame[at - header] >> 4 == headers.Version && IsAt(frame + at, in headers))
            {
                return CanChange(linkType, frame, length, wireLength, at, isIPv4) ? (ushort)(at | (isIPv4 ? 0u : 0x8000)) : (ushort)0;
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _fragments.Dispose();

    private static bool IsAt(byte* at, in PacketHeaders headers)
    {
        PacketHeaders found = default;
        if (headers.Version == 4)
        {
            found.SetIPv4(at);
        }
        else
        {
            found.SetIPv6(at);
        }

        return (found.SourceUpper, found.SourceLower, found.DestinationUpper, found.DestinationLower)
            == (headers.SourceUpper, headers.SourceLower, headers.DestinationUpper, headers.DestinationLower);
    }

    /// <summary>Whether the frame is metered by another address once the first byte of this one is another.</summary>
    private bool CanChange(LinkType linkType, byte* frame, uint length, uint wireLength, uint at, bool isIPv4)
    {
        frame[at] ^= 1;
        bool changes = TryDecode(linkType, frame, length, wireLength, out PacketHeaders headers) && headers.Version == (isIPv4 ? 4 : 6)
            && IsAt(frame + at, in headers);
        frame[at] ^= 1;
        return changes;
    }

    private bool TryDecode(LinkType linkType, byte* frame, uint length, uint wireLength, out PacketHeaders headers)
    {
        headers = default;
        _internet.Beyond = (long)wireLength - length;
        return LinkLayer.Decode(linkType, frame, length, _internet, ref headers) == DecodeResult.Metered;
    }
}
