using System.Buffers.Binary;

namespace FlowMeter.Engine.Names;

/// <summary>Reads the first record of DTLS (RFC 9147 §4, §5.2): a ClientHello in one piece has the names that one of TLS has.</summary>
internal static class DtlsReader
{
    private const int RecordHeader = 13;
    private const int MessageHeader = 12;
    private const byte Handshake = 22;
    private const byte ClientHelloType = 1;

    /// <summary>Whether bytes begin as a record of DTLS 1.0 or 1.2 does, which 1.3 begins with, too.</summary>
    public static bool MayBe(ReadOnlySpan<byte> bytes) =>
        bytes.Length > RecordHeader && bytes[0] is >= 20 and <= 25 && bytes[1] == 0xFE && bytes[2] is 0xFF or 0xFD
            && BinaryPrimitives.ReadUInt16BigEndian(bytes[11..]) != 0;

    /// <summary>Reads a record that <see cref="MayBe"/>.</summary>
    public static void Read(in FlowNaming to, ReadOnlySpan<byte> bytes, TlsReader tls)
    {
        to.Is(Application.Dtls);
        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[11..]);
        ReadOnlySpan<byte> record = bytes.Slice(RecordHeader, Math.Min(length, bytes.Length - RecordHeader));
        if (bytes[0] != Handshake || record.Length < MessageHeader || record[0] != ClientHelloType)
        {
            return;
        }

        // Length of the message, its number, and the piece that is here: offset and length.
        int stated = TlsReader.LengthOf(record);
        bool isWhole = !record[6..9].ContainsAnyExcept((byte)0) && record[1..4].SequenceEqual(record[9..12]);
        if (isWhole)
        {
            tls.ReadClientHello(in to, ClientHello.Read(record[MessageHeader..], stated - 4, isDatagram: true), (byte)'d');
        }
    }
}
