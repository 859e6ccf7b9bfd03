using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Ciphers;
using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Anonymization;

/// <summary>
/// Replaces addresses by <see cref="CryptoPan"/>, and remembers what it replaced lately: traffic is of few addresses. For one thread.
/// </summary>
internal sealed class AddressAnonymizer(AnonymizationKey key)
{
    private const int Remembered = 1 << 13;

    private readonly CryptoPan _cipher = new(key.Bytes);
    private readonly Entry[] _entries = new Entry[Remembered];

    /// <summary>Replaces an address where it stands: 4 or 16 bytes in network order.</summary>
    public void Replace(Span<byte> address)
    {
        bool isV4 = address.Length == sizeof(uint);
        UInt128 value = isV4 ? BinaryPrimitives.ReadUInt32BigEndian(address) : BinaryPrimitives.ReadUInt128BigEndian(address);
        ref Entry entry = ref _entries[Place(value)];
        if (entry.Bytes != address.Length || entry.Address != value)
        {
            UInt128 other = isV4 ? _cipher.Anonymize((uint)value) : _cipher.Anonymize(value);
            entry = new Entry(value, other, address.Length);
        }

        if (isV4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(address, (uint)entry.Other);
        }
        else
        {
            BinaryPrimitives.WriteUInt128BigEndian(address, entry.Other);
        }
    }

    /// <summary>Replaces both addresses of a key. Its ends stay where they are, so they may not be in order any more.</summary>
    public void Replace(ref FlowKey key)
    {
        // As they stood in the packet, IPv4 in the last four of sixteen bytes.
        int unused = key.Version == 4 ? 12 : 0;
        Span<byte> bytes = MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref key, 1));
        Replace(bytes[unused..16]);
        Replace(bytes[(16 + unused)..32]);
    }

    /// <summary>
    /// Replaces a MAC address where it stands. A broadcast stays one, a group keeps its first half, which says of which protocol it is, and
    /// any other becomes a locally administered address.
    /// </summary>
    private void ReplaceMac(Span<byte> mac)
    {
        const byte Group = 1;
        const byte Local = 2;
        if (mac.IndexOfAnyExcept(byte.MaxValue) < 0)
        {
            return;
        }

        Span<byte> block = stackalloc byte[Aes128.BlockLength];
        block.Clear();
        mac.CopyTo(block);
        block[^1] = (byte)mac.Length;
        _cipher.Encrypt(Vector128.Create<byte>(block)).CopyTo(block);
        bool isGroup = (mac[0] & Group) != 0;
        int kept = isGroup ? mac.Length / 2 : 0;
        block[kept..mac.Length].CopyTo(mac[kept..]);
        if (!isGroup)
        {
            mac[0] = (byte)((mac[0] & ~Group) | Local);
        }
    }

    /// <summary>Replaces the MAC addresses of a link header, which is all there.</summary>
    public void ReplaceLink(LinkType linkType, Span<byte> frame)
    {
        switch (linkType)
        {
            case LinkType.Ethernet:
                ReplaceMac(frame[..6]);
                ReplaceMac(frame[6..12]);
                break;
            case LinkType.LinuxSll:
                ReplaceMac(frame[6..14]);
                break;
            case LinkType.LinuxSll2:
                ReplaceMac(frame[12..20]);
                break;
        }
    }

    private static int Place(UInt128 address)
    {
        ulong mixed = ((ulong)(address >> 64) * 0x9E37_79B9_7F4A_7C15) ^ (ulong)address;
        return (int)((mixed * 0x9E37_79B9_7F4A_7C15) >> (64 - 13));
    }

    /// <summary>An address and what stands in its place; no bytes: none.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(UInt128 Address, UInt128 Other, int Bytes);
}
