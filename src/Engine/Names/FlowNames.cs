using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Names;

/// <summary>
/// What a live flow keeps while its first packets are looked at, and of what they said. Zeros are a flow that has just begun. It travels
/// with the flow when it ends; who writes the flow then gives <see cref="Record"/> back to the <see cref="NameArena"/>.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FlowNames
{
    /// <summary>What is known of endpoint A.</summary>
    public NamedEnd A;

    /// <summary>What is known of endpoint B.</summary>
    public NamedEnd B;

    /// <summary>The flow's record in the arena; <see cref="NameArena.None"/> where no name was found, or no room.</summary>
    public uint Record;

    /// <summary>The protocol that the payloads are of; <see cref="Application.Unknown"/> where no parser knew them.</summary>
    public Application Application;

    /// <summary>Bit 0 is set when no packet of endpoint A is looked at any more, bit 1 for endpoint B.</summary>
    public byte Done;

    /// <summary>Whether no packet is looked at any more.</summary>
    public readonly bool IsFinished => Done == 3;

    /// <summary>Whether no packet of an end is looked at any more.</summary>
    /// <param name="fromB">1 for endpoint B, else 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool IsDone(byte fromB) => ((Done >> fromB) & 1) != 0;
}
