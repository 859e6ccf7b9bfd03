using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Oracle;

internal static partial class ReferenceReader
{
    /// <summary>Walks the blocks of one pcapng file. Byte order and interfaces begin anew with every section.</summary>
    private sealed class PcapNgFile(byte[] file)
    {
        private const uint InterfaceDescriptionBlock = 1;
        private const uint ObsoletePacketBlock = 2;
        private const uint SimplePacketBlock = 3;
        private const uint EnhancedPacketBlock = 6;

        // The longest packet that libpcap takes, and 128 KiB for options: what says that it is longer lies.
        private const uint LongestBlock = (256 + 128) << 10;

        private readonly List<Frame> _frames = [];
        private readonly List<ReferenceInterface> _interfaces = [];
        private bool _bigEndian;

        public ReferenceCapture Read()
        {
            int at = 0;
            while (at < file.Length)
            {
                if (file.Length - at < 12)
                {
                    return new ReferenceCapture(_frames, CaptureEnding.Torn);
                }
                // The type of a section header reads the same in both byte orders, so it can be seen before the order is known.
                if (UInt32(file, at, _bigEndian) == SectionHeaderBlock && !BeginSection(at))
                {
                    return new ReferenceCapture(_frames, CaptureEnding.Damaged);
                }
                uint length = UInt32(file, at + 4, _bigEndian);
                bool isRead = UInt32(file, at, _bigEndian) is SectionHeaderBlock or InterfaceDescriptionBlock
                    or ObsoletePacketBlock or SimplePacketBlock or EnhancedPacketBlock;
                if (length < 12 || length % 4 != 0 || (isRead && length > LongestBlock))
                {
                    return new ReferenceCapture(_frames, CaptureEnding.Damaged);
                }
                if (length > file.Length - at)
                {
                    return new ReferenceCapture(_frames, CaptureEnding.Torn);
                }
                if (!ReadBlock(UInt32(file, at, _bigEndian), at + 8, (int)length - 12))
                {
                    return new ReferenceCapture(_frames, CaptureEnding.Damaged);
                }
                at += (int)length;
            }
            return new ReferenceCapture(_frames, CaptureEnding.Complete);
        }

        private bool BeginSection(int at)
        {
            uint byteOrder = UInt32(file, at + 8, bigEndian: false);
            if (byteOrder is not (0x1A2B3C4D or 0x4D3C2B1A))
            {
                return false;
            }
            _bigEndian = byteOrder == 0x4D3C2B1A;
            _interfaces.Clear();
            return true;
        }

        private bool ReadBlock(uint type, int body, int length)
        {
            return type switch
            {
                SectionHeaderBlock => length >= 16,
                InterfaceDescriptionBlock => ReadInterface(body, length),
                EnhancedPacketBlock => length >= 20 && ReadPacket(UInt32(file, body, _bigEndian), body, length),
                // Its interface number has two bytes; the two behind it count drops.
                ObsoletePacketBlock => length >= 20 && ReadPacket(UInt16(file, body, _bigEndian), body, length),
                SimplePacketBlock => ReadSimplePacket(body, length),
                _ => true,
            };
        }

        private bool ReadInterface(int body, int length)
        {
            if (length < 8)
            {
                return false;
            }
            ReferenceInterface described = new(UInt16(file, body, _bigEndian), UInt32(file, body + 4, _bigEndian));
            int end = body + length;
            for (int at = body + 8; end - at >= 4;)
            {
                ushort code = UInt16(file, at, _bigEndian);
                ushort size = UInt16(file, at + 2, _bigEndian);
                at += 4;
                if (code == 0 || size > end - at)
                {
                    break;
                }
                if (code == 9 && size >= 1)
                {
                    described.Resolution = file[at];
                }
                else if (code == 14 && size >= 8)
                {
                    described.OffsetSeconds = Int64(file, at, _bigEndian);
                }
                at += (size + 3) / 4 * 4;
            }
            _interfaces.Add(described);
            return true;
        }

        private bool ReadPacket(uint interfaceNumber, int body, int length)
        {
            uint captured = UInt32(file, body + 12, _bigEndian);
            if (interfaceNumber >= _interfaces.Count || captured > length - 20)
            {
                return false;
            }
            ReferenceInterface from = _interfaces[(int)interfaceNumber];
            ulong ticks = ((ulong)UInt32(file, body + 4, _bigEndian) << 32) | UInt32(file, body + 8, _bigEndian);
            uint original = UInt32(file, body + 16, _bigEndian);
            _frames.Add(new Frame(from.LinkType, from.Nanoseconds(ticks), file.AsSpan(body + 20, (int)captured).ToArray(), original));
            return true;
        }

        /// <summary>
        /// It has no time of its own, so its ticks are 0, as libpcap has it; and no interface number, so it belongs to the first.
        /// </summary>
        private bool ReadSimplePacket(int body, int length)
        {
            if (length < 4 || _interfaces.Count == 0)
            {
                return false;
            }
            // How much was captured is not stated. The snap length says so; where it does not agree, the block has what it has.
            ReferenceInterface from = _interfaces[0];
            uint original = UInt32(file, body, _bigEndian);
            uint captured = Math.Min(original, (uint)length - 4);
            captured = from.SnapLength == 0 ? captured : Math.Min(captured, from.SnapLength);
            _frames.Add(new Frame(from.LinkType, from.Nanoseconds(0), file.AsSpan(body + 4, (int)captured).ToArray(), original));
            return true;
        }
    }
}
