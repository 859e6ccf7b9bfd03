using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Brokers;

/// <summary>
/// Writes what sensors published to a broker as files of one table for each schema. A message is acknowledged when its rows are on the
/// disk, in a file that survives; what fails is told once and tried again, from the last commit on, so that each row is there once.
/// </summary>
public sealed class Collector : IDisposable
{
    private const int MaxUncommitted = 1024;
    private const long MaxUncommittedBytes = 32 << 20;
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(250);

    private readonly NatsBroker _broker;
    private readonly CollectorOptions _options;
    private readonly TimeProvider _clock;
    private readonly Action<string> _tell;
    private string? _failing;
    private bool _hasBegun;
    private volatile bool _isToRotate;

    /// <summary>Prepares to collect; looks servers up and reads what it takes to log in.</summary>
    /// <exception cref="OutputException">A server is not known, or a file can not be used.</exception>
    public Collector(BrokerAddress from, CollectorOptions options, TimeProvider clock, Action<string> tell)
    {
        (_options, _clock, _tell) = (options, clock, tell);
        _broker = new NatsBroker(from, clock);
    }

    /// <summary>Messages whose rows are in files for good.</summary>
    public MessageTotals Collected { get; private set; }

    /// <summary>Messages that came again.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Messages that are no sensor's.</summary>
    public long Skipped { get; private set; }

    /// <summary>Whether it does not get on now.</summary>
    public bool IsFailing => _failing != null;

    /// <summary>Ends the current files now, if they have rows; the next rows begin others.</summary>
    public void RotateNow() => _isToRotate = true;

    /// <summary>Collects until it is told to stop.</summary>
    /// <exception cref="OutputException">The output can not be used from the start, or messages have another format.</exception>
    public void Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                RunOnce(stop);
            }
            catch (BrokerException e)
            {
                Fail($"{_broker.Name}: {e.Message}; it is tried again each second. To do: {e.Advice}.");
            }
            catch (Exception e) when (OutputFailure.Is(e))
            {
                string line = $"{_options.Path}: can not be written: {OutputFailure.ReasonOf(e)}";
                if (!_hasBegun)
                {
                    throw new OutputException($"{line}; choose another place.", e);
                }

                Fail($"{line}; nothing is acknowledged until it can, and it is tried again each second.");
            }

            if (!stop.IsCancellationRequested && _failing != null)
            {
                stop.WaitHandle.WaitOne(s_period);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _broker.Dispose();

    private void RunOnce(CancellationToken stop)
    {
        using CollectedFiles files = new(
            SystemDisk.Instance, _options.Path, _options.Rotation, _options.Format.Framing, _clock);
        using CollectedTables tables = new(_options, files);
        CollectedRuns runs = CollectedRuns.Parse(files.Source);
        _hasBegun = true;
        using NatsConsumer consumer = new(_broker, _options.ConsumerName, _clock);
        List<string> replies = [];
        MessageTotals taken = default;
        long committedAt = _clock.GetTimestamp();
        TimeSpan period = TimeSpan.FromTicks(Math.Max(s_period.Ticks, _options.Format.Patience.Ticks));
        while (!stop.IsCancellationRequested)
        {
            if (consumer.Next(s_turn) is { } message)
            {
                taken += Take(message, runs, tables);
                replies.Add(message.Reply);
            }

            if (replies.Count >= MaxUncommitted || taken.Bytes >= MaxUncommittedBytes || _isToRotate
                || _clock.GetElapsedTime(committedAt) >= period)
            {
                Commit();
            }
        }

        _isToRotate = true;
        Commit();

        void Commit()
        {
            tables.Flush();
            if (_isToRotate)
            {
                _isToRotate = false;
                files.EndAll();
            }

            files.Commit(runs.ToBytes());
            Collected += taken;
            foreach (string reply in replies)
            {
                consumer.Acknowledge(reply);
            }

            consumer.Flush();
            committedAt = _clock.GetTimestamp();
            replies.Clear();
            taken = default;
            if (_failing != null)
            {
                _failing = null;
                _tell($"{_broker.Name}: is collected from again.");
            }
        }
    }

    private MessageTotals Take(NatsMessage message, CollectedRuns runs, CollectedTables tables)
    {
        if (CollectedBlock.From(message) is not { } block)
        {
            return Skip("has messages that no sensor sent");
        }

        if (!runs.Add($"{block.Sensor}/{block.Run}", block.Number))
        {
            Duplicates++;
            return default;
        }

        try
        {
            return new MessageTotals(1, tables.Add(block), block.Body.Length);
        }
        catch (InvalidDataException e)
        {
            return Skip($"has messages that are no tables ({e.Message.TrimEnd('.')})");
        }
    }

    private MessageTotals Skip(string why)
    {
        if (Skipped++ == 0)
        {
            _tell($"{_broker.Name}: {why}; they are left out.");
        }

        return default;
    }

    private void Fail(string line)
    {
        if (_failing == null)
        {
            _tell(line);
        }

        _failing = line;
    }
}
