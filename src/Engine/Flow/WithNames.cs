using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Flow;

/// <summary>First packets are read for names.</summary>
internal readonly struct WithNames : INaming
{
    /// <inheritdoc/>
    public static bool IsOn => true;

    /// <inheritdoc/>
    public static PayloadDetail Payloads => PayloadDetail.Places;
}
