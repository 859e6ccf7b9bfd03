using System.Runtime.Intrinsics;
using FlowMeter.Engine.Hosts;

namespace FlowMeter.Tests.Hosts;

public sealed class DampingTests
{
    [Fact]
    public void Factors_are_exponentials()
    {
        Random random = new(1);
        for (int trial = 0; trial < 20_000; trial++)
        {
            long passed = (long)Math.Exp(random.NextDouble() * 31);
            Vector256<double> factors = Damping.Factors(passed);
            for (int window = 0; window < Damping.Windows; window++)
            {
                double x = passed / 1e9 / Damping.Seconds[window];
                Assert.InRange(factors[window], x >= 40 ? 0 : Math.Exp(-x) * (1 - 1e-9), x >= 40 ? 0 : Math.Exp(-x) * (1 + 1e-9));
            }
        }
    }

    [Fact]
    public void No_time_leaves_sums_as_they_are()
    {
        Assert.Equal(Vector256<double>.One, Damping.Factors(0));
    }
}
