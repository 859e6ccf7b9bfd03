using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.Support;

/// <summary>All addresses of a capture, each in the forms in which a text may have it.</summary>
internal static class AddressForms
{
    // Shorter ones, as ::, stand in other text as well.
    private const int Shortest = 8;

    /// <summary>The forms of all addresses of the IPv4 and IPv6 headers of a capture of Ethernet.</summary>
    public static string[] OfFile(string path) =>
    [
        .. ReferenceReader.ReadFile(path).Frames.SelectMany(frame => OfFrame(frame.Captured)).Distinct().SelectMany(Of)
            .Where(form => form.Length >= Shortest).Distinct(),
    ];

    /// <summary>Canonical, in full, as hexadecimal digits, IPv4 as a number, and backwards as in the names of PTR records.</summary>
    public static IEnumerable<string> Of(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        string digits = Convert.ToHexStringLower(bytes);
        yield return address.ToString();
        yield return digits;
        if (bytes.Length == 4)
        {
            // In a run of digits there is any number, so it counts where it is not part of a longer one: as a value of its own.
            yield return $"\"{BinaryPrimitives.ReadUInt32BigEndian(bytes).ToString(CultureInfo.InvariantCulture)}\"";
            yield return $",{BinaryPrimitives.ReadUInt32BigEndian(bytes).ToString(CultureInfo.InvariantCulture)},";
            yield return string.Join('.', bytes.Reverse()) + ".in-addr";
            yield return $"::ffff:{digits[..4]}:{digits[4..]}";
        }
        else
        {
            yield return string.Join(':', digits.Chunk(4).Select(group => new string(group)));
            yield return string.Join('.', digits.Reverse());
        }
    }

    /// <summary>The addresses of the IPv4 or IPv6 header of a frame of Ethernet.</summary>
    public static IEnumerable<IPAddress> OfFrame(byte[] frame) => frame switch
    {
        [_, _, _, _, _, _, _, _, _, _, _, _, 0x08, 0x00, ..] when frame.Length >= 34 => [new(frame[26..30]), new(frame[30..34])],
        [_, _, _, _, _, _, _, _, _, _, _, _, 0x86, 0xDD, ..] when frame.Length >= 54 => [new(frame[22..38]), new(frame[38..54])],
        _ => [],
    };
}
