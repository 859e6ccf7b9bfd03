using FlowMeter.Engine.Decode;

namespace FlowMeter.Tests.Support;

/// <summary>Flow keys by number: a different number is a different key, in a different place of the key by turns.</summary>
internal static class TestKeys
{
    public static FlowKey Of(uint number)
    {
        ulong part = number / 5;
        return (number % 5) switch
        {
            0 => new FlowKey(part, 1, 2, 3, 0x0411_0000_0001),
            1 => new FlowKey(0, part, 2, 3, 0x0411_0000_0001),
            2 => new FlowKey(0, 1, part, 3, 0x0411_0000_0002),
            3 => new FlowKey(0, 1, 2, part, 0x0411_0000_0003),
            _ => new FlowKey(0, 1, 2, 3, 0x0406_0000_0000 | part),
        };
    }
}
