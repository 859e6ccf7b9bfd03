using FlowMeter.Engine.Hosts;

namespace FlowMeter.Tests.Hosts;

public sealed unsafe class DampingTests
{
    [Fact]
    public void Factors_are_exponentials()
    {
        Random random = new(1);
        double* factors = stackalloc double[Damping.Lanes];
        for (int trial = 0; trial < 20_000; trial++)
        {
            long passed = (long)Math.Exp(random.NextDouble() * 31);
            Damping.Factors(passed, factors);
            for (int window = 0; window < Damping.Windows; window++)
            {
                double x = passed / 1e9 / Damping.Seconds[window];
                Assert.InRange(factors[window], x >= 40 ? 0 : Math.Exp(-x) * (1 - 1e-8), x >= 40 ? 0 : Math.Exp(-x) * (1 + 1e-8));
            }
        }
    }

    [Fact]
    public void No_time_leaves_sums_as_they_are()
    {
        double* factors = stackalloc double[Damping.Lanes];
        Damping.Factors(0, factors);
        Assert.Equal([1.0, 1.0, 1.0], new Span<double>(factors, Damping.Windows).ToArray());
    }
}
