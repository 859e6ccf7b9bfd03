using System.Runtime.Intrinsics;

namespace FlowMeter.Engine.Decode;

/// <summary>
/// One middle round of AES encryption (FIPS 197): SubBytes, ShiftRows, MixColumns, then the key. All of them give the same bits.
/// </summary>
internal interface IAesRound
{
    /// <summary>The state after the round.</summary>
    static abstract Vector128<byte> Apply(Vector128<byte> state, Vector128<byte> key);
}
