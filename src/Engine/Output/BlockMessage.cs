namespace FlowMeter.Engine.Output;

/// <summary>A message to a broker: a block of rows that stands for itself, with what says whose it is.</summary>
/// <param name="Id">What no other message has, and this one keeps however often it is sent: sensor, run and number.</param>
/// <param name="Headers">Names and values, UTF-8, a line <c>Name: value</c> each with CR and LF behind it.</param>
/// <param name="Body">The table: what stands before the first row, whole rows, and what ends it.</param>
/// <param name="Rows">Its rows.</param>
internal sealed record BlockMessage(string Id, ReadOnlyMemory<byte> Headers, ReadOnlyMemory<byte> Body, int Rows)
{
    /// <summary>Bytes of headers and body.</summary>
    public int Length => Headers.Length + Body.Length;
}
