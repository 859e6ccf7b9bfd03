using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlowMeter.Engine.Ciphers;

/// <summary>
/// Encryption of blocks by AES with a key of 128 bits (FIPS 197). The framework's loads OpenSSL, which a sensor need not have. Where the
/// processor has no round, tables are read at places that depend on the key: nothing for keys that somebody on the same machine may not
/// have.
/// </summary>
internal readonly struct Aes128
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyLength = 16;

    /// <summary>Bytes of a block.</summary>
    public const int BlockLength = 16;

    private const int Rounds = 10;

    private readonly RoundKeys _keys;

    /// <summary>Expands a key (FIPS 197 §5.2).</summary>
    /// <param name="key"><see cref="KeyLength"/> bytes.</param>
    public Aes128(ReadOnlySpan<byte> key)
    {
        Span<byte> bytes = stackalloc byte[(Rounds + 1) * BlockLength];
        key[..KeyLength].CopyTo(bytes);
        byte constant = 1;
        for (int at = KeyLength; at < bytes.Length; at += 4)
        {
            ReadOnlySpan<byte> last = bytes.Slice(at - 4, 4);
            ReadOnlySpan<byte> before = bytes.Slice(at - KeyLength, 4);
            bool isFirst = at % KeyLength == 0;
            for (int i = 0; i < 4; i++)
            {
                byte mixed = isFirst ? AesTable.Substitute(last[(i + 1) % 4]) : last[i];
                bytes[at + i] = (byte)(before[i] ^ mixed ^ (isFirst && i == 0 ? constant : 0));
            }

            if (isFirst)
            {
                constant = (byte)((constant << 1) ^ ((constant >> 7) * 0x1B));
            }
        }

        for (int round = 0; round <= Rounds; round++)
        {
            _keys[round] = Vector128.Create<byte>(bytes.Slice(round * BlockLength, BlockLength));
        }
    }

    /// <summary>Encrypts a block.</summary>
    public Vector128<byte> Encrypt(Vector128<byte> block) =>
        AesInstruction.IsSupported ? Encrypt<AesInstruction>(block) : Encrypt<AesTable>(block);

    /// <summary>The same by rounds of the caller's choice: for tests that compare them.</summary>
    internal Vector128<byte> Encrypt<TRound>(Vector128<byte> block)
        where TRound : struct, IAesRound
    {
        block ^= _keys[0];
        for (int round = 1; round < Rounds; round++)
        {
            block = TRound.Apply(block, _keys[round]);
        }

        return TRound.ApplyLast(block, _keys[Rounds]);
    }

    /// <summary>
    /// Encrypts four blocks: a round takes several cycles, and the processor works on the other blocks meanwhile.
    /// </summary>
    public void EncryptFour(ref Vector128<byte> a, ref Vector128<byte> b, ref Vector128<byte> c, ref Vector128<byte> d)
    {
        if (AesInstruction.IsSupported)
        {
            EncryptFour<AesInstruction>(ref a, ref b, ref c, ref d);
        }
        else
        {
            EncryptFour<AesTable>(ref a, ref b, ref c, ref d);
        }
    }

    /// <summary>The same by rounds of the caller's choice: for tests that compare them.</summary>
    internal void EncryptFour<TRound>(ref Vector128<byte> a, ref Vector128<byte> b, ref Vector128<byte> c, ref Vector128<byte> d)
        where TRound : struct, IAesRound
    {
        Vector128<byte> key = _keys[0];
        Vector128<byte> first = a ^ key;
        Vector128<byte> second = b ^ key;
        Vector128<byte> third = c ^ key;
        Vector128<byte> fourth = d ^ key;
        for (int round = 1; round < Rounds; round++)
        {
            key = _keys[round];
            first = TRound.Apply(first, key);
            second = TRound.Apply(second, key);
            third = TRound.Apply(third, key);
            fourth = TRound.Apply(fourth, key);
        }

        key = _keys[Rounds];
        a = TRound.ApplyLast(first, key);
        b = TRound.ApplyLast(second, key);
        c = TRound.ApplyLast(third, key);
        d = TRound.ApplyLast(fourth, key);
    }

    /// <summary>The keys of the rounds, and the one before the first.</summary>
    [InlineArray(Rounds + 1)]
    private struct RoundKeys
    {
        private Vector128<byte> _first;
    }
}
