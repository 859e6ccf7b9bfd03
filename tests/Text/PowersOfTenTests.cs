using System.Numerics;
using FlowMeter.Engine.Text;

namespace FlowMeter.Tests.Text;

public class PowersOfTenTests
{
    // ceil(10^k * 2^s) with the s that gives 128 bits, by exact integers.
    [Fact]
    public void Every_significand_is_the_power_rounded_up_to_128_bits()
    {
        for (int power = PowersOfTen.First; power <= PowersOfTen.Last; power++)
        {
            ulong high = PowersOfTen.Significand(power, out ulong low);
            Assert.Equal(Significand(power), (new BigInteger(high) << 64) + low);
        }
    }

    private static BigInteger Significand(int power)
    {
        BigInteger numerator = power >= 0 ? BigInteger.Pow(10, power) : 1;
        BigInteger denominator = power >= 0 ? 1 : BigInteger.Pow(10, -power);
        BigInteger limit = BigInteger.One << 128;

        // Scale so that the quotient lies in [2^127, 2^128).
        while (numerator >= limit * denominator)
        {
            denominator <<= 1;
        }

        while (2 * numerator < limit * denominator)
        {
            numerator <<= 1;
        }

        BigInteger quotient = BigInteger.DivRem(numerator, denominator, out BigInteger rest);
        return rest.IsZero ? quotient : quotient + 1;
    }
}
