namespace FlowMeter.Engine.Flow;

/// <summary>What a flow has come to; one byte of its row.</summary>
[Flags]
internal enum FlowState : byte
{
    None = 0,

    /// <summary>endpoint B is the forward end (SPEC §2).</summary>
    ForwardIsB = 1,

    /// <summary>The first packet came from endpoint B.</summary>
    FirstIsB = 2,

    /// <summary>endpoint A has sent a packet.</summary>
    SeenA = 4,

    /// <summary>endpoint B has sent a packet.</summary>
    SeenB = 8,

    /// <summary>endpoint A has sent a FIN.</summary>
    FinA = 16,

    /// <summary>endpoint B has sent a FIN.</summary>
    FinB = 32,

    /// <summary>Either end has sent a RST.</summary>
    Reset = 64,

    /// <summary>The last packet that counted came from endpoint B; only profile <c>deepfence</c> keeps it.</summary>
    LastIsB = 128,

    /// <summary>Both FIN flags: together they close the flow.</summary>
    BothFins = FinA | FinB,
}
