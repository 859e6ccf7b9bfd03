namespace FlowMeter.Engine.Numerics;

/// <summary>
/// Vigna's SplitMix64: one addition and one mixing step a number. The framework's <see cref="Random"/> may change its sequence between
/// versions, and a capture that is named by its seed must not.
/// </summary>
internal struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    public ulong Next() => Mix(_state += 0x9E37_79B9_7F4A_7C15);

    /// <summary>
    /// A number below <paramref name="bound"/>, by multiplication: the bias of at most bound / 2^32 does not matter here.
    /// </summary>
    public uint Below(uint bound) => (uint)(((Next() >> 32) * bound) >> 32);

    /// <summary>The mixing step alone: a bijection that spreads every input bit over all output bits.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
