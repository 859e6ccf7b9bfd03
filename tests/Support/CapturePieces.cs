using System.Buffers.Binary;

namespace FlowMeter.Tests.Support;

/// <summary>Takes capture files apart by their length fields alone, independent of the engine's readers.</summary>
internal static class CapturePieces
{
    private const int PcapHeader = 24;

    /// <summary>The pieces, in order; of pcap the file header, too. What is not whole at the end is left out.</summary>
    public static List<CapturePiece> Of(byte[] file) =>
        BinaryPrimitives.ReadUInt32BigEndian(file) == 0x0A0D0D0A ? Blocks(file) : Records(file);

    private static List<CapturePiece> Records(byte[] file)
    {
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(file);
        bool bigEndian = magic >> 24 == 0xA1;
        int header = (bigEndian ? magic : BinaryPrimitives.ReverseEndianness(magic)) == 0xA1B2CD34 ? 24 : 16;
        List<CapturePiece> pieces = [new(file[..PcapHeader], false, false)];
        for (int at = PcapHeader; at + header <= file.Length;)
        {
            int length = header + (int)Read(file, at + 8, bigEndian);
            if (at + length > file.Length)
            {
                break;
            }

            pieces.Add(new CapturePiece(file[at..(at + length)], true, false));
            at += length;
        }

        return pieces;
    }

    private static List<CapturePiece> Blocks(byte[] file)
    {
        List<CapturePiece> pieces = [];
        bool bigEndian = false;
        for (int at = 0; at + 12 <= file.Length;)
        {
            bool isSection = Read(file, at, true) == 0x0A0D0D0A;
            bigEndian = isSection ? file[at + 8] == 0x1A : bigEndian;
            int length = (int)Read(file, at + 4, bigEndian);
            if (at + length > file.Length)
            {
                break;
            }

            pieces.Add(new CapturePiece(file[at..(at + length)], !isSection && Read(file, at, bigEndian) is 2 or 3 or 6, isSection));
            at += length;
        }

        return pieces;
    }

    private static uint Read(byte[] file, int at, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at)) : BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at));
}
