using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace FlowMeter.Tests.Oracle;

/// <summary>
/// What SPEC §7 says of a packet's payload: its length by the headers' own fields, never negative, the transport header's length, the TCP
/// window; whether an HTTP status line of 200 begins in it; and its
/// first 256 bytes as captured, one character each.
/// </summary>
internal readonly partial record struct ReferencePayload(long Length, int HeaderLength, int Window, bool IsSuccess, string Head)
{
    /// <summary>Of a transport header at an offset, from which on IP states that there are so many bytes.</summary>
    public static ReferencePayload Of(byte[] bytes, int at, long rest, byte protocol)
    {
        int header = protocol switch
        {
            6 => bytes.Length > at + 12 ? (bytes[at + 12] >> 4) * 4 : 0,
            17 or 136 => 8,
            _ => 0,
        };
        long length = Math.Max(rest - header, 0);
        int window = protocol == 6 && bytes.Length >= at + 16 ? BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at + 14)) : 0;
        int begin = Math.Min(at + header, bytes.Length);
        string text = Encoding.Latin1.GetString(bytes[begin..(int)Math.Min(bytes.Length, begin + length)]);
        return new ReferencePayload(length, header, window, protocol == 6 && Success().IsMatch(text), text[..Math.Min(text.Length, 256)]);
    }

    [GeneratedRegex(@"\AHTTP/[0-9]\.[0-9] 200(?:[ \r\n]|\z)", RegexOptions.Singleline)]
    private static partial Regex Success();
}
