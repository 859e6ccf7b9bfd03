using System.Runtime.Intrinsics;

namespace FlowMeter.Engine.Ciphers;

/// <summary>The rounds of AES encryption (FIPS 197). All of them give the same bits.</summary>
internal interface IAesRound
{
    /// <summary>The state after a middle round: SubBytes, ShiftRows, MixColumns, then the key.</summary>
    static abstract Vector128<byte> Apply(Vector128<byte> state, Vector128<byte> key);

    /// <summary>The state after the last round, which has no MixColumns.</summary>
    static abstract Vector128<byte> ApplyLast(Vector128<byte> state, Vector128<byte> key);
}
