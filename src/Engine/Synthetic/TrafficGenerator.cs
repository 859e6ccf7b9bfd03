using System.Buffers.Binary;
using FlowMeter.Engine.Numerics;

namespace FlowMeter.Engine.Synthetic;

/// <summary>
/// Writes synthetic captures for benchmarks and tests: conversations of TCP and UDP in both directions, as a pcap savefile. The options and
/// their seed name the capture; the bytes do not depend on the machine or the run.
/// </summary>
public static class TrafficGenerator
{
    private const int BufferSize = 1 << 20;
    private const int FileHeader = 24;
    private const int RecordHeader = 16;
    private const uint MicrosecondMagic = 0xA1B2_C3D4;
    private const uint NanosecondMagic = 0xA1B2_3C4D;
    private const uint LinkTypeEthernet = 1;
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    /// <summary>2025-01-01T00:00:00Z, in nanoseconds since the epoch: a capture's content must not depend on when it was made.</summary>
    private const ulong StartTime = 1_735_689_600 * NanosecondsPerSecond;

    /// <summary>The smallest frame of <see cref="TrafficOptions.Imix"/>, and the size of its segments without data.</summary>
    private const int SmallFrame = 64;
    private const int MediumFrame = 576;
    private const int LargeFrame = 1500;

    /// <summary>Writes the capture that <paramref name="options"/> describe, from its file header to its last record.</summary>
    /// <param name="output">Takes the bytes in pieces of up to 1 MiB; left open.</param>
    /// <param name="options">What to write.</param>
    /// <param name="stop">Ends the writing between two pieces.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="OperationCanceledException">Stopped; the capture is not whole.</exception>
    public static void Write(Stream output, TrafficOptions options, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();

        SplitMix64 random = new(options.Seed);
        ulong salt = random.Next();
        ulong ipv6Share = InUnitsOf32Bits(options.IPv6Share);
        ulong udpShare = InUnitsOf32Bits(options.UdpShare);
        ulong twiceMeanGap = (ulong)(2 * NanosecondsPerSecond / options.PacketsPerSecond);
        ulong time = StartTime;
        FlowMix mix = new(options);

        byte[] buffer = new byte[BufferSize];
        int used = WriteFileHeader(buffer, options);
        for (long packet = 0; packet < options.Packets; packet++)
        {
            if (used > BufferSize - RecordHeader - TrafficOptions.MaxFrameSize)
            {
                stop.ThrowIfCancellationRequested();
                output.Write(buffer, 0, used);
                used = 0;
            }

            ref LiveFlow flow = ref mix.Next(ref random);
            SyntheticFlow identity = new(flow.Number, salt, ipv6Share, udpShare);
            ulong dice = random.Next();
            bool coin = (dice & 1) != 0;
            Segment segment = identity.IsUdp
                ? Segment.CreateUdp(flow.Sent, coin)
                : Segment.CreateTcp(flow.Sent, mix.LengthOf(flow.Number), coin);
            int size = options.Imix ? ImixSize(dice, segment.HasData) : options.FrameSize;

            Span<byte> record = buffer.AsSpan(used);
            int length = FrameWriter.Write(record[RecordHeader..], size, identity, ref flow, segment);
            int captured = Math.Min(length, options.SnapLength);
            WriteRecordHeader(record, time, captured, length, options.Nanoseconds);
            used += RecordHeader + captured;
            time += ((dice >> 32) * (twiceMeanGap + 1)) >> 32;
        }

        output.Write(buffer, 0, used);
    }

    /// <summary>7 : 4 : 1 of the dice's bits 1 to 16; bit 0 is the direction and the upper half the gap.</summary>
    private static int ImixSize(ulong dice, bool hasData)
    {
        uint twelfth = (((uint)dice >> 1) & 0xFFFF) * 12 >> 16;
        return !hasData || twelfth < 7 ? SmallFrame : twelfth < 11 ? MediumFrame : LargeFrame;
    }

    private static ulong InUnitsOf32Bits(double share) => (ulong)(share * (1UL << 32));

    private static int WriteFileHeader(Span<byte> header, TrafficOptions options)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, options.Nanoseconds ? NanosecondMagic : MicrosecondMagic);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], 0);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], options.SnapLength);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], LinkTypeEthernet);
        return FileHeader;
    }

    private static void WriteRecordHeader(Span<byte> header, ulong time, int captured, int length, bool nanoseconds)
    {
        (ulong seconds, ulong fraction) = Math.DivRem(time, NanosecondsPerSecond);
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)seconds);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)(nanoseconds ? fraction : fraction / 1000));
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], captured);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], length);
    }
}
