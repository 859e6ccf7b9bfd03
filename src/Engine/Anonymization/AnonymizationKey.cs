using System.Runtime.InteropServices;
using System.Text;
using FlowMeter.Engine.Ciphers;

namespace FlowMeter.Engine.Anonymization;

/// <summary>
/// The key that addresses and names are replaced under: 32 bytes. A file has them as they are, or as 64 hexadecimal digits, which
/// <c>flowmeter key</c> prints.
/// </summary>
public sealed class AnonymizationKey
{
    private const int LongestFile = 256;

    private readonly byte[] _bytes;

    private AnonymizationKey(byte[] bytes)
    {
        _bytes = bytes;
    }

    /// <summary>The bytes.</summary>
    internal ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>A new key by the system's secure generator, as a file has it.</summary>
    public static string Create()
    {
        // RandomNumberGenerator would load OpenSSL, which a sensor need not have. Each of these has 122 bits of the same generator.
        Span<Guid> random = [Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()];
        Span<byte> digest = stackalloc byte[Sha256.DigestLength];
        new Sha256().Finish(MemoryMarshal.AsBytes(random), digest);
        return Convert.ToHexStringLower(digest);
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">It has no key; the message is one line behind the file's name.</exception>
    /// <exception cref="IOException">It can not be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static AnonymizationKey Load(string path)
    {
        byte[] buffer = new byte[LongestFile + 1];
        using FileStream file = File.OpenRead(path);
        int length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return Parse(buffer.AsSpan(0, length));
    }

    /// <summary>Takes the bytes of a file.</summary>
    /// <exception cref="FormatException">They are no key.</exception>
    public static AnonymizationKey Parse(ReadOnlySpan<byte> file)
    {
        if (file.Length == CryptoPan.KeyLength)
        {
            return new AnonymizationKey(file.ToArray());
        }

        string text = Encoding.Latin1.GetString(file).Trim();
        text = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        if (text.Length == 2 * CryptoPan.KeyLength && text.All(char.IsAsciiHexDigit))
        {
            return new AnonymizationKey(Convert.FromHexString(text));
        }

        string size = file.Length > LongestFile ? "more" : $"{file.Length}";
        throw new FormatException($"has {size} bytes and is no key: a key is {CryptoPan.KeyLength} bytes, or {2 * CryptoPan.KeyLength} "
            + "hexadecimal digits; make one with flowmeter key > FILE.");
    }
}
