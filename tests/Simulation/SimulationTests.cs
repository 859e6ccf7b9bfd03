using System.Collections.Concurrent;
using System.Globalization;
using Xunit.Abstractions;

namespace FlowMeter.Tests.Simulation;

/// <summary>
/// Live captures on a simulated wire, clock and disk. A seed that fails is printed; <c>FLOWMETER_SEED=N</c> runs it alone, and
/// <c>FLOWMETER_SEEDS=N-M</c> runs others than those that always run.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 10_000;
    private const int MostPrinted = 10;

    [Fact]
    public void Whatever_happens_to_a_capture_all_packets_and_flows_are_accounted_for()
    {
        (int first, int last) = Range();
        ConcurrentDictionary<int, string> failed = [];
        Parallel.For(first, last + 1, (seed, loop) =>
        {
            if (Run(seed) is { } violation && failed.TryAdd(seed, violation) && failed.Count >= MostPrinted)
            {
                loop.Stop();
            }
        });
        foreach ((int seed, string violation) in failed.OrderBy(failure => failure.Key).Take(MostPrinted))
        {
            output.WriteLine($"FLOWMETER_SEED={seed}: {violation}\n");
        }

        Assert.True(failed.IsEmpty, failed.IsEmpty ? "" : $"FLOWMETER_SEED={failed.Keys.Min()}: {failed[failed.Keys.Min()]}");
    }

    private static string? Run(int seed)
    {
        try
        {
            using Simulation simulation = new(seed);
            return simulation.Run() is { } violation ? $"{violation}\n{simulation.Plan}" : null;
        }
        catch (Exception e)
        {
            return e.ToString();
        }
    }

    private static (int First, int Last) Range()
    {
        string? text = Environment.GetEnvironmentVariable("FLOWMETER_SEED") ?? Environment.GetEnvironmentVariable("FLOWMETER_SEEDS");
        int[] range = [.. (text ?? $"0-{Seeds - 1}").Split('-').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        return (range[0], range[^1]);
    }
}
