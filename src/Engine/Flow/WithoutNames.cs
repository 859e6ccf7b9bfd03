using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Flow;

/// <summary>No payload is read for names.</summary>
internal readonly struct WithoutNames : INaming
{
    /// <inheritdoc/>
    public static bool IsOn => false;

    /// <inheritdoc/>
    public static PayloadDetail Payloads => PayloadDetail.Lengths;
}
