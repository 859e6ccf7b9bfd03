using System.Globalization;
using System.Text;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Hosts;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;
using FlowMeter.Engine.Text;

namespace FlowMeter.Engine.HostVerdicts;

/// <summary>
/// The table of hosts: a row for each source and each ten minutes of the clock in which a flow of it had its last packet, with counters
/// and what the rules name (<see cref="HostRules"/>). Any thread may add flows; the rows are the same for any number of workers.
/// </summary>
/// <remarks>
/// Of files the rows are written at the end, of live traffic once no more flows of the interval are to come. Memory is bounded: beyond a
/// million talks the oldest interval is written early, and a host of it may get a second row.
/// </remarks>
public sealed class HostTable : IFlowObserver
{
    /// <summary>The header row.</summary>
    public const string Header =
        "interval_start,src_ip,flows,packets,peers,ports,failed_flows,failed_ratio,judged_flows,malicious_flows,log_odds,verdict,"
            + "reasons";

    /// <summary>Talks that are kept at most.</summary>
    public const int DefaultMaxTalks = 1 << 20;

    // Beyond the idle timeout: how late a flow may come out.
    private const long Slack = 60 * CaptureTime.Second;

    private readonly Lock _lock = new();
    private readonly RowOutput? _output;
    private readonly int _maxTalks;
    private readonly SortedDictionary<long, Dictionary<TalkKey, Talk>> _intervals = [];
    private readonly bool _isTuned;
    private readonly long _wait;
    private readonly Dictionary<string, long> _findings = [];
    private OutputException? _failure;
    private int _talks;
    private long _rows;
    private long _malicious;
    private long _newest = long.MinValue;

    /// <summary>Begins a table and writes its header.</summary>
    /// <param name="output">Where the rows go; null: nowhere. Stays the caller's, who completes it.</param>
    /// <param name="model">The model that judges the flows; null: there is none.</param>
    /// <param name="idleTimeout">The idle timeout of flows, ns; null: rows are written at the end only.</param>
    /// <param name="maxTalks">Talks that are kept at most.</param>
    /// <exception cref="OutputException">The header can not be written.</exception>
    public HostTable(RowOutput? output, Model? model, long? idleTimeout, int maxTalks = DefaultMaxTalks)
    {
        _output = output;
        _maxTalks = maxTalks;
        _isTuned = model is { IsUntuned: false };
        _wait = idleTimeout is long idle && idle < long.MaxValue / 4 ? HostJudge.Interval + idle + Slack : long.MaxValue;
        MinPackets = model?.MinPackets ?? int.MaxValue;
        output?.Begin(Encoding.ASCII.GetBytes(Header + "\n"));
    }

    /// <summary>Rows so far.</summary>
    public long Rows
    {
        get
        {
            lock (_lock)
            {
                return _rows;
            }
        }
    }

    /// <summary>Rows with the verdict malicious so far.</summary>
    public long Malicious
    {
        get
        {
            lock (_lock)
            {
                return _malicious;
            }
        }
    }

    /// <summary>Rows that the output lost so far.</summary>
    public long LostRows
    {
        get
        {
            lock (_lock)
            {
                return _output == null ? 0 : _rows - _output.Rows;
            }
        }
    }

    /// <summary>What a rule found so far, in all rows: <c>port_scan</c>, <c>sweep</c>, <c>brute_force</c> or <c>score</c>.</summary>
    public long FindingsOf(string rule)
    {
        lock (_lock)
        {
            return _findings.GetValueOrDefault(rule);
        }
    }

    /// <summary>Flows of fewer packets are not judged by themselves.</summary>
    internal int MinPackets { get; }

    /// <inheritdoc/>
    IFlowSink IFlowObserver.Observe(IFlowSink sink, FeatureBlock features) => new HostTableSink(this, sink);

    /// <summary>Writes the rows that are left; to be called when all threads are done.</summary>
    /// <exception cref="OutputException">They, or rows before them, could not be written; all are counted.</exception>
    public void WriteAll()
    {
        lock (_lock)
        {
            while (_intervals.Count > 0)
            {
                WriteOldest();
            }

            if (_failure != null)
            {
                throw _failure;
            }
        }
    }

    /// <summary>Writes the rows of intervals of which no flow is to come, for a time in which no flow ends; from any thread.</summary>
    /// <param name="now">The time, ns since the epoch.</param>
    public void PassTime(long now)
    {
        lock (_lock)
        {
            WriteOver(now);
        }
    }

    /// <summary>
    /// The sources of the two newest intervals: malicious ones first, then those with more flows judged so, then busier ones. Of a source
    /// that is in both the one that comes first counts.
    /// </summary>
    /// <param name="max">Sources at most.</param>
    public IReadOnlyList<HostSummary> Recent(int max)
    {
        (TalkKey Key, Talk Talk)[][] intervals;
        lock (_lock)
        {
            intervals = [.. _intervals.TakeLast(2).Select(
                interval => interval.Value.Select(talk => (talk.Key, talk.Value)).ToArray())];
        }

        return
        [
            .. intervals.SelectMany(SummariesOf).OrderByDescending(host => host.Findings.Count > 0).ThenByDescending(host => host.Malicious)
                .ThenByDescending(host => host.Flows).ThenBy(host => host.Source, StringComparer.Ordinal).DistinctBy(host => host.Source)
                .Take(max),
        ];
    }

    /// <summary>Adds flows.</summary>
    internal void Add(ReadOnlySpan<HostFlow> flows)
    {
        lock (_lock)
        {
            foreach (ref readonly HostFlow flow in flows)
            {
                Add(in flow);
            }

            while (_talks > _maxTalks)
            {
                WriteOldest();
            }

            WriteOver(_newest);
        }
    }

    private void Add(in HostFlow flow)
    {
        long interval = HostJudge.IntervalOf(flow.End);
        if (!_intervals.TryGetValue(interval, out Dictionary<TalkKey, Talk>? talks))
        {
            talks = _intervals[interval] = [];
        }

        ref Talk talk = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(talks, flow.Key, out bool isThere);
        talk.Add(in flow);
        _talks += isThere ? 0 : 1;
        _newest = Math.Max(_newest, flow.End);
    }

    private void WriteOver(long now)
    {
        while (_wait < long.MaxValue && _intervals.Count > 0 && now - _intervals.First().Key > _wait)
        {
            WriteOldest();
        }
    }

    private void WriteOldest()
    {
        (long start, Dictionary<TalkKey, Talk> talks) = _intervals.First();
        _intervals.Remove(start);
        _talks -= talks.Count;
        if (_output == null)
        {
            return;
        }

        StringBuilder rows = new();
        foreach (HostSummary host in SummariesOf(talks.Select(talk => (talk.Key, talk.Value))).OrderBy(
            host => host.Source, StringComparer.Ordinal))
        {
            WriteRow(rows, start, host);
        }

        try
        {
            if (_failure == null)
            {
                _output.Write(Encoding.UTF8.GetBytes(rows.ToString()));
            }
        }
        catch (OutputException e)
        {
            // Flows are metered and hosts counted all the same; who asked for the table is told at the end.
            _failure = e;
        }
    }

    private IEnumerable<HostSummary> SummariesOf(IEnumerable<(TalkKey Key, Talk Talk)> talks) =>
        talks.GroupBy(talk => talk.Key.Source).Select(group => HostSummary.From(group.Key.ToString(), [.. group], _isTuned));

    private unsafe void WriteRow(StringBuilder rows, long start, HostSummary host)
    {
        foreach (HostFinding finding in host.Findings)
        {
            _findings[finding.Kind] = _findings.GetValueOrDefault(finding.Kind) + 1;
        }

        _rows++;
        _malicious += host.Findings.Count > 0 ? 1 : 0;
        TimestampText times = default;
        byte* text = stackalloc byte[TimestampText.MaxLength];
        times.Write(text, start);
        rows.Append(Encoding.ASCII.GetString(text, TimestampText.MaxLength)).Append(
            CultureInfo.InvariantCulture,
            $",{host.Source},{host.Flows},{host.Packets},{host.Peers},{host.Ports},{host.Failed},"
                + $"{Rounded((double)host.Failed / host.Flows)},{host.Judged},{host.Malicious},{Rounded(host.LogOdds)},{host.Verdict},"
                + $"{host.Reasons}\n");
    }

    private static double Rounded(double value) => Math.Round(value * 1000) / 1000;
}
