namespace FlowMeter.Engine.Names;

/// <summary>
/// The ClientHello of TLS (RFC 8446 §4.1.2), as far as names need it: parts of the message, which they point into. Nothing is believed
/// beyond its end.
/// </summary>
internal ref struct ClientHello
{
    private const int RandomLength = 32;
    private const int ServerNameExtension = 0;
    private const int SignatureAlgorithmsExtension = 13;
    private const int AlpnExtension = 16;
    private const int SupportedVersionsExtension = 43;

    /// <summary>The version field of the message.</summary>
    public ushort Version { get; private set; }

    /// <summary>The cipher suites, two bytes each.</summary>
    public ReadOnlySpan<byte> CipherSuites { get; private set; }

    /// <summary>All extensions, each with type and length.</summary>
    public ReadOnlySpan<byte> Extensions { get; private set; }

    /// <summary>Whether there is an extension for the server's name, be it empty.</summary>
    public bool HasServerName { get; private set; }

    /// <summary>The server's name; empty where there is none.</summary>
    public ReadOnlySpan<byte> ServerName { get; private set; }

    /// <summary>The protocols that are offered, each with its length before it (RFC 7301 §3.1).</summary>
    public ReadOnlySpan<byte> Protocols { get; private set; }

    /// <summary>The signature algorithms, two bytes each.</summary>
    public ReadOnlySpan<byte> SignatureAlgorithms { get; private set; }

    /// <summary>The supported versions, two bytes each.</summary>
    public ReadOnlySpan<byte> SupportedVersions { get; private set; }

    /// <summary>Whether the message is all there and its parts fill it.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Reads a message.</summary>
    /// <param name="body">What is there of it, behind type and length.</param>
    /// <param name="length">Its length as stated.</param>
    /// <param name="isDatagram">Whether it is of DTLS, which has a cookie more (RFC 6347 §4.2.1).</param>
    public static ClientHello Read(ReadOnlySpan<byte> body, int length, bool isDatagram = false)
    {
        ByteReader reader = new(body[..Math.Min(body.Length, length)]);
        ClientHello hello = default;
        hello.Version = reader.UInt16();
        reader.Skip(RandomLength);
        reader.Skip(reader.Byte());
        if (isDatagram)
        {
            reader.Skip(reader.Byte());
        }

        hello.CipherSuites = reader.Take(reader.UInt16() & ~1);
        reader.Skip(reader.Byte());

        // SSL 3.0 and some of the first clients of TLS 1.0 end here.
        bool hasExtensions = !reader.IsAtEnd;
        hello.Extensions = hasExtensions ? reader.Take(reader.UInt16()) : [];
        hello.IsWhole = hello.ReadExtensions() & !reader.IsShort & body.Length >= length;
        return hello;
    }

    /// <summary>Reads the extensions. False where they do not end where their lengths say.</summary>
    private bool ReadExtensions()
    {
        ByteReader reader = new(Extensions);
        while (!reader.IsAtEnd)
        {
            ushort type = reader.UInt16();
            ReadOnlySpan<byte> content = reader.Take(reader.UInt16());
            switch (type)
            {
                case ServerNameExtension when !HasServerName:
                    HasServerName = true;
                    ServerName = NameIn(content);
                    break;
                case SignatureAlgorithmsExtension:
                    SignatureAlgorithms = ListIn(content);
                    break;
                case AlpnExtension:
                    Protocols = ListIn(content);
                    break;
                case SupportedVersionsExtension when !content.IsEmpty:
                    SupportedVersions = content[1..Math.Min(content.Length, 1 + content[0])];
                    break;
            }
        }

        return !reader.IsShort;
    }

    /// <summary>The first host name of a list of names (RFC 6066 §3). One that is cut is none.</summary>
    private static ReadOnlySpan<byte> NameIn(ReadOnlySpan<byte> content)
    {
        ByteReader reader = new(ListIn(content));
        while (!reader.IsAtEnd)
        {
            bool isHost = reader.Byte() == 0;
            ReadOnlySpan<byte> name = reader.Take(reader.UInt16());
            if (isHost)
            {
                return reader.IsShort ? [] : name;
            }
        }

        return [];
    }

    /// <summary>A list behind its length in two bytes.</summary>
    private static ReadOnlySpan<byte> ListIn(ReadOnlySpan<byte> content)
    {
        ByteReader reader = new(content);
        return reader.Take(reader.UInt16());
    }
}
