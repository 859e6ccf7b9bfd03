using System.Buffers.Binary;

namespace FlowMeter.Engine.Names;

/// <summary>Reads the first message of SMB behind its length (MS-SMB2 §2.1): version, and the dialect that the server chose.</summary>
internal static class SmbReader
{
    private const int TransportHeader = 4;
    private const int Header = 64;
    private const int CommandAt = 12;
    private const int FlagsAt = 16;
    private const int DialectAt = Header + 4;
    private const byte FlagAnswer = 1;

    private const int OldCommandAt = 4;
    private const int OldFlagsAt = 9;
    private const byte OldNegotiate = 0x72;
    private const byte OldFlagAnswer = 0x80;

    /// <summary>Whether bytes begin as a message of SMB does.</summary>
    public static bool MayBe(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 2 * TransportHeader && bytes[0] == 0 && bytes[TransportHeader] is 0xFF or 0xFE or 0xFD or 0xFC
            && bytes[5..8].SequenceEqual("SMB"u8);

    /// <summary>Reads a message that <see cref="MayBe"/>.</summary>
    public static void Read(in FlowNaming to, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> message = bytes[TransportHeader..];
        if (message[0] == 0xFF)
        {
            to.Is(Application.Smb1);
            if (message.Length > OldFlagsAt && message[OldCommandAt] == OldNegotiate && (message[OldFlagsAt] & OldFlagAnswer) != 0)
            {
                to.Add(NameField.SmbDialect, "1.0"u8);
            }

            return;
        }

        // A client may ask by SMB 1 first; the answer by SMB 2 says what it is.
        to.IsRather(Application.Smb23);
        if (message.Length >= DialectAt + 2 && message[0] == 0xFE && BinaryPrimitives.ReadUInt16LittleEndian(message[CommandAt..]) == 0
            && (message[FlagsAt] & FlagAnswer) != 0)
        {
            to.Add(NameField.SmbDialect, BinaryPrimitives.ReadUInt16LittleEndian(message[DialectAt..]) switch
            {
                0x0202 => "2.0.2"u8,
                0x0210 => "2.1"u8,
                0x0300 => "3.0"u8,
                0x0302 => "3.0.2"u8,
                0x0311 => "3.1.1"u8,
                _ => [],
            });
        }
    }
}
