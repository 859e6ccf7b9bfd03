namespace FlowMeter.Engine.Decode;

/// <summary>Which flows a worker keeps when several read the same packets: those whose hash falls to it. Both directions have one hash, so a flow is whole in one worker.</summary>
internal readonly record struct Shard(uint Number, uint Of)
{
    /// <summary>All flows.</summary>
    public static Shard Whole => new(0, 1);

    public bool IsWhole => Of == 1;

    /// <summary>Whether the hash falls to this shard. The bits are other ones than the flow index uses.</summary>
    public bool Has(ulong hash) => (uint)(((hash >> 32) * Of) >> 32) == Number;
}
