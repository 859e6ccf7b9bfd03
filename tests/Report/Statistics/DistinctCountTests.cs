using System.Text;
using FlowMeter.Report.Statistics;

namespace FlowMeter.Tests.Report.Statistics;

/// <summary>Numbers of different texts: exact when few, near enough when many, the same in each run.</summary>
public sealed class DistinctCountTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    public void Few_are_exact_however_often_each_comes(int different)
    {
        DistinctCount count = new();
        for (int i = 0; i < 10 * different; i++)
        {
            count.Add(Encoding.ASCII.GetBytes($"10.0.0.{i % different}"));
        }

        Assert.Equal(different, count.Value);
    }

    [Theory]
    [InlineData(33)]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(65_535)]
    [InlineData(1_000_000)]
    public void Many_are_within_a_fifth(int different)
    {
        DistinctCount count = new();
        for (int i = 0; i < different; i++)
        {
            count.Add(Encoding.ASCII.GetBytes($"{i}"));
        }

        Assert.InRange(count.Value, different * 0.8, different * 1.2);
    }
}
