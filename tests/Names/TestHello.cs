using System.Text;

namespace FlowMeter.Tests.Names;

/// <summary>Builds messages of a TLS client, from the standard.</summary>
internal sealed record TestHello
{
    public string? ServerName { get; init; } = "www.example.com";

    public string[] Protocols { get; init; } = ["h2", "http/1.1"];

    public ushort[] Suites { get; init; } = [0x1301, 0x1302, 0xC02B];

    public ushort[] Versions { get; init; } = [0x0304, 0x0303];

    public ushort[] Algorithms { get; init; } = [0x0403, 0x0804];

    /// <summary>Bytes of an extension of zeros at the end; 0 for none.</summary>
    public int Padding { get; init; }

    /// <summary>Whether it has the cookie of DTLS.</summary>
    public bool IsDatagram { get; init; }

    /// <summary>The handshake message, with type and length.</summary>
    public byte[] Message()
    {
        List<byte> extensions = [];
        if (ServerName != null)
        {
            byte[] name = Encoding.Latin1.GetBytes(ServerName);
            extensions.AddRange(Extension(0, Prefixed(2, [0, .. Prefixed(2, name)])));
        }

        if (Protocols.Length > 0)
        {
            IEnumerable<byte> names = Protocols.SelectMany(protocol => Prefixed(1, Encoding.Latin1.GetBytes(protocol)));
            extensions.AddRange(Extension(16, Prefixed(2, [.. names])));
        }

        if (Versions.Length > 0)
        {
            extensions.AddRange(Extension(43, Prefixed(1, Numbers(Versions))));
        }

        if (Algorithms.Length > 0)
        {
            extensions.AddRange(Extension(13, Prefixed(2, Numbers(Algorithms))));
        }

        if (Padding > 0)
        {
            extensions.AddRange(Extension(21, new byte[Padding]));
        }

        byte[] body =
        [
            3, 3, .. Enumerable.Range(0, 32).Select(i => (byte)i), .. Prefixed(1, new byte[8]), .. IsDatagram ? Prefixed(1, [1, 2]) : [],
            .. Prefixed(2, Numbers(Suites)), 1, 0, .. Prefixed(2, [.. extensions]),
        ];
        return [1, .. Prefixed(3, body)];
    }

    /// <summary>The message in records of a size.</summary>
    public byte[] Records(int size = 16_384) =>
        [.. Message().Chunk(size).SelectMany(piece => (byte[])[22, 3, 1, .. Prefixed(2, piece)])];

    /// <summary>Bytes behind their length.</summary>
    public static byte[] Prefixed(int bytes, byte[] content) =>
        [.. Enumerable.Range(1, bytes).Select(i => (byte)(content.Length >> (8 * (bytes - i)))), .. content];

    private static byte[] Extension(ushort type, byte[] content) => [(byte)(type >> 8), (byte)type, .. Prefixed(2, content)];

    private static byte[] Numbers(ushort[] values) => [.. values.SelectMany(value => (byte[])[(byte)(value >> 8), (byte)value])];
}
