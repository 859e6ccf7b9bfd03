using System.Runtime.InteropServices;
using FlowMeter.Engine.Ciphers;

namespace FlowMeter.Engine.Names;

/// <summary>
/// The hashes in JA4 fingerprints: the first twelve digits of the SHA-256 of a list. It takes 0.3 µs and more, and few clients make most
/// flows, so lists are kept with their hashes, each in the one place that its content gives it; what is there is compared as a whole.
/// </summary>
internal sealed class Ja4Hashes
{
    /// <summary>Characters of a hash.</summary>
    public const int Length = 12;

    // 256 lists of 96 values are 48 kB: lists of clients have up to 60.
    private const int Entries = 256;
    private const int MaxKept = 96;

    private readonly ushort[] _lists = new ushort[Entries * MaxKept];
    private readonly ushort[] _counts = new ushort[Entries];
    private readonly ushort[] _splits = new ushort[Entries];
    private readonly byte[] _hashes = new byte[Entries * Length];
    private readonly byte[] _text = new byte[2 * Ja4.MaxValues * 5];

    /// <summary>Lists whose hash was not there.</summary>
    public long Missed { get; private set; }

    /// <summary>Writes the hash of values in hexadecimal, with commas between.</summary>
    /// <param name="values">The values; at most two lists of <see cref="Ja4.MaxValues"/>.</param>
    /// <param name="split">Where the second list begins, which has an underscore before it; without a first list the hash is zeros.</param>
    /// <param name="text">Room for <see cref="Length"/> bytes.</param>
    public void Write(ReadOnlySpan<ushort> values, int split, Span<byte> text)
    {
        if (split == 0)
        {
            "000000000000"u8.CopyTo(text);
            return;
        }

        if (values.Length > MaxKept)
        {
            Missed++;
            Compute(values, split, text);
            return;
        }

        int entry = PlaceOf(values, split);
        Span<byte> hash = _hashes.AsSpan(entry * Length, Length);
        Span<ushort> list = _lists.AsSpan(entry * MaxKept, values.Length);
        if (_counts[entry] != values.Length || _splits[entry] != split || !values.SequenceEqual(list))
        {
            Missed++;
            Compute(values, split, hash);
            values.CopyTo(list);
            _counts[entry] = (ushort)values.Length;
            _splits[entry] = (ushort)split;
        }

        hash.CopyTo(text);
    }

    /// <summary>A digit in hexadecimal, lower case.</summary>
    public static byte Digit(int value) => "0123456789abcdef"u8[value];

    private static int PlaceOf(ReadOnlySpan<ushort> values, int split)
    {
        const ulong Odd = 0x9E37_79B9_7F4A_7C15;
        ulong hash = (ulong)split;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<ushort, ulong>(values);
        foreach (ulong word in words)
        {
            hash = (hash ^ word) * Odd;
            hash ^= hash >> 32;
        }

        foreach (ushort value in values[(words.Length * 4)..])
        {
            hash = (hash ^ value) * Odd;
        }

        return (int)(hash >> 56);
    }

    private void Compute(ReadOnlySpan<ushort> values, int split, Span<byte> text)
    {
        int at = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (i > 0)
            {
                _text[at++] = i == split ? (byte)'_' : (byte)',';
            }

            for (int shift = 12; shift >= 0; shift -= 4)
            {
                _text[at++] = Digit((values[i] >> shift) & 0xF);
            }
        }

        Span<byte> digest = stackalloc byte[Sha256.DigestLength];
        Sha256.Hash(_text.AsSpan(0, at), digest);
        for (int i = 0; i < Length; i++)
        {
            text[i] = Digit((digest[i / 2] >> (i % 2 == 0 ? 4 : 0)) & 0xF);
        }
    }
}
