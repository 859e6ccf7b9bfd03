using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// Eight counters of packets, 40 bits each: as exact as any flow needs, in 40 bytes, and all counted in one vector addition.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PacketCounters
{
    /// <summary>Counters there are.</summary>
    public const int Count = 8;

    private fixed uint _low[Count];
    private fixed byte _high[Count];

    private static Vector256<uint> Bits => Vector256.Create(1u, 2, 4, 8, 16, 32, 64, 128);

    /// <summary>The value of a counter.</summary>
    public readonly ulong this[int counter] => _low[counter] | ((ulong)_high[counter] << 32);

    /// <summary>Adds 1 to the counters whose bits are set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(uint bits)
    {
        fixed (uint* low = _low)
        {
            // What is set is -1 in its lane, so taking it away adds 1; a lane that has become 0 by that has a carry.
            Vector256<uint> set = Vector256.Equals(Vector256.Create(bits) & Bits, Bits);
            Vector256<uint> sum = Vector256.Load(low) - set;
            sum.Store(low);
            Vector256<uint> carries = Vector256.Equals(sum, Vector256<uint>.Zero) & set;
            if (carries != Vector256<uint>.Zero)
            {
                Carry(Vector256.ExtractMostSignificantBits(carries));
            }
        }
    }

    /// <summary>Adds <paramref name="amount"/> to one counter.</summary>
    public void Add(int counter, uint amount)
    {
        _low[counter] += amount;
        _high[counter] += _low[counter] < amount ? (byte)1 : (byte)0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Carry(uint bits)
    {
        for (int counter = 0; counter < Count; counter++)
        {
            _high[counter] += (byte)((bits >> counter) & 1);
        }
    }
}
