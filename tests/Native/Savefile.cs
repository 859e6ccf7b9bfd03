using System.Buffers.Binary;

namespace FlowMeter.Tests.Native;

/// <summary>Builds pcap savefiles byte by byte, so that what libpcap reads is not what libpcap wrote.</summary>
internal static class Savefile
{
    public const uint Microseconds = 0xA1B2C3D4;
    public const uint Nanoseconds = 0xA1B23C4D;

    public static byte[] Header(uint magic, int linkType, int snapLength = 65535)
    {
        byte[] header = new byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(header, magic);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), 4);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), snapLength);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(20), linkType);
        return header;
    }

    public static byte[] Record(uint seconds, uint fraction, ReadOnlySpan<byte> captured, int wireLength)
    {
        byte[] record = new byte[16 + captured.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(record, seconds);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), fraction);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(8), captured.Length);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(12), wireLength);
        captured.CopyTo(record.AsSpan(16));
        return record;
    }
}
