namespace FlowMeter.Engine.Synthetic;

/// <summary>
/// What is remembered of a flow between two of its packets. The rest follows from its number, see <see cref="SyntheticFlow"/>.
/// </summary>
internal struct LiveFlow
{
    /// <summary>Flows are numbered in the order in which they come to life.</summary>
    public long Number;

    /// <summary>Packets written so far.</summary>
    public long Sent;

    /// <summary>Sequence space the client has used since its initial number.</summary>
    public uint ClientBytes;

    /// <summary>The same of the server.</summary>
    public uint ServerBytes;
}
