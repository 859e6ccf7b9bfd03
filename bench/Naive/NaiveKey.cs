namespace FlowMeter.Bench.Naive;

/// <summary>A flow key as one would write it for a dictionary; equality and hash are the compiler's.</summary>
internal readonly record struct NaiveKey(UInt128 Low, UInt128 High, ushort PortA, ushort PortB, byte Protocol);
