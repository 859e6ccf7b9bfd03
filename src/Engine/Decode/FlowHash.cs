using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FlowMeter.Engine.Ciphers;

namespace FlowMeter.Engine.Decode;

/// <summary>
/// Keyed hash of a flow key. The key is random, so that nobody can aim at one bucket of a table; two AES rounds between the words, since
/// differences cross a single round with a probability that an attacker can use. Every processor makes the same bits of a key, so a
/// simulation by seed is the same on each.
/// </summary>
internal readonly struct FlowHash
{
    private readonly Vector128<byte> _first;
    private readonly Vector128<byte> _second;
    private readonly Vector128<byte> _third;

    /// <summary>Takes a random key.</summary>
    public FlowHash()
    {
        _first = Random();
        _second = Random();
        _third = Random();
    }

    /// <summary>Takes a key that can be had again: for tests and simulations alone.</summary>
    internal FlowHash(int seed)
    {
        _first = Vector128.Create(seed, 1, 2, 3).AsByte();
        _second = Vector128.Create(seed, 4, 5, 6).AsByte();
        _third = Vector128.Create(seed, 7, 8, 9).AsByte();
    }

    /// <summary>The hash of <paramref name="key"/>; every bit of it may be used.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Compute(in FlowKey key) => Compute(in key, out _);

    /// <summary>The hash, and 64 more bits that are independent of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Compute(in FlowKey key, out ulong other) =>
        AesInstruction.IsSupported ? Compute<AesInstruction>(in key, out other) : Compute<AesTable>(in key, out other);

    /// <summary>The same by a round of the caller's choice: for tests that compare them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ulong Compute<TRound>(in FlowKey key, out ulong other)
        where TRound : struct, IAesRound
    {
        Vector128<byte> state = Vector128.Create(key.ALower, key.BLower).AsByte() ^ _first;
        state = TRound.Apply(TRound.Apply(state, _second), Vector128.Create(key.AUpper, key.BUpper).AsByte());
        state = TRound.Apply(TRound.Apply(state, _third), Vector128.Create(key.Tail, 0).AsByte());
        state = TRound.Apply(TRound.Apply(state, _first), _second);
        other = state.AsUInt64().GetElement(1);
        return state.AsUInt64().ToScalar();
    }

    /// <summary>
    /// 122 bits from the system's secure generator. RandomNumberGenerator would load OpenSSL for it, which a sensor need not have.
    /// </summary>
    private static Vector128<byte> Random() => Vector128.Create<byte>(Guid.NewGuid().ToByteArray());
}
