using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Flow;

/// <summary>Whether first packets are read for names: a type parameter, so that runs without names have no code for it.</summary>
internal interface INaming
{
    /// <summary>Whether they are.</summary>
    static abstract bool IsOn { get; }

    /// <summary>What has to be decoded of payloads.</summary>
    static abstract PayloadDetail Payloads { get; }
}
