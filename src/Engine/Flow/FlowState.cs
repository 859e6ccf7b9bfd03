namespace FlowMeter.Engine.Flow;

/// <summary>What a flow has come to; one byte of its row.</summary>
[Flags]
internal enum FlowState : byte
{
    None = 0,

    /// <summary>The higher endpoint is the forward end (SPEC §2).</summary>
    ForwardIsHigh = 1,

    /// <summary>The first packet came from the higher endpoint.</summary>
    FirstIsHigh = 2,

    /// <summary>The lower endpoint has sent a packet.</summary>
    SeenLow = 4,

    /// <summary>The higher endpoint has sent a packet.</summary>
    SeenHigh = 8,

    /// <summary>The lower endpoint has sent a FIN.</summary>
    FinLow = 16,

    /// <summary>The higher endpoint has sent a FIN.</summary>
    FinHigh = 32,

    /// <summary>Either end has sent a RST.</summary>
    Reset = 64,

    /// <summary>The last packet that counted came from the higher endpoint; only profile <c>deepfence</c> keeps it.</summary>
    LastIsHigh = 128,

    /// <summary>Both FIN flags: together they close the flow.</summary>
    BothFins = FinLow | FinHigh,
}
