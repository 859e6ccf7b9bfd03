using System.Text;
using FlowMeter.Engine.Output;

namespace FlowMeter.Tests.Output;

/// <summary>
/// Blocks for tests: a digit with the rows, a digit with the length of what follows. A file ends with the sum of its bytes before, in
/// brackets.
/// </summary>
internal sealed class SumFraming : BlockFraming
{
    internal override (long Length, long Rows)? Measure(ReadOnlySpan<byte> start) =>
        start.Length >= 2 && char.IsAsciiDigit((char)start[0]) ? (2 + start[1] - '0', start[0] - '0') : null;

    internal override FileTrailer CreateTrailer() => new Sum();

    private sealed class Sum : FileTrailer
    {
        private int _sum;

        public override void Add(ReadOnlySpan<byte> written)
        {
            foreach (byte b in written)
            {
                _sum += b;
            }
        }

        public override byte[] End() => Encoding.ASCII.GetBytes($"[{_sum}]");
    }
}
