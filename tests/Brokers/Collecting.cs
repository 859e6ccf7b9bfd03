using FlowMeter.Cli.Collect;
using FlowMeter.Engine.Brokers;
using FlowMeter.Engine.Output;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Output;

namespace FlowMeter.Tests.Brokers;

/// <summary>A collector that runs in the test's process.</summary>
internal sealed class Collecting : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _told = [];
    private readonly Thread _thread;
    private readonly Collector _collector;

    public Collecting(BrokerAddress from, string path, Rotation? rotation = null)
    {
        CollectChoices choices = new()
        {
            From = from, Output = path, Rotation = rotation ?? Rotation.Never, IsSandboxed = false, Quiet = true,
        };
        _collector = new Collector(from, CollectPlan.From(choices), TimeProvider.System, line =>
        {
            lock (_told)
            {
                _told.Add(line);
            }
        });
        _thread = new Thread(() => _collector.Run(_stop.Token));
        _thread.Start();
    }

    public Collector Collector => _collector;

    public string[] Told
    {
        get
        {
            lock (_told)
            {
                return [.. _told];
            }
        }
    }

    /// <summary>Waits until so many rows are collected, and ends.</summary>
    public void Finish(long rows)
    {
        ResilientRun.Await(() => _collector.Collected.Rows >= rows, $"{rows} rows were collected: {string.Join(' ', Told)}");
        Stop();
    }

    public void Stop()
    {
        _stop.Cancel();
        _thread.Join();
    }

    /// <summary>All rows of files that have their names, in order.</summary>
    public static string[] Rows(TemporaryFolder folder, string ending = ".csv") =>
        [.. folder.Names().Where(name => name.EndsWith(ending, StringComparison.Ordinal)).SelectMany(
            name => File.ReadLines(folder[name]).Skip(ending == ".csv" ? 1 : 0)).Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        Stop();
        _collector.Dispose();
        _stop.Dispose();
    }
}
