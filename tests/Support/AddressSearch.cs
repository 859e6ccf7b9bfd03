using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text;

namespace FlowMeter.Tests.Support;

/// <summary>
/// Looks for addresses in any output, of text or of bytes, in all forms that <see cref="AddressForms"/> has and in those of binary
/// formats. For addresses whose bytes look like nothing else, as <see cref="RareAddresses"/> makes them.
/// </summary>
internal sealed class AddressSearch
{
    private readonly (string Text, byte[] Bytes)[] _texts;
    private readonly (string Text, byte[] Bytes)[] _numbers;
    private readonly (string Text, byte[] Bytes)[] _bytes;

    public AddressSearch(IReadOnlyCollection<IPAddress> addresses)
    {
        _texts = [.. addresses.SelectMany(TextsOf).Select(text => (text, Encoding.ASCII.GetBytes(text.ToLowerInvariant())))];
        _numbers = [.. addresses.SelectMany(NumbersOf).Select(text => (text, Encoding.ASCII.GetBytes(text)))];
        _bytes = [.. addresses.SelectMany(address => BytesOf(address).Select(bytes => ($"bytes {Convert.ToHexString(bytes)}", bytes)))];
    }

    /// <summary>A form of an address that is in an output; null: none is.</summary>
    public string? FirstIn(ReadOnlySpan<byte> output)
    {
        byte[] lower = output.ToArray();
        for (int i = 0; i < lower.Length; i++)
        {
            lower[i] = lower[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(lower[i] | 0x20) : lower[i];
        }

        foreach ((string text, byte[] bytes) in _texts)
        {
            if (lower.AsSpan().IndexOf(bytes) >= 0)
            {
                return text;
            }
        }

        foreach ((string text, byte[] bytes) in _numbers)
        {
            if (HasNumber(output, bytes))
            {
                return text;
            }
        }

        foreach ((string text, byte[] bytes) in _bytes)
        {
            if (output.IndexOf(bytes) >= 0)
            {
                return text;
            }
        }

        return null;
    }

    private static IEnumerable<string> TextsOf(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        byte[] reversed = [.. bytes.Reverse()];
        // A number is looked for by itself, with what stands around it.
        foreach (string form in AddressForms.Of(address).Where(form => form[0] is not ('"' or ',')))
        {
            yield return form;
        }

        yield return Convert.ToHexString(reversed);
        foreach (char between in ":- ")
        {
            yield return string.Join(between, bytes.Select(value => value.ToString("x2", CultureInfo.InvariantCulture)));
        }

        if (bytes.Length == 4)
        {
            yield return string.Join('.', reversed);
        }
        else
        {
            // Three bytes are four letters; what is behind the fifteenth depends on what comes next.
            yield return Convert.ToBase64String(bytes)[..20];
        }
    }

    private static IEnumerable<string> NumbersOf(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        yield return new BigInteger(bytes, isUnsigned: true, isBigEndian: true).ToString(CultureInfo.InvariantCulture);
        yield return new BigInteger(bytes, isUnsigned: true).ToString(CultureInfo.InvariantCulture);
        if (bytes.Length == 4)
        {
            yield return BinaryPrimitives.ReadInt32BigEndian(bytes).ToString(CultureInfo.InvariantCulture);
            yield return BinaryPrimitives.ReadInt32LittleEndian(bytes).ToString(CultureInfo.InvariantCulture);
        }
        else
        {
            foreach (byte[] half in new[] { bytes[..8], bytes[8..] })
            {
                yield return BinaryPrimitives.ReadUInt64BigEndian(half).ToString(CultureInfo.InvariantCulture);
                yield return BinaryPrimitives.ReadUInt64LittleEndian(half).ToString(CultureInfo.InvariantCulture);
            }
        }
    }

    private static IEnumerable<byte[]> BytesOf(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        foreach (byte[] part in bytes.Length == 4 ? new[] { bytes } : [bytes[..8], bytes[8..]])
        {
            yield return part;
            yield return [.. part.Reverse()];
        }
    }

    /// <summary>Whether digits stand somewhere and are no part of a longer number.</summary>
    private static bool HasNumber(ReadOnlySpan<byte> output, byte[] digits)
    {
        for (int at = 0; output[at..].IndexOf(digits) is >= 0 and var found; at += found + 1)
        {
            int start = at + found;
            int end = start + digits.Length;
            if (!IsOfNumber(start == 0 ? (byte)' ' : output[start - 1]) && !IsOfNumber(end == output.Length ? (byte)' ' : output[end]))
            {
                return true;
            }
        }

        return false;

        static bool IsOfNumber(byte value) => value is (>= (byte)'0' and <= (byte)'9') or (byte)'.';
    }
}
