namespace FlowMeter.Engine.Ciphers;

/// <summary>
/// HMAC with SHA-256 (RFC 2104), and what TLS 1.3 derives keys by (RFC 5869, RFC 8446 §7.1). A key is taken in once, for any number of
/// messages.
/// </summary>
internal readonly struct HmacSha256
{
    // What an information is made of: length, label with its length, context with its length, number of the block.
    private const int MaxInformation = 2 + 1 + 32 + 1 + 1;

    private readonly Sha256 _inner;
    private readonly Sha256 _outer;

    /// <summary>Takes a key.</summary>
    /// <param name="key">At most <see cref="Sha256.BlockLength"/> bytes.</param>
    public HmacSha256(ReadOnlySpan<byte> key)
    {
        Span<byte> block = stackalloc byte[Sha256.BlockLength];
        _inner = Padded(key, 0x36, block);
        _outer = Padded(key, 0x5C, block);
    }

    /// <summary>Writes the code of a message. With a salt as the key, this is HKDF-Extract.</summary>
    /// <param name="message">Of any length.</param>
    /// <param name="code">Room for <see cref="Sha256.DigestLength"/> bytes.</param>
    public void Compute(ReadOnlySpan<byte> message, Span<byte> code)
    {
        // Copies: what was taken of the key is needed for the next message, too.
        Sha256 inner = _inner;
        Sha256 outer = _outer;
        inner.Finish(message, code);
        outer.Finish(code[..Sha256.DigestLength], code);
    }

    /// <summary>HKDF-Expand-Label without a context, of at most one digest (RFC 8446 §7.1).</summary>
    /// <param name="label">With its prefix <c>tls13 </c>; at most 32 bytes.</param>
    /// <param name="output">At most <see cref="Sha256.DigestLength"/> bytes.</param>
    public void ExpandLabel(ReadOnlySpan<byte> label, Span<byte> output)
    {
        Span<byte> information = stackalloc byte[MaxInformation];
        information.Clear();
        information[1] = (byte)output.Length;
        information[2] = (byte)label.Length;
        label.CopyTo(information[3..]);
        information[3 + label.Length + 1] = 1;
        Span<byte> code = stackalloc byte[Sha256.DigestLength];
        Compute(information[..(3 + label.Length + 2)], code);
        code[..output.Length].CopyTo(output);
    }

    private static Sha256 Padded(ReadOnlySpan<byte> key, byte pad, Span<byte> block)
    {
        block.Clear();
        key.CopyTo(block);
        foreach (ref byte value in block)
        {
            value ^= pad;
        }

        Sha256 hash = new();
        hash.Add(block);
        return hash;
    }
}
