using System.Runtime.InteropServices;
using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Hosts;

/// <summary>What every entry of a <see cref="LedgerTable{TEntry}"/> begins with: 44 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 48)]
internal struct LedgerHeader
{
    /// <summary>What the entry is about; the bits above a flow key's tail say of which kind.</summary>
    [FieldOffset(0)]
    public FlowKey Key;

    /// <summary>
    /// The next entry of the same bucket, 0 for none; the highest bit says that the entry was used since the hand passed.
    /// </summary>
    [FieldOffset(40)]
    public uint Link;
}
