using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FlowMeter.Bench.Naive;

/// <summary>A ClientHello by lists and strings: the server's name, and JA4 by the library's SHA-256.</summary>
internal static class NaiveHello
{
    /// <summary>Reads a handshake message; null if it is no ClientHello.</summary>
    public static (string? ServerName, string Fingerprint)? Read(string transport, ReadOnlySpan<byte> message)
    {
        if (message is not [1, ..])
        {
            return null;
        }

        // Type and length, version and random, session.
        int version = BinaryPrimitives.ReadUInt16BigEndian(message[4..]);
        ReadOnlySpan<byte> rest = message[38..];
        rest = rest[(1 + rest[0])..];
        List<ushort> suites = Numbers(Prefixed(rest));
        rest = rest[(2 + (2 * suites.Count))..];
        rest = rest[(1 + rest[0])..];
        ReadOnlySpan<byte> extensions = Prefixed(rest);
        string? serverName = null;
        string protocol = "00";
        List<ushort> types = [];
        List<ushort> algorithms = [];
        while (extensions.Length >= 4)
        {
            ushort type = BinaryPrimitives.ReadUInt16BigEndian(extensions);
            ReadOnlySpan<byte> content = Prefixed(extensions[2..]);
            types.Add(type);
            switch (type)
            {
                case 0:
                    serverName = Encoding.Latin1.GetString(Prefixed(content[3..]));
                    break;
                case 13:
                    algorithms = Numbers(Prefixed(content));
                    break;
                case 16:
                    string first = Encoding.Latin1.GetString(content.Slice(3, content[2]));
                    protocol = $"{first[0]}{first[^1]}";
                    break;
                case 43:
                    version = Numbers(content[1..]).Where(IsReal).Max();
                    break;
            }

            extensions = extensions[(4 + content.Length)..];
        }

        suites = [.. suites.Where(IsReal).Order()];
        types = [.. types.Where(IsReal)];
        string listed = Text(types.Where(type => type is not 0 and not 16).Order());
        string signed = Text(algorithms.Where(IsReal));
        return (serverName,
            $"{transport}{(version == 0x0304 ? "13" : "12")}{(serverName is null ? 'i' : 'd')}{Math.Min(suites.Count, 99):00}"
            + $"{Math.Min(types.Count, 99):00}{protocol}_{Hash(Text(suites))}_{Hash(signed.Length == 0 ? listed : $"{listed}_{signed}")}");
    }

    /// <summary>Not one of GREASE (RFC 8701).</summary>
    private static bool IsReal(ushort value) => (value & 0x0F0F) != 0x0A0A || value >> 8 != (value & 0xFF);

    private static ReadOnlySpan<byte> Prefixed(ReadOnlySpan<byte> bytes) => bytes.Slice(2, BinaryPrimitives.ReadUInt16BigEndian(bytes));

    private static List<ushort> Numbers(ReadOnlySpan<byte> bytes)
    {
        List<ushort> numbers = [];
        for (; bytes.Length >= 2; bytes = bytes[2..])
        {
            numbers.Add(BinaryPrimitives.ReadUInt16BigEndian(bytes));
        }

        return numbers;
    }

    private static string Text(IEnumerable<ushort> values) => string.Join(',', values.Select(value => value.ToString("x4", null)));

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)))[..12];
}
